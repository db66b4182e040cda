namespace AutoDiff.GradBench.Problems;

/// <summary>
/// Bundle adjustment, as in ADBench: cameras of 11 numbers (rotation 3, center 3, focal length, principal point 2, radial distortion 2) look at points; each observation has a weight.
/// The residuals are those of the projections, two for each observation, and then 1 - w² for each weight.
/// </summary>
internal sealed class BundleAdjustment(int cameras, int points, int[] cameraOf, int[] pointOf, Tensor<double> features)
{
    /// <summary>So many observations are differentiated at a time: their values stay in the processor's cache.</summary>
    private const int Block = 1024;

    private static readonly int[] Next = [1, 2, 0];
    private static readonly int[] Previous = [2, 0, 1];

    /// <summary>The length of the input: the cameras, the points, the weights.</summary>
    public int Columns => (11 * cameras) + (3 * points) + Observations;

    public int Observations => cameraOf.Length;

    /// <summary>All residuals in terms of all cameras, points and weights in one vector.</summary>
    public Tensor<double> Residuals(Tensor<double> x)
    {
        (int first, int second) = (11 * cameras, (11 * cameras) + (3 * points));
        Tensor<double> camera = x[..first].Reshape(cameras, 11).Transpose().Take(cameraOf, 1);
        Tensor<double> point = x[first..second].Reshape(points, 3).Transpose().Take(pointOf, 1);
        Tensor<double> weight = x[second..];
        return Tensor.Concat([Reprojections(camera, point, weight, features).Transpose().Flatten(), 1.0 - weight.Square()]);
    }

    /// <summary>The weighted errors [2, p] of p projections, of cameras [11, p], points [3, p] and weights [p].</summary>
    public static Tensor<double> Reprojections(Tensor<double> camera, Tensor<double> point, Tensor<double> weight, Tensor<double> features)
    {
        Tensor<double> seen = Rotate(camera[..3], point - camera[3..6]);
        Tensor<double> e = seen[..2] / seen[2];
        Tensor<double> s = e.Square().Sum(0);
        Tensor<double> focal = camera[6] * (1.0 + (s * (camera[9] + (camera[10] * s))));
        return weight * ((e * focal) + camera[7..9] - features);
    }

    /// <summary>
    /// The Jacobian in compressed sparse rows. Residuals of one observation depend on its own 15 numbers only, so two cotangents find all the blocks: with respect to the numbers that each
    /// observation has taken, not to those that it shares.
    /// </summary>
    public (int[] Offsets, int[] Columns, double[] Values) Jacobian(Tensor<double> x)
    {
        int p = Observations;
        (int first, int second) = (11 * cameras, (11 * cameras) + (3 * points));
        var offsets = new int[(3 * p) + 1];
        var columns = new int[31 * p];
        var values = new double[31 * p];
        Tensor<double> cameraRows = x[..first].Reshape(cameras, 11).Transpose();
        Tensor<double> pointRows = x[first..second].Reshape(points, 3).Transpose();
        Tensor<double> weights = x[second..];
        for (int start = 0; start < p; start += Block)
        {
            int count = Math.Min(Block, p - start);
            using var tape = new Tape<double>();
            Tensor<double>[] own =
            [
                tape.Variable(cameraRows.Take(cameraOf.AsSpan(start, count), 1)), tape.Variable(pointRows.Take(pointOf.AsSpan(start, count), 1)), tape.Variable(weights[start..(start + count)]),
            ];
            Tensor<double> e = Reprojections(own[0], own[1], own[2], features[.., start..(start + count)]);
            Tensor<double> seeds = Tensor.Identity<double>(2).Reshape(2, 2, 1).BroadcastTo(2, 2, count);
            Tensor<double>[] blocks = tape.Vjp(e, seeds, own);
            Scatter(blocks[0].AsSpan(), 11, 0);
            Scatter(blocks[1].AsSpan(), 3, 11);
            Scatter(blocks[2].AsSpan(), 1, 14);

            void Scatter(ReadOnlySpan<double> block, int width, int at)
            {
                for (int k = 0; k < 2 * width; k++)
                {
                    ReadOnlySpan<double> component = block.Slice(k * count, count);
                    int place = (30 * start) + (k / width * 15) + at + (k % width);
                    foreach (double value in component)
                    {
                        values[place] = value;
                        place += 30;
                    }
                }
            }
        }

        ReadOnlySpan<double> w = weights.AsSpan();
        for (int i = 0; i < p; i++)
        {
            for (int row = 0; row < 2; row++)
            {
                int place = (30 * i) + (15 * row);
                offsets[(2 * i) + row + 1] = place + 15;
                for (int j = 0; j < 11; j++)
                {
                    columns[place + j] = (11 * cameraOf[i]) + j;
                }

                for (int j = 0; j < 3; j++)
                {
                    columns[place + 11 + j] = first + (3 * pointOf[i]) + j;
                }

                columns[place + 14] = second + i;
            }

            offsets[(2 * p) + i + 1] = (30 * p) + i + 1;
            columns[(30 * p) + i] = second + i;
            values[(30 * p) + i] = -2 * w[i];
        }

        return (offsets, columns, values);
    }

    /// <summary>Rotates vectors v by the angle-axis vectors r, both [3, p]: Rodrigues' formula v cos θ + sin θ / θ (r × v) + (1 - cos θ) / θ² r (r · v).</summary>
    private static Tensor<double> Rotate(Tensor<double> r, Tensor<double> v)
    {
        Tensor<double> square = r.Square().Sum(0);
        Tensor<double> cross = (r.Take(Next) * v.Take(Previous)) - (r.Take(Previous) * v.Take(Next));
        Tensor<double> alongside = r * (r * v).Sum(0);
        Tensor<double> still = square.EqualTo(Tensor.Scalar(0.0));
        bool turning = still.Sum().ToScalar() == 0;
        square = turning ? square : Tensor.Where(still, 1.0, square);
        Tensor<double> theta = square.Sqrt();
        Tensor<double> cosine = theta.Cos();
        Tensor<double> rotated = (v * cosine) + (cross * (theta.Sin() / theta)) + (alongside * ((1.0 - cosine) / square));

        // Without a rotation the formula is 0 / 0, and v + r × v to first order.
        return turning ? rotated : Tensor.Where(still, v + cross, rotated);
    }
}
