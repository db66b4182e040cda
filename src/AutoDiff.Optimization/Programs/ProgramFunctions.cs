using System.Globalization;
using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>
/// A nonlinear program as functions of one flat vector of double: values, gradient, sparse Jacobian of all constraints, sparse Hessian of the Lagrangian. All methods, our own and those of others, see
/// programs through it.
/// </summary>
internal abstract class ProgramFunctions
{
    /// <summary>The start as it was given.</summary>
    public abstract double[] Start { get; }

    public abstract double[] Lower { get; }

    public abstract double[] Upper { get; }

    public abstract double[] ConstraintLower { get; }

    public abstract double[] ConstraintUpper { get; }

    /// <summary>The number of times the objective was called, or the constraints, whichever is larger.</summary>
    public abstract int Evaluations { get; }

    /// <summary>Whether bounds leave no variable free.</summary>
    public bool IsFixed => Lower.AsSpan().SequenceEqual(Upper);

    /// <summary>Where a method starts: strictly between the bounds, near the given start (Wächter and Biegler 2006, section 3.6); on them where a variable is fixed.</summary>
    public double[] StartInside() => [.. Start.Select((value, i) => Lower[i] == Upper[i] ? Lower[i] : Inside(value, Lower[i], Upper[i]))];

    public abstract double Value(double[] x);

    public abstract double[] Gradient(double[] x);

    public abstract double[] Constraints(double[] x);

    /// <summary>The Jacobian of all constraints.</summary>
    public abstract Entries Jacobian(double[] x);

    /// <summary>The lower triangle of the Hessian of the objective times a factor, plus the constraints times y. Without the objective, which is then not called, where the factor is zero.</summary>
    public abstract Entries Hessian(double[] x, double factor, double[] y);

    /// <summary>A number strictly between bounds, near the given one.</summary>
    public static double Inside(double value, double lower, double upper)
    {
        value = double.IsFinite(value) ? value : 0;
        double range = upper - lower;
        double fromLower = double.IsInfinity(lower) ? double.NegativeInfinity : lower + Math.Min(0.01 * Math.Max(1, Math.Abs(lower)), 0.01 * range);
        double fromUpper = double.IsInfinity(upper) ? double.PositiveInfinity : upper - Math.Min(0.01 * Math.Max(1, Math.Abs(upper)), 0.01 * range);
        return Math.Max(Math.Min(value, fromUpper), fromLower);
    }
}

