using System.Numerics;
using System.Runtime.CompilerServices;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>
/// The backward sweep: a plain loop over the tape, last record first. Each record's cotangent g is complete when the loop reaches it, for all that uses its output comes later on the tape;
/// its rule then pulls g back to its inputs. This multiplies Jacobians from the left: (u^T J_g) J_f.
/// </summary>
internal static class ReverseSweep<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The marks of a window up to this length are kept on the stack.</summary>
    private const int SmallWindow = 256;

    /// <summary>The cotangents of <paramref name="xs"/>, given those of <paramref name="ys"/>; the default where no path leads there.</summary>
    /// <param name="tape">The tape that holds all of them.</param>
    /// <param name="ys">The outputs.</param>
    /// <param name="gs">The cotangents of the outputs; they may share leading batch axes.</param>
    /// <param name="xs">The tensors asked for: variables or intermediates.</param>
    /// <param name="recorded">Whether the sweep is itself recorded, so that its results can be differentiated.</param>
    /// <param name="keepLanes">Whether the results say which of their zeros are structural.</param>
    public static SweepVector<T>[] Run(Tape<T> tape, ReadOnlySpan<Tensor<T>> ys, ReadOnlySpan<SweepVector<T>> gs, ReadOnlySpan<Tensor<T>> xs, bool recorded, bool keepLanes = false)
    {
        (int first, int length) = Reachability<T>.Window(tape, xs, ys);
        var results = new SweepVector<T>[xs.Length];
        if (length <= 0)
        {
            return results;
        }

        Record<T>[] records = tape.BeginSweep(ys, xs, recorded);
        FewSlots few = default;
        Cotangent<T>[]? rented = length > FewSlots.Count ? Pool<Cotangent<T>>.Shared.Rent(length) : null;
        Span<Cotangent<T>> slots = (rented ?? (Span<Cotangent<T>>)few)[..length];
        bool[]? rentedMarks = length > SmallWindow ? Pool<bool>.Shared.Rent(length) : null;
        Span<bool> depends = (rentedMarks ?? stackalloc bool[SmallWindow])[..length];
        Scratch<T>? scratch = recorded ? null : new Scratch<T>();

        // A rule that differentiates functions of its own must not record on the tape that is being swept.
        using Context<T>.Around around = Context<T>.Enter(recorded ? Context<T>.Current.Tape : null, scratch);
        try
        {
            Reachability<T>.MarkDependents(tape, records, xs, first, depends);
            foreach (Tensor<T> x in xs)
            {
                if (tape.IndexOf(x) - first is var place && place < length)
                {
                    slots[place].Wanted = true;
                }
            }

            for (int j = 0; j < ys.Length; j++)
            {
                int place = tape.IndexOf(ys[j]) - first;
                if (place >= 0 && depends[place])
                {
                    slots[place].Add(gs[j], recorded);
                }
            }

            for (int i = length - 1; i >= 0; i--)
            {
                if (!slots[i].IsEmpty)
                {
                    PullBack(tape, records, i, slots, depends, first, recorded);
                    scratch?.ReleaseAll();
                }
            }

            for (int j = 0; j < xs.Length; j++)
            {
                int place = tape.IndexOf(xs[j]) - first;
                results[j] = place >= length || slots[place].IsEmpty ? default
                    : !recorded && !keepLanes && records[first + place].InputCount == 0 && slots[place].TakeOwn() is { } own ? new(own)
                    : ForwardSweep<T>.Result(slots[place].Take(), recorded, keepLanes);
            }

            return results;
        }
        finally
        {
            scratch?.ReleaseAll();
            foreach (ref Cotangent<T> slot in slots)
            {
                slot.Release();
            }

            if (rented is not null)
            {
                slots.Clear();
                Pool<Cotangent<T>>.Shared.Return(rented);
            }

            if (rentedMarks is not null)
            {
                Pool<bool>.Shared.Return(rentedMarks);
            }

            tape.EndSweep(ys, xs);
        }
    }

    /// <summary>The slots of a window so short that renting them would be a part of its time.</summary>
    [InlineArray(Count)]
    private struct FewSlots
    {
        public const int Count = 8;

        private Cotangent<T> first;
    }

    private static void PullBack(Tape<T> tape, Record<T>[] records, int own, Span<Cotangent<T>> slots, ReadOnlySpan<bool> depends, int first, bool recorded)
    {
        Record<T> record = records[first + own];
        ref Cotangent<T> slot = ref slots[own];
        var operands = new Operands<T>(record, recorded);
        if (!slot.Wanted && slot.Number is { } number && PullBackNumber(tape, record, number, operands, slots, depends, first))
        {
            slot.Release();
            return;
        }

        SweepVector<T> g = slot.Take();
        SweepVector<T>[]? parts = record.VjpOfAll(g, operands);
        for (int k = 0; k < record.InputCount; k++)
        {
            int place = tape.IndexOf(record.Input(k)) - first;
            if (place < 0 || !depends[place])
            {
                continue;
            }

            if (record.TransposedMap is { FillsTarget: false } map)
            {
                slots[place].Add(map, g, recorded);
            }
            else if (!recorded && record.TransposedMap is RepeatMap<T> repeat && g is { Values.Length: 1, Lanes: null, FirstUnit: < 0 } && g.Values.Rank == repeat.From.Length && slots[place].IsEmpty
                && records[first + place].TakesNumber)
            {
                slots[place].AddNumber(g.Values.Values[0], repeat.To);
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

    /// <summary>Pulls back a cotangent that is the same number everywhere, without writing it down; whether the rule can for all inputs.</summary>
    private static bool PullBackNumber(Tape<T> tape, Record<T> record, Tensor<T> number, Operands<T> operands, Span<Cotangent<T>> slots, ReadOnlySpan<bool> depends, int first)
    {
        // What a rule gives for 1 may be an operand.
        bool isNew = number.Values[0] != T.One;
        SweepVector<T> left = default;
        for (int k = 0; k < record.InputCount; k++)
        {
            int place = tape.IndexOf(record.Input(k)) - first;
            bool isReached = place >= 0 && depends[place];
            if (!isReached)
            {
                continue;
            }

            SweepVector<T> part = record.VjpOfNumber(number, k, operands);
            if (part.IsZero)
            {
                return false;
            }

            // Nothing is added before the rule has been found able for both.
            if (k == 0 && record.InputCount > 1)
            {
                left = part;
                continue;
            }

            AddTo(tape, record, 0, left, isNew, slots, first);
            AddTo(tape, record, k, part, isNew, slots, first);
            return true;
        }

        AddTo(tape, record, 0, left, isNew, slots, first);
        return true;
    }

    private static void AddTo(Tape<T> tape, Record<T> record, int input, SweepVector<T> part, bool isNew, Span<Cotangent<T>> slots, int first)
    {
        if (!part.IsZero)
        {
            slots[tape.IndexOf(record.Input(input)) - first].Add(part, recorded: false, isNew);
        }
    }
}
