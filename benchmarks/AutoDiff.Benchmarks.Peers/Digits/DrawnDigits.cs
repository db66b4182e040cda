using static AutoDiff.Benchmarks.Peers.DigitSet;

namespace AutoDiff.Benchmarks.Peers;

/// <summary>Digits drawn by lines, each turned, slanted, stretched, moved and noisy in its own way: where the real ones are not at hand.</summary>
internal static class DrawnDigits
{
    /// <summary>The lines of each digit, from point to point; x to the right and y down, between -1 and 1.</summary>
    private static readonly (double X, double Y)[][][] s_lines =
    [
        [Arc(0, 0, 0.6, 1, 0, 360)],
        [[(-0.3, -0.6), (0.1, -1), (0.1, 1)]],
        [[.. Arc(0, -0.5, 0.55, 0.5, 180, 380), (-0.55, 1), (0.6, 1)]],
        [Arc(-0.05, -0.5, 0.5, 0.5, 200, 450), Arc(-0.05, 0.5, 0.55, 0.5, 270, 520)],
        [[(0.3, 1), (0.3, -1), (-0.6, 0.4), (0.6, 0.4)]],
        [[(0.5, -1), (-0.4, -1), (-0.45, -0.1), .. Arc(-0.05, 0.4, 0.55, 0.6, 230, 510)]],
        [[(0.4, -1), (-0.2, -0.4), .. Arc(0, 0.4, 0.5, 0.6, 180, 540)]],
        [[(-0.55, -1), (0.55, -1), (-0.1, 1)]],
        [Arc(0, -0.5, 0.45, 0.5, 90, 450), Arc(0, 0.5, 0.55, 0.5, -90, 270)],
        [[.. Arc(0, -0.4, 0.5, 0.6, 0, 360), (0.4, 1)]],
    ];

    public static DigitSet Draw(int count, int seed)
    {
        Random random = new(seed);
        float[] pixels = new float[count * Side * Side];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = random.Next(10);
            Draw(s_lines[labels[i]], random, pixels.AsSpan(i * Side * Side, Side * Side));
        }

        return new(pixels, labels);
    }

    private static void Draw((double X, double Y)[][] lines, Random random, Span<float> image)
    {
        double Around(double middle, double spread) => middle + (spread * ((2 * random.NextDouble()) - 1));
        (double sin, double cos) = Math.SinCos(Around(0, 0.3));
        (double width, double height, double slant, double thickness) = (Around(7, 2), Around(9, 1.5), Around(0.1, 0.3), Around(1.5, 0.7));
        (double left, double top) = (Around(13.5, 3), Around(13.5, 2.5));
        (double X, double Y) Place((double X, double Y) p)
        {
            (double x, double y) = (width * (p.X - (slant * p.Y)), height * p.Y);
            return (left + (cos * x) - (sin * y) + Around(0, 0.5), top + (sin * x) + (cos * y) + Around(0, 0.5));
        }

        (double X, double Y)[][] placed = [.. lines.Select(line => Array.ConvertAll(line, Place))];
        for (int i = 0; i < image.Length; i++)
        {
            (double x, double y) = (i % Side, i / Side);
            double distance = placed.Min(line => Enumerable.Range(0, line.Length - 1).Min(k => Distance(x, y, line[k], line[k + 1])));
            image[i] = (float)Math.Clamp(thickness + 0.5 - distance + Around(0, 0.15), 0, 1);
        }
    }

    /// <summary>The distance of a point from the line between two points.</summary>
    private static double Distance(double x, double y, (double X, double Y) a, (double X, double Y) b)
    {
        (double dx, double dy) = (b.X - a.X, b.Y - a.Y);
        double at = Math.Clamp((((x - a.X) * dx) + ((y - a.Y) * dy)) / Math.Max((dx * dx) + (dy * dy), 1e-12), 0, 1);
        return Math.Sqrt(Math.Pow(x - a.X - (at * dx), 2) + Math.Pow(y - a.Y - (at * dy), 2));
    }

    /// <summary>A part of an ellipse, angles in degrees, clockwise from the right.</summary>
    private static (double X, double Y)[] Arc(double x, double y, double width, double height, double from, double to) =>
        [.. Enumerable.Range(0, 13).Select(i => Math.SinCos((from + ((to - from) * i / 12)) * Math.PI / 180)).Select(p => (x + (width * p.Cos), y + (height * p.Sin)))];
}
