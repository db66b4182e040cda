using System.Diagnostics;
using System.Globalization;

namespace AutoDiff.Benchmarks;

/// <summary>
/// What each operation costs: nanoseconds an element for the value and for value and gradient, and the ratios to the fastest of its class. Not for the digits
/// (a few milliseconds each), but to find cliffs: whatever
/// takes more than five times what its class takes ought to have a reason. Run it by <c>dotnet run -c Release -- operations [class or name]</c>.
/// </summary>
internal static class Operations
{
    private const int Length = 10_000;
    private const int Order = 100;

    private static readonly Dictionary<string, (string Name, Func<Tensor<double>[], Tensor<double>> F, Tensor<double>[] Xs)[]> Classes = new()
    {
        ["pieces"] =
        [
            One("Negate", x => -x), One("Abs", x => x.Abs()), One("Sign", x => x.Sign()), One("Relu", x => x.Relu()), One("Relu6", x => x.Relu6()),
            One("LeakyRelu", x => x.LeakyRelu()),
            One("Clamp", x => x.Clamp(-0.5, 0.5)), One("Hardtanh", x => x.Hardtanh()), One("Hardsigmoid", x => x.Hardsigmoid()),
            One("Hardswish", x => x.Hardswish()), One("Hardshrink", x => x.Hardshrink()),
            One("Softshrink", x => x.Softshrink()), One("Softsign", x => x.Softsign()), One("Heaviside", x => x.Heaviside(0.5)),
            One("Floor", x => x.Floor()), One("Round", x => x.Round()), One("Frac", x => x.Frac()),
            One("IsNaN", x => x.IsNaN()), One("IsFinite", x => x.IsFinite()), One("Square", x => x.Square()), One("Cube", x => x.Cube()),
            One("Reciprocal", x => x.Reciprocal()), One("DegreesToRadians", x => x.DegreesToRadians()),
            One("Sqrt", x => x.Sqrt(), 0.1, 2), One("Rsqrt", x => x.Rsqrt(), 0.1, 2), Two("Add", (x, y) => x + y), Two("Multiply", (x, y) => x * y),
            Two("Divide", (x, y) => x / y), Two("Maximum", (x, y) => x.Maximum(y)),
            Two("CopySign", (x, y) => x.CopySign(y)), Two(">", (x, y) => x > y), Two("EqualTo", (x, y) => x.EqualTo(y)), Two("&", (x, y) => x & y),
            Two("|", (x, y) => x | y), One("!", x => !x),
            Two("Where", (x, y) => Tensor.Where(x > 0.0, x, y)), Two("MaskedFill", (x, y) => x.MaskedFill(y > 0.0, 1.0)),
            Two("Lerp", (x, y) => x.Lerp(y, 0.3)), Two("FloorDivide", (x, y) => x.FloorDivide(y)),
            Two("Remainder", (x, y) => x.Remainder(y)), Two("Fmod", (x, y) => x.Fmod(y)), One("NanToNum", x => x.NanToNum()),
            One("Threshold", x => x.Threshold(0.1, 0)),
        ],
        ["functions"] =
        [
            One("Exp", x => x.Exp()), One("Exp2", x => x.Exp2()), One("Exp10", x => x.Exp10()), One("Expm1", x => x.Expm1()),
            One("Log", x => x.Log(), 0.1, 2), One("Log2", x => x.Log2(), 0.1, 2),
            One("Log10", x => x.Log10(), 0.1, 2), One("Log1p", x => x.Log1p(), 0.1, 2), One("Sin", x => x.Sin()), One("Cos", x => x.Cos()),
            One("Tan", x => x.Tan()), One("SinPi", x => x.SinPi()), One("Asin", x => x.Asin()),
            One("Acos", x => x.Acos()), One("Atan", x => x.Atan()), One("Sinh", x => x.Sinh()), One("Cosh", x => x.Cosh()), One("Tanh", x => x.Tanh()),
            One("Asinh", x => x.Asinh()), One("Acosh", x => x.Acosh(), 1.1, 3),
            One("Atanh", x => x.Atanh()), One("Sigmoid", x => x.Sigmoid()), One("LogSigmoid", x => x.LogSigmoid()), One("Logit", x => x.Logit(), 0.1, 0.9),
            One("Softplus", x => x.Softplus()), One("Gelu", x => x.Gelu()),
            One("GeluTanh", x => x.GeluTanh()), One("Silu", x => x.Silu()), One("Mish", x => x.Mish()), One("Elu", x => x.Elu()), One("Selu", x => x.Selu()),
            One("Cbrt", x => x.Cbrt(), 0.1, 2), One("Pow 2.5", x => x.Pow(2.5), 0.1, 2),
            One("Erf", x => x.Erf()), One("Erfc", x => x.Erfc()), One("Sinc", x => x.Sinc()), Two("Pow", (x, y) => x.Pow(y), 0.1, 2),
            Two("Atan2", (x, y) => x.Atan2(y)), Two("Hypot", (x, y) => x.Hypot(y)),
            Two("LogAddExp", (x, y) => x.LogAddExp(y)), Two("XLogY", (x, y) => x.XLogY(y), 0.1, 2), One("Entropy", x => x.Entropy(), 0.1, 0.9),
        ],
        ["special functions"] =
        [
            One("Erfcx", x => x.Erfcx(), 0, 4), One("Erfinv", x => x.Erfinv()), One("Erfcinv", x => x.Erfcinv(), 0.1, 1.9), One("Ndtr", x => x.Ndtr()),
            One("Ndtri", x => x.Ndtri(), 0.1, 0.9), One("LogNdtr", x => x.LogNdtr()),
            One("LogGamma", x => x.LogGamma(), 0.1, 5), One("Gamma", x => x.Gamma(), 0.1, 5), One("Digamma", x => x.Digamma(), 0.1, 5),
            One("Dawson", x => x.Dawson()), One("SinIntegral", x => x.SinIntegral()),
            One("BesselJ", x => x.BesselJ(0)), One("BesselI", x => x.BesselI(0)), One("ExpIntegralEi", x => x.ExpIntegralEi(), 0.1, 3),
            One("EllipticK", x => x.EllipticK(), 0.1, 0.9), One("Dilogarithm", x => x.Dilogarithm()),
            Two("Beta", (x, y) => x.Beta(y), 0.1, 3), Two("RegularizedGammaP", (x, y) => x.RegularizedGammaP(y), 0.1, 3),
        ],
        ["reductions"] =
        [
            One("Sum", x => x.Sum()), One("Mean", x => x.Mean()), One("Max", x => x.Max()), One("Min", x => x.Min()), One("Prod", x => x.Prod(), 0.9, 1.1),
            One("Prod, underflow", x => x.Prod(), 1e-3, 1e-2), One("Norm", x => x.Norm()),
            One("LogSumExp", x => x.LogSumExp()), One("Variance", x => x.Variance()), One("Softmax", x => x.Softmax()),
            One("LogSoftmax", x => x.LogSoftmax()), One("CumSum", x => x.CumSum(0)), One("CumProd", x => x.CumProd(0), 0.9, 1.1),
            One("CumMax", x => x.CumMax(0)), One("LogCumSumExp", x => x.LogCumSumExp(0)), Two("Dot", (x, y) => x.Dot(y)),
            Two("Distance", (x, y) => x.Distance(y)), Two("CosineSimilarity", (x, y) => x.CosineSimilarity(y)),
        ],
        ["order"] =
        [
            One("Sort", x => x.Sort().Values), One("Median", x => x.Median()), One("KthValue", x => x.KthValue(100)), One("Quantile", x => x.Quantile(0.3)),
            One("TopK", x => x.TopK(10).Values), One("Mode", x => x.Mode()),
        ],
        ["matrices"] =
        [
            Matrix("MatMul", a => a.MatMul(a)), Matrix("Solve", a => a.Solve(a)), Matrix("Inverse", a => a.Inverse()),
            Matrix("Determinant", a => a.Determinant()), Matrix("Determinant, condition 1e5", a => a.Determinant(), 1e5),
            Matrix("LogDet", a => a.LogDet()), Matrix("Cholesky", a => (a.MatMul(a.Transpose()) + Tensor.Identity<double>(Order)).Cholesky()),
            Matrix("Qr", a => a.Qr().R), Matrix("Lu", a => a.Lu().U),
            Matrix("TriangularSolve", a => a.TriangularSolve(a)), Matrix("LeastSquares", a => a.LeastSquares(a)),
            Matrix("PseudoInverse", a => a.PseudoInverse()), Matrix("SingularValues", a => a.SingularValues()),
            Matrix("EigenvaluesSymmetric", a => (a + a.Transpose()).EigenvaluesSymmetric()), Matrix("MatrixExp", a => a.MatrixExp()),
            Matrix("MatrixPower 5", a => a.MatrixPower(5)),
            Matrix("MatrixSqrt", a => (a.MatMul(a.Transpose()) + Tensor.Identity<double>(Order)).MatrixSqrt()),
            Matrix("PairwiseDistances", a => a.PairwiseDistances(a * 0.9)), Matrix("PairwiseDistances, p = 3", a => a.PairwiseDistances(a * 0.9, 3)),
        ],
    };

