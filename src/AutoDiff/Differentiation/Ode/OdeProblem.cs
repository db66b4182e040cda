using System.Numerics;

namespace AutoDiff;

/// <summary>What an integrator is asked: the slope in each interval between two times, as a function of a time that runs from one number to another there, and the tolerances.</summary>
/// <param name="slope">The slope by interval, time, state and parameters.</param>
/// <param name="from">The time at which each interval begins.</param>
/// <param name="to">The time at which each interval ends.</param>
/// <param name="unit">The length in real time of one unit of an interval's time, where the parameters have the given values.</param>
/// <param name="options">The method and the tolerances.</param>
/// <param name="cancellationToken">Looked at before every step.</param>
/// <param name="compiled">The steps as compiled functions; null where f is called at every step.</param>
internal sealed class OdeProblem<T>(
    Func<int, double, Tensor<T>, Tensor<T>[], Tensor<T>> slope, double[] from, double[] to, Func<int, Tensor<T>[], double> unit, OdeOptions options, CancellationToken cancellationToken, CompiledSteps<T>? compiled = null)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Intervals => from.Length;

    public OdeOptions Options => options;

    /// <summary>The steps of the explicit method, where they are compiled.</summary>
    public CompiledSteps<T>? ExplicitSteps => options.Method == OdeMethod.DormandPrince ? compiled : null;

    public (double From, double To, double Unit) Interval(int k, Tensor<T>[] p) => (from[k], to[k], unit(k, p));

    public void ThrowIfCanceled() => cancellationToken.ThrowIfCancellationRequested();

    public Tensor<T> Slope(int interval, double t, Tensor<T> y, Tensor<T>[] p) => Checked(slope(interval, t, y, p), y);

    /// <summary>A slope, if it has the shape of the state.</summary>
    public static Tensor<T> Checked(Tensor<T> k, Tensor<T> y) => k.Shape.SequenceEqual(y.Shape)
        ? k
        : throw Errors.Shape(nameof(Ode), $"the slope has shape {Shapes.Format(k.Shape)}", $"{Shapes.Format(y.Shape)}, that of the state", "return one slope for each element of the state");

    /// <summary>The slope of constants, which has to be one: where f captured a recorded tensor, the derivative by it would be lost.</summary>
    public Tensor<T> ConstantSlope(int interval, double t, Tensor<T> y, Tensor<T>[] p)
    {
        Tensor<T> k = compiled?.Slope(interval, t, y, p) ?? Slope(interval, t, y, p);
        return k.Tape is null ? k : throw Errors.Captured(nameof(Ode));
    }

    /// <summary>The Jacobian of the slope by the state.</summary>
    public Tensor<T> Jacobian(int interval, double t, Tensor<T> y, Tensor<T>[] p) =>
        compiled is not null && !LocalProgram<T>.IsRecorded([y, .. p]) ? compiled.Jacobian(interval, t, y, p) : Differentiate.Jacobian(v => Slope(interval, t, v, p), y);

    /// <summary>The largest element of an error, each in units of what the tolerances allow next to a state; infinite where one is not a number.</summary>
    public double Size(ReadOnlySpan<double> error, Tensor<T> y, Tensor<T>? next = null)
    {
        double largest = 0;
        for (int i = 0; i < error.Length; i++)
        {
            double magnitude = Math.Abs(double.CreateChecked(y.Values[i % y.Length]));
            magnitude = next is null ? magnitude : Math.Max(magnitude, Math.Abs(double.CreateChecked(next.Values[i % y.Length])));
            double part = Math.Abs(error[i]) / (options.AbsoluteTolerance + (options.RelativeTolerance * magnitude));
            largest = double.IsFinite(part) ? Math.Max(part, largest) : double.PositiveInfinity;
        }

        return largest;
    }

    /// <summary>A length for the first step, from the sizes of state, slope and second derivative (Hairer, Nørsett and Wanner, "Solving Ordinary Differential Equations I", section II.4).</summary>
    public double FirstStep(Tensor<T> y, Tensor<T> k, Tensor<T>[] p)
    {
        (double start, double end, double length) = Interval(0, p);
        double span = Math.Abs(end - start);
        if (options.FirstStep is { } given)
        {
            return Math.Min(span, given / Math.Abs(length));
        }

        double[] y0 = ToDoubles(y);
        double[] k0 = ToDoubles(k);
        (double size, double speed) = (Size(y0, y), Size(k0, y));
        double first = size < 1e-5 || speed < 1e-5 ? 1e-6 * span : 0.01 * size / speed;
        first = Math.Min(first, span);
        double direction = Math.Sign(end - start);
        double[] k1 = ToDoubles(ConstantSlope(0, start + (direction * first), y + (k * T.CreateChecked(direction * first)), p));
        double bend = Size([.. k1.Zip(k0, static (a, b) => a - b)], y) / first;
        double largest = Math.Max(speed, bend);
        double second = !double.IsFinite(largest) ? first * 1e-3 : largest <= 1e-15 / span ? Math.Max(1e-6 * span, first * 1e-3) : Math.Pow(0.01 / largest, 0.2);
        return Math.Min(span, Math.Min(100 * first, second));
    }

    public static double[] ToDoubles(Tensor<T> x) => Array.ConvertAll(x.Values.ToArray(), double.CreateChecked);
}

