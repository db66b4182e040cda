namespace AutoDiff;

/// <content>Places of elements that their order tells, and what is at places. A place is a whole number.</content>
internal sealed partial class CSharpHelpers
{
    private static Dictionary<string, Func<string, string>> PlaceFunctions => new()
    {
        ["PlacesInOrder"] = Text("void", "ReadOnlySpan<double> x, int n, int inner, int count, bool largestFirst, Span<double> places", """
            int[] order = new int[n];
            double[] line = new double[n];
            for (int i = 0; i < x.Length / n; i++)
            {
                int start = i / inner * n * inner + i % inner;
                for (int k = 0; k < n; k++)
                {
                    line[k] = x[start + k * inner];
                    order[k] = k;
                }

                // NaN counts as the largest; equal elements keep their order.
                Array.Sort(order, (a, b) =>
                {
                    int sign = double.IsNaN(line[a]) || double.IsNaN(line[b]) ? double.IsNaN(line[a]).CompareTo(double.IsNaN(line[b])) : line[a].CompareTo(line[b]);
                    return sign == 0 ? a - b : largestFirst ? -sign : sign;
                });
                for (int k = 0; k < count; k++)
                {
                    places[(i / inner * count + k) * inner + i % inner] = start + order[k] * inner;
                }
            }
            """),
        ["PlacesByMagnitude"] = Text("void", "ReadOnlySpan<double> x, int columns, Span<double> places", """
            // In order where products of some of a row may leave the range of the numbers on the way, though that of all does not.
            int range = Math.ILogB(double.MaxValue) - 1, bound = range / Math.Max(columns, 1);
            bool risky = false, leaves = false;
            for (int i = 0; i < x.Length; i++)
            {
                places[i] = i;
                risky |= x[i] != 0.0 && double.IsFinite(x[i]) && Math.Abs(Math.ILogB(x[i])) > bound;
            }

            for (int start = 0; risky && !leaves && start < x.Length; start += columns)
            {
                leaves = LeavesRange(x.Slice(start, columns), range);
            }

            for (int start = 0; leaves && start < x.Length; start += columns)
            {
                double[] magnitudes = new double[columns], own = places.Slice(start, columns).ToArray();
                for (int k = 0; k < columns; k++)
                {
                    magnitudes[k] = Math.Abs(x[start + k]);
                }

                Array.Sort(magnitudes, own);
                own.CopyTo(places.Slice(start, columns));
            }
            """),
        ["LeavesRange"] = Text("bool", "ReadOnlySpan<double> row, int range", """
            double above = 0.0, below = 0.0;
            foreach (double element in row)
            {
                if (element != 0.0 && double.IsFinite(element))
                {
                    double log = Math.Log2(Math.Abs(element));
                    above += Math.Max(log, 0.0);
                    below -= Math.Min(log, 0.0);
                }
            }

            double lost = 18 * 1.1 * range;
            return !(above < range && below < range || above < range && below - above > lost || below < range && above - below > lost);
            """),
        ["SortedLine"] = Text("int", "ReadOnlySpan<double> x, int start, int n, int inner, double[] line, int[] order", """
            // Equal elements keep their order, NaN come last; the number of numbers.
            int numbers = 0;
            for (int k = 0; k < n; k++)
            {
                line[k] = x[start + k * inner];
                order[k] = k;
                numbers += double.IsNaN(line[k]) ? 0 : 1;
            }

            Array.Sort(order, (a, b) =>
            {
                int sign = double.IsNaN(line[a]) || double.IsNaN(line[b]) ? double.IsNaN(line[a]).CompareTo(double.IsNaN(line[b])) : line[a].CompareTo(line[b]);
                return sign == 0 ? a - b : sign;
            });
            return numbers;
            """),
        ["PlacesOfKth"] = Text("void", "ReadOnlySpan<double> x, int n, int inner, int rank, Span<double> places", """
            int[] order = new int[n];
            double[] line = new double[n];
            for (int i = 0; i < places.Length; i++)
            {
                int start = i / inner * n * inner + i % inner;
                SortedLine(x, start, n, inner, line, order);
                places[i] = start + order[rank] * inner;
            }
            """),
        ["PlacesOfMedians"] = Text("void", "ReadOnlySpan<double> x, int n, int inner, bool ignoreNaN, Span<double> places", """
            int[] order = new int[n];
            double[] line = new double[n];
            for (int i = 0; i < places.Length; i++)
            {
                int start = i / inner * n * inner + i % inner, numbers = SortedLine(x, start, n, inner, line, order);
                places[i] = start + (numbers < n && !(ignoreNaN && numbers > 0) ? order[numbers] : order[(numbers - 1) / 2]) * inner;
            }
            """),
        ["PlacesOfModes"] = Text("void", "ReadOnlySpan<double> x, int n, int inner, Span<double> places", """
            int[] order = new int[n];
            double[] line = new double[n];
            for (int i = 0; i < places.Length; i++)
            {
                int start = i / inner * n * inner + i % inner, most = 0, run = 0;
                SortedLine(x, start, n, inner, line, order);
                int best = order[0];
                for (int k = 0; k < n; k++)
                {
                    run = k > 0 && line[order[k]] == line[order[k - 1]] ? run + 1 : 1;
                    if (run >= most && (run > most || line[order[k]] == line[best]))
                    {
                        (most, best) = (run, order[k]);
                    }
                }

                places[i] = start + best * inner;
            }
            """),
        ["PlacesOfQuantiles"] = Text("void", "ReadOnlySpan<double> x, int n, int inner, double fraction, bool ignoreNaN, Span<double> places", """
            int[] order = new int[n];
            double[] line = new double[n];
            for (int i = 0; i < places.Length / 2; i++)
            {
                int start = i / inner * n * inner + i % inner, numbers = SortedLine(x, start, n, inner, line, order);
                numbers = ignoreNaN || numbers == n ? numbers : 0;
                int lower = numbers == 0 ? 0 : (int)Math.Floor(fraction * (numbers - 1)), first = (i / inner * 2 * inner) + i % inner;
                places[first] = start + (numbers == 0 ? Array.FindIndex(line, double.IsNaN) : order[lower]) * inner;
                places[first + inner] = start + (numbers == 0 ? Array.FindIndex(line, double.IsNaN) : order[Math.Min(lower + 1, numbers - 1)]) * inner;
            }
            """),
        ["QuantileShares"] = Text("void", "ReadOnlySpan<double> x, int n, double fraction, int interpolation, bool ignoreNaN, Span<double> weights", """
            for (int i = 0; i < weights.Length / 2; i++)
            {
                int numbers = 0;
                foreach (double element in x.Slice(i * n, n))
                {
                    numbers += double.IsNaN(element) ? 0 : 1;
                }

                // Between its neighbors; the lower one, the higher one, the nearest one, their mean.
                numbers = ignoreNaN || numbers == n ? numbers : 0;
                double place = fraction * (numbers - 1), lower = Math.Floor(place);
                double share = interpolation == 0 ? place - lower : interpolation == 1 ? 0.0 : interpolation == 2 ? (place == lower ? 0.0 : 1.0) : interpolation == 3 ? Math.Round(place) - lower : place == lower ? 0.0 : 0.5;
                share = numbers == 0 ? 0.0 : share;
                weights[2 * i] = 1.0 - share;
                weights[2 * i + 1] = share;
            }
            """),
        ["PlacesOfExtremes"] = Text("void", "ReadOnlySpan<double> x, int n, int inner, bool largest, Span<double> places", """
            for (int i = 0; i < places.Length; i++)
            {
                int start = i / inner * n * inner + i % inner, best = start;
                for (int k = 1; k < n; k++)
                {
                    int next = start + k * inner;
                    best = double.IsNaN(x[best]) ? best : double.IsNaN(x[next]) || (largest ? x[next] > x[best] : x[next] < x[best]) ? next : best;
                }

                places[i] = best;
            }
            """),
        ["PlacesOfRunningExtremes"] = Text("void", "ReadOnlySpan<double> x, int n, int inner, bool largest, Span<double> places", """
            for (int i = 0; i < x.Length / n; i++)
            {
                int start = i / inner * n * inner + i % inner, best = start;
                for (int k = 0; k < n; k++)
                {
                    int next = start + k * inner;
                    best = double.IsNaN(x[best]) ? best : double.IsNaN(x[next]) || (largest ? x[next] >= x[best] : x[next] <= x[best]) ? next : best;
                    places[next] = best;
                }
            }
            """),
        ["Pick"] = Text("void", "ReadOnlySpan<double> x, ReadOnlySpan<double> places, int extent, int inner, Span<double> y", """
            int length = places.Length * inner;
            for (int i = 0; i < y.Length; i++)
            {
                y[i] = x[(i / length * extent + (int)places[i % length / inner]) * inner + i % inner];
            }
            """),
        ["PutBack"] = Text("void", "ReadOnlySpan<double> x, ReadOnlySpan<double> places, int extent, int inner, Span<double> y", """
            int length = places.Length * inner;
            for (int i = 0; i < x.Length; i++)
            {
                y[(i / length * extent + (int)places[i % length / inner]) * inner + i % inner] = x[i];
            }
            """),
        ["AddPicked"] = Text("void", "ReadOnlySpan<double> x, ReadOnlySpan<double> places, int extent, int inner, Span<double> y", """
            int length = places.Length * inner;
            for (int i = 0; i < y.Length; i++)
            {
                y[i] += x[(i / length * extent + (int)places[i % length / inner]) * inner + i % inner];
            }
            """),
        ["AddBack"] = Text("void", "ReadOnlySpan<double> x, ReadOnlySpan<double> places, int extent, int inner, Span<double> y", """
            int length = places.Length * inner;
            for (int i = 0; i < x.Length; i++)
            {
                y[(i / length * extent + (int)places[i % length / inner]) * inner + i % inner] += x[i];
            }
            """),
    };
}
