namespace AutoDiff.Tests.Conformance;

internal static partial class TrickyFunctions
{
    private static Dictionary<string, Func<Operands, Tensor<double>>> HigherOrder => new()
    {
        ["relu_second"] = v => Gradient(x => x.Relu().Pow(2), v.X),
        ["abs_second"] = v => Gradient(x => x.Abs() * x, v.X),
        ["square_third_at_zero"] = v => Gradient(x => Gradient(z => z.Pow(2), x), v.X),
        ["square_third_tensor_exponent"] = v => Gradient(x => Gradient(z => z.Pow(v["c_p"]), x), v.X),
        ["pow_1_5_second_at_zero"] = v => Gradient(x => x.Pow(1.5), v.X),
        ["logsigmoid_second_tail"] = v => Gradient(x => x.LogSigmoid(), v.X),
        ["sigmoid_second"] = v => Gradient(x => x.Sigmoid(), v.X),
        ["tanh_third"] = v => Gradient(x => Gradient(z => z.Tanh(), x), v.X),
        ["sin_fourth"] = v => Gradient(x => Gradient(z => Gradient(u => u.Sin(), z), x), v.X),
        ["prod_two_zeros_second"] = v => Gradient(x => x.Prod(), v.X) * v["c_w"],
        ["prod_one_zero_second"] = v => Gradient(x => x.Prod(), v.X) * v["c_w"],
        ["cumprod_second_zero"] = v => Gradient(x => x.CumProd(0), v.X),
        ["norm_second_at_zero"] = v => Gradient(x => x.Norm(), v.X),
        ["sqrt_second_at_zero"] = v => Gradient(x => x.Sqrt(), v.X),
        ["max_second"] = v => Gradient(x => x.Max().Pow(2), v.X),
        ["where_second"] = v => Gradient(x => Tensor.Where(x > 0, x.Pow(3), x.Pow(2)), v.X),
        ["softmax_hessian_row"] = v => Gradient(x => x.Softmax(0) * Vector(1, 2, 4), v.X) * Vector(3, -1, 2),
        ["logsumexp_hessian"] = v => Gradient(x => x.LogSumExp(0), v.X) * Vector(3, -1, 2),
        ["atan2_second"] = v => Gradient(y => y.Atan2(v.X), v.Y),
        ["double_backward_seed"] = v => Differentiate.Vjp(x => x.Pow(3), v.X, v["v"]),
        ["jvp_by_double_vjp"] = v => Differentiate.Vjp(u => Differentiate.Vjp(x => x.Pow(3), v.X, u), Tensor.Ones<double>(2), Vector(1, 10)),
        ["hvp_rosenbrock"] = v => (Gradient(x => (100 * (x[1] - x[0].Pow(2)).Pow(2)) + (1 - x[0]).Pow(2), v.X) * Vector(1, 2)).Sum(),
        ["perturbation_confusion_2"] = v => v.X * Gradient(y => v.X + y, Tensor.Ones<double>(1)),
        ["mixed_partial_symmetry"] = v => Gradient(y => (v.X * y).Exp() * v.X.Sin(), v.Y),
        ["det_second_singular"] = v => Gradient(x => x.Determinant(), v.X) * Matrix(2, 2, 1, 10, 100, 1000),
        ["inv_second"] = v => Gradient(x => x.Inverse()[0, 1], v.X) * Matrix(2, 2, 1, 2, 3, 4),
        ["conv1d_second"] = v => Gradient(x => x.Conv1D(v.W, stride: 2).Pow(2), v.X),
        ["batchnorm_second"] = v => Gradient(x => x.BatchNorm()[0, 0].Pow(2), v.X),
        ["layernorm_second"] = v => Gradient(x => x.LayerNorm()[0, 0].Pow(2), v.X),
        ["clamp_second"] = v => Gradient(x => x.Clamp(0, 1).Pow(3), v.X),
        ["einsum_second"] = v => Gradient(x => Tensor.Einsum("ij,jk,ki->", x, x, x), v.X),
        ["lgamma_second"] = v => Gradient(x => x.LogGamma(), v.X),
        ["gelu_second"] = v => Gradient(x => x.Gelu(), v.X),
        ["cross_entropy_second"] = v => Gradient(x => Loss.CrossEntropy(x, [1]), v.X) * Matrix(1, 3, 1, 2, 3),
        ["xlogy_second"] = v => Gradient(y => v.X.XLogY(y), v.Y),
        ["cumsum_second"] = v => Gradient(x => x.CumSum(0).Pow(2), v.X),
        ["detach_second"] = v => Gradient(x => x * x.Detach(), v.X) + (0 * v.X),
        ["bce_logits_second"] = v => Gradient(x => Loss.BinaryCrossEntropyWithLogits(x, v["t"], reduction: Reduction.Sum), v.X),
        ["layernorm_third_order"] = v =>
            Gradient(x => Gradient(z => z.LayerNorm().Dot(Vector(1, 2, -1)), x).Dot(Vector(1, -2, 0.5)), v.X) * Vector(0.3, 1, -1),
        ["batchnorm_third_order"] = v =>
            Gradient(x => Gradient(z => z.BatchNorm() * Matrix(3, 1, 1, 2, -1), x) * Matrix(3, 1, 1, -2, 0.5), v.X) * Matrix(3, 1, 0.3, 1, -1),
    };

    private static Dictionary<string, Func<Operands, Tensor<double>>> Others => new()
    {
        ["sigmoid_minus_90"] = v => v.X.Sigmoid(),
        ["log_negative_abs_chain"] = v => v.X.Log().Abs(),
        ["deep_chain_1e6_add"] = v =>
        {
            Tensor<double> y = v.X.Reshape();
            for (int i = 0; i < 1_000_000; i++)
            {
                y += 1e-6;
            }

            return y;
        },
        ["fibonacci_graph_80"] = v =>
        {
            (Tensor<double> a, Tensor<double> b) = (v.X.Reshape(), v.X.Reshape());
            for (int i = 0; i < 78; i++)
            {
                (a, b) = (b, a + b);
            }

            return b;
        },
    };
}
