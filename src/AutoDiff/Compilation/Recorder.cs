using System.Numerics;

namespace AutoDiff;

/// <summary>Records a function on a tape of its own, on which nested derivatives record their sweeps too, and makes a program of it.</summary>
internal static class Recorder<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static CompiledProgram<T> Record(Func<Tensor<T>[], Tensor<T>[]> f, Tensor<T>[] xs)
    {
        using var tape = new Tape<T>(temporary: true, closed: true) { Reads = [] };
        using Context<T>.Around around = Context<T>.Enter(tape);
        try
        {
            Tensor<T>[] inputs = Array.ConvertAll(xs, tape.Variable);
            Tensor<T>[] ys = Errors.NotNull(f([.. inputs]), nameof(Differentiate.Compile), "result of f");
            return ProgramBuilder<T>.Build(tape, inputs, Array.ConvertAll(ys, static y => Errors.NotNull(y, nameof(Differentiate.Compile), "result of f")));
        }
        finally
        {
            tape.LetGo();
        }
    }
}
