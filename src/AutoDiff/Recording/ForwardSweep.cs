using System.Buffers;
using System.Numerics;

namespace AutoDiff;

/// <summary>
/// The forward sweep: a plain loop over the tape, first record first. The tangent of each record is pushed forward from those of its inputs. This multiplies Jacobians from the right: J_g (J_f t).
/// </summary>
internal static class ForwardSweep<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The tangents of <paramref name="ys"/>, given those of <paramref name="xs"/>; null where no path leads there.</summary>
    public static Tensor<T>?[] Run(Tape<T> tape, ReadOnlySpan<Tensor<T>> ys, ReadOnlySpan<Tensor<T>> xs, ReadOnlySpan<Tensor<T>> ts, bool recorded)
    {
        int first = int.MaxValue;
        int last = -1;
        foreach (Tensor<T> x in xs)
        {
            first = Math.Min(first, tape.IndexOf(x));
        }

        foreach (Tensor<T> y in ys)
        {
            last = Math.Max(last, tape.IndexOf(y));
        }

        var results = new Tensor<T>?[ys.Length];
        int length = last - first + 1;
        if (length <= 0)
        {
            return results;
        }

        Tensor<T>?[] rented = ArrayPool<Tensor<T>?>.Shared.Rent(length);
        bool[] needed = ArrayPool<bool>.Shared.Rent(length);
        Scratch<T>? outer = Scratch<T>.Current;
        Scratch<T>.Current = null;
        Tape<T>? active = Tape<T>.Active;
        Tape<T>.Active = recorded ? active : null;
        int start = tape.Count;
        bool completed = false;
        try
        {
            MarkNeeded(tape, ys, needed.AsSpan(0, length), first);
            Span<Tensor<T>?> tangents = rented.AsSpan(0, length);
            for (int j = 0; j < xs.Length; j++)
            {
                int place = tape.IndexOf(xs[j]) - first;
                if (place < length)
                {
                    Tensor<T> t = recorded ? ts[j] : ts[j].Alias();
                    tangents[place] = tangents[place] is { } earlier ? Cotangent<T>.Sum(earlier, t) : t;
                }
            }

            for (int i = 0; i < length; i++)
            {
                if (needed[i])
                {
                    PushForward(tape, tape[first + i], i, tangents, first, recorded);
                }
            }

            for (int j = 0; j < ys.Length; j++)
            {
                int place = tape.IndexOf(ys[j]) - first;
                results[j] = place < 0 ? null : tangents[place];
            }

            completed = true;
            return results;
        }
        finally
        {
            Scratch<T>.Current = outer;
            Tape<T>.Active = active;
            ArrayPool<Tensor<T>?>.Shared.Return(rented, clearArray: true);
            ArrayPool<bool>.Shared.Return(needed);
            if (!completed)
            {
                tape.Truncate(start);
            }
        }
    }

    /// <summary>Marks the records that the outputs depend on.</summary>
    private static void MarkNeeded(Tape<T> tape, ReadOnlySpan<Tensor<T>> ys, Span<bool> needed, int first)
    {
        needed.Clear();
        foreach (Tensor<T> y in ys)
        {
            if (tape.IndexOf(y) >= first)
            {
                needed[tape.IndexOf(y) - first] = true;
            }
        }

        for (int i = needed.Length - 1; i >= 0; i--)
        {
            Record<T> record = tape[first + i];
            for (int k = 0; k < record.InputCount && needed[i]; k++)
            {
                int place = tape.IndexOf(record.Input(k)) - first;
                if (place >= 0)
                {
                    needed[place] = true;
                }
            }
        }
    }

    private static void PushForward(Tape<T> tape, Record<T> record, int i, Span<Tensor<T>?> tangents, int first, bool recorded)
    {
        var inputs = new Tensor<T>?[record.InputCount];
        bool any = false;
        for (int k = 0; k < inputs.Length; k++)
        {
            int place = tape.IndexOf(record.Input(k)) - first;
            inputs[k] = place < 0 ? null : tangents[place];
            any |= inputs[k] is not null;
        }

        if (any && record.PushForward(inputs, new Operands<T>(record, recorded)) is { } part)
        {
            // An intermediate may have been given a tangent of its own.
            tangents[i] = tangents[i] is { } own ? Cotangent<T>.Sum(own, part) : part;
        }
    }
}