/// <summary>The functions of a program on tensors.</summary>
internal sealed class ProgramFunctions<T> : ProgramFunctions where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly string method;
    private readonly bool compiled;
    private readonly NonlinearProgram<T> program;
    private readonly int[] shape;
    private readonly int[][] shapes;
    private readonly int[] offsets;
    private readonly SparseJacobian<T>?[] jacobians;
    private readonly SparsityPattern?[] patterns;
    private readonly SparseHessian<T> hessian;
    private readonly SparseHessian<T> curvature;
    private CancellationToken cancellationToken;
    private Entries? jacobianPattern;
    private (SparsityPattern? Pattern, Entries? Entries, int[] Kept)[] hessianPatterns = [default, default];
    private CompiledFunction<T>? values;
    private CompiledFunction<T>? gradients;
    private CompiledFunction<T>? residuals;
    private int objectiveCalls;
    private int constraintCalls;

    /// <summary>Makes the functions.</summary>
    /// <param name="method">What solves the program, for messages.</param>
    /// <param name="program">The program.</param>
    /// <param name="start">Where it starts.</param>
    /// <param name="compiled">Whether functions and derivatives are recorded once, and run from the record.</param>
    /// <param name="cancellationToken">Looked at while derivatives are computed.</param>
    public ProgramFunctions(string method, NonlinearProgram<T> program, Tensor<T> start, bool compiled, CancellationToken cancellationToken)
    {
        (this.method, this.program, this.compiled) = (method, program, compiled);
        this.cancellationToken = cancellationToken;
        shape = start.Shape.ToArray();
        Start = Problem<T>.ToVector(start);
        Lower = Bounds(program.Lower, shape, double.NegativeInfinity, "the lower bound on x");
        Upper = Bounds(program.Upper, shape, double.PositiveInfinity, "the upper bound on x");
        Check(Lower, Upper, "variable", "x");
        int count = program.Constraints.Count;
        shapes = new int[count][];
        offsets = new int[count + 1];
        var (lower, upper) = (new List<double>(), new List<double>());
        for (int k = 0; k < count; k++)
        {
            Constraint<T> constraint = program.Constraints[k];
            string name = string.Create(CultureInfo.InvariantCulture, $"constraint {k}");
            shapes[k] = Call(constraint, k, start).Shape.ToArray();
            (double[] low, double[] high) = Bounds(constraint, shapes[k], name);
            Check(low, high, "element", name);
            lower.AddRange(low);
            upper.AddRange(high);
            offsets[k + 1] = lower.Count;
        }

        (ConstraintLower, ConstraintUpper) = ([.. lower], [.. upper]);
        jacobians = new SparseJacobian<T>?[count];
        patterns = new SparsityPattern?[count];
        for (int k = 0; k < count; k++)
        {
            int index = k;
            jacobians[k] = offsets[k + 1] > offsets[k] ? new SparseJacobian<T>(x => Call(program.Constraints[index], index, x.Reshape(shape)).Flatten()) { Compiled = compiled } : null;
        }

        hessian = new SparseHessian<T>((x, parameters) => Lagrangian(x.Reshape(shape), parameters[0], parameters[1..])) { Compiled = compiled };
        curvature = new SparseHessian<T>((x, parameters) => Lagrangian(x.Reshape(shape), null, parameters)) { Compiled = compiled };
    }

    public override double[] Start { get; }

    public override double[] Lower { get; }

    public override double[] Upper { get; }

    public override double[] ConstraintLower { get; }

    public override double[] ConstraintUpper { get; }

    /// <summary>Computes to the end from now on, whatever the caller asks.</summary>
    public void IgnoreCancellation() => cancellationToken = CancellationToken.None;

    public override int Evaluations => Math.Max(objectiveCalls, constraintCalls);

    /// <summary>A flat vector in the shape of the start.</summary>
    public Tensor<T> Point(double[] x) => Problem<T>.Flat(x).Reshape(shape);

    /// <summary>A flat vector of multipliers in the shapes of the constraints.</summary>
    public Tensor<T>[] Split(double[] y) => [.. shapes.Select((constraint, k) => Problem<T>.Flat(y.AsSpan(offsets[k], offsets[k + 1] - offsets[k])).Reshape(constraint))];

    /// <summary>An element of a constraint, in words.</summary>
    public string Name(int row)
    {
        int k = 0;
        while (offsets[k + 1] <= row)
        {
            k++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"element {row - offsets[k]} of constraint {k}");
    }

    public override double Value(double[] x)
    {
        objectiveCalls++;
        return double.CreateChecked(Run(ref values, xs => [Objective(xs[0].Reshape(shape))], x)[0].AsSpan()[0]);
    }

    public override double[] Gradient(double[] x)
    {
        objectiveCalls++;
        return x.Length == 0 ? [] : Problem<T>.ToVector(Run(ref gradients, xs => [Differentiate.Gradient<T>(at => Objective(at.Reshape(shape)), xs[0])], x)[0]);
    }

    public override double[] Constraints(double[] x)
    {
        constraintCalls++;
        if (shapes.Length == 0)
        {
            return [];
        }

        Tensor<T>[] results = Run(ref residuals, xs => [.. program.Constraints.Select((constraint, k) => Call(constraint, k, xs[0].Reshape(shape)))], x);
        var all = new double[offsets[^1]];
        for (int k = 0; k < shapes.Length; k++)
        {
            Problem<T>.ToVector(results[k]).CopyTo(all, offsets[k]);
        }

        return all;
    }

    public override Entries Jacobian(double[] x)
    {
        constraintCalls++;
        Tensor<T> point = Problem<T>.Flat(x);
        bool same = jacobianPattern is not null;
        var values = new List<double>();
        for (int k = 0; k < jacobians.Length; k++)
        {
            if (jacobians[k] is { } jacobian)
            {
                SparseMatrix<T> matrix = jacobian.Evaluate(point, cancellationToken);
                same = same && ReferenceEquals(patterns[k], matrix.Pattern);
                patterns[k] = matrix.Pattern;
                values.AddRange(Problem<T>.ToVector(matrix.Values));
            }
        }

        if (!same)
        {
            var (rows, columns) = (new List<int>(), new List<int>());
            for (int k = 0; k < patterns.Length; k++)
            {
                for (int row = 0; row < (patterns[k]?.Rows ?? 0); row++)
                {
                    foreach (int column in patterns[k]!.Row(row))
                    {
                        rows.Add(offsets[k] + row);
                        columns.Add(column);
                    }
                }
            }

            jacobianPattern = new Entries([.. rows], [.. columns], []);
        }

        return jacobianPattern! with { Values = [.. values] };
    }

    public override Entries Hessian(double[] x, double factor, double[] y)
    {
        objectiveCalls += factor == 0 ? 0 : 1;
        constraintCalls++;
        if (x.Length == 0 || (factor == 0 && y.Length == 0))
        {
            return Entries.Empty;
        }

        Tensor<T>[] parameters = factor == 0 ? Split(y) : [Tensor.Scalar(T.CreateChecked(factor)), .. Split(y)];
        SparseMatrix<T> matrix = (factor == 0 ? curvature : hessian).Evaluate(Problem<T>.Flat(x), parameters, cancellationToken);
        ref (SparsityPattern? Pattern, Entries? Entries, int[] Kept) known = ref hessianPatterns[factor == 0 ? 0 : 1];
        if (!ReferenceEquals(known.Pattern, matrix.Pattern))
        {
            var (rows, columns, kept) = (new List<int>(), new List<int>(), new List<int>());
            for (int row = 0; row < matrix.Pattern.Rows; row++)
            {
                for (int k = matrix.Pattern.RowOffsets[row]; k < matrix.Pattern.RowOffsets[row + 1]; k++)
                {
                    if (matrix.Pattern.ColumnIndices[k] <= row)
                    {
                        rows.Add(row);
                        columns.Add(matrix.Pattern.ColumnIndices[k]);
                        kept.Add(k);
                    }
                }
            }

            known = (matrix.Pattern, new Entries([.. rows], [.. columns], []), [.. kept]);
        }

        var values = new double[known.Kept.Length];
        for (int k = 0; k < values.Length; k++)
        {
            values[k] = double.CreateChecked(matrix.Values[known.Kept[k]]);
        }

        return known.Entries! with { Values = values };
    }

    private Tensor<T>[] Run(ref CompiledFunction<T>? function, Func<Tensor<T>[], Tensor<T>[]> program, double[] x)
    {
        Tensor<T>[] at = [Problem<T>.Flat(x)];
        return compiled ? (function ??= Differentiate.Compile(program, at)).Invoke(at) : program(at);
    }

    /// <summary>The Lagrangian; the factor of the objective and the multipliers are no constants of its record. Without a factor, the constraints alone.</summary>
    private Tensor<T> Lagrangian(Tensor<T> x, Tensor<T>? factor, Tensor<T>[] multipliers)
    {
        Tensor<T>? sum = factor is null ? null : factor * Objective(x).Sum();
        for (int k = 0; k < jacobians.Length; k++)
        {
            if (jacobians[k] is not null)
            {
                Tensor<T> term = (multipliers[k] * Call(program.Constraints[k], k, x)).Sum();
                sum = sum is null ? term : sum + term;
            }
        }

        return sum!;
    }

    private Tensor<T> Objective(Tensor<T> x)
    {
        Tensor<T> value = program.Objective(x) ?? throw new InvalidOperationException($"{method}: the objective gave null. Expected a tensor. To fix it, return the value.");
        return value.Length == 1 ? value : throw new TensorShapeException(
            $"{method}: the objective gives a tensor of shape [{string.Join(", ", value.Shape.ToArray())}]. Expected one number. To fix it, end it with Sum() or Mean().");
    }

    private Tensor<T> Call(Constraint<T> constraint, int k, Tensor<T> x)
    {
        Tensor<T> value = constraint.Function(x) ?? throw new InvalidOperationException($"{method}: constraint {k} gave null. Expected a tensor. To fix it, return the value.");
        return shapes[k] is null || value.Shape.SequenceEqual(shapes[k]) ? value : throw new TensorShapeException(
            $"{method}: constraint {k} gives a tensor of shape [{string.Join(", ", value.Shape.ToArray())}], and gave one of shape [{string.Join(", ", shapes[k])}] at the start. "
            + "Expected the same shape at every point. To fix it, let no shape depend on the values.");
    }

    private (double[] Lower, double[] Upper) Bounds(Constraint<T> constraint, int[] shape, string name)
    {
        if (constraint.EqualTo is not null)
        {
            double[] target = constraint.Lower is null && constraint.Upper is null ? Bounds(constraint.EqualTo, shape, 0, "what " + name + " is to equal") : throw Wrong(
                $"{method}: {name} has both EqualTo and bounds. Expected one or the other. To fix it, leave one of them out.");
            return (target, target);
        }

        return constraint.Lower is not null || constraint.Upper is not null
            ? (Bounds(constraint.Lower, shape, double.NegativeInfinity, "the lower bound of " + name), Bounds(constraint.Upper, shape, double.PositiveInfinity, "the upper bound of " + name))
            : throw Wrong($"{method}: {name} has neither EqualTo nor bounds. Expected one of them at least. To fix it, say what the function is to be: EqualTo, Lower or Upper.");
    }

    private double[] Bounds(TensorOrNumber<T>? bound, int[] shape, double none, string name)
    {
        int length = shape.Aggregate(1, static (product, extent) => product * extent);
        if (bound is null)
        {
            var flat = new double[length];
            Array.Fill(flat, none);
            return flat;
        }

        Tensor<T> tensor = bound.Value.ToTensor();
        int[] given = tensor.Shape.ToArray();
        bool fits = given.Length <= shape.Length;
        for (int axis = 1; fits && axis <= given.Length; axis++)
        {
            fits = given[^axis] == 1 || given[^axis] == shape[^axis];
        }

        return fits ? Problem<T>.ToVector(tensor.BroadcastTo(shape).Flatten()) : throw new TensorShapeException(
            $"{method}: {name} has shape [{string.Join(", ", given)}], where [{string.Join(", ", shape)}] is bounded. Expected a shape that broadcasts to it. To fix it, give a bound of the same shape, or a number.");
    }

    private static ArgumentException Wrong(string message, string argument = "program") => new(message, argument);

    private void Check(double[] lower, double[] upper, string element, string of)
    {
        for (int i = 0; i < lower.Length; i++)
        {
            if (!(lower[i] <= upper[i]) || double.IsPositiveInfinity(lower[i]) || double.IsNegativeInfinity(upper[i]))
            {
                throw Wrong(string.Create(CultureInfo.InvariantCulture, $"{method}: the bounds of {element} {i} of {of} are {lower[i]} below and {upper[i]} above. ")
                    + "Expected a lower bound that is no larger than the upper one, with numbers between them. To fix it, check Lower, Upper and EqualTo; infinities stand for no bound.");
            }
        }
    }
}
