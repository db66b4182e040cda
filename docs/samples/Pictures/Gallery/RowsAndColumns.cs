using AutoDiff;
using Pictures.Drawing;

namespace Pictures.Gallery;

/// <summary>A backward sweep gives a row of the Jacobian, a forward sweep a column: with the numbers of a function of two variables.</summary>
internal static class RowsAndColumns
{
    private const double Cell = 64, Side = 40;

    public static string Draw()
    {
        static Tensor<double> F(Tensor<double> x) => Tensor.Stack([x[0] * x[1], x[0].Sin(), x[1] * x[1]]);
        Tensor<double> x = Tensor.Create(1, 2), u = Tensor.Create(0, 0, 1), v = Tensor.Create(1, 0);
        Tensor<double> jacobian = Differentiate.Jacobian(F, x);
        var svg = new Svg(860, 300, "Rows and columns of a Jacobian", "A backward sweep multiplies a row of numbers from the left and gives a row of the Jacobian; a forward sweep multiplies a column from the right and gives a column.");
        svg.Text(30, 36, "y = (x₁x₂, sin x₁, x₂²) at x = (1, 2)", bold: true, size: 15);

        // From the left: uᵀ J, a row.
        svg.Text(30, 70, "A backward sweep: uᵀ J is a row", classes: "f1", bold: true);
        Matrix(svg, 30, 148, u.ExpandDims(0), "l1", _ => true, "uᵀ");
        svg.Text(30 + (3 * Cell) + 12, 174, "·", size: 20);
        Matrix(svg, 250, 108, jacobian, "l1", place => place.Row == 2, "J");
        Matrix(svg, 250, 108 + (3 * Side) + 22, Differentiate.Vjp(F, x, u).ExpandDims(0), "l1", _ => true, null);
        svg.Text(242, 108 + (3 * Side) + 48, "=", "end", size: 18);

        // From the right: J v, a column.
        svg.Text(470, 70, "A forward sweep: J v is a column", classes: "f2", bold: true);
        Matrix(svg, 470, 108, jacobian, "l2", place => place.Column == 0, "J");
        svg.Text(470 + (2 * Cell) + 10, 174, "·", size: 20);
        Matrix(svg, 630, 128, v.ExpandDims(1), "l2", _ => true, "v");
        svg.Text(630 + Cell + 20, 174, "=", "middle", size: 18);
        Matrix(svg, 734, 108, Differentiate.Jvp(F, x, v).ExpandDims(1), "l2", _ => true, null);
        svg.Text(470, 108 + (3 * Side) + 48, "Fewer outputs than inputs: rows. Fewer inputs: columns.", classes: "soft");
        return svg.ToString();
    }

    private static void Matrix(Svg svg, double left, double top, Tensor<double> values, string chosen, Func<(int Row, int Column), bool> isChosen, string? name)
    {
        for (int i = 0; i < values.Shape[0]; i++)
        {
            for (int j = 0; j < values.Shape[1]; j++)
            {
                (double x, double y) = (left + (j * Cell), top + (i * Side));
                svg.Rectangle(x, y, Cell, Side, isChosen((i, j)) ? chosen : "page");
                svg.Rectangle(x, y, Cell, Side, "line frame");
                svg.Text(x + (Cell / 2), y + 25, FormattableString.Invariant($"{values.At(i, j):0.###}"), "middle", size: 15);
            }
        }

        if (name is not null)
        {
            svg.Text(left + (values.Shape[1] * Cell / 2), top - 8, name, "middle", "soft");
        }
    }
}
