using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>
/// The forward sweep: a plain loop over the tape, first record first. The tangent of each record is pushed forward from those of its inputs. This multiplies Jacobians from the right: J_g (J_f t).
/// </summary>
internal static class ForwardSweep<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The tangents of <paramref name="ys"/>, given those of <paramref name="xs"/>; the default where no path leads there.</summary>
    public static SweepVector<T>[] Run(Tape<T> tape, ReadOnlySpan<Tensor<T>> ys, ReadOnlySpan<Tensor<T>> xs, ReadOnlySpan<SweepVector<T>> ts, bool recorded, bool keepLanes = false)
    {
        (int first, int length) = Reachability<T>.Window(tape, xs, ys);
        var results = new SweepVector<T>[ys.Length];
        if (length <= 0)
        {
            return results;
        }

        Record<T>[] records = tape.BeginSweep(ys, xs, recorded);
        SweepVector<T>[] rented = Pool<SweepVector<T>>.Shared.Rent(length);
        int[] uses = Pool<int>.Shared.Rent(length);
        Scratch<T>? scratch = recorded ? null : new Scratch<T>();
        using Context<T>.Around around = Context<T>.Enter(recorded ? Context<T>.Current.Tape : null, scratch);
        try
        {
            Span<SweepVector<T>> tangents = rented.AsSpan(0, length);
            Span<int> lastUses = uses.AsSpan(0, length);
            tangents.Clear();
            Reachability<T>.FindLastUses(tape, records, ys, first, lastUses);
            for (int j = 0; j < xs.Length; j++)
            {
                int place = tape.IndexOf(xs[j]) - first;
                if (place < length)
                {
                    Add(ref tangents[place], ts[j]);
                }
            }

            for (int i = 0; i < length; i++)
            {
                if (lastUses[i] >= 0)
                {
                    PushForward(tape, records[first + i], i, tangents, lastUses, first, recorded);
                    scratch?.ReleaseAll();
                }
            }

            for (int j = 0; j < ys.Length; j++)
            {
                int place = tape.IndexOf(ys[j]) - first;
                if (place >= 0 && tangents[place] is { IsZero: false } t)
                {
                    results[j] = Result(t, recorded, keepLanes);
                }
            }

            return results;
        }
        finally
        {
            scratch?.ReleaseAll();
            ReleaseAll(rented.AsSpan(0, length));
            Pool<SweepVector<T>>.Shared.Return(rented);
            Pool<int>.Shared.Return(uses);
            tape.EndSweep(ys, xs);
        }
    }

    private static void PushForward(Tape<T> tape, Record<T> record, int i, Span<SweepVector<T>> tangents, Span<int> lastUses, int first, bool recorded)
    {
        var inputs = new SweepVector<T>[record.InputCount];
        bool any = false;
        for (int k = 0; k < inputs.Length; k++)
        {
            int place = tape.IndexOf(record.Input(k)) - first;
            inputs[k] = place < 0 ? default : tangents[place];
            any |= !inputs[k].IsZero;
        }

        if (any && record.PushForward(inputs, new Operands<T>(record, recorded)) is { IsZero: false } part)
        {
            // An intermediate may have been given a tangent of its own.
            Add(ref tangents[i], part);
        }

        // A tangent dies as soon as nothing further uses it.
        for (int k = 0; k < inputs.Length; k++)
        {
            int place = tape.IndexOf(record.Input(k)) - first;
            if (place >= 0 && lastUses[place] == i)
            {
                Release(ref tangents[place]);
            }
        }
    }

    /// <summary>What leaves a sweep that is not recorded is the caller's own, with a hold of its own on the values.</summary>
    public static SweepVector<T> Result(SweepVector<T> v, bool recorded, bool keepLanes)
    {
        Tensor<T>? lanes = keepLanes ? v.Lanes : null;
        return recorded ? new(v.Values, lanes) : new(Own(v.Values), lanes is null ? null : Own(lanes));

        static Tensor<T> Own(Tensor<T> x)
        {
            Tensor<T> result = x.View(x.Dimensions);
            if (Context<T>.Current.Scratch is not null)
            {
                // The scratch takes back the hold that the view has.
                result.KeepBuffer();
            }

            return result;
        }
    }

    private static void Add(ref SweepVector<T> tangent, SweepVector<T> part)
    {
        SweepVector<T> sum = SweepVector<T>.Sum(tangent, part);
        sum.Values.KeepBuffer();
        sum.Lanes?.KeepBuffer();
        Release(ref tangent);
        tangent = sum;
    }

    private static void ReleaseAll(Span<SweepVector<T>> tangents)
    {
        foreach (ref SweepVector<T> tangent in tangents)
        {
            Release(ref tangent);
        }
    }

    private static void Release(ref SweepVector<T> tangent)
    {
        tangent.Values?.Buffer?.Release();
        tangent.Lanes?.Buffer?.Release();
        tangent = default;
    }
}
