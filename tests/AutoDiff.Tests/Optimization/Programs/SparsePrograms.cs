using AutoDiff.Optimization;

namespace AutoDiff.Tests.Optimization;

/// <summary>Sparse programs of any size.</summary>
internal static class SparsePrograms
{
    /// <summary>
    /// Goddard's rocket by the trapezoidal rule (COPS 3.0): height, velocity, mass and thrust at n + 1 times, and the length of a time step; the last height is to be largest.
    /// </summary>
    public static (NonlinearProgram<double> Program, Tensor<double> Start) Rocket(int n)
    {
        const double MostThrust = 3.5;
        const double Last = 0.6;
        int k = n + 1;
        Tensor<double> Defects(Tensor<double> x)
        {
            (Tensor<double> h, Tensor<double> v, Tensor<double> m, Tensor<double> thrust) = (x[..k], x[k..(2 * k)], x[(2 * k)..(3 * k)], x[(3 * k)..(4 * k)]);
            Tensor<double> half = 0.5 / n * x[4 * k];
            Tensor<double> drag = 310 * v.Square() * (-500 * (h - 1)).Exp();
            Tensor<double> acceleration = ((thrust - drag) / m) - (1 / h.Square());
            Tensor<double> burn = -2 * thrust;
            Tensor<double> Rule(Tensor<double> state, Tensor<double> rate) => state[1..] - state[..^1] - (half * (rate[1..] + rate[..^1]));
            return Tensor.Concat<double>([Rule(h, v), Rule(v, acceleration), Rule(m, burn)]);
        }

        double[] lower = [.. Same(1, k), .. Same(0, k), .. Same(Last, k), .. Same(0, k), 0];
        double[] upper = [.. Same(double.PositiveInfinity, 2 * k), .. Same(1, k), .. Same(MostThrust, k), double.PositiveInfinity];
        (upper[0], upper[k], lower[2 * k], upper[(3 * k) - 1]) = (1, 0, 1, Last);
        double[] start =
        [
            .. Same(1, k), .. Enumerable.Range(0, k).Select(i => (double)i / n * (1 - ((double)i / n))), .. Enumerable.Range(0, k).Select(i => 1 + ((Last - 1) * i / n)), .. Same(MostThrust / 2, k), 1,
        ];
        var program = new NonlinearProgram<double>(x => -x[n])
        {
            Lower = Tensor.Create<double>(lower), Upper = Tensor.Create<double>(upper), Constraints = [new(Defects) { EqualTo = 0.0 }],
        };
        return (program, Tensor.Create<double>(start));
    }

    /// <summary>A chain of length 4 between the heights 1 and 3 at a distance of 1 (COPS 3.0): heights and slopes at n + 1 places by the trapezoidal rule.</summary>
    public static (NonlinearProgram<double> Program, Tensor<double> Start) HangingChain(int n)
    {
        int k = n + 1;
        double step = 1.0 / n;
        Tensor<double> Integral(Tensor<double> f) => step * (f.Sum() - (0.5 * (f[0] + f[n])));
        Tensor<double> Length(Tensor<double> x) => (1 + x[k..].Square()).Sqrt();
        double[] lower = Same(double.NegativeInfinity, 2 * k);
        double[] upper = Same(double.PositiveInfinity, 2 * k);
        (lower[0], upper[0], lower[n], upper[n]) = (1, 1, 3, 3);
        var program = new NonlinearProgram<double>(x => Integral(x[..k] * Length(x)))
        {
            Lower = Tensor.Create<double>(lower), Upper = Tensor.Create<double>(upper),
            Constraints = [new(x => x[1..k] - x[..n] - (0.5 * step * (x[(k + 1)..] + x[k..^1]))) { EqualTo = 0.0 }, new(x => Integral(Length(x))) { EqualTo = 4.0 }],
        };
        double[] start =
        [
            .. Enumerable.Range(0, k).Select(i => (4 * Math.Abs(3 - 1) * (double)i / n * ((0.5 * i / n) - 0.25)) + 1), .. Enumerable.Range(0, k).Select(i => 4 * Math.Abs(3 - 1) * (((double)i / n) - 0.25)),
        ];
        return (program, Tensor.Create<double>(start));
    }

    /// <summary>The chained Rosenbrock function with trigonometric-exponential constraints.</summary>
    public static (NonlinearProgram<double> Program, Tensor<double> Start) Chain(int n)
    {
        static Tensor<double> Constraints(Tensor<double> x)
        {
            (Tensor<double> a, Tensor<double> b, Tensor<double> c) = (x[..^2], x[1..^1], x[2..]);
            return (3 * b.Cube()) + (2 * c) - 5 + ((b - c).Sin() * (b + c).Sin()) + (4 * b) - (a * (a - b).Exp()) - 3;
        }

        var program = new NonlinearProgram<double>(x => ((100 * (x[..^1].Square() - x[1..]).Square()) + (x[..^1] - 1).Square()).Sum()) { Constraints = [new(Constraints) { EqualTo = 0.0 }] };
        return (program, Tensor.Create<double>([.. Enumerable.Range(0, n).Select(i => i % 2 == 0 ? -1.2 : 1)]));
    }

    private static double[] Same(double value, int n) => [.. Enumerable.Repeat(value, n)];
}
