namespace AutoDiff.Tests.Conformance;

/// <summary>The functions of the tricky cases, by the names of the cases.</summary>
internal static partial class TrickyFunctions
{
    /// <summary>All functions in double precision.</summary>
    public static IReadOnlyDictionary<string, Func<Operands, Tensor<double>>> All { get; } =
        Elementwise.Concat(Selections).Concat(Reductions).Concat(Losses).Concat(Shapes).Concat(Indexing).Concat(LinearAlgebra).Concat(Layers).Concat(HigherOrder).Concat(Others)
            .ToDictionary(pair => pair.Key, pair => pair.Value);

    private static Dictionary<string, Func<Operands, Tensor<double>>> Elementwise => new()
    {
        ["sqrt_of_square_at_zero"] = v => (v.X * v.X).Sqrt(),
        ["square_of_sqrt_at_zero"] = v => v.X.Sqrt().Square(),
        ["inverse_of_inverse_at_zero"] = v => 1 / (1 / v.X),
        ["rsqrt_at_zero"] = v => v.X.Rsqrt(),
        ["reciprocal_signed_zero"] = v => 1 / v.X,
        ["log_negative"] = v => v.X.Log(),
        ["log1p_tiny"] = v => v.X.Log1p(),
        ["log1p_minus_one"] = v => v.X.Log1p(),
        ["expm1_minus_inf"] = v => v.X.Expm1(),
        ["exp_minus_inf"] = v => v.X.Exp(),
        ["exp_times_exp_neg_overflow"] = v => v.X.Exp() * (-v.X).Exp(),
        ["abs_at_zero"] = v => v.X.Abs(),
        ["relu_at_zero"] = v => v.X.Relu(),
        ["relu_nan"] = v => v.X.Relu(),
        ["leaky_relu_at_zero"] = v => v.X.LeakyRelu(0.1),
        ["elu_at_zero"] = v => v.X.Elu(),
        ["elu_alpha2_at_zero"] = v => v.X.Elu(2),
        ["gelu_tails"] = v => v.X.Gelu(),
        ["gelu_minus_inf"] = v => v.X.Gelu(),
        ["silu_minus_inf"] = v => v.X.Silu(),
        ["tanh_saturated"] = v => v.X.Tanh(),
        ["sigmoid_saturated"] = v => v.X.Sigmoid(),
        ["logsigmoid_tails"] = v => v.X.LogSigmoid(),
        ["asin_at_one"] = v => v.X.Asin(),
        ["acos_at_one"] = v => v.X.Acos(),
        ["acos_out_of_domain"] = v => v.X.Acos(),
        ["acos_near_one_precision"] = v => v.X.Acos(),
        ["atanh_at_one"] = v => v.X.Atanh(),
        ["atan_large"] = v => v.X.Atan(),
        ["atan2_origin"] = v => v.Y.Atan2(v.X),
        ["atan2_signed_zero_branch"] = v => v.Y.Atan2(v.X),
        ["atan2_tiny"] = v => v.Y.Atan2(v.X),
        ["hypot_huge"] = v => v.X.Hypot(v.Y),
        ["pow_tensor_0_0"] = v => v.X.Pow(v.Y),
        ["pow_negative_base_int_exponent"] = v => v.X.Pow(v["c_p"]),
        ["pow_negative_base_grad_exponent"] = v => v.X.Pow(v.Y),
        ["pow_one_inf"] = v => v.X.Pow(v.Y),
        ["pow_half_vs_sqrt"] = v => v.X.Pow(0.5),
        ["pow_2_at_zero"] = v => v.X.Pow(2),
        ["scalar_base_pow"] = v => Tensor.Pow(2, v.X),
        ["div_by_zero"] = v => v.X / v.Y,
        ["div_tiny_denominator"] = v => v.X / v.Y,
        ["div_huge_denominator"] = v => v.X / v.Y,
        ["sub_self"] = v => v.X - v.X,
        ["remainder_grad"] = v => v.X.Remainder(v.Y),
        ["round_half_even"] = v => v.X.Round(),
        ["floor_div_zero_grad"] = v => v.X.Floor() * v.X,
        ["clamp_scalar_boundary"] = v => v.X.Clamp(0, 1),
        ["clamp_min_gt_max"] = v => v.X.Clamp(Tensor.Scalar(3.0), Tensor.Scalar(1.0)),
        ["clamp_nan"] = v => v.X.Clamp(0, 1),
        ["clamp_tensor_bounds_grads"] = v => v.X.Clamp(v["lo"], v["hi"]),
        ["maximum_same_tensor"] = v => v.X.Maximum(v.X),
        ["fmax_nan"] = v => v.X.FMax(v.Y),
        ["xlogy_zero_zero"] = v => v.X.XLogY(v.Y),
        ["xlog1py_zero"] = v => v.X.XLog1pY(v.Y),
        ["entr_zero"] = v => v.X.Entropy(),
        ["xlogx_naive_zero"] = v => v.X * v.X.Log(),
        ["logit_ends"] = v => v.X.Logit(),
        ["log_ndtr_tail"] = v => v.X.LogNdtr(),
        ["logaddexp_inf"] = v => v.X.LogAddExp(v.Y),
        ["logaddexp_finite"] = v => v.X.LogAddExp(v.Y),
        ["hardshrink_boundary"] = v => v.X.Hardshrink(0.5),
        ["softshrink_boundary"] = v => v.X.Softshrink(0.5),
        ["hardtanh_boundary"] = v => v.X.Hardtanh(),
        ["relu6_boundary"] = v => v.X.Relu6(),
        ["hardsigmoid_boundary"] = v => v.X.Hardsigmoid(),
        ["hardswish_boundary"] = v => v.X.Hardswish(),
        ["prelu_at_zero"] = v => v.X.PRelu(v.W, 0),
        ["l1_loss_zero"] = v => Loss.MeanAbsoluteError(v.X, v["c_t"], Reduction.Sum),
        ["subnormal_sqrt"] = v => v.X.Sqrt(),
        ["inf_times_zero"] = v => v.X * v.Y,
        ["mul_nan_zero_mask"] = v => v.X * v["c_m"],
        ["deg_cancel_log1p_exp"] = v => (1 + v.X.Exp()).Log(),
    };

