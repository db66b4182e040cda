namespace AutoDiff.Tests.Conformance;

internal static partial class SampleAdapters
{
    private static Dictionary<string, Func<Sample.Call, Tensor<double>[]>> Layers => new()
    {
        ["nn.functional.avg_pool2d"] = c =>
            [c.X.AvgPool2D(PerAxis(c, 0, "kernel_size"), PerAxis(c, 1, "stride"), PerAxis(c, 2, "padding"), c.Bool(3, "ceil_mode"), c.Bool(4, "count_include_pad", true), c.IntOrNull(5, "divisor_override"))],
        ["nn.functional.batch_norm"] = c =>
        [
            c.Bool(4, "training")
                ? c.X.BatchNorm(c.OperandOrNull(2), c.OperandOrNull(3), epsilon: c.Double(6, "eps", 1e-5))
                : c.X.BatchNorm(c.OperandOrNull(2), c.OperandOrNull(3), c.Operand(0), c.Operand(1), c.Double(6, "eps", 1e-5)),
        ],
        ["nn.functional.binary_cross_entropy_with_logits"] = c => [Loss.BinaryCrossEntropyWithLogits(c.X, c.Y, reduction: c.Reduction)],
        ["nn.functional.celu"] = c => [c.X.Celu()],
        ["nn.functional.conv_transpose1d"] = c =>
            [c.X.ConvTranspose1D(c.Y, c.OperandOrNull(1), PerAxis(c, -1, "stride"), PerAxis(c, -1, "padding"), PerAxis(c, -1, "output_padding"), PerAxis(c, -1, "dilation"), c.Int(-1, "groups", 1))],
        ["nn.functional.conv_transpose2d"] = c =>
            [c.X.ConvTranspose2D(c.Y, c.OperandOrNull(1), PerAxis(c, -1, "stride"), PerAxis(c, -1, "padding"), PerAxis(c, -1, "output_padding"), PerAxis(c, -1, "dilation"), c.Int(-1, "groups", 1))],
        ["nn.functional.cosine_similarity"] = c => [CosineSimilarity(c)],
        ["nn.functional.cross_entropy"] = c =>
            [c.Y.Rank == c.X.Rank ? Loss.CrossEntropy(c.X, c.Y, reduction: c.Reduction) : Loss.CrossEntropy(c.X, c.Ints(0), ignoreIndex: -100, reduction: c.Reduction)],
        ["nn.functional.elu"] = c => [c.X.Elu()],
        ["nn.functional.glu"] = c => [c.X.Glu(c.Int(0, "dim", -1))],
        ["nn.functional.hardsigmoid"] = c => [c.X.Hardsigmoid()],
        ["nn.functional.huber_loss"] = c => [Loss.Huber(c.X, c.Y, c.Double(-1, "delta", 1), c.Reduction)],
        ["nn.functional.l1_loss"] = c => [Loss.MeanAbsoluteError(c.X, c.Y, c.Reduction)],
        ["nn.functional.linear"] = c => [c.X.MatMul(c.Y.Transpose()) + c.Operand(1)],
        ["nn.functional.local_response_norm"] = c => [c.X.LocalResponseNorm(c.Int(0), c.Double(-1, "alpha", 1e-4), c.Double(-1, "beta", 0.75), c.Double(-1, "k", 1))],
        ["nn.functional.logsigmoid"] = c => [c.X.LogSigmoid()],
        ["nn.functional.margin_ranking_loss"] = c => [Loss.MarginRanking(c.X, c.Y, c.Operand(1), c.Double(-1, "margin"), c.Reduction)],
        ["nn.functional.max_pool1d"] = c =>
            [c.X.MaxPool1D(PerAxis(c, -1, "kernel_size"), PerAxis(c, -1, "stride"), PerAxis(c, -1, "padding"), PerAxis(c, -1, "dilation"), c.Bool(-1, "ceil_mode"))],
        ["nn.functional.nll_loss"] = c => [Loss.NegativeLogLikelihood(c.X, c.Ints(0), ignoreIndex: c.Int(-1, "ignore_index", -100), reduction: c.Reduction)],
        ["nn.functional.pairwise_distance"] = c => [(c.X - c.Y + c.Double(-1, "eps", 1e-6)).Norm(c.Double(-1, "p", 2), [-1], c.Bool(-1, "keepdim"))],
        ["nn.functional.pdist"] = c => [UpperTriangle(c.X.PairwiseDistances(c.X, c.Double(0, "p", 2)))],
        ["nn.functional.poisson_nll_loss"] = c =>
            [Loss.PoissonNegativeLogLikelihood(c.X, c.Y, c.Bool(-1, "log_input", true), c.Bool(-1, "full"), c.Double(-1, "eps", 1e-8), c.Reduction)],
        ["nn.functional.prelu"] = c => [c.X.PRelu(c.Operand(0, "weight"))],
        ["nn.functional.relu6"] = c => [c.X.Relu6()],
        ["nn.functional.silu"] = c => [c.X.Silu()],
        ["nn.functional.softshrink"] = c => [c.X.Softshrink(c.Double(0, "lambd", 0.5))],
    };

    private static PerAxis PerAxis(Sample.Call c, int place, string name) => c.Ints(place, name) switch
    {
        [] => default,
        [int one] => one,
        [int first, int second] => (first, second),
        _ => throw new NotSupportedException("These samples have one or two axes."),
    };

    /// <summary>PyTorch takes the axis after broadcasting, and a number as a vector.</summary>
    private static Tensor<double> CosineSimilarity(Sample.Call c)
    {
        double eps = c.Double(-1, "eps", 1e-8);
        int axis = c.Int(-1, "dim", 1);
        if (c.X.Rank == 0)
        {
            return c.X.Reshape(1).CosineSimilarity(c.Y.Reshape(1), 0, eps);
        }

        int[] shape = (c.X + c.Y).Shape.ToArray();
        return c.X.BroadcastTo(shape).CosineSimilarity(c.Y.BroadcastTo(shape), axis, eps);
    }

    /// <summary>The elements above the diagonal, row by row.</summary>
    private static Tensor<double> UpperTriangle(Tensor<double> x)
    {
        int n = x.Shape[0];
        (int Row, int Column)[] places = [.. from i in Enumerable.Range(0, n) from j in Enumerable.Range(0, n) where i < j select (i, j)];
        return x.TakeAt(Array.ConvertAll(places, p => p.Row), Array.ConvertAll(places, p => p.Column));
    }
}
