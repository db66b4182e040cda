using System.Globalization;

namespace AutoDiff.Optimization;

/// <summary>
/// A rate that is lowered when a value, such as the loss on held-out data, has not fallen for some time. Give it to an optimizer as its rate, and <see cref="Report"/> the value once an epoch.
/// <see cref="TrainingCheckpoint"/> keeps what it has seen.
/// </summary>
public sealed class ReduceOnPlateau : Schedule
{
    private readonly double factor;
    private readonly int patience;
    private readonly double threshold;
    private readonly double least;

    /// <summary>Makes the schedule.</summary>
    /// <param name="rate">The rate at first.</param>
    /// <param name="factor">By what the rate is multiplied.</param>
    /// <param name="patience">How many reports without a better value are let pass; the rate falls at the one after them.</param>
    /// <param name="threshold">By what part of its magnitude a value has to be below the best one to be better.</param>
    /// <param name="least">The rate below which it does not fall.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate or the threshold is negative or not finite, the factor is not from 0 to below 1, or the patience is negative.</exception>
    public ReduceOnPlateau(double rate, double factor = 0.1, int patience = 10, double threshold = 1e-4, double least = 0) : base(static (schedule, _) => ((ReduceOnPlateau)schedule).Rate)
    {
        Rate = Setting.NotNegative(rate, nameof(ReduceOnPlateau), nameof(rate));
        this.factor = Setting.Part(factor, nameof(ReduceOnPlateau), nameof(factor));
        this.patience = Setting.AtLeast(0, patience, nameof(ReduceOnPlateau), nameof(patience));
        this.threshold = Setting.NotNegative(threshold, nameof(ReduceOnPlateau), nameof(threshold));
        this.least = Setting.NotNegative(least, nameof(ReduceOnPlateau), nameof(least));
    }

    /// <summary>The rate now.</summary>
    public double Rate { get; private set; }

    /// <summary>The best value that was reported; infinite before the first.</summary>
    public double Best { get; private set; } = double.PositiveInfinity;

    /// <summary>How many reports have passed since the best value, or since the rate fell.</summary>
    public int Waited { get; private set; }

    /// <summary>Takes note of a value. A NaN is never better.</summary>
    /// <param name="value">The value, of which less is better.</param>
    /// <returns>Whether the rate fell.</returns>
    public bool Report(double value)
    {
        if (value < Best - (double.IsFinite(Best) ? threshold * Math.Abs(Best) : 0))
        {
            (Best, Waited) = (value, 0);
            return false;
        }

        if (++Waited <= patience)
        {
            return false;
        }

        double before = Rate;
        (Rate, Waited) = (Math.Max(Rate * factor, Math.Min(least, Rate)), 0);
        return Rate < before;
    }

    /// <summary>The state in one line, for a checkpoint.</summary>
    internal string State
    {
        get => string.Create(CultureInfo.InvariantCulture, $"{Rate:R} {Best:R} {Waited}");
        set
        {
            string[] parts = value.Split(' ');
            (Rate, Best, Waited) = (double.Parse(parts[0], CultureInfo.InvariantCulture), double.Parse(parts[1], CultureInfo.InvariantCulture), int.Parse(parts[2], CultureInfo.InvariantCulture));
        }
    }
}
