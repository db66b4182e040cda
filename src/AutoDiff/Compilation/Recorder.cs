using System.Numerics;

namespace AutoDiff;

/// <summary>Records a function on a tape of its own, on which nested derivatives record their sweeps too, and makes a program of it.</summary>
internal static class Recorder<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static CompiledProgram<T> Record(Func<Tensor<T>[], Tensor<T>[]> f, Tensor<T>[] xs, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Savepoint savepoint = Savepoint.Set();
        using var tape = new Tape<T>(temporary: true, closed: true) { Reads = [] };
        using Context<T>.Around around = Context<T>.Enter(tape);
        bool completed = false;
        try
        {
            Tensor<T>[] inputs = Array.ConvertAll(xs, tape.Variable);
            Tensor<T>[] ys = Errors.Result(f([.. inputs]), nameof(Differentiate.Compile), nameof(f));
            foreach (Tensor<T> y in ys)
            {
                if (Errors.Result(y, nameof(Differentiate.Compile), nameof(f)).RecordedOn is not null && tape.IndexOf(y) < 0)
                {
                    throw Errors.Captured(nameof(Differentiate.Compile));
                }
            }

            // What it recorded elsewhere it would record in every run.
            if (savepoint.AnythingRecorded)
            {
                throw Errors.Captured(nameof(Differentiate.Compile));
            }

            CompiledProgram<T> program = ProgramBuilder<T>.Build(tape, inputs, ys, cancellationToken);
            completed = true;
            return program;
        }
        finally
        {
            savepoint.End(completed);
            tape.LetGo();
        }
    }
}