    /// <summary>Why an operation takes many times what the fastest of its class takes.</summary>
    private static readonly Dictionary<string, string> Reasons = new()
    {
        ["Remainder"] = "exact, by the scalar remainder",
        ["Fmod"] = "exact, by the scalar remainder",
        ["FloorDivide"] = "exact, by the scalar remainder",
        ["MaskedFill"] = "what was not chosen is a structural zero",
        ["Where"] = "what was not chosen is a structural zero",
        ["Exp10"] = "exact powers of ten, by the scalar function",
        ["SinPi"] = "exact at halves, by the scalar function",
        ["Sinc"] = "a series near 0, the scalar functions elsewhere; the slope keeps its digits",
        ["Pow"] = "two functions and the cases of IEEE 754; the slope by the exponent takes a logarithm",
        ["Prod"] = "halves are multiplied, never divided",
        ["Prod, underflow"] = "halves are multiplied, never divided",
        ["CumMax"] = "one element after the other",
        ["CumProd"] = "one element after the other",
        ["LogCumSumExp"] = "one element after the other, an exponential and a logarithm each",
        ["LogSumExp"] = "an exponential each; the slope is a softmax",
        ["LogSoftmax"] = "an exponential each, and a second pass",
        ["Softmax"] = "an exponential each, and a second pass",
        ["CumSum"] = "one element after the other",
        ["Variance"] = "two passes: the mean first",
        ["Distance"] = "a difference is kept",
        ["NanToNum"] = "three comparisons each, and three for the slope",
        ["Divide"] = "divisions, and two more for the slopes",
        ["Mish"] = "an exponential, a logarithm and a hyperbolic tangent; the slope as many",
        ["LogAddExp"] = "an exponential and a logarithm each; two slopes",
        ["Gelu"] = "an error function; the slope an exponential besides",
        ["GeluTanh"] = "a cubic in a hyperbolic tangent; the slope of both",
        ["Atan2"] = "two slopes, each a quotient that is 0 at the origin",
        ["Atan"] = "the slope is a division of its own",
        ["Asin"] = "the slope divides by a root",
        ["Acos"] = "the slope divides by a root",
        ["Asinh"] = "a root and three divisions; the slope divides by a root that cannot overflow",
        ["Acosh"] = "the slope divides by a root of two factors",
        ["Atanh"] = "the slope is a division of two factors",
        ["Logit"] = "a logarithm of a quotient; near 1/2 another one",
        ["XLogY"] = "a product that is 0 at 0, a logarithm, and two slopes",
        ["Pow 2.5"] = "two functions and the cases of IEEE 754",
        ["RegularizedGammaP"] = "a scalar series or continued fraction to the last digits; the slope by the first argument is that of the series, term by term",
        ["CosineSimilarity"] = "two norms and a product",
        ["Sort"] = "n log n",
        ["Quantile"] = "n log n",
        ["TopK"] = "n log n",
        ["Mode"] = "n log n",
        ["MatrixSqrt"] = "an iteration with an inverse in each step",
        ["MatrixExp"] = "a dozen products, and three times as many for the slope",
        ["SingularValues"] = "reflections from both sides, an iteration, and the vectors for the slope",
        ["EigenvaluesSymmetric"] = "the reduction to three diagonals reads the matrix once for each column, an iteration, and the vectors for the slope",
        ["Qr"] = "Q is formed, too: four times the operations of Lu",
        ["Solve"] = "elimination beside a triangular solve",
        ["Inverse"] = "elimination beside a triangular solve",
        ["Cholesky"] = "a product and a decomposition beside a triangular solve",
        ["PairwiseDistances"] = "differences of a hundred coordinates an element",
        ["PairwiseDistances, p = 3"] = "differences of a hundred coordinates an element, and their powers",
        ["Determinant"] = "elimination beside a triangular solve",
        ["LogDet"] = "elimination beside a triangular solve",
        ["Determinant, condition 1e5"] = "elimination with complete pivoting: right at singular matrices",
        ["Lu"] = "three matrices are made",
        ["LeastSquares"] = "the generalized inverse, of any rank",
        ["PseudoInverse"] = "QR and a triangular solve",
    };

