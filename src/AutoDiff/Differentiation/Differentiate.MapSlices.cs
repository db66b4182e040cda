using System.Numerics;

namespace AutoDiff;

// A function of one slice, applied to all of them.
public static partial class Differentiate
{
    /// <summary>So many slices are taken one by one: recording a program for them would take as long.</summary>
    private const int FewSlices = 4;

    /// <summary>Applies a function of one slice to all slices of a tensor along an axis, and stacks the results along a new first axis: the vmap of other libraries.</summary>
    /// <remarks>
    /// <para>The function is called for two slices. If it does the same for both, its operations run for all slices together, and so do those of the derivatives that it takes (the gradients of all samples:
    /// <c>MapSlices(sample => Gradient(p => loss(p, sample), parameters), samples)</c>), with the values of a loop; some operations, those of users and integrations among them, run slice by slice. Tensors that the function captures are the same for all slices, and may be recorded.</para>
    /// <para>A function that looks at numbers of its slice, to branch on them, or that takes derivatives by colors, is called for every slice after a call or two in vain. One that does another thing at its second call, as it counts
    /// its calls or draws numbers, is called once for each slice, in order; what changes only later is not seen: write a loop for that, <c>Tensor.Stack(x.Unbind().Select(f))</c>.
    /// Tensors that it makes of its slices end with the call.</para>
    /// </remarks>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function of one slice, which has the shape of the tensor without the axis; its results have the same shape for all slices.</param>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis along which to slice.</param>
    /// <param name="cancellationToken">Looked at before every call of f, and before every operation on all slices.</param>
    /// <returns>A tensor of shape [slices, ..f(slice).Shape].</returns>
    /// <exception cref="ArgumentNullException">f or x is null, or f gives null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TensorShapeException">The tensor is a scalar or has no slices, or the results differ in shape.</exception>
    /// <exception cref="TapeException">The function uses a tensor that it has kept from its call for another slice.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    /// <example>
    /// <code>
    /// Tensor&lt;double> samples = Tensor.Create([[1.0, 2.0], [4.0, 3.0]]);
    /// Console.WriteLine(Differentiate.MapSlices(row => row.Max(), samples)); // => [2, 4]
    /// Console.WriteLine(Differentiate.MapSlices(row => Differentiate.Gradient(w => (w * row).Sum().Square(), Tensor.Create([1.0, 0.0])), samples)); // => [[2, 4], [32, 24]]
    /// </code>
    /// </example>
    public static Tensor<T> MapSlices<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> x, int axis = 0, CancellationToken cancellationToken = default) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(MapSlices), nameof(f));
        return MapSlices(slices => f(slices[0]), [Given(x)], axis, cancellationToken);
    }

    /// <summary>Applies a function to the slices of two tensors along an axis, a slice of each at a time, and stacks the results along a new first axis.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function of a slice of each.</param>
    /// <param name="x">The first tensor.</param>
    /// <param name="y">The second tensor, with as many slices. A tensor that is the same for all slices is captured by f instead.</param>
    /// <param name="axis">The axis along which to slice both.</param>
    /// <param name="cancellationToken">Looked at before every call of f, and before every operation on all slices.</param>
    /// <returns>A tensor of shape [slices, ..f(slices).Shape].</returns>
    /// <exception cref="ArgumentNullException">f, x or y is null, or f gives null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TensorShapeException">A tensor is a scalar or has no slices, the numbers of slices differ, or the results differ in shape.</exception>
    /// <exception cref="TapeException">The function uses a tensor that it has kept from its call for another slice.</exception>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public static Tensor<T> MapSlices<T>(Func<Tensor<T>, Tensor<T>, Tensor<T>> f, Tensor<T> x, Tensor<T> y, int axis = 0, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(MapSlices), nameof(f));
        return MapSlices(slices => f(slices[0], slices[1]), [Given(x), Given(y)], axis, cancellationToken);
    }

    /// <summary>Applies a function to the slices of several tensors along an axis, a slice of each at a time, and stacks the results along a new first axis.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function of a slice of each.</param>
    /// <param name="xs">The tensors, with as many slices each.</param>
    /// <param name="axis">The axis along which to slice all of them.</param>
    /// <param name="cancellationToken">Looked at before every call of f, and before every operation on all slices.</param>
    /// <returns>A tensor of shape [slices, ..f(slices).Shape].</returns>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="ArgumentException">There is no tensor, or no such axis.</exception>
    /// <exception cref="TensorShapeException">A tensor is a scalar or has no slices, the numbers of slices differ, or the results differ in shape.</exception>
    /// <exception cref="TapeException">The function uses a tensor that it has kept from its call for another slice.</exception>
    public static Tensor<T> MapSlices<T>(Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] xs, int axis = 0, CancellationToken cancellationToken = default) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(MapSlices), nameof(f));
        Errors.NotNull(xs, nameof(MapSlices), nameof(xs));
        if (xs.Length == 0)
        {
            throw Errors.Argument(nameof(MapSlices), nameof(xs), "no tensor was given", "one at least", "give the tensors whose slices f takes");
        }

        int[] axes = Array.ConvertAll(xs, x => Shapes.Axis(axis, Errors.NotNull(x, nameof(MapSlices), nameof(xs)).Rank, nameof(MapSlices)));
        int slices = xs[0].Shape[axes[0]];
        for (int i = 0; i < xs.Length; i++)
        {
            if (xs[i].Shape[axes[i]] != slices || slices == 0)
            {
                throw Errors.Shape(nameof(MapSlices), $"tensor {i} of shape {Shapes.Format(xs[i].Shape)} has {xs[i].Shape[axes[i]]} slices along axis {axis}, and the first has {slices}",
                    "the same number of slices of each, one at least", "capture what is the same for all slices, and slice the rest alike");
            }
        }

        Tensor<T> F(Tensor<T>[] parts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Errors.Result(f(parts), nameof(MapSlices), nameof(f));
        }

        return Savepoint.AllOrNothing(() => (slices < FewSlices ? null : SliceProgram<T>.Map(F, xs, axes, slices, cancellationToken)) ?? OneByOne());

        Tensor<T> OneByOne()
        {
            Tensor<T>[][] parts = [.. xs.Select((x, i) => x.Unbind(axes[i]))];
            return Tensor.Stack<T>([.. Enumerable.Range(0, slices).Select(k => F(Array.ConvertAll(parts, part => part[k])))]);
        }
    }
}
