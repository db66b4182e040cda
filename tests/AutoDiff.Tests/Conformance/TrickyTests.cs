namespace AutoDiff.Tests.Conformance;

/// <summary>Functions at the places where libraries of automatic differentiation go wrong, each with the right value and gradients. What differs on purpose is listed in docs/conformance.md.</summary>
public class TrickyTests
{
    private const int CaseCount = 327;

    /// <summary>The precision of the cases in single precision, where the case does not say.</summary>
    private const double SingleTolerance = 1e-6;

    private static readonly HashSet<string> Different = ConformanceData.Listed("Tricky cases");

    private static readonly HashSet<string> NaNAccepted = ConformanceData.Listed("NaN of IEEE arithmetic");

    /// <summary>The cases in single precision, each of one operand x or two, a and b.</summary>
    private static readonly Dictionary<string, Func<Tensor<float>[], Tensor<float>>> Single = new()
    {
        ["var_f32_offset"] = v => v[0].Variance([], 0),
        ["logsumexp_f32_1000"] = v => v[0].LogSumExp(0),
        ["mean_f32_large"] = v => v[0].Mean(),
        ["dot_f32_1e6"] = v => (v[0] * v[1]).Sum(),
        ["softmax_f32_1e6_sums_to_1"] = v => v[0].Softmax(0).Sum(),
    };

    public static TheoryData<string> Doubles => [.. TrickyFunctions.All.Keys];

    public static TheoryData<string> Singles => [.. Single.Keys];

    [ConformanceTheory]
    [MemberData(nameof(Doubles))]
    public void ATrickyCaseIsRight(string id)
    {
        if (Different.Contains(id))
        {
            FluentActions.Invoking(() => Compare(Find(id))).Should().Throw<Exception>("{0} is listed as different", id);
        }
        else if (NaNAccepted.Contains(id))
        {
            FluentActions.Invoking(() => Compare(Find(id))).Should().Throw<Exception>("{0} is listed as giving NaN", id);
            Compare(Find(id), acceptNaN: true);
        }
        else
        {
            Compare(Find(id));
        }
    }

    [ConformanceTheory]
    [MemberData(nameof(Singles))]
    public void ATrickyCaseInSinglePrecisionIsRight(string id)
    {
        TrickyCase row = Find(id);
        using Tape<float> tape = new();
        Tensor<float>[] xs = [.. row.Inputs.Values.Select(x => tape.Variable(Tensor.Create<float>(Array.ConvertAll(x.ToArray(), value => (float)value), x.Shape)))];
        Tensor<float> y = Single[id](xs);
        y.Shape.ToArray().Should().Equal(row.Shape);
        ConformanceData.ShouldAgree(Array.ConvertAll(y.ToArray(), value => (double)value), row.Value, Math.Max(row.Tolerance, SingleTolerance), "the value");
        Tensor<float>[] gradients = tape.Gradient(y.Sum(), xs);
        foreach ((string name, double[] expected) in row.Gradients)
        {
            int place = row.Inputs.Keys.ToList().IndexOf(name);
            ConformanceData.ShouldAgree(Array.ConvertAll(gradients[place].ToArray(), value => (double)value), expected, Math.Max(row.Tolerance, SingleTolerance), $"the gradient by {name}", SingleTolerance);
        }
    }

    [ConformanceFact]
    public void CholeskyOfAMatrixThatIsNotPositiveDefiniteIsRefused() =>
        FluentActions.Invoking(() => Find("cholesky_not_pd").Inputs["x"].Cholesky()).Should().Throw<ArithmeticException>();

    [ConformanceFact]
    public void EveryCaseIsRunOrListed()
    {
        string[] ids = [.. ConformanceData.Cases.Select(row => row.Id)];
        ids.Should().HaveCount(CaseCount).And.OnlyHaveUniqueItems();
        string[] run = [.. TrickyFunctions.All.Keys.Except(Different), .. Single.Keys, "cholesky_not_pd"];
        NaNAccepted.Should().BeSubsetOf(ConformanceData.Cases.Where(row => row.IsIeeeTrap).Select(row => row.Id));
        run.Concat(Different).Should().BeEquivalentTo(ids, "every case is run, or listed with the reason, and not both");
    }

    private static TrickyCase Find(string id) => ConformanceData.Cases.Single(row => row.Id == id);

    private static void Compare(TrickyCase row, bool acceptNaN = false)
    {
        IReadOnlyDictionary<string, Tensor<double>> inputs = row.Inputs;
        IReadOnlyDictionary<string, double[]> expected = row.Gradients;
        string[] names = [.. expected.Keys];
        Tensor<double> Function(Tensor<double>[] xs)
        {
            Dictionary<string, Tensor<double>> operands = new(inputs);
            for (int i = 0; i < names.Length; i++)
            {
                operands[names[i]] = xs[i];
            }

            return TrickyFunctions.All[row.Id](new TrickyFunctions.Operands(operands));
        }

        Tensor<double>[] xs = Array.ConvertAll(names, name => inputs[name]);
        Tensor<double> y = Function(xs);
        y.Shape.ToArray().Should().Equal(row.Shape, "that is the shape of {0}", row);
        ShouldAgree(row, y, row.Value, "the value", acceptNaN);
        Tensor<double>[] gradients = Differentiate.Vjp(Function, xs, row.Cotangent(y.Shape));
        for (int i = 0; i < names.Length; i++)
        {
            ShouldAgree(row, gradients[i], expected[names[i]], $"the gradient by {names[i]}", acceptNaN);
        }
    }

    /// <summary>Where arithmetic that follows IEEE 754 step by step gives NaN, and no operation made for the purpose takes part, NaN may stand for any element; a wrong number never.</summary>
    private static void ShouldAgree(TrickyCase row, Tensor<double> actual, double[] expected, string what, bool acceptNaN) => ConformanceData.ShouldAgree(
        actual.AsSpan(), acceptNaN && actual.Length == expected.Length ? [.. expected.Zip(actual.ToArray(), (e, a) => double.IsNaN(a) ? a : e)] : expected, row.Tolerance, $"{what} of {row}");
}
