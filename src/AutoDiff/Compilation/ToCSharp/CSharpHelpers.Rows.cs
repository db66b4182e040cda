using AutoDiff.Kernels;

namespace AutoDiff;

/// <content>Functions of rows: sums along the tree of the kernels, and what is made of sums, largest elements and exponentials.</content>
internal sealed partial class CSharpHelpers
{
    private static Dictionary<string, Func<string, string>> RowFunctions => new()
    {
        ["Sum"] = static _ => Sum,
        ["SumOf"] = Text("ReadOnlySpan<double> x", "return Sum(x, 0, x.Length, 1);"),
        ["SumOfProducts"] = Text("ReadOnlySpan<double> x, ReadOnlySpan<double> y", """
            if (x.Length <= 16)
            {
                double few = 0.0;
                for (int i = 0; i < x.Length; i++)
                {
                    few = Math.FusedMultiplyAdd(x[i], y[i], few);
                }

                return few;
            }

            Span<double> levels = stackalloc double[32];
            Span<double> parts = stackalloc double[32];
            int blocks = 0;
            for (int first = 0; first < x.Length; first += 2048, blocks++)
            {
                parts.Clear();
                for (int i = first; i < Math.Min(first + 2048, x.Length); i++)
                {
                    parts[(i - first) % 32] = Math.FusedMultiplyAdd(x[i], y[i], parts[(i - first) % 32]);
                }

                double sum = Halved(parts);
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

            return x.Length <= 2048 ? levels[0] : total;
            """),
        ["Halved"] = Text("Span<double> parts", """
            for (int half = 16; half > 0; half /= 2)
            {
                for (int i = 0; i < half; i++)
                {
                    parts[i] += parts[i + half];
                }
            }

            return parts[0];
            """),
        ["Largest"] = Text("ReadOnlySpan<double> x", """
            double largest = double.NegativeInfinity;
            foreach (double element in x)
            {
                largest = Math.Max(largest, element);
            }

            return largest;
            """),
        ["SumOfExponentials"] = Text("ReadOnlySpan<double> x, double shift", """
            Span<double> terms = x.Length <= 256 ? stackalloc double[x.Length] : new double[x.Length];
            for (int i = 0; i < x.Length; i++)
            {
                terms[i] = Exp(x[i] - shift);
            }

            return SumOf(terms);
            """),
        ["ShiftedExp"] = Text("double x, double shift", "return Exp(x - shift);"),
        ["LogOfDouble"] = Text("double x", "return Log(x);"),
        ["LogSumExp"] = Text("ReadOnlySpan<double> x", """
            double largest = Largest(x);
            return double.IsFinite(largest) ? (double)(largest + LogOfDouble(SumOfExponentials(x, largest))) : largest;
            """),
        ["LogMeanExp"] = Text("ReadOnlySpan<double> x", """
            double largest = x.IsEmpty ? double.NaN : Largest(x);
            if (!double.IsFinite(largest))
            {
                return largest;
            }

            Span<double> terms = x.Length <= 256 ? stackalloc double[x.Length] : new double[x.Length];
            for (int i = 0; i < x.Length; i++)
            {
                terms[i] = Expm1(x[i] - largest);
            }

            «double» mean = Sum(terms, 0, x.Length, 1) / x.Length;
            return (double)(largest + (mean > -0.5 ? ElementaryPieces.Log1p(mean) : LogOfDouble(SumOfExponentials(x, largest)) - «Math».Log(x.Length)));
            """),
        ["Softmax"] = Text("void", "ReadOnlySpan<double> x, Span<double> y", """
            double largest = Largest(x), infinite = 0.0;
            for (int i = 0; i < x.Length; i++)
            {
                infinite += double.IsPositiveInfinity(x[i]) ? 1.0 : 0.0;
                y[i] = ShiftedExp(x[i], largest);
            }

            double sum = SumOf(y);
            for (int i = 0; i < x.Length; i++)
            {
                y[i] = !double.IsPositiveInfinity(largest) ? y[i] / sum : double.IsPositiveInfinity(x[i]) ? 1.0 / infinite : 0.0;
            }
            """),
        ["LogSoftmax"] = Text("void", "ReadOnlySpan<double> x, Span<double> y", """
            double largest = Largest(x), infinite = 0.0;
            foreach (double element in x)
            {
                infinite += double.IsPositiveInfinity(element) ? 1.0 : 0.0;
            }

            double log = double.IsPositiveInfinity(largest) ? Math.Log(infinite) : (double)LogOfDouble(SumOfExponentials(x, largest));
            for (int i = 0; i < x.Length; i++)
            {
                y[i] = !double.IsPositiveInfinity(largest) ? x[i] - largest - log : double.IsPositiveInfinity(x[i]) ? -log : double.NegativeInfinity;
            }
            """),
        ["SoftmaxProduct"] = Text("void", "ReadOnlySpan<double> v, ReadOnlySpan<double> y, Span<double> z", """
            double product = SumOfProducts(v, y);
            for (int i = 0; i < z.Length; i++)
            {
                z[i] = (v[i] - product) * y[i];
            }
            """),
        ["LogSoftmaxProduct"] = Text("void", "ReadOnlySpan<double> g, ReadOnlySpan<double> y, Span<double> z", """
            double sum = SumOf(g);
            for (int i = 0; i < z.Length; i++)
            {
                z[i] = g[i] - Exp(y[i]) * sum;
            }
            """),
        ["CrossEntropy"] = Text("ReadOnlySpan<double> x, ReadOnlySpan<double> q", """
            Span<double> logarithms = x.Length <= 256 ? stackalloc double[x.Length] : new double[x.Length];
            LogSoftmax(x, logarithms);
            for (int i = 0; i < x.Length; i++)
            {
                logarithms[i] = q[i] == 0.0 ? 0.0 : logarithms[i];
            }

            return 0.0 - SumOfProducts(q, logarithms);
            """),
        ["CrossEntropyGradient"] = Text("void", "double g, ReadOnlySpan<double> x, ReadOnlySpan<double> q, Span<double> z", """
            Softmax(x, z);
            double sum = SumOf(q);
            for (int i = 0; i < z.Length; i++)
            {
                z[i] = (z[i] * sum - q[i]) * g;
            }
            """),
        ["LogCumSumExp"] = Text("void", "ReadOnlySpan<double> x, int columns, bool reverse, int kind, Span<double> y", """
            // The others relative to the largest element so far; the sums, the factors of the sum before, or the weights of the elements.
            for (int start = 0; start < y.Length; start += columns)
            {
                double largest = double.NegativeInfinity;
                «double» others = 0.0;
                for (int k = 0; k < columns; k++)
                {
                    int t = start + (reverse ? columns - 1 - k : k);
                    «double» before = others, added = 0.0;
                    bool grows = x[t] > largest || double.IsNaN(x[t]);
                    if (grows)
                    {
                        others = double.IsNaN(x[t]) ? double.NaN : double.IsInfinity(largest) || double.IsInfinity(x[t]) ? 0.0 : (others + 1.0) * «Math».Exp(«(double)»largest - x[t]);
                        largest = x[t];
                    }
                    else if (!double.IsNegativeInfinity(x[t]))
                    {
                        added = double.IsInfinity(largest) ? (x[t] == largest ? 1.0 : 0.0) : «Math».Exp(«(double)»x[t] - largest);
                        others += added;
                    }

                    «double» sum = others + 1.0;
                    «double» slope = double.IsNegativeInfinity(largest) ? 0.0 : kind == 1 ? (grows ? others : before + 1.0) / sum : (grows ? 1.0 : added) / sum;
                    y[t] = (double)(kind > 0 ? slope : double.IsInfinity(largest) ? largest : largest + ElementaryPieces.Log1p(others));
                }
            }
            """),
        ["Sparsemax"] = Text("void", "ReadOnlySpan<double> x, Span<double> y", """
            double largest = Largest(x);
            double[] sorted = new double[x.Length];
            for (int j = 0; j < x.Length; j++)
            {
                y[j] = sorted[j] = x[j] - largest;
            }

            Array.Sort(sorted, (a, b) => b.CompareTo(a));
            «double» sum = 0.0, threshold = 0.0;
            for (int k = 0; k < x.Length; k++)
            {
                sum += sorted[k];
                if (!(1.0 + (k + 1) * «(double)»sorted[k] > sum))
                {
                    break;
                }

                threshold = (sum - 1.0) / (k + 1);
            }

            for (int j = 0; j < y.Length; j++)
            {
                y[j] = Math.Max(y[j] - (double)threshold, 0.0);
            }
            """),
        ["Deviations"] = Text("void", "ReadOnlySpan<double> x, Span<double> y", """
            double mean = SumOf(x) / x.Length;
            for (int i = 0; i < x.Length; i++)
            {
                y[i] = x[i] - mean;
            }
            """),
        ["Variance"] = Text("ReadOnlySpan<double> x, double freedom", """
            Span<double> deviations = x.Length <= 256 ? stackalloc double[x.Length] : new double[x.Length];
            Deviations(x, deviations);
            foreach (ref double deviation in deviations)
            {
                deviation *= deviation;
            }

            return SumOf(deviations) / freedom;
            """),
        ["StandardDeviation"] = Text("ReadOnlySpan<double> x, double freedom", """
            Span<double> deviations = x.Length <= 256 ? stackalloc double[x.Length] : new double[x.Length];
            Deviations(x, deviations);
            return Norm(deviations, 2.0) / Math.Sqrt(freedom);
            """),
        ["Norm"] = Text("ReadOnlySpan<double> x, double order", """
            double largest = 0.0, smallest = double.PositiveInfinity, count = 0.0;
            foreach (double element in x)
            {
                largest = Math.Max(largest, Math.Abs(element));
                smallest = Math.Min(smallest, Math.Abs(element));
                count += element == 0.0 ? 0.0 : 1.0;
            }

            if (order == 0.0 || x.IsEmpty)
            {
                return order == 0.0 ? count : order > 0.0 ? 0.0 : double.PositiveInfinity;
            }

            if (double.IsInfinity(order) || double.IsNaN(largest))
            {
                return double.IsNegativeInfinity(order) && !double.IsNaN(largest) ? smallest : largest;
            }

            if (largest == 0.0 || double.IsInfinity(largest))
            {
                return order > 0.0 ? largest : 0.0;
            }

            bool rescale = Math.Abs((double)Math.ILogB(largest)) * Math.Max(1.0, Math.Abs(order)) > 255.0;
            if (order == 2.0 && !rescale)
            {
                return Math.Sqrt(SumOfProducts(x, x));
            }

            int exponent = rescale ? -Math.ILogB(largest) : 0;
            double first = Math.ScaleB(1.0, exponent / 2), second = Math.ScaleB(1.0, exponent - exponent / 2);
            Span<double> powers = x.Length <= 256 ? stackalloc double[x.Length] : new double[x.Length];
            for (int i = 0; i < x.Length; i++)
            {
                double size = Math.Abs(x[i] * first * second);
                powers[i] = order == 1.0 ? size : order == 2.0 ? size * size : order == 3.0 ? size * size * size : order == -1.0 ? 1.0 / size : order == 0.5 ? Math.Sqrt(size) : Pow(size, order);
            }

            double sum = SumOf(powers);
            double norm = order == 2.0 ? Math.Sqrt(sum) : order == 1.0 ? sum : order == 0.5 ? sum * sum : Math.Pow(sum, 1.0 / order);
            return norm / first / second;
            """),
        ["Normalize"] = Text("void", "ReadOnlySpan<double> x, double norm, double order, Span<double> y", """
            double largest = 0.0;
            foreach (double element in x)
            {
                largest = double.IsNormal(norm) ? 0.0 : Math.Max(largest, Math.Abs(element));
            }

            if (largest == 0.0 || double.IsNaN(largest))
            {
                for (int i = 0; i < x.Length; i++)
                {
                    y[i] = x[i] / norm;
                }

                return;
            }

            int exponent = double.IsInfinity(largest) ? 0 : -Math.ILogB(largest);
            double first = Math.ScaleB(1.0, exponent / 2), second = Math.ScaleB(1.0, exponent - exponent / 2);
            for (int i = 0; i < x.Length; i++)
            {
                y[i] = !double.IsInfinity(largest) ? x[i] * first * second : double.IsInfinity(x[i]) ? Math.CopySign(1.0, x[i]) : 0.0;
            }

            double own = Norm(y, order);
            for (int i = 0; i < x.Length; i++)
            {
                y[i] /= own;
            }
            """),
        ["InverseDeviation"] = Text("ReadOnlySpan<double> x, double epsilon, bool centered", """
            Span<double> deviations = x.Length <= 256 ? stackalloc double[x.Length] : new double[x.Length];
            return Deviate(x, epsilon, centered, deviations);
            """),
        ["Deviate"] = Text("ReadOnlySpan<double> x, double epsilon, bool centered, Span<double> y", """
            if (centered)
            {
                Deviations(x, y);
            }
            else
            {
                x.CopyTo(y);
            }

            double square = SumOfProducts(y, y) / x.Length;
            if (double.IsNormal(square))
            {
                return 1.0 / Math.Sqrt(square + epsilon);
            }

            double deviation = double.Hypot(Norm(y, 2.0) / Math.Sqrt(x.Length), Math.Sqrt(epsilon));
            return deviation == 0.0 ? 0.0 : 1.0 / deviation;
            """),
        ["Standardize"] = Text("void", "ReadOnlySpan<double> x, double epsilon, bool centered, Span<double> y", """
            double factor = Deviate(x, epsilon, centered, y);
            foreach (ref double element in y)
            {
                element *= factor;
            }
            """),
        ["StandardizeProduct"] = Text("void", "ReadOnlySpan<double> v, ReadOnlySpan<double> x, double epsilon, bool centered, Span<double> z", """
            double factor = Deviate(x, epsilon, centered, z);
            foreach (ref double element in z)
            {
                element *= factor;
            }

            double slope = SumOfProducts(v, z) / x.Length, mean = centered ? SumOf(v) / x.Length : 0.0;
            for (int i = 0; i < z.Length; i++)
            {
                z[i] = (v[i] - z[i] * slope - mean) * factor;
            }
            """),
        ["StandardizeAndScale"] = Text("void", "ReadOnlySpan<double> x, ReadOnlySpan<double> w, double epsilon, bool centered, Span<double> y", """
            Standardize(x, epsilon, centered, y);
            for (int i = 0; i < y.Length; i++)
            {
                y[i] *= w[i];
            }
            """),
        ["StandardizeScaleAndShift"] = Text("void", "ReadOnlySpan<double> x, ReadOnlySpan<double> w, ReadOnlySpan<double> b, double epsilon, bool centered, Span<double> y", """
            StandardizeAndScale(x, w, epsilon, centered, y);
            for (int i = 0; i < y.Length; i++)
            {
                y[i] += b[i];
            }
            """),
        ["ScaledProducts"] = Text("void", "ReadOnlySpan<double> g, ReadOnlySpan<double> x, ReadOnlySpan<double> w, double epsilon, bool centered, Span<double> z", """
            // Rows of the cotangent of x, one of that of w, and one of that of what was added.
            int columns = w.Length;
            double[] scaled = new double[columns], products = new double[g.Length];
            for (int row = 0; row < g.Length; row += columns)
            {
                Standardize(x.Slice(row, columns), epsilon, centered, products.AsSpan(row, columns));
                for (int i = 0; i < columns; i++)
                {
                    scaled[i] = g[row + i] * w[i];
                    products[row + i] = g[row + i] * products[row + i];
                }

                StandardizeProduct(scaled, x.Slice(row, columns), epsilon, centered, z.Slice(row, columns));
            }

            for (int i = 0; i < columns; i++)
            {
                z[g.Length + i] = SumOfColumn(products, i, columns);
                z[g.Length + columns + i] = SumOfColumn(g, i, columns);
            }
            """),
        ["SumOfColumn"] = Text("ReadOnlySpan<double> x, int column, int columns", """
            return Sum(x, column, x.Length / columns, columns);
            """),
        ["CumSum"] = Text("void", "ReadOnlySpan<double> x, int count, int inner, bool reverse, Span<double> y", """
            for (int i = 0; i < x.Length / count; i++)
            {
                int start = i / inner * count * inner + i % inner;
                «double» sum = 0.0;
                for (int k = 0; k < count; k++)
                {
                    int place = start + (reverse ? count - 1 - k : k) * inner;
                    sum = k == 0 ? x[place] : sum + x[place];
                    y[place] = (double)sum;
                }
            }
            """),
        ["Recurrence"] = Text("void", "ReadOnlySpan<double> a, ReadOnlySpan<double> b, int count, bool reverse, Span<double> y", """
            for (int start = 0; start < y.Length; start += count)
            {
                «double» state = 0.0;
                for (int k = 0; k < count; k++)
                {
                    int place = start + (reverse ? count - 1 - k : k);
                    state = k == 0 ? b[place] : a[place] * state + b[place];
                    y[place] = (double)state;
                }
            }
            """),
    };

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
}
