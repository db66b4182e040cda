using static System.Math;
using X = System.Func<int, AutoDiff.Tensor<double>>;

namespace AutoDiff.Tests.Optimization;

/// <content>Problems with equations.</content>
internal static partial class HockSchittkowski
{
    private static IEnumerable<Example> Equations =>
    [
        new(26, 0, [-2.6, 2, 2], x => (x(1) - x(2)).Square() + Power(x(2) - x(3), 4)) { Zero = x => [((1 + x(2).Square()) * x(1)) + Power(x(3), 4) - 3] },
        new(27, 0.04, [2, 2, 2], x => (0.01 * (x(1) - 1).Square()) + (x(2) - x(1).Square()).Square()) { Zero = x => [x(1) + x(3).Square() + 1] },
        new(28, 0, [-4, 1, 1], x => (x(1) + x(2)).Square() + (x(2) + x(3)).Square()) { Zero = x => [x(1) + (2 * x(2)) + (3 * x(3)) - 1] },
        new(39, -1, Same(2, 4), x => -x(1)) { Zero = x => [x(2) - Power(x(1), 3) - x(3).Square(), x(1).Square() - x(2) - x(4).Square()] },
        new(40, -0.25, Same(0.8, 4), x => -x(1) * x(2) * x(3) * x(4))
        {
            Zero = x => [Power(x(1), 3) + x(2).Square() - 1, (x(1).Square() * x(4)) - x(3), x(4).Square() - x(2)],
        },
        new(42, 28 - (10 * Sqrt(2)), Same(1, 4), x => (x(1) - 1).Square() + (x(2) - 2).Square() + (x(3) - 3).Square() + (x(4) - 4).Square())
        {
            Zero = x => [x(1) - 2, x(3).Square() + x(4).Square() - 2],
        },
        new(46, 0, [Sqrt(2) / 2, 1.75, 0.5, 2, 2], x => (x(1) - x(2)).Square() + (x(3) - 1).Square() + Power(x(4) - 1, 4) + Power(x(5) - 1, 6))
        {
            Zero = x => [(x(1).Square() * x(4)) + (x(4) - x(5)).Sin() - 1, x(2) + (Power(x(3), 4) * x(4).Square()) - 2],
        },
        new(48, 0, [3, 5, -3, 2, -2], x => (x(1) - 1).Square() + (x(2) - x(3)).Square() + (x(4) - x(5)).Square())
        {
            Zero = x => [x(1) + x(2) + x(3) + x(4) + x(5) - 5, x(3) - (2 * (x(4) + x(5))) + 3],
        },
        new(49, 0, [10, 7, 2, -3, 0.8], x => (x(1) - x(2)).Square() + (x(3) - 1).Square() + Power(x(4) - 1, 4) + Power(x(5) - 1, 6))
        {
            Zero = x => [x(1) + x(2) + x(3) + (4 * x(4)) - 7, x(3) + (5 * x(5)) - 6],
        },
        new(50, 0, [35, -31, 11, 5, -5], x => (x(1) - x(2)).Square() + (x(2) - x(3)).Square() + Power(x(3) - x(4), 4) + (x(4) - x(5)).Square())
        {
            Zero = x => [x(1) + (2 * x(2)) + (3 * x(3)) - 6, x(2) + (2 * x(3)) + (3 * x(4)) - 6, x(3) + (2 * x(4)) + (3 * x(5)) - 6],
        },
        new(51, 0, [2.5, 0.5, 2, -1, 0.5], x => Chain(x, 1)) { Zero = x => [x(1) + (3 * x(2)) - 4, x(3) + x(4) - (2 * x(5)), x(2) - x(5)] },
        new(52, 1859.0 / 349, Same(2, 5), x => Chain(x, 4)) { Zero = x => [x(1) + (3 * x(2)), x(3) + x(4) - (2 * x(5)), x(2) - x(5)] },
        new(53, 176.0 / 43, Same(2, 5), x => Chain(x, 1)) { Zero = x => [x(1) + (3 * x(2)), x(3) + x(4) - (2 * x(5)), x(2) - x(5)], Lower = Same(-10, 5), Upper = Same(10, 5) },
        new(56, -3.456, [1, 1, 1, Asin(Sqrt(1 / 4.2)), Asin(Sqrt(1 / 4.2)), Asin(Sqrt(1 / 4.2)), Asin(Sqrt(5 / 7.2))], x => -x(1) * x(2) * x(3))
        {
            Zero = x =>
            [
                x(1) - (4.2 * x(4).Sin().Square()), x(2) - (4.2 * x(5).Sin().Square()), x(3) - (4.2 * x(6).Sin().Square()), x(1) + (2 * x(2)) + (2 * x(3)) - (7.2 * x(7).Sin().Square()),
            ],
        },
        new(60, 0.03256820025, Same(2, 3), x => (x(1) - 1).Square() + (x(1) - x(2)).Square() + Power(x(2) - x(3), 4))
        {
            Zero = x => [(x(1) * (1 + x(2).Square())) + Power(x(3), 4) - 4 - (3 * Sqrt(2))], Lower = Same(-10, 3), Upper = Same(10, 3),
        },
        new(61, -143.6461422, Same(0, 3), x => (4 * x(1).Square()) + (2 * x(2).Square()) + (2 * x(3).Square()) - (33 * x(1)) + (16 * x(2)) - (24 * x(3)))
        {
            Zero = x => [(3 * x(1)) - (2 * x(2).Square()) - 7, (4 * x(1)) - x(3).Square() - 11],
        },
        new(62, -26272.51448, [0.7, 0.2, 0.1], x => -32.174 * ((255 * ((x(1) + x(2) + x(3) + 0.03) / ((0.09 * x(1)) + x(2) + x(3) + 0.03)).Log())
            + (280 * ((x(2) + x(3) + 0.03) / ((0.07 * x(2)) + x(3) + 0.03)).Log()) + (290 * ((x(3) + 0.03) / ((0.13 * x(3)) + 0.03)).Log())))
        {
            Zero = x => [x(1) + x(2) + x(3) - 1], Lower = Same(0, 3), Upper = Same(1, 3),
        },
        new(63, 961.7151721, Same(2, 3), x => 1000 - x(1).Square() - (2 * x(2).Square()) - x(3).Square() - (x(1) * x(2)) - (x(1) * x(3)))
        {
            Zero = x => [(8 * x(1)) + (14 * x(2)) + (7 * x(3)) - 56, x(1).Square() + x(2).Square() + x(3).Square() - 25], Lower = Same(0, 3),
        },
        new(74, 5126.4981, Same(0, 4), Generators) { Zero = Flows, NotNegative = x => [x(4) - x(3) + 0.55, x(3) - x(4) + 0.55], Lower = [0, 0, -0.55, -0.55], Upper = [1200, 1200, 0.55, 0.55] },
        new(75, 5174.4129, Same(0, 4), Generators) { Zero = Flows, NotNegative = x => [x(4) - x(3) + 0.48, x(3) - x(4) + 0.48], Lower = [0, 0, -0.48, -0.48], Upper = [1200, 1200, 0.48, 0.48] },
        new(77, 0.24150513, Same(2, 5), x => (x(1) - 1).Square() + (x(1) - x(2)).Square() + (x(3) - 1).Square() + Power(x(4) - 1, 4) + Power(x(5) - 1, 6))
        {
            Zero = x => [(x(1).Square() * x(4)) + (x(4) - x(5)).Sin() - (2 * Sqrt(2)), x(2) + (Power(x(3), 4) * x(4).Square()) - 8 - Sqrt(2)],
        },
        new(78, -2.91970041, [-2, 1.5, 2, -1, -1], Product) { Zero = Powell },
        new(79, 0.0787768209, Same(2, 5), x => (x(1) - 1).Square() + (x(1) - x(2)).Square() + (x(2) - x(3)).Square() + Power(x(3) - x(4), 4) + Power(x(4) - x(5), 4))
        {
            Zero = x => [x(1) + x(2).Square() + Power(x(3), 3) - 2 - (3 * Sqrt(2)), x(2) - x(3).Square() + x(4) + 2 - (2 * Sqrt(2)), (x(1) * x(5)) - 2],
        },
        new(80, 0.0539498478, [-2, 2, 2, -1, -1], x => Product(x).Exp()) { Zero = Powell, Lower = [-2.3, -2.3, -3.2, -3.2, -3.2], Upper = [2.3, 2.3, 3.2, 3.2, 3.2] },
        new(81, 0.0539498478, [-2, 2, 2, -1, -1], x => Product(x).Exp() - (0.5 * (Power(x(1), 3) + Power(x(2), 3) + 1).Square()))
        {
            Zero = Powell, Lower = [-2.3, -2.3, -3.2, -3.2, -3.2], Upper = [2.3, 2.3, 3.2, 3.2, 3.2],
        },
        new(111, -47.76109026, Same(-2.3, 10), x => Energy(i => x(i).Exp())) { Zero = x => Elements(i => x(i).Exp()), Lower = Same(-100, 10), Upper = Same(100, 10) },

        // The book's value is that of a point that is not yet a minimum; the problem is 111 in other variables.
        new(112, -47.707579, Same(0.1, 10), Energy) { Zero = Elements, Lower = Same(1e-6, 10), Local = -47.76109086 },
    ];

