using System.Globalization;
using System.Numerics;

namespace AutoDiff;

/// <summary>The vector-Jacobian product of a user's operation.</summary>
/// <typeparam name="T">The element type.</typeparam>
/// <param name="g">The cotangent of the output.</param>
/// <param name="xs">The inputs.</param>
/// <param name="y">The output.</param>
/// <returns>For each input its cotangent, in its shape, or null where the output does not depend on it.</returns>
public delegate Tensor<T>?[] CustomVjp<T>(Tensor<T> g, Tensor<T>[] xs, Tensor<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>The Jacobian-vector product of a user's operation.</summary>
/// <typeparam name="T">The element type.</typeparam>
/// <param name="ts">For each input its tangent, in its shape; zeros where there is none.</param>
/// <param name="xs">The inputs.</param>
/// <param name="y">The output.</param>
/// <returns>The tangent of the output, in its shape.</returns>
public delegate Tensor<T> CustomJvp<T>(Tensor<T>[] ts, Tensor<T>[] xs, Tensor<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>
/// An operation with a user's own derivative: a value, and a VJP or a JVP or both. Where one is missing it is derived from the other, because each is the transpose of the other.
/// </summary>
/// <remarks>
/// <para>The value is computed from constants, with any code: the library's operations, or a kernel on spans. A rule that is written in the library's operations can be differentiated again,
/// to any order; a rule that reads numbers gives first derivatives only, unless it calls another custom operation. <see cref="GradientCheck"/> with a higher order tells.</para>
/// <para>An operation keeps no state and may be applied on several threads.</para>
/// </remarks>
/// <typeparam name="T">The element type.</typeparam>
public sealed class CustomOperation<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Func<Tensor<T>[], Tensor<T>> value;
    private readonly CustomVjp<T>? vjp;
    private readonly CustomJvp<T>? jvp;
    private readonly bool batched;
    private readonly Func<int, int?[]?>? axes;

    /// <summary>Declares an operation.</summary>
    /// <param name="name">The name, for errors and pictures of the tape.</param>
    /// <param name="value">The value; its inputs are constants.</param>
    /// <param name="vjp">The vector-Jacobian product, or null to derive it from the JVP.</param>
    /// <param name="jvp">The Jacobian-vector product, or null to derive it from the VJP.</param>
    /// <param name="batched">Whether the products take leading batch axes on cotangents and tangents. Where not, they are called once for each vector of a batch.</param>
    /// <param name="axes">
    /// The sparsity: for an input's number, for each of its axes the axis of the output that it runs in step with, or null where every output depends on all along it; in place of the array null, for an
    /// input without influence. <c>[0]</c> for y_i of x_i alone, <c>[0, null]</c> for a number from each row. Not given, every output depends on every input.
    /// </param>
    /// <exception cref="ArgumentNullException">name is null.</exception>
    /// <exception cref="ArgumentException">Neither product is given.</exception>
    public CustomOperation(string name, Func<Tensor<T>[], Tensor<T>> value, CustomVjp<T>? vjp = null, CustomJvp<T>? jvp = null, bool batched = false, Func<int, int?[]?>? axes = null)
    {
        Name = Errors.NotNull(name, nameof(CustomOperation<>), nameof(name));
        this.value = Errors.NotNull(value, name, nameof(value));
        (this.vjp, this.jvp, this.batched, this.axes) = (vjp, jvp, batched, axes);
        if (vjp is null && jvp is null)
        {
            throw Errors.Argument(name, nameof(vjp), "neither a VJP nor a JVP was given", "at least one of them", "give one; the other is derived from it");
        }
    }

    /// <summary>The name of the operation.</summary>
    public string Name { get; }

    /// <summary>Applies the operation.</summary>
    /// <param name="xs">The inputs.</param>
    /// <returns>The value, recorded if an input is.</returns>
    /// <exception cref="ArgumentNullException">An input, or the value, is null.</exception>
    /// <exception cref="TapeException">The value captured a recorded tensor: its derivative would be lost.</exception>
    /// <exception cref="TensorShapeException">The axes of the sparsity do not fit an input and the output.</exception>
    /// <example>
    /// <code>
    /// var cube = new CustomOperation&lt;double>("Cube", xs => xs[0] * xs[0] * xs[0], vjp: (g, xs, y) => [3 * xs[0] * xs[0] * g]);
    /// Console.WriteLine(Differentiate.Derivative(x => cube.Apply(x), 2)); // => 12
    /// </code>
    /// </example>
    public Tensor<T> Apply(params ReadOnlySpan<Tensor<T>> xs)
    {
        Tensor<T>[] inputs = xs.ToArray();
        return Tensor<T>.Recompute(Name, xs, at => CheckAxes(value(at), inputs), VjpOfAll, Jvp, axes is null ? null : i => axes(i) is { } matching ? Array.ConvertAll(matching, static axis => axis ?? -1) : null, mayKeep: true);
    }

    /// <summary>Checks, before anything is recorded, that the sparsity names axes that exist and are equally long.</summary>
    private Tensor<T> CheckAxes(Tensor<T> y, Tensor<T>[] xs)
    {
        for (int i = 0; axes is not null && y is not null && i < xs.Length; i++)
        {
            int?[]? matching = axes(i);
            bool fits = matching is null || matching.Length == xs[i].Rank;
            for (int axis = 0; fits && matching is not null && axis < matching.Length; axis++)
            {
                fits = matching[axis] is not { } other || (other >= 0 && other < y.Rank && (xs[i].Shape[axis] == y.Shape[other] || xs[i].Shape[axis] == 1));
            }

            if (!fits)
            {
                throw Errors.Shape(Name, $"the sparsity of input {i} (shape {Shapes.Format(xs[i].Shape)}) is [{string.Join(", ", matching!.Select(static axis => axis?.ToString(CultureInfo.InvariantCulture) ?? "null"))}] for an output of shape {Shapes.Format(y.Shape)}",
                    "for each axis of the input null or an axis of the output of the same length", "correct the axes of the operation");
            }
        }

        return y!;
    }

    /// <summary>The cotangents of all inputs, checked; one call for each vector of a batch where the rule takes one vector only.</summary>
    private Tensor<T>?[] VjpOfAll(Tensor<T> g, Tensor<T>[] xs, Tensor<T> y)
    {
        int[] batch = g.Shape[..(g.Rank - y.Rank)].ToArray();
        if (vjp is null)
        {
            return Array.ConvertAll(Range(xs), i => (Tensor<T>?)Differentiate.Vjp(t => Jvp(Array.ConvertAll(Range(xs), k => k == i ? t : null), xs, y)!, Tensor.Zeros<T>(xs[i].Shape), g));
        }

        if (batched || batch.Length == 0)
        {
            return Checked(vjp(g, xs, y), batch, xs);
        }

        int count = Shapes.Length(batch);
        Tensor<T> vectors = g.Reshape([count, .. y.Shape]);
        Tensor<T>?[][] each = [.. Enumerable.Range(0, count).Select(k => Checked(vjp(vectors[k], xs, y), [], xs))];
        return Array.ConvertAll(Range(xs), i => count == 0 || each[0][i] is null
            ? null
            : Tensor.Stack<T>([.. each.Select(parts => parts[i] ?? Tensor.Zeros<T>(xs[i].Shape))]).Reshape([.. batch, .. xs[i].Shape]));
    }

    /// <summary>The tangent of the output for tangents of some inputs; one call for each vector of a batch where the rule takes one vector only.</summary>
    private Tensor<T>? Jvp(Tensor<T>?[] ts, Tensor<T>[] xs, Tensor<T> y)
    {
        int first = Array.FindIndex(ts, t => t is not null);
        int[] batch = ts[first]!.Shape[..(ts[first]!.Rank - xs[first].Rank)].ToArray();
        if (jvp is null)
        {
            // The VJP is linear in its cotangent: what is transposed here is that map, of which any point will do.
            return ts.Select((t, i) => t is null ? null
                : Differentiate.Vjp(u => Checked(vjp!(u, xs, y), [], xs)[i] ?? Tensor.Zeros<T>(xs[i].Shape), Tensor.Zeros<T>(y.Shape), t)).Aggregate((sum, part) => sum is null ? part : part is null ? sum : sum + part);
        }

        Tensor<T>[] all = Array.ConvertAll(Range(xs), i => ts[i] ?? Tensor.Zeros<T>([.. batch, .. xs[i].Shape]));
        if (batched || batch.Length == 0)
        {
            return Checked(jvp(all, xs, y), [.. batch, .. y.Shape]);
        }

        int count = Shapes.Length(batch);
        Tensor<T>[] vectors = Array.ConvertAll(Range(xs), i => all[i].Reshape([count, .. xs[i].Shape]));
        return count == 0
            ? null
            : Tensor.Stack<T>([.. Enumerable.Range(0, count).Select(k => Checked(jvp(Array.ConvertAll(vectors, t => t[k]), xs, y), y.Dimensions))]).Reshape([.. batch, .. y.Shape]);
    }

    private Tensor<T> Checked(Tensor<T> product, int[] expected) => Errors.Result(product, Name, nameof(jvp)).Shape.SequenceEqual(expected)
        ? product
        : throw Errors.Shape(Name, $"the JVP gave the shape {Shapes.Format(product.Shape)}", $"{Shapes.Format(expected)}, that of the output", "correct the JVP of the operation");

    private Tensor<T>?[] Checked(Tensor<T>?[] parts, int[] batch, Tensor<T>[] xs)
    {
        Errors.Result(parts, Name, nameof(vjp));
        if (parts.Length != xs.Length)
        {
            throw Errors.Shape(Name, $"the VJP gave {parts.Length} cotangents for {xs.Length} inputs", "one for each input", "give null for an input that the output does not depend on");
        }

        for (int i = 0; i < xs.Length; i++)
        {
            int[] expected = [.. batch, .. xs[i].Shape];
            if (parts[i] is { } part && !part.Shape.SequenceEqual(expected))
            {
                throw Errors.Shape(Name, $"the VJP gave the shape {Shapes.Format(part.Shape)} for input {i}", $"{Shapes.Format(expected)}, that of the input", "correct the VJP of the operation");
            }
        }

        return parts;
    }

    private static int[] Range(Tensor<T>[] xs) => [.. Enumerable.Range(0, xs.Length)];
}
