namespace AutoDiff.Tests.Conformance;

internal static partial class TrickyFunctions
{
    private static Dictionary<string, Func<Operands, Tensor<double>>> LinearAlgebra => new()
    {
        ["inv_2x2"] = v => v.X.Inverse(),
        ["inv_ill_conditioned"] = v => v.X.Inverse(),
        ["solve_matrix_rhs"] = v => v.A.Solve(v.B),
        ["solve_vector_rhs"] = v => v.A.Solve(v.B),
        ["solve_batched_rhs"] = v => v.A.Solve(v.B),
        ["solve_bcast_a"] = v => v.A.Solve(v.B),
        ["solve_ambiguous_2x2_rhs"] = v => v.A.Solve(v.B.ExpandDims(-1)).Squeeze(-1),
        ["triangular_solve_ignores_upper"] = v => v.A.TriangularSolve(v.B),
        ["triangular_solve_unit"] = v => v.A.TriangularSolve(v.B, unitDiagonal: true),
        ["cholesky_sym_grad"] = v => v.X.Cholesky(),
        ["cholesky_logdet_matches_inverse"] = v => 2 * v.X.Cholesky().Diagonal().Log().Sum(),
        ["det_1x1_zero"] = v => v.X.Determinant(),
        ["slogdet_negative"] = v => v.X.SlogDet().LogAbs,
        ["slogdet_tiny"] = v => v.X.SlogDet().LogAbs,
        ["slogdet_singular"] = v => v.X.SlogDet().LogAbs,
        ["matrix_power_0"] = v => v.X.MatrixPower(0),
        ["matrix_power_3"] = v => v.X.MatrixPower(3),
        ["eigvalsh_sum_degenerate"] = v => v.X.EigenvaluesSymmetric().Sum(),
        ["eigh_vectors_degenerate_gauge_invariant"] = v => v.X.Eigh() is var (values, vectors) ? vectors.MatMul(values.DiagonalEmbed()).MatMul(vectors.Transpose()) : v.X,
        ["svdvals_repeated"] = v => v.X.SingularValues().Sum(),
        ["svdvals_zero_matrix"] = v => v.X.SingularValues().Sum(),
        ["pinv_rank_deficient"] = v => v.X.PseudoInverse(),
        ["qr_square"] = v => v.X.Qr().R,
        ["lstsq_solution"] = v => v.A.Transpose().MatMul(v.A).Solve(v.A.Transpose().MatMul(v.B)),
        ["kron"] = v => v.A.Kron(v.B),
        ["cross"] = v => v.A.Cross(v.B),
        ["trace_nonsquare"] = v => v.X.Trace(),
        ["quadratic_form"] = v => v.X.MatMul(v.A).MatMul(v.X),
        ["mahalanobis"] = v => v.S.Cholesky().TriangularSolve(v["r"].ExpandDims(1)).Pow(2).Sum(),
    };

    private static Dictionary<string, Func<Operands, Tensor<double>>> Layers => new()
    {
        ["conv1d_stride2_leftover"] = v => v.X.Conv1D(v.W, stride: 2),
        ["conv1d_pad_dil"] = v => v.X.Conv1D(v.W, padding: 2, dilation: 2),
        ["conv2d_stride_pad_dil_groups"] = v => v.X.Conv2D(v.W, stride: 2, padding: 1, dilation: 2, groups: 2),
        ["conv2d_asym_stride"] = v => v.X.Conv2D(v.W, stride: (2, 1), padding: (0, 1)),
        ["conv_transpose_output_padding"] = v => v.X.ConvTranspose1D(v.W, stride: 2, padding: 1, outputPadding: 1),
        ["conv_transpose_output_padding_stride1"] = v => v.X.ConvTranspose1D(v.W, stride: 2, outputPadding: 1),
        ["conv_zero_batch"] = v => v.X.Conv1D(v.W),
        ["conv2d_1x1"] = v => v.X.Conv2D(v.W),
        ["maxpool_overlap"] = v => v.X.MaxPool1D(3, stride: 1),
        ["maxpool_pad_negative"] = v => v.X.MaxPool1D(3, stride: 1, padding: 1),
        ["maxpool_nan"] = v => v.X.MaxPool1D(2),
        ["avgpool_ceil_mode"] = v => v.X.AvgPool1D(2, stride: 2, ceilMode: true),
        ["adaptive_avg_2d"] = v => v.X.AdaptiveAvgPool2D((1, 2)),
        ["layernorm_size1"] = v => v.X.LayerNorm(),
        ["instance_norm"] = v => v.X.InstanceNorm(),
        ["pixel_shuffle"] = v => v.X.PixelShuffle(2),
        ["bilinear"] = v => Tensor.Bilinear(v.A, v.W, v.B),
    };
}
