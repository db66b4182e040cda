using System.Numerics;

namespace AutoDiff.Tests.Operations;

/// <summary>The logarithms of sums of exponentials are one family: its members have the same values, slopes and second derivatives everywhere, at ±∞ too.</summary>
public class LogSumTests
{
    private static readonly double[] Ends = [double.NegativeInfinity, -700, -1, 0, 0.5, 700, double.PositiveInfinity, double.NaN];

    [Fact]
    public void The_family_agrees_with_itself()
    {
        Agrees<double>(1e-15);
        Agrees<float>(5e-7);
    }

    private static void Agrees<T>(double tolerance) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T log2 = T.CreateChecked(Math.Log(2));
        Dictionary<string, Func<Tensor<T>, Tensor<T>>> family = new()
        {
            ["LogMeanExp"] = x => x.LogMeanExp() + log2,
            ["LogCumSumExp"] = x => x.LogCumSumExp(0)[^1],
            ["LogCumSumExp from the end"] = x => x.LogCumSumExp(0, reverse: true)[0],
            ["LogAddExp"] = x => x[0].LogAddExp(x[1]),
            ["LogAddExp2"] = x => (x[0] / log2).LogAddExp2(x[1] / log2) * log2,
        };
        foreach (double a in Ends)
        {
            foreach (double b in Ends)
            {
                Tensor<T> x = Tensor.Create([T.CreateChecked(a), T.CreateChecked(b)]);
                double[] expected = Derivatives(x => x.LogSumExp());
                foreach ((string name, Func<Tensor<T>, Tensor<T>> member) in family)
                {
                    double[] actual = Derivatives(member);
                    for (int k = 0; k < actual.Length; k++)
                    {
                        // The logarithm of 2 is a rounded number, by which the arguments of LogAddExp2 are off.
                        double size = double.IsFinite(expected[k]) ? Math.Max(1, Math.Abs(expected[k])) * (name == "LogAddExp2" ? 700 : 4) : 0;
                        Agreement.Within(actual[k], expected[k], tolerance * size).Should().BeTrue("{0} at ({1}, {2}), number {3}: {4:R}, not {5:R}", name, a, b, k, actual[k], expected[k]);
                    }
                }

                double[] Derivatives(Func<Tensor<T>, Tensor<T>> f) =>
                    [double.CreateChecked(f(x).ToScalar()), .. Doubles(Differentiate.Gradient(f, x)), .. Doubles(Differentiate.Jacobian(f, x, new JacobianOptions { Mode = JacobianMode.Forward })), .. Doubles(Differentiate.Hessian(f, x))];
            }
        }

        static IEnumerable<double> Doubles(Tensor<T> x) => x.ToArray().Select(double.CreateChecked);
    }
}