    /// <summary>Prints the table, or the part of it whose class or name holds a word.</summary>
    public static void Print(string? word, bool save)
    {
        var saved = new List<string[]>();
        Console.WriteLine($"{Length:N0} numbers, matrices of {Order} x {Order}; nanoseconds an element, and times the fastest of the class. {Parallelism.MaxThreads} threads.");
        foreach ((string name, (string Name, Func<Tensor<double>[], Tensor<double>> F, Tensor<double>[] Xs)[] rows) in Classes)
        {
            var chosen = rows.Where(row => word is null || name.Contains(word, StringComparison.OrdinalIgnoreCase) || row.Name.Contains(word, StringComparison.OrdinalIgnoreCase)).ToArray();
            if (chosen.Length == 0)
            {
                continue;
            }

            (string Name, double Value, double Both)[] times = [.. chosen.Select(row => (row.Name, Time(() => row.F(row.Xs), row.Xs[0].Length), Time(() => Gradient(row.F, row.Xs), row.Xs[0].Length)))];
            (double value, double both) = (times.Min(static row => row.Value), times.Min(static row => row.Both));
            Console.WriteLine($"\n{name,-28} {"value",10} {"x",7} {"gradient",10} {"x",7}");
            foreach (var row in times.OrderByDescending(row => Math.Max(row.Value / value, row.Both / both)))
            {
                bool slow = Math.Max(row.Value / value, row.Both / both) > 5;
                string reason = slow ? Reasons.GetValueOrDefault(row.Name, name == "special functions" ? "a scalar series to the last digits" : "") : "";
                saved.Add([name, row.Name, Text($"{row.Value:0.00}"), Text($"{row.Value / value:0.0}"), Text($"{row.Both:0.00}"), Text($"{row.Both / both:0.0}"), reason]);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{row.Name,-28} {row.Value,10:0.00} {row.Value / value,7:0.0} {row.Both,10:0.00} {row.Both / both,7:0.0}  {reason}"));
            }
        }

        if (save)
        {
            var file = ResultFile.Here($"AUTODIFF_THREADS={Parallelism.MaxThreads} dotnet run -c Release --project benchmarks/AutoDiff.Benchmarks -- operations --save",
                ["class", "operation", "value, ns an element", "of the fastest", "value and gradient, ns an element", "of the fastest", "reason"], saved);
            if (word is null)
            {
                file.Save("operations");
            }
            else
            {
                file.SaveInto("operations");
            }
        }

        static string Text(FormattableString text) => FormattableString.Invariant(text);
    }

