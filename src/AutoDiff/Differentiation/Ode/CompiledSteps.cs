using System.Numerics;

namespace AutoDiff;

/// <summary>
/// The steps of a problem, and the products of their derivatives, recorded once and run from the record (<see cref="OdeOptions.Compiled"/>). Everything that differs from step to step is an input: the
/// state, the two ends of the interval, where in it the step starts and how far it goes, the parameters.
/// </summary>
/// <param name="f">The slope, of a time that is a tensor.</param>
internal sealed class CompiledSteps<T>(Func<Tensor<T>, Tensor<T>, Tensor<T>[], Tensor<T>> f) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>State, ends of the interval, start and length of the step; then the parameters.</summary>
    private const int Leading = 5;

    private CompiledFunction<T>? trial;
    private CompiledFunction<T>? step;
    private CompiledFunction<T>? slope;
    private CompiledFunction<T>? jacobian;
    private CompiledFunction<T>? vjp;
    private Tuple<int[], CompiledFunction<T>>? jvp;

    /// <summary>The slope in an interval, by its unit of time: the slope by the time itself, times the interval's length.</summary>
    public static Tensor<T> Slope(Func<Tensor<T>, Tensor<T>, Tensor<T>[], Tensor<T>> f, Tensor<T> from, Tensor<T> to, Tensor<T> fraction, Tensor<T> y, Tensor<T>[] p)
    {
        Tensor<T> length = to - from;
        return OdeProblem<T>.Checked(Errors.Result(f(from + (length * fraction), y, p), nameof(Ode), nameof(f)) * length, y);
    }

    public Tensor<T> Slope(int interval, double t, Tensor<T> y, Tensor<T>[] p)
    {
        Tensor<T>[] xs = Inputs(interval, t, 0, y, p);
        slope ??= Differentiate.Compile(xs => [Slope(f, xs[1], xs[2], xs[3], xs[0], xs[Leading..])], xs);
        return slope.Invoke(xs)[0];
    }

    /// <summary>The Jacobian of the slope by the state.</summary>
    public Tensor<T> Jacobian(int interval, double t, Tensor<T> y, Tensor<T>[] p)
    {
        Tensor<T>[] xs = Inputs(interval, t, 0, y, p);
        jacobian ??= Differentiate.Compile(xs => [Differentiate.Jacobian(v => Slope(f, xs[1], xs[2], xs[3], v, xs[Leading..]), xs[0])], xs);
        return jacobian.Invoke(xs)[0];
    }

    /// <summary>An explicit step from a state and the slope there, with its error.</summary>
    public ExplicitTrial<T> Try(int interval, double t, double h, Tensor<T> y, Tensor<T>[] p, Tensor<T> first)
    {
        Tensor<T>[] xs = [first, .. Inputs(interval, t, h, y, p)];
        trial ??= Differentiate.Compile(xs => DormandPrinceStepper<T>.Try(StepOf(xs[1..]), xs[1], xs[0]).ToArray(), xs);
        return ExplicitTrial<T>.Of(trial.Invoke(xs));
    }

    /// <summary>An explicit step.</summary>
    public Tensor<T> Take(OdeStep<T> taken, Tensor<T> y, Tensor<T>[] p)
    {
        Tensor<T>[] xs = Inputs(taken.Interval, taken.Start, taken.Length, y, p);
        step ??= Differentiate.Compile(xs => [Take(xs)], xs);
        return step.Invoke(xs)[0];
    }

    /// <summary>The product of a cotangent and the derivative of an explicit step by state, times and parameters.</summary>
    public Tensor<T>[] Vjp(OdeStep<T> taken, Tensor<T> y, Tensor<T>[] p, Tensor<T> g)
    {
        Tensor<T>[] xs = [g, .. Inputs(taken.Interval, taken.Start, taken.Length, y, p)];
        vjp ??= Differentiate.Compile(xs => Differentiate.Vjp(moving => Take(Moved(xs[1..], moving)), Moving(xs[1..]), xs[0]), xs);
        Tensor<T>[] parts = vjp.Invoke(xs);

        // The ends of the interval are two of the times.
        int n = p[0].Length;
        int batch = g.Length / y.Length;
        Tensor<T> times = Tensor.Zeros<T>([.. g.Shape[..^y.Rank], n]);
        for (int row = 0; row < batch; row++)
        {
            times.Writable[(row * n) + taken.Interval] = parts[1].Values[row];
            times.Writable[(row * n) + taken.Interval + 1] = parts[2].Values[row];
        }

        return [parts[0], times, .. parts[3..]];
    }

    /// <summary>The product of the derivative of an explicit step and tangents of those of state, times and parameters (in this order) that have one.</summary>
    public Tensor<T> Jvp(OdeStep<T> taken, Tensor<T> y, Tensor<T>[] p, int[] active, Tensor<T>[] ts)
    {
        // The tangents of two times are those of the ends of the interval.
        int k = taken.Interval;
        int[] places = [.. active.SelectMany(static i => i switch { 0 => (int[])[0], 1 => [1, 2], _ => [i + 1] })];
        ts = [.. active.SelectMany((i, j) => i == 1 ? (Tensor<T>[])[ts[j][TensorIndex.Ellipsis, k], ts[j][TensorIndex.Ellipsis, k + 1]] : [ts[j]])];
        Tensor<T>[] xs = [.. Inputs(k, taken.Start, taken.Length, y, p), .. ts];
        int inputs = xs.Length - ts.Length;
        if (jvp is not var (known, product) || !known.AsSpan().SequenceEqual(places))
        {
            product = Differentiate.Compile(xs =>
            {
                Tensor<T>[] point = Moving(xs[..inputs]);
                return [Differentiate.Jvp(some => Take(Moved(xs[..inputs], LocalProgram<T>.With(point, places, some))), Array.ConvertAll(places, i => point[i]), xs[inputs..])];
            }, xs);
            jvp = new(places, product);
        }

        return product.Invoke(xs)[0];
    }

    private static Tensor<T>[] Inputs(int interval, double t, double h, Tensor<T> y, Tensor<T>[] p) =>
        [y, Tensor.Scalar(p[0].Values[interval]), Tensor.Scalar(p[0].Values[interval + 1]), Tensor.Scalar(T.CreateChecked(t)), Tensor.Scalar(T.CreateChecked(h)), .. p[1..]];

    /// <summary>Those of the inputs by which there is a derivative: all but the step's start and length.</summary>
    private static Tensor<T>[] Moving(Tensor<T>[] xs) => [.. xs[..3], .. xs[Leading..]];

    private static Tensor<T>[] Moved(Tensor<T>[] xs, Tensor<T>[] moving) => [.. moving[..3], .. xs[3..Leading], .. moving[3..]];

    private Tensor<T> Take(Tensor<T>[] xs) => DormandPrinceStepper<T>.Take(StepOf(xs), xs[0]);

    private ExplicitStep<T> StepOf(Tensor<T>[] xs) => new(
        (node, y) => Slope(f, xs[1], xs[2], xs[3] + (xs[4] * T.CreateChecked(node)), y, xs[Leading..]),
        (k, weight) => k * (xs[4] * T.CreateChecked(weight)));
}
