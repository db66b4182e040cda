using X = System.Func<int, AutoDiff.Tensor<double>>;

namespace AutoDiff.Tests.Optimization;

/// <content>Problems with more variables or constraints, many of them from practice.</content>
internal static partial class HockSchittkowski
{
    private static IEnumerable<Example> Larger =>
    [
        new(71, 17.0140173, [1, 5, 5, 1], x => (x(1) * x(4) * (x(1) + x(2) + x(3))) + x(3))
        {
            NotNegative = x => [(x(1) * x(2) * x(3) * x(4)) - 25], Zero = x => [x(1).Square() + x(2).Square() + x(3).Square() + x(4).Square() - 40], Lower = Same(1, 4), Upper = Same(5, 4),
        },
        new(72, 727.67937, Same(1, 4), x => 1 + x(1) + x(2) + x(3) + x(4))
        {
            NotNegative = x =>
            [
                0.0401 - (4 / x(1)) - (2.25 / x(2)) - (1 / x(3)) - (0.25 / x(4)), 0.010085 - (0.16 / x(1)) - (0.36 / x(2)) - (0.64 / x(3)) - (0.64 / x(4)),
            ],
            Lower = Same(0.001, 4), Upper = [4e5, 3e5, 2e5, 1e5],
        },
        new(73, 29.894378, Same(1, 4), x => (24.55 * x(1)) + (26.75 * x(2)) + (39 * x(3)) + (40.5 * x(4)))
        {
            NotNegative = x =>
            [
                (2.3 * x(1)) + (5.6 * x(2)) + (11.1 * x(3)) + (1.3 * x(4)) - 5,
                (12 * x(1)) + (11.9 * x(2)) + (41.8 * x(3)) + (52.1 * x(4)) - 21
                    - (1.645 * ((0.28 * x(1).Square()) + (0.19 * x(2).Square()) + (20.5 * x(3).Square()) + (0.62 * x(4).Square())).Sqrt()),
            ],
            Zero = x => [x(1) + x(2) + x(3) + x(4) - 1], Lower = Same(0, 4),
        },
        new(76, -4.681818181, Same(0.5, 4), x => x(1).Square() + (0.5 * x(2).Square()) + x(3).Square() + (0.5 * x(4).Square()) - (x(1) * x(3)) + (x(3) * x(4)) - x(1) - (3 * x(2)) + x(3) - x(4))
        {
            NotNegative = x => [5 - x(1) - (2 * x(2)) - x(3) - x(4), 4 - (3 * x(1)) - x(2) - (2 * x(3)) + x(4), x(2) + (4 * x(3)) - 1.5], Lower = Same(0, 4),
        },
        new(83, -30665.53867, [78, 33, 27, 27, 27], x => (5.3578547 * x(3).Square()) + (0.8356891 * x(1) * x(5)) + (37.293239 * x(1)) - 40792.141)
        {
            NotNegative = x => TwoSided(
                (85.334407 + (0.0056858 * x(2) * x(5)) + (0.0006262 * x(1) * x(4)) - (0.0022053 * x(3) * x(5)), 92),
                (80.51249 + (0.0071317 * x(2) * x(5)) + (0.0029955 * x(1) * x(2)) + (0.0021813 * x(3).Square()) - 90, 20),
                (9.300961 + (0.0047026 * x(3) * x(5)) + (0.0012547 * x(1) * x(3)) + (0.0019085 * x(3) * x(4)) - 20, 5)),
            Lower = [78, 33, 27, 27, 27], Upper = [102, 45, 45, 45, 45],
        },
        new(86, -32.34867897, [0, 0, 0, 0, 1], x =>
        {
            Tensor<double> v = Tensor.Stack<double>([x(1), x(2), x(3), x(4), x(5)]);
            return v.Dot(Tensor.Create<double>(ColvilleE)) + v.Dot(Tensor.Create<double>(ColvilleC, 5, 5).MatMul(v)) + (Tensor.Create<double>(ColvilleD) * Power(v, 3)).Sum();
        })
        {
            NotNegative = x => [.. Enumerable.Range(0, 10).Select(i => Tensor.Stack<double>([x(1), x(2), x(3), x(4), x(5)]).Dot(Tensor.Create<double>(ColvilleA[i])) - ColvilleB[i])],
            Lower = Same(0, 5),
        },
        new(93, 135.075961, [5.54, 4.4, 12.02, 11.82, 0.702, 0.852], x =>
        {
            (Tensor<double> u, Tensor<double> v) = Transformer(x);
            return (0.0204 * u) + (0.0187 * v) + (0.0607 * u * x(5).Square()) + (0.0437 * v * x(6).Square());
        })
        {
            NotNegative = x =>
            {
                (Tensor<double> u, Tensor<double> v) = Transformer(x);
                return [(0.001 * x(1) * x(2) * x(3) * x(4) * x(5) * x(6)) - 2.07, 1 - (0.00062 * u * x(5).Square()) - (0.00058 * v * x(6).Square())];
            },
            Lower = Same(0, 6),
        },
        Himmelblau(95, 0.015619514, [4.97, -1.88, -29.08, -78.02]),
        Himmelblau(96, 0.015619514, [4.97, -1.88, -69.08, -118.02]),
        Himmelblau(97, 3.1358091, [32.97, 25.12, -29.08, -78.02]) with { Local = 4.071246371, Elsewhere = [0.247, 0.008, 0.054, 0.013, 0.023, 0.012] },
        Himmelblau(98, 3.1358091, [32.97, 25.12, -124.08, -173.02]),
        new(100, 680.6300573, [1, 2, 0, 4, 0, 1, 1], x => (x(1) - 10).Square() + (5 * (x(2) - 12).Square()) + Power(x(3), 4) + (3 * (x(4) - 11).Square()) + (10 * Power(x(5), 6)) + (7 * x(6).Square())
            + Power(x(7), 4) - (4 * x(6) * x(7)) - (10 * x(6)) - (8 * x(7)))
        {
            NotNegative = x =>
            [
                127 - (2 * x(1).Square()) - (3 * Power(x(2), 4)) - x(3) - (4 * x(4).Square()) - (5 * x(5)),
                282 - (7 * x(1)) - (3 * x(2)) - (10 * x(3).Square()) - x(4) + x(5),
                196 - (23 * x(1)) - x(2).Square() - (6 * x(6).Square()) + (8 * x(7)),
                (-4 * x(1).Square()) - x(2).Square() + (3 * x(1) * x(2)) - (2 * x(3).Square()) - (5 * x(6)) + (11 * x(7)),
            ],
        },
        new(104, 3.9511634396, [6, 3, 0.4, 0.2, 6, 6, 1, 0.5], Reactor)
        {
            NotNegative = x =>
            [
                1 - (0.0588 * x(5) * x(7)) - (0.1 * x(1)), 1 - (0.0588 * x(6) * x(8)) - (0.1 * x(1)) - (0.1 * x(2)),
                1 - (4 * x(3) / x(5)) - (2 * x(3).Pow(-0.71) / x(5)) - (0.0588 * x(3).Pow(-1.3) * x(7)),
                1 - (4 * x(4) / x(6)) - (2 * x(4).Pow(-0.71) / x(6)) - (0.0588 * x(4).Pow(-1.3) * x(8)),
                Reactor(x) - 1, 4.2 - Reactor(x),
            ],
            Lower = Same(0.1, 8), Upper = Same(10, 8),
        },

        // The book's value is 1e-5 above the minimum.
        new(106, 7049.330923, [5000, 5000, 5000, 200, 350, 150, 225, 425], x => x(1) + x(2) + x(3))
        {
            NotNegative = x =>
            [
                1 - (0.0025 * (x(4) + x(6))), 1 - (0.0025 * (x(5) + x(7) - x(4))), 1 - (0.01 * (x(8) - x(5))),
                (x(1) * x(6)) - (833.33252 * x(4)) - (100 * x(1)) + 83333.333, (x(2) * x(7)) - (1250 * x(5)) - (x(2) * x(4)) + (1250 * x(4)), (x(3) * x(8)) - 1250000 - (x(3) * x(5)) + (2500 * x(5)),
            ],
            Lower = [100, 1000, 1000, 10, 10, 10, 10, 10], Upper = [10000, 10000, 10000, 1000, 1000, 1000, 1000, 1000], Local = 7049.24802,
        },
        new(108, -0.8660254038, Same(1, 9), x => -0.5 * ((x(1) * x(4)) - (x(2) * x(3)) + (x(3) * x(9)) - (x(5) * x(9)) + (x(5) * x(8)) - (x(6) * x(7))))
        {
            NotNegative = x =>
            [
                1 - x(3).Square() - x(4).Square(), 1 - x(9).Square(), 1 - x(5).Square() - x(6).Square(), 1 - x(1).Square() - (x(2) - x(9)).Square(),
                1 - (x(1) - x(5)).Square() - (x(2) - x(6)).Square(), 1 - (x(1) - x(7)).Square() - (x(2) - x(8)).Square(), 1 - (x(3) - x(5)).Square() - (x(4) - x(6)).Square(),
                1 - (x(3) - x(7)).Square() - (x(4) - x(8)).Square(), 1 - x(7).Square() - (x(8) - x(9)).Square(),
                (x(1) * x(4)) - (x(2) * x(3)), x(3) * x(9), -x(5) * x(9), (x(5) * x(8)) - (x(6) * x(7)),
            ],
            Lower = [.. Same(-None, 8), 0], Local = -0.6749814286, Elsewhere = [0, -0.6, 0.9, 2.1, 1.6, 0.7, 0.4, 2.8, -0.6],
        },
        new(110, -45.77846971, Same(9, 10), x =>
        {
            Tensor<double> v = Tensor.Stack<double>([.. Enumerable.Range(1, 10).Select(x)]);
            return ((v - 2).Log().Square() + (10 - v).Log().Square()).Sum() - v.Prod().Pow(0.2);
        })
        {
            Lower = Same(2.001, 10), Upper = Same(9.999, 10),
        },
        new(113, 24.3062091, [2, 3, 5, 5, 1, 2, 7, 3, 6, 10], x => x(1).Square() + x(2).Square() + (x(1) * x(2)) - (14 * x(1)) - (16 * x(2)) + (x(3) - 10).Square() + (4 * (x(4) - 5).Square())
            + (x(5) - 3).Square() + (2 * (x(6) - 1).Square()) + (5 * x(7).Square()) + (7 * (x(8) - 11).Square()) + (2 * (x(9) - 10).Square()) + (x(10) - 7).Square() + 45)
        {
            NotNegative = x =>
            [
                105 - (4 * x(1)) - (5 * x(2)) + (3 * x(7)) - (9 * x(8)), (-10 * x(1)) + (8 * x(2)) + (17 * x(7)) - (2 * x(8)), (8 * x(1)) - (2 * x(2)) - (5 * x(9)) + (2 * x(10)) + 12,
                (-3 * (x(1) - 2).Square()) - (4 * (x(2) - 3).Square()) - (2 * x(3).Square()) + (7 * x(4)) + 120, (-5 * x(1).Square()) - (8 * x(2)) - (x(3) - 6).Square() + (2 * x(4)) + 40,
                (-0.5 * (x(1) - 8).Square()) - (2 * (x(2) - 4).Square()) - (3 * x(5).Square()) + x(6) + 30, -x(1).Square() - (2 * (x(2) - 2).Square()) + (2 * x(1) * x(2)) - (14 * x(5)) + (6 * x(6)),
                (3 * x(1)) - (6 * x(2)) - (12 * (x(9) - 8).Square()) + (7 * x(10)),
            ],
        },
        new(117, 32.348679, [.. Same(0.001, 6), 60, .. Same(0.001, 8)], x =>
        {
            Tensor<double> v = Tensor.Stack<double>([x(11), x(12), x(13), x(14), x(15)]);
            Tensor<double> u = Tensor.Stack<double>([.. Enumerable.Range(1, 10).Select(x)]);
            return v.Dot(Tensor.Create<double>(ColvilleC, 5, 5).MatMul(v)) + (2 * (Tensor.Create<double>(ColvilleD) * Power(v, 3)).Sum()) - u.Dot(Tensor.Create<double>(ColvilleB));
        })
        {
            NotNegative = x =>
            {
                Tensor<double> v = Tensor.Stack<double>([x(11), x(12), x(13), x(14), x(15)]);
                Tensor<double> u = Tensor.Stack<double>([.. Enumerable.Range(1, 10).Select(x)]);
                Tensor<double> g = (2 * Tensor.Create<double>(ColvilleC, 5, 5).MatMul(v)) + (3 * Tensor.Create<double>(ColvilleD) * v.Square()) + Tensor.Create<double>(ColvilleE)
                    - u.MatMul(Tensor.Create(ColvilleA));
                return [g[0], g[1], g[2], g[3], g[4]];
            },
            Lower = Same(0, 15),
        },
        new(118, 664.82045, [20, 55, 15, 20, 60, 20, 20, 60, 20, 20, 60, 20, 20, 60, 20], x => Enumerable.Range(0, 5)
            .Select(k => (2.3 * x((3 * k) + 1)) + (0.0001 * x((3 * k) + 1).Square()) + (1.7 * x((3 * k) + 2)) + (0.0001 * x((3 * k) + 2).Square()) + (2.2 * x((3 * k) + 3)) + (0.00015 * x((3 * k) + 3).Square()))
            .Aggregate((a, b) => a + b))
        {
            NotNegative = x =>
            [
                .. TwoSided([.. Enumerable.Range(1, 4).SelectMany(j => Steps(x, j))]),
                x(1) + x(2) + x(3) - 60, x(4) + x(5) + x(6) - 50, x(7) + x(8) + x(9) - 70, x(10) + x(11) + x(12) - 85, x(13) + x(14) + x(15) - 100,
            ],
            Lower = [8, 43, 3, .. Same(0, 12)], Upper = [21, 57, 16, 90, 120, 60, 90, 120, 60, 90, 120, 60, 90, 120, 60],
        },
    ];

