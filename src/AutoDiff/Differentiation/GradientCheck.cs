using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff;

/// <summary>A function's derivatives contradict its values, or each other. The message says which check failed, at which order, input and element, and both numbers.</summary>
public sealed class GradientCheckException : Exception
{
    /// <summary>Makes the exception with a message.</summary>
    /// <param name="message">What went wrong.</param>
    public GradientCheckException(string message) : base(message) { }

    /// <summary>Makes the exception without a message.</summary>
    public GradientCheckException() { }

    /// <summary>Makes the exception with a message and the exception that caused it.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">What caused it.</param>
    public GradientCheckException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>Checks the derivatives of a function, a user's own rules included, against finite differences and against each other.</summary>
public static partial class GradientCheck
{
    private const int LargestOrder = 10;

    /// <summary>The size of a number that is 0, of which nothing else is known.</summary>
    private const double SizeOfZero = 0.1;

    /// <summary>No number of a point counts as smaller than this part of the largest.</summary>
    private const double SmallestPart = 1e-3;

    /// <summary>Checks a function of one tensor. Returns quietly if its derivatives are right.</summary>
    /// <typeparam name="T">The element type; double gives a sharper check.</typeparam>
    /// <param name="f">The function; smooth near the point, and without side effects, because it is called several times.</param>
    /// <param name="x">The point.</param>
    /// <param name="order">How many orders of derivatives to check.</param>
    /// <param name="seed">The seed of the random directions.</param>
    /// <param name="cancellationToken">Looked at before every call of f.</param>
    /// <exception cref="ArgumentNullException">f or x is null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="GradientCheckException">A derivative is wrong, or f is not smooth at the point.</exception>
    /// <exception cref="ArgumentException">The order is below 1 or above 10.</exception>
    /// <example>
    /// <code>
    /// GradientCheck.Check(x => (x.Sin() * x).Sum(), Tensor.Create(1, 2));
    /// Console.WriteLine("the derivatives agree with finite differences"); // => the derivatives agree with finite differences
    /// </code>
    /// </example>
    public static void Check<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> x, int order = 1, int seed = 1, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(Check), nameof(f));
        Errors.NotNull(x, nameof(Check), nameof(x));
        Check(xs => f(xs[0]), [x], order, seed, cancellationToken);
    }

    /// <summary>Checks a function at a point that is an array of numbers. Returns quietly if its derivatives are right.</summary>
    /// <param name="f">The function; smooth near the point, and without side effects, because it is called several times.</param>
    /// <param name="x">The point.</param>
    /// <param name="order">How many orders of derivatives to check.</param>
    /// <param name="seed">The seed of the random directions.</param>
    /// <param name="cancellationToken">Looked at before every call of f.</param>
    /// <exception cref="ArgumentNullException">f or x is null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="GradientCheckException">A derivative is wrong, or f is not smooth at the point.</exception>
    /// <exception cref="ArgumentException">The order is below 1 or above 10.</exception>
    [OverloadResolutionPriority(-1)] // An expression such as [1.0, 2.0] is a tensor before it is an array.
    public static void Check(Func<Tensor<double>, Tensor<double>> f, double[] x, int order = 1, int seed = 1, CancellationToken cancellationToken = default) =>
        Check(f, Tensor.Create(Errors.NotNull(x, nameof(Check), nameof(x))), order, seed, cancellationToken);

    /// <summary>Checks a function at a point that is a sequence of numbers. Returns quietly if its derivatives are right.</summary>
    /// <typeparam name="T">The element type; double gives a sharper check.</typeparam>
    /// <param name="f">The function; smooth near the point, and without side effects, because it is called several times.</param>
    /// <param name="x">The point, an array, a list or any other sequence.</param>
    /// <param name="order">How many orders of derivatives to check.</param>
    /// <param name="seed">The seed of the random directions.</param>
    /// <param name="cancellationToken">Looked at before every call of f.</param>
    /// <exception cref="ArgumentNullException">f or x is null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="GradientCheckException">A derivative is wrong, or f is not smooth at the point.</exception>
    /// <exception cref="ArgumentException">The order is below 1 or above 10.</exception>
    [OverloadResolutionPriority(-2)] // And [1, 2] is an array of doubles before it is any other sequence.
    public static void Check<T>(Func<Tensor<T>, Tensor<T>> f, IEnumerable<T> x, int order = 1, int seed = 1, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Check(f, Tensor.Create(Errors.NotNull(x, nameof(Check), nameof(x))), order, seed, cancellationToken);

    /// <summary>Checks a function of several tensors. Returns quietly if its derivatives are right.</summary>
    /// <remarks>
    /// For a random direction v and a random cotangent u, (1) J v from a forward sweep is compared with central differences at two step sizes, whose spread estimates their error;
    /// (2) u^T (J v) is compared with (u^T J) v from a backward sweep, which needs no step size. Higher orders repeat this for x ↦ u^T J(x).
    /// (3) The derivative along v must account for the differences of the values up to a hundredth of the size of each number away: a jump, of which no derivative knows, is an error, and so is a function that depends on its
    /// inputs through steps only (comparisons, roundings), whose derivative is 0 wherever it exists.
    /// </remarks>
    /// <typeparam name="T">The element type; double gives a sharper check.</typeparam>
    /// <param name="f">The function; smooth near the point, and without side effects.</param>
    /// <param name="xs">The point.</param>
    /// <param name="order">How many orders of derivatives to check.</param>
    /// <param name="seed">The seed of the random directions.</param>
    /// <param name="cancellationToken">Looked at before every call of f.</param>
    /// <exception cref="ArgumentNullException">f or xs is null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="GradientCheckException">A derivative is wrong, or f is not smooth at the point.</exception>
    /// <exception cref="ArgumentException">The order is below 1 or above 10.</exception>
    public static void Check<T>(Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] xs, int order = 1, int seed = 1, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(Check), nameof(f));
        Errors.NotNull(xs, nameof(Check), nameof(xs));
        if (order is < 1 or > LargestOrder)
        {
            throw Errors.Argument(nameof(Check), nameof(order), $"the order is {order}", $"an order from 1 to {LargestOrder}: each takes several times the work of the one before", "check fewer orders");
        }

        Tensor<T>[] point = Array.ConvertAll(xs, x => Errors.NotNull(x, nameof(Check), nameof(xs)).Detach());
        var random = new Random(seed);
        Func<Tensor<T>[], Tensor<T>> current = at =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return f(at);
        };
        Savepoint savepoint = Savepoint.Set();
        try
        {
            for (int level = 1; level <= order; level++)
            {
                Tensor<T> u = CheckOnce(current, point, level, random);
                Func<Tensor<T>[], Tensor<T>> function = current;
                current = at => Tensor.Concat<T>(Array.ConvertAll(Differentiate.Vjp(function, at, u), g => g.Flatten()));
            }
        }
        finally
        {
            // A check leaves the tapes of captured variables as they were.
            savepoint.End(keep: false);
        }
    }

    /// <summary>Checks the first derivatives of f. Returns the cotangent that was used.</summary>
    private static Tensor<T> CheckOnce<T>(Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] xs, int order, Random random) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T>[] v = Array.ConvertAll(xs, x => RandomDirection<T>(x.Dimensions, random));
        double scale = Scale(xs);
        for (int i = 0; i < xs.Length; i++)
        {
            // Each number moves by its own size: a rate of a few hundredths beside a price of a hundred stays positive.
            for (int k = 0; k < v[i].Length; k++)
            {
                double size = Math.Abs(double.CreateChecked(xs[i].Values[k]));
                v[i].Writable[k] *= T.CreateSaturating(Math.Clamp(size == 0 ? SizeOfZero : size, SmallestPart * scale, scale) / scale);
            }
        }

        Tensor<T> forward = Differentiate.Jvp(f, xs, v);
        Tensor<T> u = RandomDirection<T>(forward.Dimensions, random);
        Tensor<T>[] backward = Differentiate.Vjp(f, xs, u);
        CheckFinite(forward, "forward", order);
        foreach (Tensor<T> part in backward)
        {
            CheckFinite(part, "backward", order);
        }

        double epsilon = Epsilon<T>();
        double left = Inner(u, forward, out double leftSize);
        double right = 0;
        double rightSize = 0;
        for (int i = 0; i < xs.Length; i++)
        {
            right += Inner(backward[i], v[i], out double size);
            rightSize += size;
        }

        double bound = 1e4 * epsilon * Math.Max(leftSize, rightSize);
        if (!(Math.Abs(left - right) <= bound))
        {
            throw new GradientCheckException(string.Create(CultureInfo.InvariantCulture,
                $"order {order}, dot-product identity: u·(J v) = {left:R} from the forward sweep, but (u J)·v = {right:R} from the backward sweep; they differ by more than {bound:g2}. One of the two rules (Vjp, Jvp) of an operation in f is wrong."));
        }

        CompareWithDifferences(f, xs, v, forward, order, epsilon);
        if (order == 1)
        {
            CheckSteps(f, xs, forward);
            CheckJumps(f, xs, v, epsilon);
        }

        return u;
    }

    private static void CompareWithDifferences<T>(Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] xs, Tensor<T>[] v, Tensor<T> forward, int order, double epsilon)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double scale = Scale(xs);
        double h = Math.Cbrt(epsilon) * scale;
        double[] fine = Difference(f, xs, v, h, out double size);
        double[] coarse = Difference(f, xs, v, 2 * h, out _);
        double largest = fine.Append(0).Max(Math.Abs);
        double noise = 20 * epsilon * size / h;
        for (int i = 0; i < fine.Length; i++)
        {
            double spread = Math.Abs(fine[i] - coarse[i]);
            double tolerance = (10 * spread) + noise + (Math.Pow(epsilon, 2.0 / 3.0) * (1 + largest));
            double own = double.CreateChecked(forward.Values[i]);
            if (spread > (0.1 * largest) + (10 * noise))
            {
                throw new GradientCheckException(string.Create(CultureInfo.InvariantCulture,
                    $"order {order}, element {i} of the output (shape {Shapes.Format(forward.Shape)}): finite differences do not settle ({coarse[i]:g6} at step {2 * h:g2}, {fine[i]:g6} at step {h:g2}). f is not smooth here, or not a function of its inputs alone; check at another point."));
            }

            if (!(Math.Abs(own - fine[i]) <= tolerance))
            {
                throw new GradientCheckException(string.Create(CultureInfo.InvariantCulture,
                    $"order {order}, element {i} of the output (shape {Shapes.Format(forward.Shape)}): the directional derivative is {own:R}, but finite differences give {fine[i]:R} (tolerance {tolerance:g2}). Either f reads a number on the way (At, ToScalar, Detach), or there is a kink within a step, or a rule, such as that of a custom operation, is wrong."));
            }
        }
    }

    /// <summary>(f(x + h v) - f(x - h v)) / 2h, and the size of the values that were subtracted.</summary>
    private static double[] Difference<T>(Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] xs, Tensor<T>[] v, double h, out double size) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T step = T.CreateChecked(h);
        Tensor<T>[] At(T factor) => xs.Select((x, i) => x + (v[i] * factor)).ToArray();
        Tensor<T> above = f(At(step));
        Tensor<T> below = f(At(-step));
        size = above.ToArray().Concat(below.ToArray()).Select(value => Math.Abs(double.CreateChecked(value))).Append(0).Max();
        return above.ToArray().Zip(below.ToArray(), (a, b) => (double.CreateChecked(a) - double.CreateChecked(b)) / (2 * double.CreateChecked(step))).ToArray();
    }

    /// <summary>The size of a point: that of its largest number.</summary>
    private static double Scale<T>(Tensor<T>[] xs) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        xs.SelectMany(x => x.ToArray()).Select(value => Math.Abs(double.CreateChecked(value))).Append(SizeOfZero).Max();

    private static void CheckFinite<T>(Tensor<T> derivative, string sweep, int order) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> values = derivative.Values;
        for (int i = 0; i < values.Length; i++)
        {
            if (!T.IsFinite(values[i]))
            {
                throw new GradientCheckException(string.Create(CultureInfo.InvariantCulture,
                    $"order {order}, {sweep} sweep: element {i} of the result (shape {Shapes.Format(derivative.Shape)}) is {values[i]}. f has no finite derivative here; check at another point."));
            }
        }
    }

    private static double Inner<T>(Tensor<T> x, Tensor<T> y, out double size) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        size = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double term = double.CreateChecked(x.Values[i]) * double.CreateChecked(y.Values[i]);
            sum += term;
            size += Math.Abs(term);
        }

        return sum;
    }

    private static Tensor<T> RandomDirection<T>(int[] shape, Random random) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> direction = Tensor<T>.Allocate(shape);
        foreach (ref T value in direction.Writable)
        {
            value = T.CreateChecked((2 * random.NextDouble()) - 1);
        }

        return direction;
    }

    /// <summary>The spacing of the numbers at 1.</summary>
    private static double Epsilon<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> => double.CreateChecked(T.BitIncrement(T.One) - T.One);
}
