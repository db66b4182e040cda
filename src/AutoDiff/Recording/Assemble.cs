using System.Numerics;

namespace AutoDiff;

/// <summary>A sum of linear maps of several inputs, each of which fills its own part of the output: y = Σ A_i x_i. Concatenation is one, and so is the sum of many slices' cotangents.</summary>
internal sealed class AssembleRecord<T>(string name, (LinearMap<T> Map, Tensor<T> X)[] pieces, Tensor<T> y) : Record<T>(name, y)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public (LinearMap<T> Map, Tensor<T> X)[] Pieces => pieces;

    public override int InputCount => pieces.Length;

    public override Tensor<T> Input(int i) => pieces[i].X;

    public override Tensor<T>? Vjp(Tensor<T> g, int i, Operands<T> operands) => g.Through(pieces[i].Map.Transposed, Name);

    public override Tensor<T>? Jvp(Tensor<T> t, int i, Operands<T> operands) => t.Through(pieces[i].Map, Name);

    public override Tensor<T>? PushForward(ReadOnlySpan<Tensor<T>?> tangents, Operands<T> operands)
    {
        var parts = new List<(LinearMap<T>, Tensor<T>)>(pieces.Length);
        for (int i = 0; i < pieces.Length; i++)
        {
            if (tangents[i] is { } t)
            {
                parts.Add((pieces[i].Map, t));
            }
        }

        return Tensor<T>.Assemble(parts, Name, inSweep: true);
    }

    public override void Compute(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        output.Writable.Clear();
        for (int i = 0; i < pieces.Length; i++)
        {
            Cotangent<T>.AddInPlace(output, pieces[i].Map, inputs[i]);
        }
    }

    /// <summary>y = Σ A_i x_i; the axes of x_i in front of the map's own are a batch, the same for all.</summary>
    public static void Compute(ReadOnlySpan<(LinearMap<T> Map, Tensor<T> X)> pieces, Tensor<T> y)
    {
        y.Writable.Clear();
        foreach ((LinearMap<T> map, Tensor<T> x) in pieces)
        {
            Cotangent<T>.AddInPlace(y, map, x);
        }
    }
}

public sealed partial class Tensor<T>
{
    /// <summary>Puts pieces together: Σ A_i x_i. What no piece reaches is zero; of a cotangent or tangent, structurally so.</summary>
    internal static Tensor<T> Assemble(List<(LinearMap<T> Map, Tensor<T> X)> pieces, string name, bool inSweep = false)
    {
        (LinearMap<T> Map, Tensor<T> X)[] parts = [.. pieces];
        Tape<T>? tape = TapeOf(Array.ConvertAll(parts, static part => part.X), name);
        (LinearMap<T> map, Tensor<T> first) = parts[0];
        Tensor<T> y = Allocate(Shapes.Join(first.shape.AsSpan(0, first.Rank - map.From.Length), map.To), name);
        y.Support = inSweep ? AllocateZeros(map.To) : null;
        AssembleRecord<T>.Compute(parts, y);
        if (inSweep && !y.Support!.Values.Contains(T.Zero))
        {
            y.Support = null;
        }

        return tape is null ? y : tape.Append(new AssembleRecord<T>(name, parts, y));
    }
}