    private static readonly double[] ColvilleE = [-15, -27, -36, -18, -12];
    private static readonly double[] ColvilleC = [30, -20, -10, 32, -10, -20, 39, -6, -31, 32, -10, -6, 10, -6, -10, 32, -31, -6, 39, -20, -10, 32, -10, -20, 30];
    private static readonly double[] ColvilleD = [4, 8, 10, 6, 2];
    private static readonly double[] ColvilleB = [-40, -2, -0.25, -4, -4, -1, -40, -60, 5, 1];
    private static readonly double[][] ColvilleA =
    [
        [-16, 2, 0, 1, 0], [0, -2, 0, 0.4, 2], [-3.5, 0, 2, 0, 0], [0, -2, 0, -4, -1], [0, -9, -2, 1, -2.8], [2, 0, -4, 0, 0], [-1, -1, -1, -1, -1], [-1, -2, -3, -2, -1], [1, 2, 3, 4, 5],
        [1, 1, 1, 1, 1],
    ];

    /// <summary>0 ≤ value ≤ largest.</summary>
    private static Tensor<double>[] TwoSided(params (Tensor<double> Value, double Largest)[] values) => [.. values.SelectMany(v => new[] { v.Value, v.Largest - v.Value })];

    private static (Tensor<double> Value, double Largest)[] Steps(X x, int j) =>
    [
        (x((3 * j) + 1) - x((3 * j) - 2) + 7, 13), (x((3 * j) + 2) - x((3 * j) - 1) + 7, 14), (x((3 * j) + 3) - x(3 * j) + 7, 13),
    ];