    private static Tensor<double> Chain(X x, double first) => ((first * x(1)) - x(2)).Square() + (x(2) + x(3) - 2).Square() + (x(4) - 1).Square() + (x(5) - 1).Square();

    private static Tensor<double> Generators(X x) => (3 * x(1)) + (1e-6 * Power(x(1), 3)) + (2 * x(2)) + (2e-6 / 3 * Power(x(2), 3));

    private static Tensor<double>[] Flows(X x) =>
    [
        (1000 * (-x(3) - 0.25).Sin()) + (1000 * (-x(4) - 0.25).Sin()) + 894.8 - x(1),
        (1000 * (x(3) - 0.25).Sin()) + (1000 * (x(3) - x(4) - 0.25).Sin()) + 894.8 - x(2),
        (1000 * (x(4) - 0.25).Sin()) + (1000 * (x(4) - x(3) - 0.25).Sin()) + 1294.8,
    ];

    private static Tensor<double> Product(X x) => x(1) * x(2) * x(3) * x(4) * x(5);

    private static Tensor<double>[] Powell(X x) =>
    [
        x(1).Square() + x(2).Square() + x(3).Square() + x(4).Square() + x(5).Square() - 10, (x(2) * x(3)) - (5 * x(4) * x(5)), Power(x(1), 3) + Power(x(2), 3) + 1,
    ];

    /// <summary>The free energy of problem 112, of amounts of ten substances.</summary>
    private static Tensor<double> Energy(X x)
    {
        double[] c = [-6.089, -17.164, -34.054, -5.914, -24.721, -14.986, -24.100, -10.708, -26.662, -22.179];
        Tensor<double> amounts = Tensor.Stack<double>([.. Enumerable.Range(1, 10).Select(x)]);
        return (amounts * (Tensor.Create<double>(c) + (amounts / amounts.Sum()).Log())).Sum();
    }

    private static Tensor<double>[] Elements(X x) =>
    [
        x(1) + (2 * x(2)) + (2 * x(3)) + x(6) + x(10) - 2, x(4) + (2 * x(5)) + x(6) + x(7) - 1, x(3) + x(7) + x(8) + (2 * x(9)) + x(10) - 1,
    ];
}
