using System.Globalization;
using System.Text;
using AutoDiff;

namespace Tour;

/// <summary>Writes a page with two plots, as SVG inside of HTML: the loss over the steps, and the probability that the network gives to each place of the plane.</summary>
internal static class Page
{
    private const int Side = 400;
    private const int Left = 76;
    private const int Top = 12;
    private const int Right = 24;
    private const int Bottom = 58;

    public static void Write(string path, List<double> losses, Tensor<double> points, Tensor<double> labels, Func<Tensor<double>, Tensor<double>> probability)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $$"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>Two spirals</title>
            <style>
            body { font: 15px/1.4 system-ui, sans-serif; max-width: 1180px; margin: 0 auto; padding: 1em 1.2em 2em; color: #1c2433; background: #fff; }
            main { display: flex; flex-wrap: wrap; gap: 2em; justify-content: center; }
            figure { flex: 1 1 300px; max-width: 560px; margin: 0; }
            figcaption { text-align: center; }
            svg { width: 100%; height: auto; }
            svg text { font: 16px system-ui, sans-serif; fill: #4a5875; }
            .grid { stroke: #e3e7ee; } .frame { stroke: #9aa5b8; fill: none; } .curve { stroke: #0b63b8; fill: none; stroke-width: 2; }
            .area0, .area1 { shape-rendering: crispEdges; } .area0 { fill: #d8e8f7; } .area1 { fill: #fbe2d6; } .class0 { fill: #0b63b8; } .class1 { fill: #c4501b; }
            @media (prefers-color-scheme: dark) {
              body { color: #e8ecf5; background: #11161f; }
              svg text { fill: #a9b6d3; }
              .grid { stroke: #262e3b; } .frame { stroke: #5d6a80; } .curve { stroke: #6cb2ff; }
              .area0 { fill: #17324d; } .area1 { fill: #46291a; } .class0 { fill: #6cb2ff; } .class1 { fill: #ff9d5c; }
            }
            </style>
            </head>
            <body>
            <h1>A network learns two spirals</h1>
            <main>
            <figure>{{LossCurve(losses)}}<figcaption>Cross-entropy over the steps of training, on a logarithmic axis</figcaption></figure>
            <figure>{{DecisionBoundary(points, labels, probability)}}<figcaption>The two classes; the colors meet where the network takes both for equally likely</figcaption></figure>
            </main>
            </body>
            </html>

            """);
    }

    /// <summary>The losses as a line over a logarithmic axis with one grid line for each power of ten.</summary>
    private static string LossCurve(List<double> losses)
    {
        int top = (int)Math.Ceiling(Math.Log10(losses.Max()));
        int bottom = (int)Math.Floor(Math.Log10(losses.Min()));
        double Across(double step) => Left + (step / losses.Count * Side);
        double Down(double loss) => Top + ((top - Math.Log10(loss)) / (top - bottom) * Side);

        StringBuilder svg = OpenSvg();
        for (int power = bottom; power <= top; power++)
        {
            double y = Down(Math.Pow(10, power));
            Append(svg, $"<line x1='{Left}' y1='{y:0.#}' x2='{Left + Side}' y2='{y:0.#}' class='grid'/>");
            Append(svg, $"<text x='{Left - 8}' y='{y + 5:0.#}' text-anchor='end'>{Math.Pow(10, power)}</text>");
        }

        for (int quarter = 0; quarter <= 4; quarter++)
        {
            int step = losses.Count * quarter / 4;
            Append(svg, $"<text x='{Across(step):0.#}' y='{Top + Side + 22}' text-anchor='middle'>{step}</text>");
        }

        IEnumerable<string> vertices = losses.Select((loss, i) => string.Create(CultureInfo.InvariantCulture, $"{Across(i + 1):0.##},{Down(loss):0.##}"));
        Append(svg, $"<polyline class='curve' points='{string.Join(' ', vertices)}'/>");
        return Framed(svg, "step", "loss");
    }

    /// <summary>The plane in two colors (equal neighbors in one rectangle), and the points on it.</summary>
    private static string DecisionBoundary(Tensor<double> points, Tensor<double> labels, Func<Tensor<double>, Tensor<double>> probability)
    {
        const int cells = 240;
        const double extent = 1.15;
        const double cell = (double)Side / cells;
        double Across(double x) => Left + ((x + extent) / (2 * extent) * Side);
        double Down(double y) => Top + ((extent - y) / (2 * extent) * Side);

        // All cells go through the network as one batch: their centers [cells², 2] row by row, from the top.
        Tensor<double> axis = Tensor.LinearSpace(-extent, extent, cells);
        Tensor<double>[] grid = Tensor.Meshgrid(axis.Flip(), axis);
        double[] p = probability(Tensor.Stack([grid[1].Flatten(), grid[0].Flatten()], 1)).ToArray();

        StringBuilder svg = OpenSvg();
        for (int row = 0; row < cells; row++)
        {
            for (int start = 0, end = 0; start < cells; start = end)
            {
                bool second = p[(row * cells) + start] > 0.5;
                while (end < cells && p[(row * cells) + end] > 0.5 == second)
                {
                    end++;
                }

                Append(svg, $"<rect class='area{(second ? 1 : 0)}' x='{Left + (start * cell):0.##}' y='{Top + (row * cell):0.##}' width='{(end - start) * cell:0.##}' height='{cell * 1.1:0.##}'/>");
            }
        }

        for (int i = 0; i < labels.Length; i++)
        {
            Append(svg, $"<circle class='class{(int)labels.At(i)}' cx='{Across(points.At(i, 0)):0.#}' cy='{Down(points.At(i, 1)):0.#}' r='3'/>");
        }

        foreach (double tick in (double[])[-1, -0.5, 0, 0.5, 1])
        {
            Append(svg, $"<line x1='{Across(tick):0.#}' y1='{Top + Side}' x2='{Across(tick):0.#}' y2='{Top + Side + 5}' class='frame'/>");
            Append(svg, $"<text x='{Across(tick):0.#}' y='{Top + Side + 22}' text-anchor='middle'>{tick}</text>");
            Append(svg, $"<line x1='{Left - 5}' y1='{Down(tick):0.#}' x2='{Left}' y2='{Down(tick):0.#}' class='frame'/>");
            Append(svg, $"<text x='{Left - 8}' y='{Down(tick) + 5:0.#}' text-anchor='end'>{tick}</text>");
        }

        return Framed(svg, "x", "y");
    }

    /// <summary>Closes a plot with its frame and the names of its axes.</summary>
    private static string Framed(StringBuilder svg, string across, string up)
    {
        Append(svg, $"<rect class='frame' x='{Left}' y='{Top}' width='{Side}' height='{Side}'/>");
        Append(svg, $"<text x='{Left + (Side / 2)}' y='{Top + Side + 46}' text-anchor='middle'>{across}</text>");
        Append(svg, $"<text transform='translate(14 {Top + (Side / 2)}) rotate(-90)' text-anchor='middle'>{up}</text>");
        return svg.Append("</svg>").ToString();
    }

    private static StringBuilder OpenSvg() =>
        new($"<svg viewBox='0 0 {Left + Side + Right} {Top + Side + Bottom}' shape-rendering='geometricPrecision'>\n");

    /// <summary>Appends a line with its numbers as SVG wants them, whatever the culture.</summary>
    private static void Append(StringBuilder svg, FormattableString line) => svg.Append(FormattableString.Invariant(line)).Append('\n');
}
