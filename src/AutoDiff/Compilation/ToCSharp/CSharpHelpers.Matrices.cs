using System.Globalization;
using System.Numerics;
using System.Runtime.Intrinsics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <content>Products of matrices, and systems of a few dozen equations: larger ones are computed block by block, which is not written.</content>
internal sealed partial class CSharpHelpers
{
    private static Dictionary<string, Func<string, string>> MatrixFunctions => new()
    {
        ["Dot"] = static _ => Dot(Vector512.IsHardwareAccelerated ? 8 : Vector256.IsHardwareAccelerated ? 4 : 2),
        ["Chain"] = static _ => Chain,
        ["RowsDot"] = static _ => RowsDot(Vector<double>.Count),
        ["FactorLu"] = Text("int", "Span<double> a, int n, Span<double> pivots, out int zero", """
            int sign = 1;
            zero = -1;
            for (int k = 0; k < n; k++)
            {
                int best = k;
                double largest = Math.Abs(a[k * n + k]);
                for (int i = k + 1; i < n; i++)
                {
                    double candidate = Math.Abs(a[i * n + k]);
                    if (candidate > largest || double.IsNaN(candidate) && !double.IsNaN(largest))
                    {
                        (best, largest) = (i, candidate);
                    }
                }

                pivots[k] = best;
                if (best != k)
                {
                    sign = -sign;
                    SwapRows(a, n, k, best);
                }

                double pivot = a[k * n + k];
                if (pivot == 0.0)
                {
                    zero = zero < 0 ? k : zero;
                    continue;
                }

                for (int i = k + 1; i < n; i++)
                {
                    double multiplier = a[i * n + k] / pivot;
                    a[i * n + k] = multiplier;
                    for (int j = k + 1; j < n; j++)
                    {
                        a[i * n + j] += -multiplier * a[k * n + j];
                    }
                }
            }

            return sign;
            """),
        ["SwapRows"] = Text("void", "Span<double> a, int columns, int i, int j", """
            for (int k = 0; k < columns; k++)
            {
                (a[i * columns + k], a[j * columns + k]) = (a[j * columns + k], a[i * columns + k]);
            }
            """),
        ["FactorRegular"] = Text("void", "Span<double> a, int n, Span<double> pivots", """
            FactorLu(a, n, pivots, out int zero);
            if (zero >= 0)
            {
                throw new InvalidOperationException("The matrix is singular: pivot " + zero + " is zero.");
            }
            """),
        ["SolveLu"] = Text("void", "ReadOnlySpan<double> factors, int n, ReadOnlySpan<double> pivots, Span<double> b, int k, bool transposed", """
            for (int i = 0; i < n && !transposed; i++)
            {
                SwapRows(b, k, i, (int)pivots[i]);
            }

            SolveTriangular(factors, n, b, k, transposed, transposed, !transposed);
            SolveTriangular(factors, n, b, k, !transposed, transposed, transposed);
            for (int i = n - 1; i >= 0 && transposed; i--)
            {
                SwapRows(b, k, i, (int)pivots[i]);
            }
            """),
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
        ["Inverse"] = Text("void", "ReadOnlySpan<double> a, int n, Span<double> y", """
            double[] factors = a.ToArray(), pivots = new double[n];
            FactorRegular(factors, n, pivots);
            y.Clear();
            for (int i = 0; i < n; i++)
            {
                y[i * n + i] = 1.0;
            }

            SolveLu(factors, n, pivots, y, n, false);
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
        ["PivotProduct"] = Text("(double Mantissa, int Exponent)", "ReadOnlySpan<double> a, int n", """
            double[] factors = a.ToArray();
            double mantissa = FactorLu(factors, n, new double[n], out _);
            int exponent = 0;
            for (int i = 0; i < n; i++)
            {
                double pivot = factors[i * n + i];
                int own = pivot != 0.0 && double.IsFinite(pivot) ? Math.ILogB(pivot) : 0;
                mantissa *= own == 0 ? pivot : Math.ScaleB(pivot, -own);
                exponent += own;
                if (Math.Abs(mantissa) > 1L << 60)
                {
                    (mantissa, exponent) = (mantissa / (1L << 60), exponent + 60);
                }
            }

            return (mantissa, exponent);
            """),
        ["DeterminantOf"] = Text("ReadOnlySpan<double> a, int n", """
            (double mantissa, int exponent) = PivotProduct(a, n);
            return Math.ScaleB(mantissa, exponent);
            """),
        ["SignOfDeterminant"] = Text("ReadOnlySpan<double> a, int n", """
            double mantissa = PivotProduct(a, n).Mantissa;
            return double.IsNaN(mantissa) ? mantissa : Math.Sign(mantissa);
            """),
        ["LogOfDeterminant"] = Text("ReadOnlySpan<double> a, int n", """
            (double mantissa, int exponent) = PivotProduct(a, n);
            double value = Math.ScaleB(mantissa, exponent);
            return double.IsNormal(value) ? Math.Log(Math.Abs(value)) : Math.Log(Math.Abs(mantissa)) + exponent * Math.Log(2.0);
            """),
    };

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
