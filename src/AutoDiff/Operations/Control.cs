namespace AutoDiff;

// What steers derivatives and leaves values alone.
public sealed partial class Tensor<T>
{
    /// <summary>The same values; in a backward sweep the cotangent goes through a function on its way (clipping, scaling, a look at it). Tangents pass as they are.</summary>
    /// <param name="hook">Takes the cotangent, of the tensor's shape after optional batch axes, and gives the one that goes on, of the same shape.</param>
    /// <returns>The same values, recorded if this tensor is.</returns>
    /// <exception cref="ArgumentNullException">hook is null.</exception>
    /// <exception cref="TensorShapeException">In a sweep: the hook returns another shape.</exception>
    public Tensor<T> OnCotangent(Func<Tensor<T>, Tensor<T>> hook)
    {
        Errors.NotNull(hook, nameof(OnCotangent), nameof(hook));
        return Recompute(nameof(OnCotangent), [this], static xs => xs[0], vjp: (g, _, _) => [Hooked(g)], jvp: static (ts, _, _) => ts[0], axes: _ => [.. Enumerable.Range(0, Rank)]);

        Tensor<T> Hooked(Tensor<T> g)
        {
            Tensor<T> next = Errors.Result(hook(g), nameof(OnCotangent), nameof(hook));
            if (!next.shape.AsSpan().SequenceEqual(g.shape))
            {
                throw Errors.Shape(nameof(OnCotangent), $"the hook gave the shape {Shapes.Format(next.shape)}", $"{Shapes.Format(g.shape)}, that of the cotangent",
                    "return a cotangent of the same shape");
            }

            return next;
        }
    }

    /// <summary>Other values with the derivative of this tensor: the straight-through estimator (Bengio, Léonard and Courville, 2013), as for rounding in a trained quantizer.</summary>
    /// <param name="value">The values, of the same shape; a constant for differentiation.</param>
    /// <returns>The values; dy = dx.</returns>
    /// <exception cref="ArgumentNullException">value is null.</exception>
    /// <exception cref="TensorShapeException">The shapes differ.</exception>
    public Tensor<T> StraightThrough(Tensor<T> value)
    {
        Errors.NotNull(value, nameof(StraightThrough), nameof(value));
        return value.shape.AsSpan().SequenceEqual(shape)
            ? Binary(static (_, y, z) => y.CopyTo(z), this, value.Detach(), nameof(StraightThrough), dx: static (_, _, _) => One)
            : throw Errors.Shape(nameof(StraightThrough), $"the values have shape {Shapes.Format(value.shape)}", $"{Shapes.Format(shape)}, that of the tensor", "give one value for each element");
    }
}
