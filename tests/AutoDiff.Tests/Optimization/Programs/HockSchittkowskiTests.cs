using AutoDiff.Optimization;

namespace AutoDiff.Tests.Optimization;

/// <summary>The interior-point method on the problems of Hock and Schittkowski: the published optima, the constraints, and the conditions of a minimum by dense derivatives.</summary>
public class HockSchittkowskiTests
{
    public static TheoryData<int> Problems => [.. HockSchittkowski.All.Select(example => example.Number)];

    /// <summary>Those whose start leads to another local minimum, and that name one that leads to the book's.</summary>
    public static TheoryData<int> ProblemsOfSeveralMinima => [.. HockSchittkowski.All.Where(example => example.Elsewhere is not null).Select(example => example.Number)];

    [Fact]
    public void There_are_many() => HockSchittkowski.All.Select(example => example.Number).Distinct().Should().HaveCountGreaterThan(80).And.HaveCount(HockSchittkowski.All.Count);

    [Theory]
    [MemberData(nameof(Problems))]
    public void The_published_optimum_is_found(int number)
    {
        HockSchittkowski.Example example = HockSchittkowski.Get(number);
        Judge(example, example.Start, example.Local ?? example.Optimum);
    }

    [Theory]
    [MemberData(nameof(ProblemsOfSeveralMinima))]
    public void The_published_optimum_is_found_from_elsewhere(int number)
    {
        HockSchittkowski.Example example = HockSchittkowski.Get(number);
        Judge(example, example.Elsewhere!, example.Optimum);
    }

    private static void Judge(HockSchittkowski.Example example, double[] start, double optimum)
    {
        NonlinearProgram<double> program = example.Program();
        NonlinearProgramResult<double> result = new InteriorPoint<double>().Minimize(program, Tensor.Create<double>(start));
        string text = $"problem {example.Number}: {result}";
        result.Status.Should().Be(NonlinearProgramStatus.Optimal, text);
        result.Value.Should().BeApproximately(optimum, 1e-6 * Math.Max(1, Math.Abs(optimum)), text);
        result.Infeasibility.Should().BeLessThanOrEqualTo(1e-7, text);
        result.Iterations.Should().BeLessThan(100, text);
        Conditions.Check(program, result, text);
    }
}
