using System.Text.Json;
using AutoDiff.GradBench.Problems;
using AutoDiff.GradBench.Suites;

namespace AutoDiff.Tests.Problems;

/// <summary>The problems that come from GradBench alone.</summary>
public class GradBenchTests
{
    public static TheoryData<string> Modes => new("ff", "fr", "rf", "rr");

    [PublishedFact]
    public void KMeans_by_the_diagonal_of_the_Hessian()
    {
        JsonElement data = PublishedData.Json("gradbench", "kmeans_k10_n1000_d8.json");
        JsonElement expected = PublishedData.Json("reference", "gradbench", "kmeans_k10_n1000_d8.json");
        var problem = new KMeans(data.Tensor("points"));
        problem.Cost(data.Tensor("centroids")).ShouldBeNear(expected.Number("cost"));
        problem.Direction(data.Tensor("centroids")).ShouldBeNear(expected.GetProperty("dir").Numbers());
    }

    [Fact]
    public void KMeans_steps_to_the_means()
    {
        var problem = new KMeans(Tensor.Create([0.0, 1, 1, 0, 4, 4, 5, 7], 4, 2));
        Tensor<double> centroids = Tensor.Create([0.0, 0, 5, 5], 2, 2);
        (centroids - problem.Direction(centroids)).ShouldBeNear([0.5, 0.5, 4.5, 5.5]);
        new SparseHessian<double>(problem.Cost).Evaluate(centroids).ToDense().ToArray().Should().Equal(4, 0, 0, 0, 0, 4, 0, 0, 0, 0, 4, 0, 0, 0, 0, 4);
    }

    [Fact]
    public void In_numbers_they_are_the_same()
    {
        Tensor<double> points = new RandomKey(1).Normal<double>(50, 3), centroids = new RandomKey(2).Normal<double>(4, 3), a = new RandomKey(3).Normal<double>(5, 5);
        InNumbers.Cost<double>(points.ToArray(), centroids.ToArray(), 3).Should().BeApproximately(new KMeans(points).Cost(centroids).ToScalar(), 1e-11);
        Tensor.Create(InNumbers.Direction(new ActiveTape<Dual<double>>(), points.ToArray(), centroids.ToArray(), 3)).ShouldBeNear(new KMeans(points).Direction(centroids).ToArray());
        InNumbers.Determinant<double>(a.ToArray(), 5).Should().BeApproximately(a.Determinant().ToScalar(), 1e-12);
        Tensor.Create(InNumbers.DeterminantGradient(new ActiveTape<double>(), a.ToArray(), 5)).ShouldBeNear(Determinant.Gradient(a).ToArray());
    }

    [PublishedTheory]
    [InlineData("llsq_n128_m128")]
    [InlineData("llsq_n1024_m128")]
    public void Least_squares(string name)
    {
        JsonElement data = PublishedData.Json("gradbench", $"{name}.json");
        JsonElement expected = PublishedData.Json("reference", "gradbench", $"{name}.json");
        LeastSquares.Objective(data.Tensor("x"), data.Integer("n")).ShouldBeNear(expected.Number("primal"));
        LeastSquares.Gradient(data.Tensor("x"), data.Integer("n")).ShouldBeNear(expected.GetProperty("gradient").Numbers());
    }

    /// <summary>t = -1, 0, 1 and x = (1, 2, 3, 4): the residuals are -1 - (1 - 2 + 3 - 4), 0 - 1 and 1 - 10.</summary>
    [Fact]
    public void Least_squares_by_hand()
    {
        Tensor<double> x = Tensor.Create([1.0, 2, 3, 4]);
        LeastSquares.Objective(x, 3).ToScalar().Should().Be(0.5 * (1 + 1 + 81));
        LeastSquares.Gradient(x, 3).ToArray().Should().Equal(-1 + 1 + 9, 1 + 9, -1 + 9, 1 + 9);
    }

