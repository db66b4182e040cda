using System.Globalization;

namespace Pictures.Drawing;

/// <summary>A plot: an axis across and one up, and marks in the order in which they are added.</summary>
internal sealed class Plot(string title, string across, string up)
{
    private readonly List<Action<Svg, Func<double, double>, Func<double, double>>> marks = [];
    private readonly List<(string Label, string Classes, string? Line)> legend = [];
    private (double Low, double High) x = (double.PositiveInfinity, double.NegativeInfinity), y = (double.PositiveInfinity, double.NegativeInfinity);

    /// <summary>Whether the axis across is logarithmic.</summary>
    public bool LogAcross { get; init; }

    /// <summary>Whether the axis up is logarithmic.</summary>
    public bool LogUp { get; init; }

    /// <summary>The range across; what the marks need unless given.</summary>
    public (double Low, double High)? Across { get; init; }

    /// <summary>The range up; what the marks need unless given.</summary>
    public (double Low, double High)? Up { get; init; }

    /// <summary>Names in place of numbers at 0, 1, ... along the axis across.</summary>
    public string[]? Names { get; init; }

    /// <summary>Whether the axes have ticks.</summary>
    public bool Ticks { get; init; } = true;

    public Plot Line(IEnumerable<(double X, double Y)> points, int color, string? label = null, bool dashed = false, double width = 2)
    {
        string dashes = dashed ? " stroke-dasharray=\"6 4\"" : "";
        (double X, double Y)[] all = Note(points, label, $"s{color}", dashes);
        marks.Add((svg, across, up) => svg.Add(
            $"<polyline class=\"line s{color}\" stroke-width=\"{width}\" stroke-linejoin=\"round\"{dashes} points=\"{string.Join(' ', all.Select(point => Pair(across(point.X), up(point.Y))))}\"/>"));
        return this;
    }

    public Plot Points(IEnumerable<(double X, double Y)> points, int color, string? label = null, double radius = 3, double opacity = 1)
    {
        (double X, double Y)[] all = Note(points, label, $"f{color}", null);
        marks.Add((svg, across, up) =>
        {
            svg.Add($"<g class=\"mark f{color}\" fill-opacity=\"{opacity}\">");
            foreach ((double x, double y) in all)
            {
                svg.Add($"<circle cx=\"{across(x):0.#}\" cy=\"{up(y):0.#}\" r=\"{radius}\"/>");
            }

            svg.Add($"</g>");
        });
        return this;
    }

    public Plot Band(IEnumerable<(double X, double Low, double High)> points, int color, string? label = null)
    {
        (double X, double Low, double High)[] all = [.. points];
        Note(all.SelectMany(point => new[] { (point.X, point.Low), (point.X, point.High) }), label, $"l{color}", null);
        marks.Add((svg, across, up) => svg.Add(
            $"<polygon class=\"mark l{color}\" points=\"{string.Join(' ', all.Select(point => Pair(across(point.X), up(point.High))).Concat(all.Reverse().Select(point => Pair(across(point.X), up(point.Low)))))}\"/>"));
        return this;
    }

    /// <summary>A bar at each of 0, 1, ...</summary>
    public Plot Bars(IEnumerable<double> heights, int color, string? label = null)
    {
        double[] all = [.. heights];
        Note(all.SelectMany((height, i) => new[] { (i - 0.5, 0.0), (i + 0.5, height) }), label, $"f{color}", null);
        marks.Add((svg, across, up) =>
        {
            for (int i = 0; i < all.Length; i++)
            {
                svg.Rectangle(across(i - 0.38), Math.Min(up(all[i]), up(0)), across(i + 0.38) - across(i - 0.38), Math.Abs(up(all[i]) - up(0)), $"mark f{color}");
            }
        });
        return this;
    }

    /// <summary>Filled rectangles in the coordinates of the axes.</summary>
    public Plot Rectangles(IEnumerable<(double X, double Y, double Width, double Height)> rectangles, string classes)
    {
        (double X, double Y, double Width, double Height)[] all = [.. rectangles];
        Note(all.SelectMany(r => new[] { (r.X, r.Y), (r.X + r.Width, r.Y + r.Height) }), null, classes, null);
        marks.Add((svg, across, up) =>
        {
            foreach ((double x, double y, double width, double height) in all)
            {
                svg.Rectangle(across(x), Math.Min(up(y), up(y + height)), across(x + width) - across(x), Math.Abs(up(y + height) - up(y)), classes);
            }
        });
        return this;
    }

