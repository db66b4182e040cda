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
