using System.Globalization;
using System.Runtime.Intrinsics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>The methods that generated code calls, each written out once: functions that the kernels write down themselves, and sums along the kernels' trees.</summary>
internal sealed class CSharpHelpers
{
    private static readonly Dictionary<string, Func<string, string>> Functions = new()
    {
        ["Exp"] = Unary<VectorMath.ExpFunction>,
        ["Exp2"] = Unary<VectorMath.Exp2Function>,
        ["Expm1"] = Unary<VectorMath.Expm1Function>,
        ["Sigmoid"] = Unary<VectorMath.SigmoidFunction>,
        ["SigmoidSlope"] = Unary<VectorMath.SigmoidSlopeFunction>,
        ["Log"] = Unary<VectorMath.LogFunction>,
        ["Log2"] = Unary<VectorMath.Log2Function>,
        ["Log10"] = Unary<VectorMath.Log10Function>,
        ["Log1p"] = Unary<VectorMath.Log1pFunction>,
        ["Softplus"] = Unary<VectorMath.SoftplusFunction>,
        ["LogSigmoid"] = Unary<VectorMath.LogSigmoidFunction>,
        ["Sin"] = name => Reduced<VectorMath.SinFunction>(name),
        ["Cos"] = name => Reduced<VectorMath.CosFunction>(name),
        ["Tan"] = name => Reduced<VectorMath.TanFunction>(name),
        ["Sinh"] = Unary<VectorMath.SinhFunction>,
        ["Cosh"] = Unary<VectorMath.CoshFunction>,
        ["Tanh"] = Unary<VectorMath.TanhFunction>,
        ["SechSquared"] = Unary<VectorMath.SechSquaredFunction>,
        ["Asinh"] = Unary<VectorMath.AsinhFunction>,
        ["Acosh"] = Unary<VectorMath.AcoshFunction>,
        ["Atanh"] = Unary<VectorMath.AtanhFunction>,
        ["Asin"] = Unary<VectorMath.AsinFunction>,
        ["Acos"] = Unary<VectorMath.AcosFunction>,
        ["Atan"] = Unary<VectorMath.AtanFunction>,
        ["Cbrt"] = Unary<VectorMath.CbrtFunction>,
        ["Erf"] = Unary<VectorMath.ErfFunction>,
        ["Erfc"] = Unary<VectorMath.ErfcFunction>,
        ["LogisticGate"] = Unary<VectorMath.LogisticGateFunction>,
        ["LogisticGateSlope"] = Unary<VectorMath.LogisticGateSlopeFunction>,
        ["Pow"] = Binary<VectorMath.PowFunction>,
        ["Atan2"] = Binary<VectorMath.Atan2Function>,
        ["Sum"] = static _ => Sum,
        ["Dot"] = static _ => Dot(),
        ["Chain"] = static _ => Chain,
    };

    private readonly SortedDictionary<string, string> used = new(StringComparer.Ordinal);

    /// <summary>Whether there is a method of this name.</summary>
    public static bool IsKnown(string name) => Functions.ContainsKey(name);

    /// <summary>The text of all methods that were asked for.</summary>
    public IEnumerable<string> Texts => used.Values;

    /// <summary>The name of a method, which is written out then.</summary>
    public string Use(string name)
    {
        used.TryAdd(name, used.TryGetValue(name, out string? known) ? known : Functions[name](name));
        return name;
    }

    private static string Unary<F>(string name) where F : struct, IUnaryFunction => F.Invoke<SourceLanes, double>(new(SourceNode.Parameter("x"))).Node.ToMethod(name, "x");

    private static string Binary<F>(string name) where F : struct, IBinaryFunction =>
        F.Invoke<SourceLanes, double>(new(SourceNode.Parameter("x")), new(SourceNode.Parameter("y"))).Node.ToMethod(name, "x", "y");

    /// <summary>A function whose argument is reduced by the base library where it is large.</summary>
    private static string Reduced<F>(string name) where F : struct, IUnaryFunction
    {
        string method = Unary<F>(name);
        int body = method.IndexOf("{\n", StringComparison.Ordinal) + 2;
        return method.Insert(body, $"        if (Math.Abs(x) > {CSharpText.Literal(VectorMath.ReductionLimit)})\n        {{\n            return Math.{name}(x);\n        }}\n\n");
    }

