using System.Globalization;
using System.Text;

namespace Pictures.Drawing;

/// <summary>A picture in SVG. Its colors are classes, so that the same file suits a light and a dark page.</summary>
internal sealed class Svg
{
    private readonly StringBuilder text = new();

    public Svg(int width, int height, string title, string description) => Add($$"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{width}} {{height}}" role="img" aria-labelledby="title description" font-family="system-ui, sans-serif" font-size="13">
          <title id="title">{{Encode(title)}}</title>
          <desc id="description">{{Encode(description)}}</desc>
          <style>
            .page { fill: #ffffff; } .frame { stroke: #9aa5b8; } .grid { stroke: #e6e9ef; fill: none; } .box { fill: #f4f6fb; stroke: #5b6b8c; }
            text { fill: #1c2433; } .soft { fill: #5b6b8c; }
            .f0 { fill: #0b63b8; } .f1 { fill: #c4501b; } .f2 { fill: #1b7f4b; } .f3 { fill: #7a3fb0; } .f4 { fill: #77839a; }
            .s0 { stroke: #0b63b8; } .s1 { stroke: #c4501b; } .s2 { stroke: #1b7f4b; } .s3 { stroke: #7a3fb0; } .s4 { stroke: #77839a; }
            .l0, .l1 { shape-rendering: crispEdges; } .l0 { fill: #d8e8f7; } .l1 { fill: #fbe2d6; } .l2 { fill: #d5eee0; } .l3 { fill: #ebdff6; }
            .line { fill: none; } .mark { stroke: none; }
            @media (prefers-color-scheme: dark) {
              .page { fill: #11161f; } .frame { stroke: #5d6a80; } .grid { stroke: #262e3b; } .box { fill: #1d2433; stroke: #93a3c7; }
              text { fill: #e8ecf5; } .soft { fill: #93a3c7; }
              .f0 { fill: #6cb2ff; } .f1 { fill: #ff9d5c; } .f2 { fill: #6fd39b; } .f3 { fill: #c99cf5; } .f4 { fill: #93a0b5; }
              .s0 { stroke: #6cb2ff; } .s1 { stroke: #ff9d5c; } .s2 { stroke: #6fd39b; } .s3 { stroke: #c99cf5; } .s4 { stroke: #93a0b5; }
              .l0 { fill: #17324d; } .l1 { fill: #46291a; } .l2 { fill: #173b29; } .l3 { fill: #33244a; }
            }
          </style>
          <rect class="page" width="{{width}}" height="{{height}}" rx="8"/>

        """);

    /// <summary>Adds elements, their numbers as SVG wants them in every culture.</summary>
    public void Add(FormattableString elements) => text.Append(elements.ToString(CultureInfo.InvariantCulture)).Append('\n');

    public void Rectangle(double x, double y, double width, double height, string classes) => Add($"<rect class=\"{classes}\" x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\"/>");

    public void Line(double x1, double y1, double x2, double y2, string classes) => Add($"<line class=\"{classes}\" x1=\"{x1:0.##}\" y1=\"{y1:0.##}\" x2=\"{x2:0.##}\" y2=\"{y2:0.##}\"/>");

    /// <summary>Adds words; the anchor is start, middle or end.</summary>
    public void Text(double x, double y, string words, string anchor = "start", string classes = "", int size = 13, bool bold = false) =>
        Add($"<text class=\"{classes}\" x=\"{x:0.##}\" y=\"{y:0.##}\" text-anchor=\"{anchor}\" font-size=\"{size}\" font-weight=\"{(bold ? 600 : 400)}\">{Encode(words)}</text>");

    public override string ToString() => text + "</svg>\n";

    private static string Encode(string words) => words.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");
}
