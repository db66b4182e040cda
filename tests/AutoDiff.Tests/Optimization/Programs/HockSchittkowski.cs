using AutoDiff.Optimization;
using static System.Math;
using X = System.Func<int, AutoDiff.Tensor<double>>;

namespace AutoDiff.Tests.Optimization;

/// <summary>
/// Problems of Hock and Schittkowski, "Test examples for nonlinear programming codes", Lecture Notes in Economics and Mathematical Systems 187 (1981), by their formulas, with the values of the book.
/// x(1) is the first variable, as there.
/// </summary>
internal static partial class HockSchittkowski
{
    /// <summary>A problem.</summary>
    /// <param name="Number">The number in the book.</param>
    /// <param name="Optimum">The least value, as the book gives it.</param>
    /// <param name="Start">The start of the book.</param>
    /// <param name="Objective">What is minimized.</param>
    public sealed record Example(int Number, double Optimum, double[] Start, Func<X, Tensor<double>> Objective)
    {
        /// <summary>What has to be zero.</summary>
        public Func<X, Tensor<double>[]>? Zero { get; init; }

        /// <summary>What has to be zero or more.</summary>
        public Func<X, Tensor<double>[]>? NotNegative { get; init; }

        public double[]? Lower { get; init; }

        public double[]? Upper { get; init; }

        /// <summary>What the start leads to, where that is another local minimum than the book's, or a better one.</summary>
        public double? Local { get; init; }

        /// <summary>A start from which the book's minimum is found, where that of the book leads to another.</summary>
        public double[]? Elsewhere { get; init; }

        public NonlinearProgram<double> Program() => new(x => Objective(i => x[i - 1]))
        {
            Lower = Tensor.Create<double>(Lower ?? Same(-None, Start.Length)),
            Upper = Tensor.Create<double>(Upper ?? Same(None, Start.Length)),
            Constraints =
            [
                .. Zero is null ? Array.Empty<Constraint<double>>() : [new(x => Tensor.Stack<double>(Zero(i => x[i - 1]))) { EqualTo = 0.0 }],
                .. NotNegative is null ? Array.Empty<Constraint<double>>() : [new(x => Tensor.Stack<double>(NotNegative(i => x[i - 1]))) { Lower = 0.0 }],
            ],
        };
    }

    private const double None = double.PositiveInfinity;

    public static IReadOnlyList<Example> All { get; } = [.. Small, .. Equations, .. Larger];

    public static Example Get(int number) => All.Single(example => example.Number == number);

    private static double[] Same(double value, int n) => [.. Enumerable.Repeat(value, n)];

    private static Tensor<double> Power(Tensor<double> x, int n) => n == 1 ? x : n % 2 == 0 ? Power(x.Square(), n / 2) : x * Power(x, n - 1);

    private static Tensor<double> Rosenbrock(X x) => (100 * (x(2) - x(1).Square()).Square()) + (1 - x(1)).Square();

