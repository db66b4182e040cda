using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>
/// A running average of parameters, a ← decay · a + (1 - decay) · x: smoother than the parameters themselves, and often the better model (Polyak and Juditsky, SIAM J. Control Optim. 30, 1992).
/// </summary>
/// <typeparam name="T">The element type.</typeparam>
public sealed class ExponentialAverage<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T keep;
    private readonly T add;

    /// <summary>Starts an average.</summary>
    /// <param name="start">The parameters at first; the average that was saved, to go on with it.</param>
    /// <param name="decay">The part of the average that is kept at each update.</param>
    /// <exception cref="ArgumentNullException">start is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The decay is not from 0 to below 1.</exception>
    public ExponentialAverage(Parameters<T> start, double decay = 0.999)
    {
        ArgumentNullException.ThrowIfNull(start);
        Setting.Part(decay, nameof(ExponentialAverage<>), nameof(decay));
        (keep, add) = (T.CreateChecked(decay), T.CreateChecked(1 - decay));
        Value = start.Detach();
    }

    /// <summary>The average now.</summary>
    public Parameters<T> Value { get; private set; }

    /// <summary>Updates the average with the parameters after a step.</summary>
    /// <param name="parameters">The parameters, of the same names and shapes.</param>
    /// <exception cref="ArgumentNullException">parameters is null.</exception>
    /// <exception cref="ArgumentException">The names or shapes differ.</exception>
    public void Update(Parameters<T> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (!parameters.Keys.SequenceEqual(Value.Keys, StringComparer.Ordinal))
        {
            throw new ArgumentException($"Update: the parameters are named {string.Join(", ", parameters.Keys)}. Expected the names of the average, {string.Join(", ", Value.Keys)}, in their order. "
                + "To fix it, give the parameters that the average was started with.", nameof(parameters));
        }

        Value = Value.Zip(parameters, (average, x) => average.Shape.SequenceEqual(x.Shape)
            ? (average * keep) + (x.Detach() * add)
            : throw new ArgumentException($"Update: a parameter has shape [{string.Join(", ", x.Shape.ToArray())}]. Expected [{string.Join(", ", average.Shape.ToArray())}], "
                + "that of its average. To fix it, give the parameters that the average was started with.", nameof(parameters)));
    }
}
