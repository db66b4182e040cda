using AutoDiff;
using Pictures.Drawing;

namespace Pictures.Gallery;

/// <summary>Coloring: columns that meet in no row share a sweep.</summary>
internal static class Coloring
{
    private const double Cell = 26;

    public static string Draw()
    {
        const int n = 10;
        var jacobian = new SparseJacobian<double>(x => (x[2..] - (2 * x[1..^1]) + x[..^2]).Sin());
        SparseMatrix<double> matrix = jacobian.Evaluate(Tensor.LinearSpace(0, 1, n));
        SparsityPattern pattern = matrix.Pattern;
        int colors = jacobian.Colors;
        var svg = new Svg(860, 330, "Coloring a sparse Jacobian", $"A matrix of {pattern.Rows} rows and {n} columns with three nonzeros in a row; its columns have {colors} colors, and columns of one color are added into one.");
        svg.Text(30, 36, $"Columns of one color meet in no row: {colors} sweeps give all {n} columns", bold: true, size: 15);

        // The columns of this pattern take the colors in turn.
        for (int row = 0; row < pattern.Rows; row++)
        {
            for (int column = 0; column < n; column++)
            {
                (double x, double y) = (60 + (column * Cell), 84 + (row * Cell));
                svg.Rectangle(x, y, Cell, Cell, pattern.Row(row).Contains(column) ? $"f{column % colors}" : "page");
                svg.Rectangle(x, y, Cell, Cell, "line frame");
            }

            foreach (int column in pattern.Row(row))
            {
                (double x, double y) = (560 + (column % colors * 2.2 * Cell), 84 + (row * Cell));
                svg.Rectangle(x, y, 2.2 * Cell, Cell, $"f{column % colors}");
                svg.Rectangle(x, y, 2.2 * Cell, Cell, "line frame");
                svg.Add($"<text class=\"page\" x=\"{x + (1.1 * Cell):0.##}\" y=\"{y + 18:0.##}\" text-anchor=\"middle\">{row + 1},{column + 1}</text>");
            }
        }

        svg.Text(60 + (n * Cell / 2), 76, "J, with its nonzeros", "middle", "soft");
        svg.Text(560 + (colors * 1.1 * Cell), 76, "J times one vector for each color", "middle", "soft");
        svg.Text(432, 84 + (pattern.Rows * Cell / 2) + 6, "→", "middle", size: 30);
        svg.Text(60, 84 + (pattern.Rows * Cell) + 26, "Every number on the right is one element of J: row, column.", classes: "soft");
        return svg.ToString();
    }
}