    /// <summary>Draws the plot into a part of a picture.</summary>
    public void Draw(Svg svg, double left, double top, double width, double height)
    {
        (double x0, double x1, double y0, double y1) = (left + (Ticks ? 62 : 20), left + width - 18, top + (legend.Count > 0 ? 60 : 40), top + height - (Ticks ? 50 : 36));
        (x, y) = (Across ?? Widened(x, LogAcross, Names is null ? 0.02 : 0), Up ?? Widened(y, LogUp, 0.05));
        double At(double value) => x0 + (Place(value, x, LogAcross) * (x1 - x0));
        double Over(double value) => y1 - (Place(value, y, LogUp) * (y1 - y0));

        svg.Text(left + 20, top + 24, title, bold: true, size: 15);
        foreach (double tick in Ticks ? Marks(y, LogUp, 5) : [])
        {
            svg.Line(x0, Over(tick), x1, Over(tick), "grid");
            svg.Text(x0 - 8, Over(tick) + 4, Number(tick, LogUp), "end", "soft", 12);
        }

        IEnumerable<(double Place, string Name)> ticks = !Ticks ? [] : Names is { } names ? names.Select((name, i) => ((double)i, name)).Where(tick => tick.name.Length > 0) : Marks(x, LogAcross, x1 - x0 < 280 ? 2 : 5).Select(tick => (tick, Number(tick, LogAcross)));
        foreach ((double place, string name) in ticks)
        {
            svg.Line(At(place), y1, At(place), y1 + 4, "frame");

            // A long number at the right end would reach over the edge.
            svg.Text(Math.Min(At(place), left + width - (3.6 * name.Length)), y1 + 19, name, "middle", "soft", 12);
        }

        foreach (Action<Svg, Func<double, double>, Func<double, double>> mark in marks)
        {
            mark(svg, At, Over);
        }

        svg.Rectangle(x0, y0, x1 - x0, y1 - y0, "line frame");
        svg.Text((x0 + x1) / 2, y1 + (Ticks ? 39 : 22), across, "middle", "soft");
        svg.Add($"<text class=\"soft\" text-anchor=\"middle\" transform=\"translate({left + 14:0.#} {(y0 + y1) / 2:0.#}) rotate(-90)\">{up}</text>");
        double entry = x0;
        foreach ((string label, string classes, string? line) in legend)
        {
            if (line is not null)
            {
                svg.Add($"<line class=\"{classes}\" stroke-width=\"3\"{line} x1=\"{entry:0.#}\" y1=\"{top + 44}\" x2=\"{entry + 18:0.#}\" y2=\"{top + 44}\"/>");
            }
            else
            {
                svg.Add($"<circle class=\"{classes} {(classes[0] == 'l' ? "frame" : "mark")}\" cx=\"{entry + 9:0.#}\" cy=\"{top + 44}\" r=\"5\"/>");
            }

            svg.Text(entry + 25, top + 48, label, classes: "soft", size: 12);
            entry += 42 + (6.4 * label.Length);
        }
    }

    private (double X, double Y)[] Note(IEnumerable<(double X, double Y)> points, string? label, string classes, string? line)
    {
        (double X, double Y)[] all = [.. points];
        foreach ((double px, double py) in all)
        {
            x = (Math.Min(x.Low, px), Math.Max(x.High, px));
            y = (Math.Min(y.Low, py), Math.Max(y.High, py));
        }

        if (label is not null)
        {
            legend.Add((label, classes, line));
        }

        return all;
    }

    private static (double Low, double High) Widened((double Low, double High) range, bool logarithmic, double by) => logarithmic
        ? (Math.Pow(10, Math.Floor(Math.Log10(range.Low))), Math.Pow(10, Math.Ceiling(Math.Log10(range.High))))
        : (range.Low == 0 ? 0 : range.Low - (by * (range.High - range.Low)), range.High + (by * (range.High - range.Low)));

    private static double Place(double value, (double Low, double High) range, bool logarithmic) => logarithmic
        ? Math.Log10(Math.Max(value, range.Low) / range.Low) / Math.Log10(range.High / range.Low)
        : (value - range.Low) / (range.High - range.Low);

    /// <summary>Round numbers within a range: powers of ten, or multiples of 1, 2 or 5 times one.</summary>
    private static IEnumerable<double> Marks((double Low, double High) range, bool logarithmic, int count)
    {
        if (logarithmic)
        {
            int decades = (int)Math.Round(Math.Log10(range.High / range.Low)), step = Math.Max(1, (decades + 5) / 6);
            return Enumerable.Range(0, (decades / step) + 1).Select(i => Math.Pow(10, Math.Round(Math.Log10(range.Low)) + (i * step)));
        }

        double rough = (range.High - range.Low) / count, power = Math.Pow(10, Math.Floor(Math.Log10(rough))), size = power * (rough / power < 1.5 ? 1 : rough / power < 3.5 ? 2 : rough / power < 7.5 ? 5 : 10);
        int first = (int)Math.Ceiling((range.Low / size) - 1e-9), last = (int)Math.Floor((range.High / size) + 1e-9);
        return Enumerable.Range(first, last - first + 1).Select(i => i * size);
    }

    private static string Number(double value, bool logarithmic) => logarithmic && Math.Abs(Math.Log10(value)) > 2.5
        ? "10" + string.Concat(Math.Round(Math.Log10(value)).ToString(CultureInfo.InvariantCulture).Select(digit => digit == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit - '0']))
        : Math.Round(value, 6).ToString("#,0.######", CultureInfo.InvariantCulture).Replace('-', '\u2212');

    private static string Pair(double x, double y) => string.Create(CultureInfo.InvariantCulture, $"{x:0.#},{y:0.#}");
}