    private static (Tensor<double> U, Tensor<double> V) Transformer(X x) => (x(1) * x(4) * (x(1) + x(2) + x(3)), x(2) * x(3) * (x(1) + (1.57 * x(2)) + x(4)));

    private static Tensor<double> Reactor(X x) => (0.4 * x(1).Pow(0.67) * x(7).Pow(-0.67)) + (0.4 * x(2).Pow(0.67) * x(8).Pow(-0.67)) + 10 - x(1) - x(2);

    private static Example Himmelblau(int number, double optimum, double[] b) =>
        new(number, optimum, Same(0, 6), x => (4.3 * x(1)) + (31.8 * x(2)) + (63.3 * x(3)) + (15.8 * x(4)) + (68.5 * x(5)) + (4.7 * x(6)))
        {
            NotNegative = x =>
            [
                (17.1 * x(1)) + (38.2 * x(2)) + (204.2 * x(3)) + (212.3 * x(4)) + (623.4 * x(5)) + (1495.5 * x(6)) - (169 * x(1) * x(3)) - (3580 * x(3) * x(5)) - (3810 * x(4) * x(5))
                    - (18500 * x(4) * x(6)) - (24300 * x(5) * x(6)) - b[0],
                (17.9 * x(1)) + (36.8 * x(2)) + (113.9 * x(3)) + (169.7 * x(4)) + (337.8 * x(5)) + (1385.2 * x(6)) - (139 * x(1) * x(3)) - (2450 * x(4) * x(5)) - (16600 * x(4) * x(6))
                    - (17200 * x(5) * x(6)) - b[1],
                (-273 * x(2)) - (70 * x(4)) - (819 * x(5)) + (26000 * x(4) * x(5)) - b[2],
                (159.9 * x(1)) - (311 * x(2)) + (587 * x(4)) + (391 * x(5)) + (2198 * x(6)) - (14000 * x(1) * x(6)) - b[3],
            ],
            Lower = Same(0, 6), Upper = [0.31, 0.046, 0.068, 0.042, 0.028, 0.0134],
        };
}