    /// <summary>The sum along the tree of <see cref="Reductions"/>: up to 16 elements one after the other; then 32 partial sums in a block of 2,048, added in halves; then pairs of blocks.</summary>
    private const string Sum = """
            private static double Sum(ReadOnlySpan<double> x, int start, int count, int stride)
            {
                if (stride != 1)
                {
                    Span<double> columns = stackalloc double[32];
                    int blocksOfRows = 0;
                    for (int row = 0; row < count; row += 32, blocksOfRows++)
                    {
                        double block = 0.0;
                        for (int i = row; i < Math.Min(row + 32, count); i++)
                        {
                            block += x[start + i * stride];
                        }

                        int level = 0;
                        for (int carry = blocksOfRows; (carry & 1) != 0; carry >>= 1, level++)
                        {
                            block = columns[level] + block;
                        }

                        columns[level] = block;
                    }

                    double all = 0.0;
                    for (int level = 0; blocksOfRows >> level != 0; level++)
                    {
                        all = (blocksOfRows >> level & 1) != 0 ? columns[level] + all : all;
                    }

                    return all;
                }

                if (count <= 16)
                {
                    double few = 0.0;
                    for (int i = 0; i < count; i++)
                    {
                        few += x[start + i];
                    }

                    return few;
                }

                Span<double> levels = stackalloc double[32];
                Span<double> parts = stackalloc double[32];
                int blocks = 0;
                for (int first = 0; first < count; first += 2048, blocks++)
                {
                    parts.Clear();
                    for (int i = first; i < Math.Min(first + 2048, count); i++)
                    {
                        parts[(i - first) % 32] += x[start + i];
                    }

                    for (int half = 16; half > 0; half /= 2)
                    {
                        for (int i = 0; i < half; i++)
                        {
                            parts[i] += parts[i + half];
                        }
                    }

                    double sum = parts[0];
                    int level = 0;
                    for (int carry = blocks; (carry & 1) != 0; carry >>= 1, level++)
                    {
                        sum = levels[level] + sum;
                    }

                    levels[level] = sum;
                }

                double total = 0.0;
                for (int level = 0; blocks >> level != 0; level++)
                {
                    total = (blocks >> level & 1) != 0 ? levels[level] + total : total;
                }

                return count <= 2048 ? levels[0] : total;
            }

        """;

    /// <summary>One number of a matrix product: a chain of multiply-adds for each 256 of the inner axis, and the sum of these (<see cref="MatrixProduct"/>).</summary>
    private const string Chain = """
            private static double Chain(ReadOnlySpan<double> x, int startX, int stepX, ReadOnlySpan<double> y, int startY, int stepY, int count)
            {
                double total = 0.0;
                for (int start = 0; start < count; start += 256)
                {
                    double sum = 0.0;
                    for (int i = start; i < Math.Min(start + 256, count); i++)
                    {
                        sum = Math.FusedMultiplyAdd(x[startX + i * stepX], y[startY + i * stepY], sum);
                    }

                    total = start == 0 ? sum : total + sum;
                }

                return total;
            }

        """;

    /// <summary>The inner product of vectors, as the product of a row and a column: in as many partial sums as the registers of the machine that writes the code hold.</summary>
    private static string Dot()
    {
        int width = Vector512.IsHardwareAccelerated ? 8 : Vector256.IsHardwareAccelerated ? 4 : 2;
        return string.Create(CultureInfo.InvariantCulture, $$"""
            // Summed in registers of {{width}} numbers, as on the machine that wrote this: others may add in another order.
            private static double Dot(ReadOnlySpan<double> x, int startX, int stepX, ReadOnlySpan<double> y, int startY, int stepY, int count)
            {
                double total = 0.0;
                Span<double> sums = stackalloc double[{{4 * width}}];
                for (int start = 0; start < count; start += 16384)
                {
                    int length = Math.Min(16384, count - start);
                    int whole = length - length % {{4 * width}};
                    sums.Clear();
                    for (int i = 0; i < length; i++)
                    {
                        int lane = i < whole ? i % {{4 * width}} : i % {{width}};
                        sums[lane] = Math.FusedMultiplyAdd(x[startX + (start + i) * stepX], y[startY + (start + i) * stepY], sums[lane]);
                    }

                    double part = 0.0;
                    for (int lane = 0; lane < {{width}}; lane++)
                    {
                        part += sums[lane] + sums[lane + {{width}}] + (sums[lane + {{2 * width}}] + sums[lane + {{3 * width}}]);
                    }

                    total += part;
                }

                return total;
            }

        """);
    }
}
