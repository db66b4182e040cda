using AutoDiff;
using Pictures.Drawing;

namespace Pictures.Gallery;

/// <summary>Bundle adjustment: the pattern of the Jacobian, found on the tape, and the convergence of the sparse method.</summary>
internal static class BundlePattern
{
    public static string Draw()
    {
        const int cameras = 6, points = 24;
        (int Camera, int Point)[] seen = [.. Enumerable.Range(0, cameras * points).Select(k => (Camera: k / points, Point: k % points)).Where(pair => (pair.Camera + pair.Point) % 3 != 0)];
        int[] cameraOf = [.. seen.Select(pair => pair.Camera)], pointOf = [.. seen.Select(pair => pair.Point)];
        Tensor<double> Pictures(Tensor<double> flat)
        {
            (Tensor<double> camera, Tensor<double> point) = (flat[..(6 * cameras)].Reshape(cameras, 6).Take(cameraOf), flat[(6 * cameras)..].Reshape(points, 3).Take(pointOf));
            Tensor<double> moved = point + camera[.., ..3].Cross(point) + camera[.., 3..];
            return (moved[.., ..2] / moved[.., 2..]).Flatten();
        }

        Tensor<double> start = new RandomKey(11).Normal((6 * cameras) + (3 * points));
        var jacobian = new SparseJacobian<double>(Pictures);
        SparsityPattern pattern = jacobian.Evaluate(start).Pattern;
        var cells = new List<(double, double, double, double)>();
        for (int row = 0; row < pattern.Rows; row += 2)
        {
            // Two rows of one picture; runs of columns become rectangles.
            int[] columns = pattern.Row(row).ToArray();
            for (int i = 0, end = 0; i < columns.Length; i = end)
            {
                for (end = i + 1; end < columns.Length && columns[end] == columns[end - 1] + 1; end++)
                {
                }

                cells.Add((columns[i], pattern.Rows - row - 2, end - i, 2));
            }
        }

        var plot = new Plot($"Jacobian of a bundle adjustment: {pattern.Rows} × {pattern.Columns}, {jacobian.Colors} sweeps in place of {pattern.Columns}", "6 cameras with 6 numbers each, then 24 points with 3", "192 coordinates in pictures")
        {
            Ticks = false, Across = (0, pattern.Columns), Up = (0, pattern.Rows),
        };
        return Figure.Of("The sparse Jacobian of a bundle adjustment", "Each row of the matrix has nonzeros for one camera and for one point.", 460, plot.Rectangles(cells, "mark f0"));
    }
}
