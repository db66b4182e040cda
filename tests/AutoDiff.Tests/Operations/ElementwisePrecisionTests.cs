using System.Globalization;

namespace AutoDiff.Tests.Operations;

/// <summary>Elementwise functions and their derivatives to third order keep their digits in tails, near zeros and near poles. The references are of 20 digits; see elementwise_references.py.</summary>
public class ElementwisePrecisionTests
{
    /// <summary>By order of the derivative.</summary>
    private const double Tolerance = 2e-14;

    private static readonly Dictionary<string, Func<Tensor<double>, Tensor<double>>> Functions = new()
    {
        ["Gelu"] = x => x.Gelu(),
        ["Silu"] = x => x.Silu(),
        ["Mish"] = x => x.Mish(),
        ["LogSigmoid"] = x => x.LogSigmoid(),
        ["Log1mExp"] = x => x.Log1mExp(),
        ["Sinc"] = x => x.Sinc(),
        ["Squareplus"] = x => x.Squareplus(),
        ["Tanhshrink"] = x => x.Tanhshrink(),
        ["Asinh"] = x => x.Asinh(),
        ["Acosh"] = x => x.Acosh(),
        ["Atan"] = x => x.Atan(),
        ["Asin"] = x => x.Asin(),
        ["Atanh"] = x => x.Atanh(),
        ["Logit"] = x => x.Logit(),
        ["Erf"] = x => x.Erf(),
        ["Erfc"] = x => x.Erfc(),
        ["Softsign"] = x => x.Softsign(),
        ["Elu"] = x => x.Elu(),
        ["Entropy"] = x => x.Entropy(),
        ["Tan"] = x => x.Tan(),
    };

    public static IEnumerable<object[]> Names => Functions.Keys.Select(name => new object[] { name });

    [Theory, MemberData(nameof(Names))]
    public void Derivatives_agree_with_the_references(string name)
    {
        using StreamReader reader = new(typeof(ElementwisePrecisionTests).Assembly.GetManifestResourceStream("ElementwiseReferences.txt")!);
        string[][] lines = reader.ReadToEnd().Split('\n').Select(line => line.Split(' ')).Where(parts => parts[0] == name).ToArray();
        lines.Should().NotBeEmpty();
        foreach (string[] parts in lines)
        {
            double[] numbers = parts[1..].Select(part => double.Parse(part, CultureInfo.InvariantCulture)).ToArray();
            Func<Tensor<double>, Tensor<double>> f = Functions[name];
            for (int order = 0; order <= 3; order++)
            {
                double actual = f(Tensor.Scalar(numbers[0])).ToScalar();
                double expected = numbers[order + 1];

                // A derivative that vanishes between others is as accurate as they are.
                double size = Math.Abs(expected) < 1e-300 ? 1 : Math.Abs(expected);
                Agreement.Within(actual, expected, Tolerance * size).Should().BeTrue("{0} of order {1} at {2} is {3:R}, not {4:R}", name, order, numbers[0], expected, actual);
                Func<Tensor<double>, Tensor<double>> inner = f;
                f = x => Differentiate.Derivative(inner, x);
            }
        }
    }
}
