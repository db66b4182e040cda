namespace AutoDiff;

public sealed partial class Tensor<T>
{
    /// <summary>
    /// Records a function as it is, and holds it to what a function computed off the tape is held to: it uses no recorded tensor but its inputs. So a loop gives the same answer whether or not it is
    /// short enough to be recorded.
    /// </summary>
    internal static Tensor<T> Closed(string operation, Tensor<T>[] inputs, Func<Tensor<T>> f)
    {
        foreach (Tensor<T> x in inputs)
        {
            Errors.NotNull(x, operation, nameof(inputs));
        }

        Tape<T>? tape = TapeOf(inputs, operation);
        int start = tape?.Count ?? 0;
        bool completed = false;
        Savepoint savepoint = Savepoint.Set();
        try
        {
            (Tensor<T> y, bool captured) = Tape<T>.Guarded(tape, inputs, f);
            Errors.NotNull(y, operation, "result");
            captured |= y.tape is not null && (tape is null || (tape.Root.IndexOf(y) is var place && place >= 0 && place < start && Array.IndexOf(inputs, y) < 0));
            if (captured || (savepoint.AnythingRecorded && (tape is null || !savepoint.RecordedOnlyOn(tape) || tape.ReadsOthers(start, inputs))))
            {
                throw Errors.Captured(operation);
            }

            y = Independent(operation, y, inputs);
            completed = true;
            return y;
        }
        finally
        {
            savepoint.End(completed);
        }
    }
}

public sealed partial class Tape<T>
{
    /// <summary>Whether an operation recorded from a place on reads a tensor that was recorded before it and is not among those given.</summary>
    internal bool ReadsOthers(int start, Tensor<T>[] given)
    {
        for (int i = start; i < count; i++)
        {
            Record<T> record = records[i];
            for (int k = 0; k < record.InputCount; k++)
            {
                Tensor<T> x = record.Input(k);
                int place = IndexOf(x);
                if (place >= 0 && place < start && Array.IndexOf(given, x) < 0)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
