using AutoDiff.Kernels;

namespace AutoDiff.Tests.Kernels;

public class BroadcastingTests
{
    [Theory]
    [InlineData(40)]
    [InlineData(3, 20)]
    [InlineData(2, 600)]
    [InlineData(7, 9, 3)]
    [InlineData(2, 3, 20)]
    [InlineData(3, 2, 300)]
    [InlineData(4, 3, 2, 17)]
    [InlineData(2, 3, 4, 5)]
    [InlineData(2, 2, 3, 2, 16)]
    public void Every_way_of_stretching_is_that_of_the_definition(params int[] shape)
    {
        // Along each axis both operands have its extent, or one of them has 1.
        int ways = (int)Math.Pow(3, shape.Length);
        for (int way = 0; way < ways; way++)
        {
            int[] xShape = [.. shape], yShape = [.. shape];
            for (int axis = 0, rest = way; axis < shape.Length; axis++, rest /= 3)
            {
                xShape[axis] = rest % 3 == 1 ? 1 : shape[axis];
                yShape[axis] = rest % 3 == 2 ? 1 : shape[axis];
            }

            double[] x = Numbers(xShape, 1), y = Numbers(yShape, 1000);
            double[] z = new double[shape.Aggregate(1, static (a, b) => a * b)];
            Broadcasting.Apply(static (x, y, z) => VectorMath.Subtract(x, y, z), x, xShape, y, yShape, z, shape);
            for (int i = 0; i < z.Length; i++)
            {
                z[i].Should().Be(x[Place(i, shape, xShape)] - y[Place(i, shape, yShape)], "[{0}] - [{1}] at {2}", string.Join(", ", xShape), string.Join(", ", yShape), i);
            }
        }
    }

    private static double[] Numbers(int[] shape, double scale) => [.. Enumerable.Range(1, shape.Aggregate(1, static (a, b) => a * b)).Select(i => i * scale)];

    /// <summary>The place of an operand that element <paramref name="i"/> of the result reads.</summary>
    private static int Place(int i, int[] shape, int[] operand)
    {
        int place = 0, step = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            place += operand[axis] == 1 ? 0 : i % shape[axis] * step;
            step *= operand[axis];
            i /= shape[axis];
        }

        return place;
    }
}
