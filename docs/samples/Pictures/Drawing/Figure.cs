namespace Pictures.Drawing;

/// <summary>Plots side by side, as one picture.</summary>
internal static class Figure
{
    public static string Of(string title, string description, int height, params Plot[] plots) => Of(title, description, plots.Length == 1 ? 720 : 960, height, plots);

    public static string Of(string title, string description, int width, int height, params Plot[] plots)
    {
        var svg = new Svg(width, height, title, description);
        double each = (double)width / plots.Length;
        for (int i = 0; i < plots.Length; i++)
        {
            plots[i].Draw(svg, i * each, 0, each, height);
        }

        return svg.ToString();
    }
}