    [PublishedTheory]
    [InlineData("lse_n2500")]
    [InlineData("lse_n10000")]
    public void Log_sum_exp(string name)
    {
        Tensor<double> x = PublishedData.Json("gradbench", $"{name}.json").Tensor("x");
        JsonElement expected = PublishedData.Json("reference", "gradbench", $"{name}.json");
        LogSumExp.Objective(x).ShouldBeNear(expected.Number("primal"));
        LogSumExp.Gradient(x).ShouldBeNear(expected.GetProperty("gradient").Numbers());
        x.LogSumExp().ShouldBeNear(expected.Number("primal"));
        Differentiate.Gradient(x => x.LogSumExp(), x).ShouldBeNear(expected.GetProperty("gradient").Numbers());
    }

    /// <summary>The smallest of GradBench's inputs, with the cofactors of a hand-written program.</summary>
    [Fact]
    public void Determinant_of_order_five()
    {
        Tensor<double> a = Tensor.Create([
            0.7218521074240813, 0.9664407992811007, 0.28904906882680115, 0.17134622674002598, 0.3716175858787386, 0.9803070102156316, 0.871400899954958, 0.15875483752376984, 0.21889920348490777,
            0.6922483852067883, 0.6637906879763001, 0.9073893914392065, 0.3015649449708464, 0.4013647062943605, 0.039743163430166706, 0.8712023823639724, 0.0914161181510803, 0.8437419046759921,
            0.5142400839951919, 0.048512499853830104, 0.6719441265441244, 0.5705181076046695, 0.5334168073262614, 0.4159663177140789, 0.04753148672511032,
        ], 5, 5);
        Determinant.Of(a).ShouldBeNear(0.004911350094511802);
        Determinant.Gradient(a).ShouldBeNear([
            0.017646206413153377, 0.004053669904135026, 0.008596482175427994, -0.04297802970620178, -0.01847306311922656, -0.00830548323246468, -0.00229138453382797, -0.00490448626540393,
            0.020994369151191374, 0.016226759860809528, 0.044224929437531285, -0.003933028562023686, -0.02519945882677724, -0.02884304351762867, -0.04277728791341324, 0.039008558525332436,
            -0.007589040400131757, -0.00897099925499666, -0.037469274789654845, -0.03178206447384227, -0.09379518433755879, 0.012712973642483652, 0.03444517871768471, 0.09261472310882224,
            0.07963666418758741,
        ]);
    }

    /// <summary>Above order eight the minors are checkpoints.</summary>
    [Fact]
    public void Determinant_of_order_nine()
    {
        var random = new Random(9);
        double[] values = [.. Enumerable.Range(0, 81).Select(_ => random.NextDouble() - 0.5)];
        MathNet.Numerics.LinearAlgebra.Matrix<double> matrix = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfRowMajor(9, 9, values);
        Tensor<double> a = Tensor.Create<double>(values, 9, 9);
        Determinant.Of(a).ShouldBeNear(matrix.Determinant(), 1e-11);
        Determinant.Gradient(a).ShouldBeNear((matrix.Inverse().Transpose() * matrix.Determinant()).ToRowMajorArray(), 1e-11);
    }

    [PublishedTheory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Determinants(int order)
    {
        JsonElement expected = PublishedData.Json("reference", "gradbench", $"det_{order}.json");
        Tensor<double> a = PublishedData.Json("gradbench", $"det_{order}.json").Tensor("A").Reshape(order, order);
        Determinant.Of(a).ShouldBeNear(expected.Number("primal"));
        Determinant.Gradient(a).ShouldBeNear(expected.GetProperty("gradient").Numbers());
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Particle_that_hits_the_origin(string modes) => ChargedParticle.Control(0, Mode(modes[0]), Mode(modes[1])).Should().BeApproximately(0.2071918746486116, 1e-12);

    [Theory]
    [MemberData(nameof(Modes))]
    public void Saddle_point(string modes) =>
        SaddlePoint.Find(Tensor.Create([1.0, 1.0]), Mode(modes[0]), Mode(modes[1])).ShouldBeNear(Enumerable.Repeat(8.246324826140356e-06, 4));

    private static GradientOf Mode(char mode) => mode == 'f' ? GradientDescent.Forward : GradientDescent.Reverse;
}
