using AutoDiff.Optimization;

namespace AutoDiff.Tests.Optimization;

/// <summary>Sparse programs: optimal control by collocation, chains. The full sizes are in the benchmarks.</summary>
public class LargeProgramTests
{
    /// <summary>Goddard's rocket of the COPS collection (Dolan, Moré and Munson, "Benchmarking optimization software with COPS 3.0", 2004), which gives the height 1.01283.</summary>
    [Fact]
    public void The_rocket_rises_as_high_as_it_can()
    {
        (NonlinearProgram<double> program, Tensor<double> start) = SparsePrograms.Rocket(400);
        NonlinearProgramResult<double> result = new InteriorPoint<double>().Minimize(program, start);
        result.Status.Should().Be(NonlinearProgramStatus.Optimal, result.Message);
        result.Value.Should().BeApproximately(-1.01283, 1e-5);
        result.Infeasibility.Should().BeLessThan(1e-7);
        result.Iterations.Should().BeLessThan(100);
        Conditions.Check(program, result, "rocket");
    }

    /// <summary>The chained Rosenbrock function with trigonometric-exponential constraints of Lukšan and Vlček, "Sparse and partially separable test problems" (1999), example 5.1.</summary>
    [Fact]
    public void The_chained_function_of_Rosenbrock_has_its_minimum()
    {
        (NonlinearProgram<double> program, Tensor<double> start) = SparsePrograms.Chain(1000);
        NonlinearProgramResult<double> result = new InteriorPoint<double>().Minimize(program, start);
        result.Status.Should().Be(NonlinearProgramStatus.Optimal, result.Message);
        result.Value.Should().BeApproximately(6.2324586324, 1e-6);
        result.Iterations.Should().BeLessThan(20);
        Conditions.Check(program, result, "chain");
    }

    /// <summary>The hanging chain of COPS: of given length between two points, with the least potential energy; the catenary tells where it hangs.</summary>
    [Fact]
    public void A_chain_hangs_in_a_catenary()
    {
        (NonlinearProgram<double> program, Tensor<double> start) = SparsePrograms.HangingChain(400);
        NonlinearProgramResult<double> result = new InteriorPoint<double>().Minimize(program, start);
        result.Status.Should().Be(NonlinearProgramStatus.Optimal, result.Message);
        result.Value.Should().BeApproximately(5.0685, 1e-3);
        Conditions.Check(program, result, "chain");
    }
}
