using System.Text.Json;

namespace AutoDiff.Tests.Conformance;

/// <summary>How each of PyTorch's operations is written here: from a call to the outputs.</summary>
internal static partial class SampleAdapters
{
    /// <summary>The operations by PyTorch's names.</summary>
    public static IReadOnlyDictionary<string, Func<Sample.Call, Tensor<double>[]>> All { get; } =
        Elementwise.Concat(Movement).Concat(Reductions).Concat(LinearAlgebra).Concat(Layers).ToDictionary(pair => pair.Key, pair => pair.Value);

    private static Dictionary<string, Func<Sample.Call, Tensor<double>[]>> Elementwise => new()
    {
        ["abs"] = c => [c.X.Abs()],
        ["atan"] = c => [c.X.Atan()],
        ["ceil"] = c => [c.X.Ceiling()],
        ["clamp_max"] = c => [c.X.Minimum(c.Y)],
        ["cos"] = c => [c.X.Cos()],
        ["cosh"] = c => [c.X.Cosh()],
        ["deg2rad"] = c => [c.X.DegreesToRadians()],
        ["exp2"] = c => [c.X.Exp2()],
        ["fmax"] = c => [c.X.FMax(c.Y)],
        ["fmin"] = c => [c.X.FMin(c.Y)],
        ["i0"] = c => [c.X.BesselI(0)],
        ["ldexp"] = c => [c.X.Ldexp(c.Y)],
        ["log"] = c => [c.X.Log()],
        ["log10"] = c => [c.X.Log10()],
        ["log2"] = c => [c.X.Log2()],
        ["logaddexp"] = c => [c.X.LogAddExp(c.Y)],
        ["logit"] = c => [c.Double(0, "eps", double.NaN) is var eps && double.IsNaN(eps) ? c.X.Logit() : c.X.Logit(eps)],
        ["masked_fill"] = c => [c.X.MaskedFill(c.Y, c.Operand(1))],
        ["mul"] = c => [c.X * c.Y],
        ["polygamma"] = c => [c.X.Polygamma(c.Int(0))],
        ["positive"] = c => [c.X * 1],
        ["rad2deg"] = c => [c.X.RadiansToDegrees()],
        ["remainder"] = c => [c.X.Remainder(c.Y)],
        ["round"] = c => [c.IntOrNull(0, "decimals") is { } decimals ? c.X.Round(decimals) : c.X.Round()],
        ["rsub"] = c => [c.Y - (c.X * c.Double(1, "alpha", 1))],
        ["sign"] = c => [c.X.Sign()],
        ["sin"] = c => [c.X.Sin()],
        ["sinc"] = c => [c.X.Sinc()],
        ["sinh"] = c => [c.X.Sinh()],
        ["special.i1e"] = c => [c.X.BesselIe(1)],
        ["special.ndtri"] = c => [c.X.Ndtri()],
        ["sqrt"] = c => [c.X.Sqrt()],
        ["square"] = c => [c.X.Square()],
        ["sub"] = c => [c.X - (c.Y * c.Double(1, "alpha", 1))],
        ["tanh"] = c => [c.X.Tanh()],
        ["true_divide"] = c => [c.X / c.Y],
        ["trunc"] = c => [c.X.Truncate()],
        ["where"] = c => [Tensor.Where(c.Y, c.X, c.Operand(1))],
        ["__rdiv__"] = c => [c.Y / c.X],
        ["__rmod__"] = c => [c.Y.Remainder(c.X)],
        ["__rmul__"] = c => [c.Y * c.X],
        ["__rsub__"] = c => [c.Y - c.X],
    };

