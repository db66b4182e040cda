using System.Globalization;
using System.Numerics;
using System.Runtime.Intrinsics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <content>Products of matrices; those of their decompositions that go over rows in registers; and calls of the methods of the kernels, which come as they stand.</content>
internal sealed partial class CSharpHelpers
{
    private static Dictionary<string, Func<string, string>> MatrixFunctions => new()
    {
        ["Dot"] = static _ => Dot(Vector512.IsHardwareAccelerated ? 8 : Vector256.IsHardwareAccelerated ? 4 : 2),
        ["Chain"] = static _ => Chain,
        ["RowsDot"] = static _ => RowsDot(Vector<double>.Count),
        ["SolveTriangular"] = Text("void", "ReadOnlySpan<double> a, int n, Span<double> b, int k, bool upper, bool transposed, bool unitDiagonal", """
            for (int step = 0; step < n; step++)
            {
                int i = upper == transposed ? step : n - 1 - step, from = upper ? i + 1 : 0, to = upper ? n : i;
                if (!transposed && k == 1)
                {
                    b[i] -= RowsDot(a.Slice(i * n + from, to - from), b.Slice(from, to - from));
                }

                for (int j = from; j < to && !transposed && k > 1; j++)
                {
                    double factor = -a[i * n + j];
                    for (int c = 0; c < k; c++)
                    {
                        b[i * k + c] += factor * b[j * k + c];
                    }
                }

                for (int c = 0; c < k && !unitDiagonal; c++)
                {
                    b[i * k + c] /= a[i * n + i];
                }

                for (int j = from; j < to && transposed; j++)
                {
                    double factor = -a[i * n + j];
                    for (int c = 0; c < k; c++)
                    {
                        b[j * k + c] += k == 1 ? -b[i] * a[i * n + j] : factor * b[i * k + c];
                    }
                }
            }
            """),
        ["Cholesky"] = Text("void", "ReadOnlySpan<double> a, int n, Span<double> y", """
            y.Clear();
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    double lower = a[i * n + j], upper = a[j * n + i];
                    y[i * n + j] = lower == upper ? lower : 0.5 * lower + 0.5 * upper;
                }
            }

            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    y[i * n + j] = (y[i * n + j] - RowsDot(y.Slice(j * n, j), y.Slice(i * n, j))) / y[j * n + j];
                }

                double pivot = y[i * n + i] - RowsDot(y.Slice(i * n, i), y.Slice(i * n, i));
                if (!(pivot > 0.0) || !double.IsFinite(pivot))
                {
                    throw new InvalidOperationException("The matrix is not positive definite: pivot " + i + " is not positive.");
                }

                y[i * n + i] = Math.Sqrt(pivot);
            }
            """),
    };

    private const string OfMatrices = "OfMatrices";

    /// <summary>Whether a name is that of a method that calls a method of the kernels.</summary>
    private static bool IsOfMatrices(string name) => name.EndsWith(OfMatrices, StringComparison.Ordinal);

    /// <summary>Whether kernels are called that go block by block, by pointers.</summary>
    public bool HasLargeMatrices { get; private set; }

    /// <summary>The name of a method that calls a method of the kernels.</summary>
    public string Use(SpanMethod method, int inputs)
    {
        HasLargeMatrices |= method.IsLarge;
        string name = method.Name + OfMatrices;
        if (!used.ContainsKey(name))
        {
            string[] xs = [.. Enumerable.Range(0, inputs).Select(static i => $"x{i}")], told = [.. method.Arguments.Select(static (_, i) => $"k{i}")];
            string[] types = [.. method.Arguments.Select(static argument => argument is bool ? "bool" : argument is int ? "int" : "double")];
            string parameters = string.Join(", ", [.. xs.Select(static x => $"ReadOnlySpan<double> {x}"), .. told.Zip(types, static (k, type) => $"{type} {k}"), "Span<double> y"]);
            string call = $"{method.Type}.{method.Name}({string.Join(", ", [.. xs, .. told, "y"])})";
            Add(name, Text("void", parameters, method.Failure is { } failure
                ? $"if ({call}.Matrix >= 0)\n{{\n    throw new InvalidOperationException(\"The matrix {failure}.\");\n}}" : $"{call};")(name));
        }

        return name;
    }

    /// <summary>The inner product of rows in decompositions: products and sums rounded one by one, in four registers of the machine that writes the code.</summary>
    private static string RowsDot(int width)
    {
        return string.Create(CultureInfo.InvariantCulture, $$"""
            // Summed in registers of {{width}} numbers, as on the machine that wrote this: others may add in another order.
            private static double RowsDot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
            {
                double sum = 0.0;
                int i = 0;
                if (x.Length >= {{width}})
                {
                    Span<double> lanes = stackalloc double[{{4 * width}}];
                    lanes.Clear();
                    for (; i <= x.Length - {{4 * width}}; i += {{4 * width}})
                    {
                        for (int lane = 0; lane < {{4 * width}}; lane++)
                        {
                            lanes[lane] += x[i + lane] * y[i + lane];
                        }
                    }

                    for (; i <= x.Length - {{width}}; i += {{width}})
                    {
                        for (int lane = 0; lane < {{width}}; lane++)
                        {
                            lanes[lane] += x[i + lane] * y[i + lane];
                        }
                    }

                    for (int lane = 0; lane < {{width}}; lane++)
                    {
                        lanes[lane] = lanes[lane] + lanes[lane + {{width}}] + (lanes[lane + {{2 * width}}] + lanes[lane + {{3 * width}}]);
                    }

                    for (int half = {{width / 2}}; half > 0; half /= 2)
                    {
                        for (int lane = 0; lane < half; lane++)
                        {
                            lanes[lane] = lanes[2 * lane] + lanes[2 * lane + 1];
                        }
                    }

                    sum = lanes[0];
                }

                for (; i < x.Length; i++)
                {
                    sum += x[i] * y[i];
                }

                return sum;
            }

        """);
    }

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
    private static string Dot(int width)
    {
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
