using System.Globalization;

namespace AutoDiff.Tests.Stress;

/// <summary>
/// A thousand random programs that branch on values, compiled and run at points that change the branches: never another result than the plain run. AUTODIFF_PROGRAMS sets their number,
/// AUTODIFF_FIRST_PROGRAM the seed of the first.
/// </summary>
public class CompiledProgramTests
{
    private const int Parts = 4;
    private const int Points = 5;
    private const int Threads = 4;

    private static readonly int Count = Setting("AUTODIFF_PROGRAMS", 1_000);
    private static readonly int First = Setting("AUTODIFF_FIRST_PROGRAM", 1);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Compiled_programs_never_give_another_result_than_the_plain_run(int part)
    {
        (int branched, int compared) = (0, 0);
        for (int seed = First + part; seed < First + Count; seed += Parts)
        {
            RandomProgram program = RandomProgram.Create(seed, branches: true);
            (int recordings, int results) = (0, 0);
            if (Record.Exception(() => { (recordings, results) = Check(program); }) is not null)
            {
                RandomProgram shortest = program.Shrink(shorter => Record.Exception(() => { Check(shorter); }) is not null);
                Assert.Fail($"{Record.Exception(() => { Check(shortest); })}\nof the program with {shortest}");
            }

            branched += recordings > 1 ? 1 : 0;
            compared += results;
        }

        branched.Should().BePositive("the points are to change branches");
        compared.Should().BeGreaterThan(Points * Count / Parts);
    }

    /// <summary>Value and gradients: by Invoke, in a workspace twice, and in four workspaces at once. Gives how often the program was recorded, and how many results were compared.</summary>
    private static (int Recordings, int Compared) Check(RandomProgram program)
    {
        Tensor<double>[] F(Tensor<double>[] xs)
        {
            Tensor<double> y = program.Run(xs);
            return [y, .. Differentiate.Vjp(program.Run, xs, RandomProgram.Numbers(new Random(program.Seed), y.Shape))];
        }

        Tensor<double>[][] points = [.. Enumerable.Range(0, Points).Select(program.Inputs)];
        Tensor<double>[][] expected = Array.ConvertAll(points, F);
        CompiledFunction<double> compiled = Differentiate.Compile(F, points[0]);
        int compared = 0;
        for (int p = 0; p < Points; p++)
        {
            Tensor<double>[] actual = compiled.Invoke(points[p]);
            for (int i = 0; i < actual.Length; i++, compared++)
            {
                Same($"result {i} at point {p}", expected[p][i].Values, actual[i].Values);
            }
        }

        var failures = new Exception?[Threads];
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(t => new Thread(() => failures[t] = Record.Exception(() =>
        {
            using Workspace<double> workspace = compiled.CreateWorkspace();
            for (int k = 0; k < 2 * Points; k++)
            {
                int p = (t + (k / 2)) % Points;
                workspace.Run(points[p]);
                for (int i = 0; i < expected[p].Length; i++)
                {
                    Same($"result {i} at point {p}, in workspace {t}", expected[p][i].Values, workspace.Output(i));
                }
            }
        })))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        return Array.Find(failures, static failure => failure is not null) is { } failure ? throw new ProgramException(failure.ToString()) : (compiled.Recordings, compared);
    }

    /// <summary>The same bits; of NaN it is enough to be one.</summary>
    private static void Same(string what, ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.DoubleToInt64Bits(expected[i]) != BitConverter.DoubleToInt64Bits(actual[i]) && !(double.IsNaN(expected[i]) && double.IsNaN(actual[i])))
            {
                throw new ProgramException($"{what}, element {i}: {expected[i]:R} plain and {actual[i]:R} compiled");
            }
        }

        if (expected.Length != actual.Length)
        {
            throw new ProgramException($"{what}: {expected.Length} elements plain and {actual.Length} compiled");
        }
    }

    private static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