    private static Dictionary<string, Func<Sample.Call, Tensor<double>[]>> Movement => new()
    {
        ["broadcast_to"] = c => [c.X.BroadcastTo(c.Ints(0))],
        ["flatten"] = c => [FlattenAxes(c.X, c.Int(0, "start_dim"), c.Int(1, "end_dim", -1))],
        ["fliplr"] = c => [c.X.Flip(1)],
        ["hstack"] = c => [Tensor.Concat(c.List, c.List[0].Rank == 1 ? 0 : 1)],
        ["index_fill"] = c => [Along(c.X, x => x.IndexFill(c.Ints(1), c.Double(2), c.Int(0)))],
        ["permute"] = c => [c.X.Permute(c.Ints(0))],
        ["roll"] = c => [c.X.Roll(c.Int(0), c.Int(1))],
        ["rot90"] = c => [c.Ints(1, "dims") is [int first, int second] ? c.X.Rotate90(c.Int(0, "k", 1), first, second) : c.X.Rotate90()],
        ["scatter_add"] = c => [Along(c.X, x => x.ScatterAddElements(c.Ints(1), x.Rank == c.X.Rank ? c.Operand(2) : c.Operand(2).Reshape(1), c.Int(0)))],
        ["transpose"] = c => [c.X.Rank == 0 ? c.X.Reshape() : c.X.Transpose(c.Int(0), c.Int(1))],
        ["tril"] = c => [c.X.Tril(c.Int(0))],
        ["view"] = c => [c.X.Reshape(c.Ints(0))],
        ["vstack"] = c => [Tensor.Concat(Array.ConvertAll(c.List, x => x.Rank == 1 ? x.ExpandDims(0) : x))],
        ["__getitem__"] = c => [Part(c.X, c.Raw(0))],
    };

    private static Dictionary<string, Func<Sample.Call, Tensor<double>[]>> Reductions => new()
    {
        ["amax"] = c => [Along(c.X, x => x.Max(c.Ints(0, "dim"), c.Bool(1, "keepdim")))],
        ["corrcoef"] = c => [NumberOfOne(c.X.Correlation())],
        ["cov"] = c => [NumberOfOne(c.X.Covariance(c.Int(0, "correction", 1), c.OperandOrNull(1, "fweights"), c.OperandOrNull(2, "aweights")))],
        ["cummax"] = c => [Along(c.X, x => x.CumMax(c.Int(0)))],
        ["cumulative_trapezoid"] = c =>
        [
            c.OperandOrNull(0, "x") is { } points ? c.X.CumulativeTrapezoid(points, c.Int(1, "dim", -1)) : c.X.CumulativeTrapezoid(c.Double(1, "dx", 1), c.Int(2, "dim", -1)),
        ],
        ["dist"] = c => [(c.X - c.Y).Norm(c.Double(1, "p", 2))],
        ["kthvalue"] = c => [Along(c.X, x => x.KthValue(c.Int(0), c.Int(1, "dim", -1), c.Bool(2, "keepdim")))],
        ["log_softmax"] = c => [Along(c.X, x => x.LogSoftmax(c.Int(0)))],
        ["logcumsumexp"] = c => [Along(c.X, x => x.LogCumSumExp(c.Int(0)))],
        ["norm"] = c => [Norm(c.X, c)],
        ["softmax"] = c => [Along(c.X, x => x.Softmax(c.Int(0)))],
        ["std"] = c => [c.X.StandardDeviation(Axes(c), Correction(c), c.Bool(-1, "keepdim"))],
        ["sum"] = c => [Along(c.X, x => x.Sum(c.Ints(0, "dim"), c.Bool(1, "keepdim")))],
        ["topk"] = c => [Along(c.X, x => x.TopK(c.Int(0), c.Int(1, "dim", -1), c.Bool(2, "largest", true)).Values)],
        ["var_mean"] = c => [c.X.Variance(Axes(c), Correction(c), c.Bool(-1, "keepdim")), c.X.Mean(Axes(c), c.Bool(-1, "keepdim"))],
    };