    private static IEnumerable<Example> Small =>
    [
        new(1, 0, [-2, 1], Rosenbrock) { Lower = [-None, -1.5] },
        new(2, 0.0504261879, [-2, 1], Rosenbrock) { Lower = [-None, 1.5], Local = 4.941229318, Elsewhere = [0, 2.2] },
        new(3, 0, [10, 1], x => x(2) + (1e-5 * (x(2) - x(1)).Square())) { Lower = [-None, 0] },
        new(4, 8.0 / 3, [1.125, 0.125], x => (Power(x(1) + 1, 3) / 3) + x(2)) { Lower = [1, 0] },
        new(5, (-Sqrt(3) / 2) - (PI / 3), [0, 0], x => (x(1) + x(2)).Sin() + (x(1) - x(2)).Square() - (1.5 * x(1)) + (2.5 * x(2)) + 1) { Lower = [-1.5, -3], Upper = [4, 3] },
        new(6, 0, [-1.2, 1], x => (1 - x(1)).Square()) { Zero = x => [10 * (x(2) - x(1).Square())] },
        new(7, -Sqrt(3), [2, 2], x => (1 + x(1).Square()).Log() - x(2)) { Zero = x => [(1 + x(1).Square()).Square() + x(2).Square() - 4] },
        new(8, -1, [2, 1], _ => Tensor.Scalar(-1.0)) { Zero = x => [x(1).Square() + x(2).Square() - 25, (x(1) * x(2)) - 9] },
        new(9, -0.5, [0, 0], x => (PI * x(1) / 12).Sin() * (PI * x(2) / 16).Cos()) { Zero = x => [(4 * x(1)) - (3 * x(2))] },
        new(10, -1, [-10, 10], x => x(1) - x(2)) { NotNegative = x => [(-3 * x(1).Square()) + (2 * x(1) * x(2)) - x(2).Square() + 1] },
        new(11, -8.498464223, [4.9, 0.1], x => (x(1) - 5).Square() + x(2).Square() - 25) { NotNegative = x => [x(2) - x(1).Square()] },
        new(12, -30, [0, 0], x => (0.5 * x(1).Square()) + x(2).Square() - (x(1) * x(2)) - (7 * x(1)) - (7 * x(2))) { NotNegative = x => [25 - (4 * x(1).Square()) - x(2).Square()] },
        new(14, 9 - (2.875 * Sqrt(7)), [2, 2], x => (x(1) - 2).Square() + (x(2) - 1).Square())
        {
            NotNegative = x => [(-0.25 * x(1).Square()) - x(2).Square() + 1],
            Zero = x => [x(1) - (2 * x(2)) + 1],
        },
        new(15, 306.5, [-2, 1], Rosenbrock) { NotNegative = x => [(x(1) * x(2)) - 1, x(1) + x(2).Square()], Upper = [0.5, None] },
        new(16, 0.25, [-2, 1], Rosenbrock)
        {
            NotNegative = x => [x(1) + x(2).Square(), x(1).Square() + x(2)], Lower = [-0.5, -None], Upper = [0.5, 1], Local = 23.14466094, Elsewhere = [-3.9, 0],
        },
        new(17, 1, [-2, 1], Rosenbrock) { NotNegative = x => [x(2).Square() - x(1), x(1).Square() - x(2)], Lower = [-0.5, -None], Upper = [0.5, 1] },
        new(18, 5, [2, 2], x => (0.01 * x(1).Square()) + x(2).Square())
        {
            NotNegative = x => [(x(1) * x(2)) - 25, x(1).Square() + x(2).Square() - 25], Lower = [2, 0], Upper = [50, 50],
        },
        new(19, -6961.81381, [20.1, 5.84], x => Power(x(1) - 10, 3) + Power(x(2) - 20, 3))
        {
            NotNegative = x => [(x(1) - 5).Square() + (x(2) - 5).Square() - 100, 82.81 - (x(2) - 5).Square() - (x(1) - 6).Square()], Lower = [13, 0], Upper = [100, 100],
        },
        new(20, 81.5 - (25 * Sqrt(3)), [-2, 1], Rosenbrock)
        {
            NotNegative = x => [x(1) + x(2).Square(), x(1).Square() + x(2), x(1).Square() + x(2).Square() - 1], Lower = [-0.5, -None], Upper = [0.5, None], Local = 40.1987298, Elsewhere = [0, 2.2],
        },
        new(21, -99.96, [-1, -1], x => (0.01 * x(1).Square()) + x(2).Square() - 100) { NotNegative = x => [(10 * x(1)) - x(2) - 10], Lower = [2, -50], Upper = [50, 50] },
        new(22, 1, [2, 2], x => (x(1) - 2).Square() + (x(2) - 1).Square()) { NotNegative = x => [2 - x(1) - x(2), x(2) - x(1).Square()] },
        new(23, 2, [3, 1], x => x(1).Square() + x(2).Square())
        {
            NotNegative = x => [x(1) + x(2) - 1, x(1).Square() + x(2).Square() - 1, (9 * x(1).Square()) + x(2).Square() - 9, x(1).Square() - x(2), x(2).Square() - x(1)],
            Lower = [-50, -50], Upper = [50, 50],
        },
        new(24, -1, [1, 0.5], x => ((x(1) - 3).Square() - 9) * Power(x(2), 3) / (27 * Sqrt(3)))
        {
            NotNegative = x => [(x(1) / Sqrt(3)) - x(2), x(1) + (Sqrt(3) * x(2)), 6 - x(1) - (Sqrt(3) * x(2))], Lower = [0, 0],
        },
        new(29, -16 * Sqrt(2), [1, 1, 1], x => -x(1) * x(2) * x(3)) { NotNegative = x => [48 - x(1).Square() - (2 * x(2).Square()) - (4 * x(3).Square())] },
        new(30, 1, [1, 1, 1], x => x(1).Square() + x(2).Square() + x(3).Square())
        {
            NotNegative = x => [x(1).Square() + x(2).Square() - 1], Lower = [1, -10, -10], Upper = [10, 10, 10],
        },
        new(31, 6, [1, 1, 1], x => (9 * x(1).Square()) + x(2).Square() + (9 * x(3).Square())) { NotNegative = x => [(x(1) * x(2)) - 1], Lower = [-10, 1, -10], Upper = [10, 10, 1] },
        new(32, 1, [0.1, 0.7, 0.2], x => (x(1) + (3 * x(2)) + x(3)).Square() + (4 * (x(1) - x(2)).Square()))
        {
            NotNegative = x => [(6 * x(2)) + (4 * x(3)) - Power(x(1), 3) - 3], Zero = x => [1 - x(1) - x(2) - x(3)], Lower = [0, 0, 0],
        },
        new(33, Sqrt(2) - 6, [0, 0, 3], x => ((x(1) - 1) * (x(1) - 2) * (x(1) - 3)) + x(3))
        {
            NotNegative = x => [x(3).Square() - x(2).Square() - x(1).Square(), x(1).Square() + x(2).Square() + x(3).Square() - 4], Lower = [0, 0, 0], Upper = [None, None, 5],
        },
        new(34, -Log(Log(10)), [0, 1.05, 2.9], x => -x(1)) { NotNegative = x => [x(2) - x(1).Exp(), x(3) - x(2).Exp()], Lower = [0, 0, 0], Upper = [100, 100, 10] },
        new(35, 1.0 / 9, [0.5, 0.5, 0.5], x =>
            9 - (8 * x(1)) - (6 * x(2)) - (4 * x(3)) + (2 * x(1).Square()) + (2 * x(2).Square()) + x(3).Square() + (2 * x(1) * x(2)) + (2 * x(1) * x(3)))
        {
            NotNegative = x => [3 - x(1) - x(2) - (2 * x(3))], Lower = [0, 0, 0],
        },
        new(36, -3300, [10, 10, 10], x => -x(1) * x(2) * x(3)) { NotNegative = x => [72 - x(1) - (2 * x(2)) - (2 * x(3))], Lower = [0, 0, 0], Upper = [20, 11, 42] },
        new(37, -3456, [10, 10, 10], x => -x(1) * x(2) * x(3))
        {
            NotNegative = x => [72 - x(1) - (2 * x(2)) - (2 * x(3)), x(1) + (2 * x(2)) + (2 * x(3))], Lower = [0, 0, 0], Upper = [42, 42, 42],
        },
        new(38, 0, [-3, -1, -3, -1], x => Rosenbrock(x) + (90 * (x(4) - x(3).Square()).Square()) + (1 - x(3)).Square() + (10.1 * ((x(2) - 1).Square() + (x(4) - 1).Square()))
            + (19.8 * (x(2) - 1) * (x(4) - 1)))
        {
            Lower = Same(-10, 4), Upper = Same(10, 4),
        },
        new(41, 52.0 / 27, [2, 2, 2, 2], x => 2 - (x(1) * x(2) * x(3))) { Zero = x => [x(1) + (2 * x(2)) + (2 * x(3)) - x(4)], Lower = Same(0, 4), Upper = [1, 1, 1, 2] },
        new(43, -44, Same(0, 4), x => x(1).Square() + x(2).Square() + (2 * x(3).Square()) + x(4).Square() - (5 * x(1)) - (5 * x(2)) - (21 * x(3)) + (7 * x(4)))
        {
            NotNegative = x =>
            [
                8 - x(1).Square() - x(2).Square() - x(3).Square() - x(4).Square() - x(1) + x(2) - x(3) + x(4),
                10 - x(1).Square() - (2 * x(2).Square()) - x(3).Square() - (2 * x(4).Square()) + x(1) + x(4),
                5 - (2 * x(1).Square()) - x(2).Square() - x(3).Square() - (2 * x(1)) + x(2) + x(4),
            ],
        },
        new(44, -15, Same(0, 4), x => x(1) - x(2) - x(3) - (x(1) * x(3)) + (x(1) * x(4)) + (x(2) * x(3)) - (x(2) * x(4)))
        {
            NotNegative = x =>
            [
                8 - x(1) - (2 * x(2)), 12 - (4 * x(1)) - x(2), 12 - (3 * x(1)) - (4 * x(2)), 8 - (2 * x(3)) - x(4), 8 - x(3) - (2 * x(4)), 5 - x(3) - x(4),
            ],
            Lower = Same(0, 4), Local = -13, Elsewhere = [-1, -1.6, -0.1, 1.1],
        },
        new(45, 1, Same(2, 5), x => 2 - (x(1) * x(2) * x(3) * x(4) * x(5) / 120)) { Lower = Same(0, 5), Upper = [1, 2, 3, 4, 5] },
        new(57, 0.02845966972, [0.42, 5], x => (Tensor.Create<double>(Chlorine) - x(1) - ((0.49 - x(1)) * (-x(2) * (Tensor.Create<double>(Weeks) - 8)).Exp())).Square().Sum())
        {
            NotNegative = x => [(0.49 * x(2)) - (x(1) * x(2)) - 0.09], Lower = [0.4, -4], Local = 0.03064761905, Elsewhere = [0.45, 0.2],
        },
        new(64, 6299.842428, [1, 1, 1], x => (5 * x(1)) + (50000 / x(1)) + (20 * x(2)) + (72000 / x(2)) + (10 * x(3)) + (144000 / x(3)))
        {
            NotNegative = x => [1 - (4 / x(1)) - (32 / x(2)) - (120 / x(3))], Lower = Same(1e-5, 3), Upper = Same(300, 3),
        },
        new(65, 0.9535288567, [-5, 5, 0], x => (x(1) - x(2)).Square() + ((x(1) + x(2) - 10).Square() / 9) + (x(3) - 5).Square())
        {
            NotNegative = x => [48 - x(1).Square() - x(2).Square() - x(3).Square()], Lower = [-4.5, -4.5, -5], Upper = [4.5, 4.5, 5],
        },
        new(66, 0.5181632741, [0, 1.05, 2.9], x => (0.2 * x(3)) - (0.8 * x(1))) { NotNegative = x => [x(2) - x(1).Exp(), x(3) - x(2).Exp()], Lower = [0, 0, 0], Upper = [100, 100, 10] },
    ];

    /// <summary>The data of problem 57: what is left of chlorine after so many weeks.</summary>
    private static readonly double[] Weeks =
    [
        8, 8, 10, 10, 10, 10, 12, 12, 12, 12, 14, 14, 14, 16, 16, 16, 18, 18, 20, 20, 20, 22, 22, 22, 24, 24, 24, 26, 26, 26, 28, 28, 30, 30, 30, 32, 32, 34, 36, 36, 38, 38, 40, 42,
    ];

    private static readonly double[] Chlorine =
    [
        0.49, 0.49, 0.48, 0.47, 0.48, 0.47, 0.46, 0.46, 0.45, 0.43, 0.45, 0.43, 0.43, 0.44, 0.43, 0.43, 0.46, 0.45, 0.42, 0.42, 0.43, 0.41, 0.41, 0.40, 0.42, 0.40, 0.40, 0.41, 0.40, 0.41,
        0.41, 0.40, 0.40, 0.40, 0.38, 0.41, 0.40, 0.40, 0.41, 0.38, 0.40, 0.40, 0.39, 0.39,
    ];
}