    /// <summary>The value on a tape, and the products with a cotangent of ones.</summary>
    private static void Gradient(Func<Tensor<double>[], Tensor<double>> f, Tensor<double>[] xs)
    {
        using var tape = new Tape<double>();
        Tensor<double>[] variables = Array.ConvertAll(xs, tape.Variable);
        Tensor<double> y = f(variables);
        if (y.Tape is not null)
        {
            tape.Vjp(y, Tensor.Ones<double>(y.Shape), variables);
        }
    }

    /// <summary>The least time of a call in nanoseconds an element, of runs of a few milliseconds, after the compiler, which waits for a while, has had the time to do its best.</summary>
    private static double Time(Action call, int elements)
    {
        var clock = new Stopwatch();
        int calls = 0;
        foreach (int pause in (int[])[130, 30, 0])
        {
            calls = 0;
            clock.Restart();
            do
            {
                call();
                calls++;
            }
            while (clock.ElapsedMilliseconds < 40);
            Thread.Sleep(pause);
        }

        double best = double.PositiveInfinity;
        int repeats = Math.Max(1, calls / 8);
        for (int run = 0; run < 8; run++)
        {
            clock.Restart();
            for (int i = 0; i < repeats; i++)
            {
                call();
            }

            best = Math.Min(best, clock.Elapsed.TotalNanoseconds / repeats / elements);
        }

        return best;
    }

    private static (string Name, Func<Tensor<double>[], Tensor<double>> F, Tensor<double>[] Xs) One(string name, Func<Tensor<double>, Tensor<double>> f, double from = -0.99, double to = 0.99) =>
        (name, xs => f(xs[0]), [Numbers(1, from, to, Length)]);

    private static (string Name, Func<Tensor<double>[], Tensor<double>> F, Tensor<double>[] Xs) Two(
        string name, Func<Tensor<double>, Tensor<double>, Tensor<double>> f, double from = -0.99, double to = 0.99) =>
        (name, xs => f(xs[0], xs[1]), [Numbers(1, from, to, Length), Numbers(2, from, to, Length)]);

    /// <summary>A matrix of singular values from 1 to 1 / condition.</summary>
    private static (string Name, Func<Tensor<double>[], Tensor<double>> F, Tensor<double>[] Xs) Matrix(string name, Func<Tensor<double>, Tensor<double>> f, double condition = 50)
    {
        Tensor<double> u = Numbers(3, -1, 1, Order, Order).Qr().Q;
        Tensor<double> v = Numbers(4, -1, 1, Order, Order).Qr().Q;
        return (name, xs => f(xs[0]), [(u * Tensor.LinearSpace(0.0, -Math.Log(condition), Order).Exp()).MatMul(v)]);
    }

    private static Tensor<double> Numbers(int seed, double from, double to, params ReadOnlySpan<int> shape) => new RandomKey((ulong)seed).Uniform<double>(shape) * (to - from) + from;
}
