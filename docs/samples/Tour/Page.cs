using System.Globalization;
using System.Text;
using AutoDiff;

namespace Tour;

/// <summary>Writes a page with two plots, as SVG inside of HTML: the loss over the steps, and the probability that the network gives to each place of the plane.</summary>
internal static class Page
{
    private const int Size = 480;
    private const int Margin = 60;

    /// <summary>The colors of the two classes, and of the levels of probability between them.</summary>
    private static readonly string[] Levels = ["#92c5de", "#b8d8e9", "#dcebf4", "#fbe3d4", "#f9cdb4", "#f4a582"];
    private static readonly string[] Classes = ["#0571b0", "#ca0020"];

    public static void Write(string path, List<double> losses, Tensor<double> points, Tensor<double> labels, Func<Tensor<double>, Tensor<double>> probability)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $$"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <title>Two spirals</title>
            <style>
            body { font: 15px/1.4 system-ui, sans-serif; margin: 2em; color: #222; }
            figure { display: inline-block; margin: 0 2em 1em 0; }
            figcaption { text-align: center; }
            svg text { font: 12px system-ui, sans-serif; fill: #444; }
            </style>
            </head>
            <body>
            <h1>A network learns two spirals</h1>
            <figure>{{LossCurve(losses)}}<figcaption>Loss (cross-entropy) over the steps, logarithmic</figcaption></figure>
            <figure>{{DecisionBoundary(points, labels, probability)}}<figcaption>Probability of the red class; the boundary is where the colours meet</figcaption></figure>
            </body>
            </html>

            """);
    }

    /// <summary>The losses as a line over a logarithmic axis with one grid line for each power of ten.</summary>
    private static string LossCurve(List<double> losses)
    {
        int top = (int)Math.Ceiling(Math.Log10(losses.Max()));
        int bottom = (int)Math.Floor(Math.Log10(losses.Min()));
        double Across(double step) => Margin + (step / losses.Count * (Size - (2 * Margin)));
        double Down(double loss) => Margin + ((top - Math.Log10(loss)) / (top - bottom) * (Size - (2 * Margin)));

        StringBuilder svg = OpenSvg();
        for (int power = bottom; power <= top; power++)
        {
            double y = Down(Math.Pow(10, power));
            Append(svg, $"<line x1='{Margin}' y1='{y:0.#}' x2='{Size - Margin}' y2='{y:0.#}' stroke='#ddd'/>");
            Append(svg, $"<text x='{Margin - 8}' y='{y + 4:0.#}' text-anchor='end'>{Math.Pow(10, power)}</text>");
        }

        for (int quarter = 0; quarter <= 4; quarter++)
        {
            int step = losses.Count * quarter / 4;
            Append(svg, $"<text x='{Across(step):0.#}' y='{Size - Margin + 20}' text-anchor='middle'>{step}</text>");
        }

        IEnumerable<string> vertices = losses.Select((loss, i) => string.Create(CultureInfo.InvariantCulture, $"{Across(i + 1):0.##},{Down(loss):0.##}"));
        Append(svg, $"<polyline fill='none' stroke='{Classes[0]}' stroke-width='1.5' points='{string.Join(' ', vertices)}'/>");
        return svg.Append("</svg>").ToString();
    }

    /// <summary>The plane in cells colored by probability (equal neighbors in one rectangle), and the points on it.</summary>
    private static string DecisionBoundary(Tensor<double> points, Tensor<double> labels, Func<Tensor<double>, Tensor<double>> probability)
    {
        const int cells = 160;
        const double extent = 1.15;
        const double cell = (double)Size / cells;
        double Place(double coordinate) => (coordinate + extent) / (2 * extent) * Size;

        // All cells go through the network as one batch: their centers [cells², 2] row by row, from the top.
        Tensor<double> axis = Tensor.LinearSpace(-extent, extent, cells);
        Tensor<double> across = axis.ExpandDims(0).BroadcastTo(cells, cells);
        Tensor<double> up = axis.Flip().ExpandDims(1).BroadcastTo(cells, cells);
        double[] p = probability(Tensor.Stack([across.Flatten(), up.Flatten()], 1)).ToArray();

        StringBuilder svg = OpenSvg();
        for (int row = 0; row < cells; row++)
        {
            for (int start = 0, end = 0; start < cells; start = end)
            {
                int level = Level(p[(row * cells) + start]);
                while (end < cells && Level(p[(row * cells) + end]) == level)
                {
                    end++;
                }

                Append(svg, $"<rect x='{start * cell:0.#}' y='{row * cell:0.#}' width='{(end - start) * cell:0.#}' height='{cell:0.#}' fill='{Levels[level]}'/>");
            }
        }

        for (int i = 0; i < labels.Length; i++)
        {
            Append(svg, $"<circle cx='{Place(points.At(i, 0)):0.#}' cy='{Place(-points.At(i, 1)):0.#}' r='2.5' fill='{Classes[(int)labels.At(i)]}'/>");
        }

        return svg.Append("</svg>").ToString();
    }

    private static int Level(double probability) => Math.Min((int)(probability * Levels.Length), Levels.Length - 1);

    private static StringBuilder OpenSvg() =>
        new($"<svg width='{Size}' height='{Size}' viewBox='0 0 {Size} {Size}' shape-rendering='geometricPrecision'>\n");

    /// <summary>Appends a line with its numbers as SVG wants them, whatever the culture.</summary>
    private static void Append(StringBuilder svg, FormattableString line) => svg.Append(FormattableString.Invariant(line)).Append('\n');
}
