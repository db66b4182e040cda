using System.Diagnostics;
using System.Numerics;

namespace AutoDiff;

/// <summary>
/// A row of scenarios, a number for each, as one number: code that is written against generic math runs for all scenarios at once, on tensors, and its derivatives are those of the tensors.
/// </summary>
/// <remarks>
/// <para>A lane is a plain number, the same in every scenario, or a tensor with an element for each. Functions are the tensor operations of the same names, with their values, kinks and edges.</para>
/// <para>A comparison gives one truth for all scenarios. Where they disagree, <see cref="Differentiate.Map{T}"/> runs the function again for those that part, each group by its own branch; elsewhere it is
/// an error, a <see cref="ScenarioException"/>. The same holds for what gives one number: conversions, <see cref="ILogB"/>, <see cref="Sign"/>.</para>
/// </remarks>
/// <typeparam name="T">The element type, <see cref="float"/> or <see cref="double"/>.</typeparam>
[DebuggerDisplay("{ToString(),nq}")]
public readonly partial struct Lane<T> : IFloatingPointIeee754<Lane<T>> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tensor<T>? tensor;
    private readonly T number;

    /// <summary>Makes a number that is the same in every scenario.</summary>
    /// <param name="number">The number.</param>
    public Lane(T number) => (tensor, this.number) = (null, number);

    /// <summary>Makes a number with a value for each scenario.</summary>
    /// <param name="scenarios">A vector, with an element for each scenario; or a scalar for one that is shared, and may be differentiated.</param>
    /// <exception cref="ArgumentNullException">scenarios is null.</exception>
    /// <exception cref="TensorShapeException">The tensor has more than one axis.</exception>
    public Lane(Tensor<T> scenarios)
    {
        tensor = Errors.NotNull(scenarios, nameof(Lane<>), nameof(scenarios));
        number = default;
        if (scenarios.Rank > 1)
        {
            throw Errors.Shape(nameof(Lane<>), $"a tensor of shape {Shapes.Format(scenarios.Shape)} was given", "a vector with an element for each scenario, or a scalar", "make a lane of each column");
        }
    }

    /// <summary>The numbers of the scenarios, recorded as they are: a vector, or a scalar where all share one.</summary>
    public Tensor<T> Tensor => AsTensor();

    /// <summary>The one number of all scenarios; those that disagree part.</summary>
    private T Value => tensor is { } t ? Common(t) : number;

    /// <summary>A number that is the same in every scenario.</summary>
    /// <param name="number">The number.</param>
    /// <returns>The converted value.</returns>
    public static implicit operator Lane<T>(T number) => new(number);

    /// <summary>A number with a value for each scenario.</summary>
    /// <param name="scenarios">A vector, with an element for each scenario; or a scalar that all share.</param>
    /// <returns>The converted value.</returns>
    public static implicit operator Lane<T>(Tensor<T> scenarios) => new(scenarios);

    /// <summary>x + y. dz = dx + dy.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <returns>The sum.</returns>
    public static Lane<T> operator +(Lane<T> left, Lane<T> right) => (left.tensor, right.tensor) switch
    {
        (null, null) => left.number + right.number,
        ({ } x, null) => x + right.number,
        (null, { } y) => left.number + y,
        ({ } x, { } y) => x + y,
    };

    /// <summary>x - y. dz = dx - dy.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <returns>The difference.</returns>
    public static Lane<T> operator -(Lane<T> left, Lane<T> right) => (left.tensor, right.tensor) switch
    {
        (null, null) => left.number - right.number,
        ({ } x, null) => x - right.number,
        (null, { } y) => left.number - y,
        ({ } x, { } y) => x - y,
    };

    /// <summary>x y. dz = y dx + x dy.</summary>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second operand.</param>
    /// <returns>The product.</returns>
    public static Lane<T> operator *(Lane<T> left, Lane<T> right) => (left.tensor, right.tensor) switch
    {
        (null, null) => left.number * right.number,
        ({ } x, null) => x * right.number,
        (null, { } y) => left.number * y,
        ({ } x, { } y) => x * y,
    };

    /// <summary>x / y. dz = dx / y - (x / y) / y dy.</summary>
    /// <param name="left">The dividend.</param>
    /// <param name="right">The divisor.</param>
    /// <returns>The quotient.</returns>
    public static Lane<T> operator /(Lane<T> left, Lane<T> right) => (left.tensor, right.tensor) switch
    {
        (null, null) => left.number / right.number,
        ({ } x, null) => x / right.number,
        (null, { } y) => left.number / y,
        ({ } x, { } y) => x / y,
    };

    /// <summary>What is left of x by y: x - y trunc(x / y), with the sign of x. dz = dx - trunc(x / y) dy.</summary>
    /// <param name="left">The dividend.</param>
    /// <param name="right">The divisor.</param>
    /// <returns>The remainder.</returns>
    public static Lane<T> operator %(Lane<T> left, Lane<T> right) => AreNumbers(left, right) ? left.number % right.number : left.AsTensor().Fmod(right.AsTensor());

    /// <summary>-x. dy = -dx.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The number with the sign changed.</returns>
    public static Lane<T> operator -(Lane<T> value) => value.tensor is { } t ? -t : -value.number;

    /// <summary>x itself. dy = dx.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The same value.</returns>
    public static Lane<T> operator +(Lane<T> value) => value;

    /// <summary>x + 1. dy = dx.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The number plus one.</returns>
    public static Lane<T> operator ++(Lane<T> value) => value + T.One;

    /// <summary>x - 1. dy = dx.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The number minus one.</returns>
    public static Lane<T> operator --(Lane<T> value) => value - T.One;

    private static bool AreNumbers(Lane<T> x, Lane<T> y) => x.tensor is null && y.tensor is null;

    private Tensor<T> AsTensor() => tensor ?? AutoDiff.Tensor.Scalar(number);

    /// <summary>The one truth of a mask. What is looked at is a sum: a compiled function goes on as long as all scenarios agree.</summary>
    private static bool Decide(Tensor<T> mask)
    {
        if (ScenarioRun<T>.Current is { } run && mask.Length == run.Count)
        {
            return run.Follow(mask.AnswersByLane()) != T.Zero;
        }

        T holds = mask.Sum().ToScalar();
        return holds == T.CreateTruncating(mask.Length) || (holds == T.Zero ? false : throw ScenarioException.Disagreement());
    }

    /// <summary>The one number of all scenarios.</summary>
    private static T Common(Tensor<T> x)
    {
        if (ScenarioRun<T>.Current is { } run && x.Length == run.Count)
        {
            return run.Follow(x.AnswersByLane());
        }

        ReadOnlySpan<T> values = x.AsSpan();
        foreach (T value in values)
        {
            if (!value.Equals(values[0]))
            {
                throw ScenarioException.Disagreement();
            }
        }

        return values.Length > 0 ? values[0] : T.NaN;
    }
}
