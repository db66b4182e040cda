using System.Numerics;

namespace AutoDiff;

/// <summary>
/// A function that has better ways to its products than the program that it is: an integration, whose steps are others at every point, or a loop over many rows. It is one operation on the tape; a
/// recorded sweep records its products in the same way, as functions of the point, instead of the program of the point where it was recorded, which a compiled function would keep for all others.
/// </summary>
/// <param name="name">The name of the operation.</param>
/// <param name="programAt">At a point that is constants: the program there, which may be differentiated.</param>
/// <param name="value">The value at constants.</param>
/// <param name="vjp">The product of a cotangent and the derivative at constants, where the value is known.</param>
/// <param name="jvp">The product of the derivative at constants and tangents of some of them.</param>
internal sealed class LocalProgram<T>(
    string name, Func<Tensor<T>[], Func<Tensor<T>[], Tensor<T>>> programAt, Func<Tensor<T>[], Tensor<T>> value, Func<Tensor<T>, Tensor<T>[], Tensor<T>, Tensor<T>[]> vjp,
    Func<Tensor<T>?[], Tensor<T>[], Tensor<T>> jvp)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The function at a point, on its tape.</summary>
    public Tensor<T> At(Tensor<T>[] xs) => Tensor<T>.Recompute(name, xs, value, Vjp, (ts, at, _) => Jvp(ts, at));

    private static LocalProgram<T> Of(string name, Func<Tensor<T>[], Func<Tensor<T>[], Tensor<T>>> programAt, Func<Tensor<T>[], Tensor<T>> value) => new(name, programAt, value,
        (g, xs, _) => Differentiate.Vjp(programAt(xs), xs, g),
        (ts, xs) =>
        {
            int[] active = Active(ts);
            return Differentiate.Jvp(some => programAt(xs)(With(xs, active, some)), Array.ConvertAll(active, i => xs[i]), Array.ConvertAll(active, i => ts[i]!));
        });

    private Tensor<T>[] Vjp(Tensor<T> g, Tensor<T>[] xs, Tensor<T> y)
    {
        if (!IsRecorded([g, .. xs]))
        {
            return vjp(g, xs, y);
        }

        // The products by all inputs side by side, for an operation has one result.
        int[]? batch = null;
        Tensor<T> Pack(Tensor<T>[] parts)
        {
            batch ??= parts[0].Shape[..^xs[0].Rank].ToArray();
            return Tensor.Concat([.. parts.Select((part, i) => part.Reshape([.. batch, xs[i].Length]))], batch.Length);
        }

        // The value is there to save work: what depends on the inputs depends on them in the program.
        Tensor<T> packed = Of(name + "Vjp", all => at => Pack(Differentiate.Vjp(programAt(all[1..^1]), at[1..^1], at[0])), all => Pack(vjp(all[0], all[1..^1], all[^1]))).At([g, .. xs, y.Detach()]);
        int start = 0;
        return Array.ConvertAll(xs, x => packed[TensorIndex.Ellipsis, start..(start += x.Length)].Reshape([.. batch!, .. x.Shape]));
    }

    private Tensor<T> Jvp(Tensor<T>?[] ts, Tensor<T>[] xs)
    {
        int[] active = Active(ts);
        Tensor<T>[] all = [.. xs, .. active.Select(i => ts[i]!)];
        return !IsRecorded(all) ? jvp(ts, xs) : Of(name + "Jvp",
            all => at => Differentiate.Jvp(some => programAt(all[..xs.Length])(With(at[..xs.Length], active, some)), Array.ConvertAll(active, i => at[i]), at[xs.Length..]),
            all => jvp([.. ts.Select((t, i) => t is null ? null : all[xs.Length + Array.IndexOf(active, i)])], all[..xs.Length])).At(all);
    }

    /// <summary>Which inputs have a tangent.</summary>
    public static int[] Active(Tensor<T>?[] ts) => [.. Enumerable.Range(0, ts.Length).Where(i => ts[i] is not null)];

    public static bool IsRecorded(Tensor<T>[] tensors) => Array.Exists(tensors, static x => x.Tape is not null);

    /// <summary>Some of the tensors replaced.</summary>
    public static Tensor<T>[] With(Tensor<T>[] all, int[] places, Tensor<T>[] some)
    {
        Tensor<T>[] result = [.. all];
        for (int i = 0; i < places.Length; i++)
        {
            result[places[i]] = some[i];
        }

        return result;
    }
}
