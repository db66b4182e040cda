using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>
/// The backward sweep: a plain loop over the tape, last record first. Each record's cotangent g is complete when the loop reaches it, for all that uses its output comes later on the tape;
/// its rule then pulls g back to its inputs. This multiplies Jacobians from the left: (u^T J_g) J_f.
/// </summary>
internal static class ReverseSweep<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The cotangents of <paramref name="xs"/>, given those of <paramref name="ys"/>; the default where no path leads there.</summary>
    /// <param name="tape">The tape that holds all of them.</param>
    /// <param name="ys">The outputs.</param>
    /// <param name="gs">The cotangents of the outputs; they may share leading batch axes.</param>
    /// <param name="xs">The tensors asked for: variables or intermediates.</param>
    /// <param name="recorded">Whether the sweep is itself recorded, so that its results can be differentiated.</param>
    /// <param name="keepLanes">Whether the results say which of their zeros are structural.</param>
    public static SweepVector<T>[] Run(Tape<T> tape, ReadOnlySpan<Tensor<T>> ys, ReadOnlySpan<SweepVector<T>> gs, ReadOnlySpan<Tensor<T>> xs, bool recorded, bool keepLanes = false)
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

        var results = new SweepVector<T>[xs.Length];
        int length = last - first + 1;
        if (length <= 0)
        {
            return results;
        }

        Record<T>[] records = tape.BeginSweep(ys, xs);
        Cotangent<T>[] rented = Pool<Cotangent<T>>.Shared.Rent(length);
        Span<Cotangent<T>> slots = rented.AsSpan(0, length);
        Scratch<T>? outer = Scratch<T>.Current;
        Scratch<T>? scratch = recorded ? null : new Scratch<T>();
        Scratch<T>.Current = scratch;

        // A rule that differentiates functions of its own must not record on the tape that is being swept.
        Tape<T>? active = Tape<T>.Active;
        Tape<T>.Active = recorded ? active : null;
        try
        {
            MarkDependents(tape, records, xs, slots, first);
            for (int j = 0; j < ys.Length; j++)
            {
                int place = tape.IndexOf(ys[j]) - first;
                if (place >= 0 && slots[place].Active)
                {
                    slots[place].Add(gs[j], recorded);
                }
            }

            for (int i = length - 1; i >= 0; i--)
            {
                if (slots[i].Active && !slots[i].IsEmpty)
                {
                    PullBack(tape, records[first + i], ref slots[i], slots, first, recorded);
                    scratch?.ReleaseAll();
                }
            }

            for (int j = 0; j < xs.Length; j++)
            {
                int place = tape.IndexOf(xs[j]) - first;
                results[j] = place >= length || slots[place].IsEmpty ? default : ForwardSweep<T>.Result(slots[place].Take(), recorded, keepLanes);
            }

            return results;
        }
        finally
        {
            scratch?.ReleaseAll();
            Scratch<T>.Current = outer;
            Tape<T>.Active = active;
            foreach (ref Cotangent<T> slot in slots)
            {
                slot.Release();
            }

            slots.Clear();
            Pool<Cotangent<T>>.Shared.Return(rented);
            tape.EndSweep(ys, xs);
        }
    }

    /// <summary>Marks the records that depend on the inputs: only those are visited, and only their cotangents computed.</summary>
    private static void MarkDependents(Tape<T> tape, Record<T>[] records, ReadOnlySpan<Tensor<T>> xs, Span<Cotangent<T>> slots, int first)
    {
        foreach (Tensor<T> x in xs)
        {
            int place = tape.IndexOf(x) - first;
            if (place < slots.Length)
            {
                slots[place].Active = slots[place].Wanted = true;
            }
        }

        for (int i = 0; i < slots.Length; i++)
        {
            Record<T> record = records[first + i];
            for (int k = 0; k < record.InputCount && !slots[i].Active; k++)
            {
                int place = tape.IndexOf(record.Input(k)) - first;
                slots[i].Active = place >= 0 && slots[place].Active;
            }
        }
    }

    private static void PullBack(Tape<T> tape, Record<T> record, ref Cotangent<T> slot, Span<Cotangent<T>> slots, int first, bool recorded)
    {
        SweepVector<T> g = slot.Take();
        var operands = new Operands<T>(record, recorded);
        SweepVector<T>[]? parts = record.VjpOfAll(g, operands);
        for (int k = 0; k < record.InputCount; k++)
        {
            int place = tape.IndexOf(record.Input(k)) - first;
            if (place < 0 || !slots[place].Active)
            {
                continue;
            }

            if (record.TransposedMap is { FillsTarget: false } map)
            {
                slots[place].Add(map, g, recorded);
            }
            else if ((parts is null ? record.Vjp(g, k, operands) : parts[k]) is { IsZero: false } part)
            {
                slots[place].Add(part, recorded, isNew: record.GivesNewCotangents && !ReferenceEquals(part.Values.Storage, g.Values.Storage));
            }
        }

        if (!slot.Wanted)
        {
            slot.Release();
        }
    }
}
