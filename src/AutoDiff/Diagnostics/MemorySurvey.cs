using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff;

/// <summary>
/// Finds out what a tape holds and why. Which values a derivative reads is observed, not listed: each rule is applied to a cotangent of ones in a recorded way, and what it recorded shows the
/// values that it read. The records made for that are taken back.
/// </summary>
internal static class MemorySurvey<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static TapeExplanation Run(Tape<T> tape, CancellationToken cancellationToken)
    {
        int count = tape.Count;
        bool[] read = ReadByDerivatives(tape, cancellationToken);
        var held = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var reasons = new Dictionary<MemoryReason, (int Count, long Bytes)>();
        var rows = new Dictionary<string, OperationCost>();

        void Note(MemoryReason reason, long bytes)
        {
            (int tensors, long sum) = reasons.GetValueOrDefault(reason);
            reasons[reason] = (tensors + 1, sum + bytes);
        }

        // A view of a value that is read makes that value read.
        var readStorage = new HashSet<object>(Enumerable.Range(0, count).Where(i => read[i]).Select(i => tape[i].Output.Storage!), ReferenceEqualityComparer.Instance);
        for (int i = 0; i < count; i++)
        {
            Record<T> record = tape[i];
            foreach (Tensor<T> x in Enumerable.Range(0, record.InputCount).Select(record.Input))
            {
                if (tape.IndexOf(x) < 0 && x.Storage is { } constant && held.Add(constant))
                {
                    Note(MemoryReason.Constant, Bytes(x));
                }
            }

            Tensor<T> y = record.Output;
            bool own = held.Add(y.Storage!);
            bool forDerivative = own && readStorage.Contains(y.Storage!);
            MemoryReason reason = !own ? MemoryReason.SharedView : record is VariableRecord<T> ? MemoryReason.Variable : forDerivative ? MemoryReason.KeptForDerivative : MemoryReason.KeptAsValue;
            Note(reason, Bytes(y));
            OperationCost row = rows.GetValueOrDefault(record.Name) ?? new OperationCost { Name = record.Name, Count = 0, Elements = 0, Flops = 0, Bytes = 0, BytesForDerivative = 0 };
            rows[record.Name] = row with
            {
                Count = row.Count + 1,
                Elements = row.Elements + y.Length,
                Flops = row.Flops + FlopEstimate.Of(record),
                Bytes = row.Bytes + (own ? Bytes(y) : 0),
                BytesForDerivative = row.BytesForDerivative + (forDerivative ? Bytes(y) : 0),
            };
        }

        return new TapeExplanation(
            [.. rows.Values.OrderByDescending(row => row.Flops).ThenByDescending(row => row.Elements).ThenBy(row => row.Name, StringComparer.Ordinal)],
            [.. Enum.GetValues<MemoryReason>().Where(reasons.ContainsKey).Select(reason => new MemoryUse { Reason = reason, Count = reasons[reason].Count, Bytes = reasons[reason].Bytes })]);
    }

    /// <summary>For each record, whether the derivative of some operation reads its value.</summary>
    public static bool[] ReadByDerivatives(Tape<T> tape, CancellationToken cancellationToken = default)
    {
        int count = tape.Count;
        var read = new bool[count];
        for (int i = 0; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Record<T> record = tape[i];
            if (record is OuterRecord<T>)
            {
                // A rule from outside gets everything; it is not run for this.
                MarkInputs(tape, record, read);
                read[i] = true;
                continue;
            }

            Tensor<T> g = Tensor.Ones<T>(record.Output.Shape);
            tape.Experiment(
                () =>
                {
                    for (int k = 0; k < record.InputCount && record.TransposedMap is null; k++)
                    {
                        if (tape.IndexOf(record.Input(k)) >= 0)
                        {
                            record.Vjp(new(g), k, new Operands<T>(record, recorded: true));
                        }
                    }
                },
                made => MarkInputs(tape, made, read));
        }

        return read;
    }

    private static void MarkInputs(Tape<T> tape, Record<T> record, bool[] read)
    {
        for (int k = 0; k < record.InputCount; k++)
        {
            int place = tape.IndexOf(record.Input(k));
            if (place >= 0 && place < read.Length)
            {
                read[place] = true;
            }
        }
    }

    private static long Bytes(Tensor<T> x) => (long)x.Length * Unsafe.SizeOf<T>();
}
