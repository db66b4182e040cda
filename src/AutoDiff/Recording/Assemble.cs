using System.Numerics;

namespace AutoDiff;

/// <summary>A sum of linear maps of several inputs, each of which fills its own part of the output: y = Σ A_i x_i. Concatenation is one, and so is the sum of many slices' cotangents.</summary>
internal sealed class AssembleRecord<T>(string name, (LinearMap<T> Map, Tensor<T> X)[] pieces, Tensor<T> y) : Record<T>(name, y)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public (LinearMap<T> Map, Tensor<T> X)[] Pieces => pieces;

    public override int InputCount => pieces.Length;

    public override Tensor<T> Input(int i) => pieces[i].X;

    /// <summary>The operands of those maps that have one, in the order of the pieces.</summary>
    public Tensor<T>[] Operands { get; } = [.. pieces.Where(static piece => piece.Map.Operand is not null).Select(static piece => piece.Map.Operand!)];

    public override int ReadCount => pieces.Length + Operands.Length;

    public override Tensor<T> Read(int i) => i < pieces.Length ? pieces[i].X : Operands[i - pieces.Length];

    public override SweepVector<T> Vjp(SweepVector<T> g, int i, Operands<T> operands) => g.Through(pieces[i].Map.Transposed, Name);

    public override SweepVector<T> Jvp(SweepVector<T> t, int i, Operands<T> operands) => t.Through(pieces[i].Map, Name);

    public override SweepVector<T> PushForward(ReadOnlySpan<SweepVector<T>> tangents, Operands<T> operands)
    {
        var parts = new List<(LinearMap<T>, SweepVector<T>)>(pieces.Length);
        for (int i = 0; i < pieces.Length; i++)
        {
            if (!tangents[i].IsZero)
            {
                parts.Add((pieces[i].Map, tangents[i]));
            }
        }

        return Tensor<T>.Assemble(parts, Name);
    }

    public override bool HasSameSettings(Record<T> other)
    {
        for (int i = 0; i < pieces.Length; i++)
        {
            if (!pieces[i].Map.ComputesSame(((AssembleRecord<T>)other).Pieces[i].Map))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// y = Σ A_i x_i; the axes of x_i in front of the map's own are a batch. A first piece that fills y is where the sum starts: zeros before it would change the sign of its negative zeros.
    /// </summary>
    public override void Compute(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        if (!pieces[0].Map.FillsTarget)
        {
            output.Writable.Clear();
        }

        int operand = pieces.Length;
        for (int i = 0; i < pieces.Length; i++)
        {
            LinearMap<T> map = pieces[i].Map;
            int batch = Shapes.Length(inputs[i].Shape[..(inputs[i].Rank - map.From.Length)]);
            if (map.Operand is not null)
            {
                map.Apply(inputs[operand++], inputs[i].Values, output.Writable, batch, accumulate: true);
            }
            else if (i == 0 && map.FillsTarget)
            {
                map.Apply(inputs[i].Values, output.Writable, batch);
            }
            else
            {
                map.Add(inputs[i].Values, output.Writable, batch);
            }
        }
    }

    public override Tensor<T> Again(Tensor<T>[] reads)
    {
        var parts = new (LinearMap<T> Map, Tensor<T> X)[pieces.Length];
        int operand = pieces.Length;
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = (pieces[i].Map.Operand is null ? pieces[i].Map : pieces[i].Map.Of(reads[operand++]), reads[i]);
        }

        return Tensor<T>.Assemble(parts, Name);
    }

    public override Tensor<T>? OverSlices(Tensor<T>[] reads, int slices)
    {
        for (int i = pieces.Length; i < reads.Length; i++)
        {
            if (IsSliced(reads, i))
            {
                return null;
            }
        }

        return Again([.. Spread(reads[..pieces.Length], slices), .. reads[pieces.Length..]]);
    }
}

public sealed partial class Tensor<T>
{
    /// <summary>Puts pieces together: Σ A_i x_i. What no piece reaches is zero.</summary>
    internal static Tensor<T> Assemble(ReadOnlySpan<(LinearMap<T> Map, Tensor<T> X)> pieces, string name)
    {
        (LinearMap<T> Map, Tensor<T> X)[] parts = pieces.ToArray();
        Tensor<T>[] inputs = Array.ConvertAll(parts, static part => part.X);
        (LinearMap<T> map, Tensor<T> first) = parts[0];
        int[] target = Shapes.Join(first.shape.AsSpan(0, first.Rank - map.From.Length), map.To);
        Tape<T>? tape = TapeOf([.. inputs, .. parts.Select(static part => part.Map.Operand)], name);
        Tensor<T> y = Allocate(target, name);
        var record = new AssembleRecord<T>(name, parts, y);
        record.Compute([.. inputs, .. record.Operands], y);
        return tape is null ? y : tape.Append(record);
    }

    /// <summary>Likewise of cotangents or tangents. What no piece reaches is structurally zero.</summary>
    internal static SweepVector<T> Assemble(List<(LinearMap<T> Map, SweepVector<T> V)> pieces, string name) =>
        new(Assemble(Array.ConvertAll([.. pieces], static piece => (piece.Map, piece.V.Values)), name), Lanes<T>.OfPieces(pieces));
}
