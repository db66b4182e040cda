using AutoDiff;
using Pictures.Drawing;

namespace Pictures.Gallery;

/// <summary>The plane in two colors, by a probability that is above or below one half.</summary>
internal static class Regions
{
    /// <summary>Adds the regions of a square to a plot: all cells go through the function as one batch, and equal neighbors in a row are one rectangle.</summary>
    public static void Add(Plot plot, double low, double high, int cells, Func<Tensor<double>, Tensor<double>> probability)
    {
        double side = (high - low) / cells;
        Tensor<double> centers = Tensor.LinearSpace(low + (side / 2), high - (side / 2), cells);
        Tensor<double>[] grid = Tensor.Meshgrid(centers, centers);
        double[] p = probability(Tensor.Stack([grid[1].Flatten(), grid[0].Flatten()], 1)).ToArray();
        var rectangles = new List<(double, double, double, double)>[] { [], [] };
        for (int row = 0; row < cells; row++)
        {
            for (int start = 0, end = 0; start < cells; start = end)
            {
                int side0 = p[(row * cells) + start] > 0.5 ? 1 : 0;
                while (end < cells && (p[(row * cells) + end] > 0.5 ? 1 : 0) == side0)
                {
                    end++;
                }

                rectangles[side0].Add((low + (start * side), low + (row * side), (end - start) * side, side * 1.05));
            }
        }

        plot.Rectangles(rectangles[0], "mark l0").Rectangles(rectangles[1], "mark l1");
    }
}