    private static Dictionary<string, Func<Operands, Tensor<double>>> Selections => new()
    {
        ["where_log_trap"] = v => Tensor.Where(v.X > 0, v.X.Log(), 0),
        ["where_log_double"] = v => Tensor.Where(v.X > 0, Tensor.Where(v.X > 0, v.X, 1).Log(), 0),
        ["where_sqrt_negative_trap"] = v => Tensor.Where(v.X > 0, v.X.Sqrt(), v.X),
        ["where_exp_overflow_trap"] = v => Tensor.Where(v.X < 0, v.X.Exp(), 1),
        ["where_div_zero_trap"] = v => Tensor.Where(Vector(0), v.A / v["c_d"], 1),
        ["where_pow_exp_trap"] = v => Tensor.Where(v.A < 15, v.A, Tensor.Pow(10, v.A.Exp())),
        ["where_norm_rows_trap"] = v => (v.X * v.X).Sum(1).Sqrt() is var r ? Tensor.Where(r > 0.5, r, 1) : r,
        ["where_both_branches_grad"] = v => Tensor.Where(Vector(1, 0, 1), v.A * v.A, v.B * v.B),
        ["masked_fill_nan_value"] = v => v.X.MaskedFill(Vector(0, 1, 0), double.NegativeInfinity).Softmax(0) * Vector(1, 2, 3),
        ["nan_input_where_selected_away"] = v => Tensor.Where(v.X <= 10, v.X.Exp(), 1),
        ["huber_by_mask"] = v => Tensor.Where(v.X.Abs() < 1, 0.5 * v.X * v.X, v.X.Abs() - 0.5),
        ["reassigned_variable"] = v => Tensor.Where(v.A > 0, v.A * v.A, v.A * v.A * v.A),
        ["select_uint_pred"] = v => Tensor.Where(Vector(4294967295), v.A, v.B),
    };

    private static Tensor<double> Vector(params double[] values) => Tensor.Create<double>(values);

    private static Tensor<double> Matrix(int rows, int columns, params double[] values) => Tensor.Create<double>(values, rows, columns);

    /// <summary>The gradient of the sum, differentiable again.</summary>
    private static Tensor<double> Gradient(Func<Tensor<double>, Tensor<double>> f, Tensor<double> x) => Differentiate.Gradient(z => f(z).Sum(), x);

    /// <summary>The operands of a case by name.</summary>
    internal sealed class Operands(IReadOnlyDictionary<string, Tensor<double>> values)
    {
        public Tensor<double> A => this["a"];

        public Tensor<double> B => this["b"];

        public Tensor<double> S => this["s"];

        public Tensor<double> W => this["w"];

        public Tensor<double> X => this["x"];

        public Tensor<double> Y => this["y"];

        /// <summary>The indices i.</summary>
        public int[] I => Integers("i");

        public Tensor<double> this[string name] => values[name];

        public int[] Integers(string name) => Array.ConvertAll(values[name].ToArray(), value => (int)value);
    }
}