/// <summary>One step that was taken.</summary>
/// <param name="Interval">The interval between two times in which it lies.</param>
/// <param name="Start">Where it starts.</param>
/// <param name="Length">How far it goes, with its sign.</param>
/// <param name="State">The state before it; null where it is not kept.</param>
/// <param name="Stages">The stages of an implicit method; null of an explicit one, or where they are not kept.</param>
/// <param name="Inputs">The inputs of the solution that it belongs to.</param>
internal readonly record struct OdeStep<T>(int Interval, double Start, double Length, Tensor<T>? State, Tensor<T>? Stages, Tensor<T>[] Inputs) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>A method of integration: tries steps from constants, and takes one of given length from recorded tensors.</summary>
internal abstract class OdeStepper<T>(OdeProblem<T> problem, Tensor<T>[] p) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected OdeProblem<T> Problem => problem;

    protected Tensor<T>[] Parameters => p;

    /// <summary>The slope at the present state; null where it is not known.</summary>
    public Tensor<T>? Slope { get; protected set; }

    /// <summary>Tries a step. Gives the state after it, the stages, the error in units of the tolerance (infinite where there is none), and by what to multiply the length for the next step.</summary>
    public abstract (Tensor<T> Next, Tensor<T>? Stages, double Error, double Factor) Try(int interval, double t, double h, Tensor<T> y);

    /// <summary>Goes on from the state that the last trial gave.</summary>
    public abstract void Accept();

    /// <summary>The unit of time has changed by a factor.</summary>
    public virtual void ScaleTime(double factor) => Slope = Slope is null ? null : Slope * T.CreateChecked(factor);

    public static OdeStepper<T> Of(OdeProblem<T> problem, Tensor<T>[] p) => problem.Options.Method == OdeMethod.Radau ? new RadauStepper<T>(problem, p) : new DormandPrinceStepper<T>(problem, p);

    /// <summary>A step, from tensors that may be recorded.</summary>
    public static Tensor<T> Take(OdeProblem<T> problem, OdeStep<T> step, Tensor<T> y, Tensor<T>[] p) =>
        problem.Options.Method == OdeMethod.Radau ? RadauStep.Take(problem, step, y, p)
        : problem.ExplicitSteps is { } steps && !LocalProgram<T>.IsRecorded([y, .. p]) ? steps.Take(step, y, p)
        : DormandPrinceStepper<T>.Take(ExplicitStep<T>.Of(problem, step.Interval, step.Start, step.Length, p), y);

    /// <summary>The product of a cotangent and the derivative of a step by the state and the parameters, which are constants.</summary>
    public static Tensor<T>[] Vjp(OdeProblem<T> problem, OdeStep<T> step, Tensor<T> y, Tensor<T>[] p, Tensor<T> g) =>
        problem.ExplicitSteps is { } steps ? steps.Vjp(step, y, p, g)
        : Differentiate.Vjp(at => Take(problem, step, at[0], at[1..]), [y, .. p], g);

    /// <summary>The product of the derivative of a step and tangents of those of the state and the parameters, which are constants, that have one.</summary>
    public static Tensor<T> Jvp(OdeProblem<T> problem, OdeStep<T> step, Tensor<T> y, Tensor<T>[] p, int[] active, Tensor<T>[] ts)
    {
        if (problem.ExplicitSteps is { } steps)
        {
            return steps.Jvp(step, y, p, active, ts);
        }

        Tensor<T>[] point = [y, .. p];
        return Differentiate.Jvp(some => { Tensor<T>[] at = LocalProgram<T>.With(point, active, some); return Take(problem, step, at[0], at[1..]); }, Array.ConvertAll(active, i => point[i]), ts);
    }
}