    private static Dictionary<string, Func<Sample.Call, Tensor<double>[]>> LinearAlgebra => new()
    {
        ["baddbmm"] = c => [(c.X * c.Double(-1, "beta", 1)) + (c.Y.MatMul(c.Operand(1)) * c.Double(-1, "alpha", 1))],
        ["cdist"] = c => [c.X.PairwiseDistances(c.Y, c.Double(1, "p", 2))],
        ["cross"] = c => [c.X.Cross(c.Y, c.IntOrNull(1, "dim") ?? Array.IndexOf(c.X.Shape.ToArray(), 3))],
        ["linalg.cholesky"] = c => [c.Bool(0, "upper") ? c.X.Cholesky().Transpose() : c.X.Cholesky()],
        ["linalg.eigvalsh"] = c => [c.X.EigenvaluesSymmetric()],
        ["linalg.inv"] = c => [c.X.Inverse()],
        ["linalg.qr"] = c => c.X.Qr() is var (q, r) ? [q, r] : [],
        ["linalg.slogdet"] = c => c.X.SlogDet() is var (sign, logarithm) ? [sign, logarithm] : [],
        ["linalg.vander"] = c => [Along(c.X, x => x.Vander(c.IntOrNull(0, "N")), 2)],
        ["logdet"] = c => [c.X.LogDet()],
        ["outer"] = c => [c.X.Outer(c.Y)],
        ["trace"] = c => [c.X.Trace()],
        ["triangular_solve"] = c => [c.Y.TriangularSolve(c.X, c.Bool(1, "upper", true), c.Bool(2, "transpose"), c.Bool(3, "unitriangular")), c.Y * 1],
    };

    /// <summary>PyTorch takes a number as a vector of one element where an axis is needed.</summary>
    private static Tensor<double> Along(Tensor<double> x, Func<Tensor<double>, Tensor<double>> f, int kept = 0)
    {
        if (x.Rank > 0)
        {
            return f(x);
        }

        Tensor<double> y = f(x.Reshape(1));
        return y.Reshape(kept == 0 ? [] : y.Shape[^kept..]);
    }

    /// <summary>PyTorch gives a number for the covariance of one variable, in place of a matrix of one element.</summary>
    private static Tensor<double> NumberOfOne(Tensor<double> covariance) => covariance.Length == 1 ? covariance.Reshape() : covariance;

    private static Tensor<double> FlattenAxes(Tensor<double> x, int first, int last)
    {
        int[] shape = x.Shape.ToArray();
        return x.Rank == 0 ? x.Flatten() : x.Reshape([.. shape[..first], -1, .. shape[(last < 0 ? last + shape.Length + 1 : last + 1)..]]);
    }

    private static int[] Axes(Sample.Call c) => c.Int(0) is 1 ? [] : c.Ints(-1, "dim");

    private static int Correction(Sample.Call c) => c.IntOrNull(-1, "correction") ?? (c.Bool(-1, "unbiased", true) ? 1 : 0);

    private static Tensor<double> Norm(Tensor<double> x, Sample.Call c) => c.Text(0, "p") switch
    {
        "nuc" => x.MatrixNorm(MatrixNormKind.Nuclear),
        "inf" => x.Norm(double.PositiveInfinity, c.Ints(1, "dim")),
        "-inf" => x.Norm(double.NegativeInfinity, c.Ints(1, "dim")),
        "fro" or null => x.Norm(c.Text(0, "p") is "fro" ? 2 : c.Double(0, "p", 2), c.Ints(1, "dim")),
        { } other => throw new NotSupportedException($"There is no norm {other}."),
    };

    /// <summary>x[...] as Python writes it: one index, or a list of indices, slices and lists of numbers.</summary>
    private static Tensor<double> Part(Tensor<double> x, JsonElement index)
    {
        if (index.ValueKind != JsonValueKind.Array)
        {
            return x[Entry(index)];
        }

        JsonElement[] entries = [.. index.EnumerateArray()];
        if (entries.All(entry => entry.ValueKind == JsonValueKind.Number))
        {
            return x.Take(ConformanceData.Integers(index));
        }

        if (entries.All(entry => entry.ValueKind == JsonValueKind.Array))
        {
            return x.TakeAt(Array.ConvertAll(entries, ConformanceData.Integers));
        }

        int list = Array.FindIndex(entries, entry => entry.ValueKind == JsonValueKind.Array);
        return list < 0 ? x.Slice(Array.ConvertAll(entries, Entry)) : x.Take(ConformanceData.Integers(entries[list]), list);
    }

    private static TensorIndex Entry(JsonElement entry)
    {
        if (entry.ValueKind == JsonValueKind.Number)
        {
            return entry.GetInt32();
        }

        JsonElement slice = entry.GetProperty("slice");
        Index start = slice[0].ValueKind == JsonValueKind.Null ? Index.Start : slice[0].GetInt32();
        Index end = slice[1].ValueKind == JsonValueKind.Null ? Index.End : slice[1].GetInt32();
        return start..end;
    }
}
