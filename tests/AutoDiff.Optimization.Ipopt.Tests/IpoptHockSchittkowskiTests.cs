using AutoDiff.Optimization;

namespace AutoDiff.Tests.Optimization;

/// <summary>Ipopt on the problems of Hock and Schittkowski: a minimum by dense derivatives, and the published one unless the start leads elsewhere.</summary>
public class IpoptHockSchittkowskiTests
{
    /// <summary>Minima, by the conditions, that are not the book's, and that Ipopt's steps lead to.</summary>
    private static readonly Dictionary<int, double> OtherMinima = new() { [98] = 4.07124637 };

    public static TheoryData<int> Problems => [.. HockSchittkowski.All.Select(example => example.Number)];

    [NeedsIpoptTheory]
    [MemberData(nameof(Problems))]
    public void A_minimum_is_found(int number)
    {
        HockSchittkowski.Example example = HockSchittkowski.Get(number);
        NonlinearProgram<double> program = example.Program();
        NonlinearProgramResult<double> result = new Ipopt<double>().Minimize(program, Tensor.Create<double>(example.Start));
        string text = $"problem {number}: {result} {result.Message}";
        result.Status.Should().Be(NonlinearProgramStatus.Optimal, text);
        result.Infeasibility.Should().BeLessThanOrEqualTo(1e-7, text);
        Conditions.Check(program, result, text);
        double[] known = [example.Optimum, example.Local ?? example.Optimum, .. OtherMinima.TryGetValue(number, out double other) ? [other] : Array.Empty<double>()];
        known.Should().Contain(value => Math.Abs(value - result.Value) <= 1e-6 * Math.Max(1, Math.Abs(value)), text);
    }
}
