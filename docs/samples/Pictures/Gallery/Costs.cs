using System.Globalization;
using AutoDiff.Benchmarks;
using Pictures.Drawing;

namespace Pictures.Gallery;

/// <summary>What a unit of work costs against how much of it there is: the file of the curves that the benchmarks measure.</summary>
internal static class Costs
{
    private static readonly (string Title, string Across, string[] Families)[] s_plots =
    [
        ("By elements", "elements", ["elementwise", "reduction", "gather", "scan"]),
        ("By orders of matrices", "order", ["matrix product", "Cholesky", "LU", "QR"]),
        ("By records, columns, variables", "records, columns, variables", ["sweep", "sparse Jacobian", "Hessian"]),
    ];

    public static string Draw()
    {
        ILookup<string, string[]> rows = ResultFile.Parse(File.ReadAllText(ResultFile.PathOf(".", "curves"))).Rows.ToLookup(static row => row[0]);
        Plot[] plots = [.. s_plots.Select(plot => plot.Families.Index().Aggregate(new Plot(plot.Title, plot.Across, "ns a unit of work, one thread") { LogAcross = true, LogUp = true }, (drawn, family) =>
        {
            (double X, double Y)[] points = [.. rows[family.Item].Where(static row => row[2] == "1").Select(static row => (Number(row[1]), Number(row[5])))];
            return drawn.Line(points, family.Index, family.Item).Points(points, family.Index);
        }))];
        return Figure.Of("Cost against size", "Three plots of nanoseconds a unit of work against size, for families of operations: the curves fall to a level and stay there.", 1_180, 380, plots);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
