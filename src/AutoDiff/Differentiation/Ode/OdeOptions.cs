using System.Globalization;

namespace AutoDiff;

/// <summary>How an initial value problem is integrated.</summary>
public enum OdeMethod
{
    /// <summary>The explicit method of Dormand and Prince of order 5 (J. Comput. Appl. Math. 6, 1980): for problems that are not stiff. It says so when one is.</summary>
    DormandPrince,

    /// <summary>
    /// The implicit method Radau IIA of order 5 (Hairer and Wanner, "Solving Ordinary Differential Equations II", section IV.8): for stiff problems. L-stable; each step solves for three stages by
    /// Newton's method, with dense Jacobians, and is differentiated by the implicit function theorem.
    /// </summary>
    Radau,
}

/// <summary>How <see cref="Ode"/> solves, and how well.</summary>
public sealed record OdeOptions
{
    /// <summary>The method.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such method.</exception>
    public OdeMethod Method { get; init => field = Enum.IsDefined(value) ? value : throw Wrong(nameof(Method), value, "one of the methods"); }

    /// <summary>The error that a step may make in each element, relative to its magnitude.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is negative or not finite.</exception>
    public double RelativeTolerance { get; init => field = double.IsFinite(value) && value >= 0 ? value : throw Wrong(nameof(RelativeTolerance), value, "a finite number, 0 or more"); } = 1e-8;

    /// <summary>The error that a step may make in each element, whatever its magnitude: what is negligible in the units of the state.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is not positive, or not finite.</exception>
    public double AbsoluteTolerance { get; init => field = double.IsFinite(value) && value > 0 ? value : throw Wrong(nameof(AbsoluteTolerance), value, "a finite number above 0"); } = 1e-8;

    /// <summary>The length of the first step to try; null, the default, for one that is found from the slopes at the start.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is not positive, or not finite.</exception>
    public double? FirstStep { get; init => field = value is null || (double.IsFinite(value.Value) && value > 0) ? value : throw Wrong(nameof(FirstStep), value, "a finite number above 0, or null"); }

    /// <summary>The largest number of steps, rejected ones included.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not positive.</exception>
    public int MaxSteps { get; init => field = value > 0 ? value : throw Wrong(nameof(MaxSteps), value, "1 or more"); } = 100_000;

    /// <summary>
    /// Whether the steps, and the products of their derivatives, are compiled (<see cref="Differentiate.Compile{T}(Func{Tensor{T}[], Tensor{T}[]}, Tensor{T}[], CompileOptions, CancellationToken)"/>): recorded at the first
    /// step and run from the record at the others. For times that are a tensor only: a time that is a number would be recorded as it is. In double precision the
    /// states are the same, bit for bit; derivatives by the times are summed in another order.
    /// </summary>
    /// <remarks>
    /// Off by default, because no guard can see what f does besides its result: what it captures has the value of the first call, and it no longer counts, draws or prints at every step. For many steps of
    /// many operations on small tensors it pays the most. Where f takes another path it is recorded again.
    /// </remarks>
    public bool Compiled { get; init; }

    /// <summary>The options, numbers in the invariant culture.</summary>
    /// <returns>Text for people.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"OdeOptions {{ Method = {Method}, RelativeTolerance = {RelativeTolerance}, AbsoluteTolerance = {AbsoluteTolerance}, FirstStep = {FirstStep}, MaxSteps = {MaxSteps}, Compiled = {Compiled} }}");

    private static ArgumentOutOfRangeException Wrong(string name, object value, string expected) => Errors.OutOfRange(nameof(OdeOptions), name, $"{name} is {value}", expected, "give such a value");
}
