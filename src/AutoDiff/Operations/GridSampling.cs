using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>What lies beyond the border of a sampled tensor.</summary>
public enum GridPadding
{
    /// <summary>Zeros.</summary>
    Zeros,

    /// <summary>The element at the border.</summary>
    Border,

    /// <summary>The mirror image, at the border or at the centers of the border elements.</summary>
    Reflection,
}

/// <summary>The sampling as a trilinear form of samples y (slot 0), tensor x (slot 1) and weights w (slot 2); the context holds the places.</summary>
internal sealed class GridForm<T>(string name, int samples, int channels, int places, int taps, int points)
    : TrilinearForm<T>([name, $"{name}Spread", $"{name}Weights"], [[samples, channels, points], [samples, channels, places], [samples, taps, points]])
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly GridSampling kernel = new(samples, channels, places, taps, points);

    /// <summary>All slots share the samples; samples and tensor share the channels, samples and weights the points.</summary>
    public override int Matching(int slot, int axis, int other) => (slot, axis, other) switch
    {
        (_, 0, _) => 0,
        (0, 1, 1) or (1, 1, 0) => 1,
        (0, 2, 2) or (2, 2, 0) => 2,
        _ => -1,
    };

    public override void Contract(int open, int batch, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> context, Span<T> z)
    {
        ReadOnlySpan<int> marks = System.Runtime.InteropServices.MemoryMarshal.Cast<T, int>(context)[..context.Length];
        int xLength = Shapes.Length(Shape((open + 1) % 3));
        int yLength = Shapes.Length(Shape((open + 2) % 3));
        int zLength = Shapes.Length(Shape(open));
        for (int b = 0; b < batch; b++)
        {
            ReadOnlySpan<T> first = x.Slice(x.Length == xLength ? 0 : b * xLength, xLength);
            ReadOnlySpan<T> second = y.Slice(y.Length == yLength ? 0 : b * yLength, yLength);
            Span<T> result = z.Slice(b * zLength, zLength);
            switch (open)
            {
                case 0:
                    kernel.Sample(first, second, marks, result);
                    break;
                case 1:
                    kernel.Spread(first, second, marks, result);
                    break;
                default:
                    kernel.Weigh(first, second, marks, result);
                    break;
            }
        }
    }
}

// Sampling at places that are themselves tensors: spatial transformers (Jaderberg et al., 2015).
public sealed partial class Tensor<T>
{
    /// <summary>Samples at places of a grid, interpolated: y[n, c, p] = Σ_k w_k(grid[n, p]) x[n, c, place k of grid[n, p]]. The derivative with respect to x spreads dy with the weights; the derivative with respect to the grid is the slope of the interpolation.</summary>
    /// <param name="grid">The places, [N, H', W', 2] or [N, D', H', W', 3]: x, y (and z), from -1 at one end of the axis to 1 at the other.</param>
    /// <param name="mode">Nearest, linear, or (on two axes) cubic. For nearest the derivative by the grid is 0.</param>
    /// <param name="padding">What lies beyond the border.</param>
    /// <param name="alignCorners">Whether ±1 are the centers of the border elements, rather than their outer edges.</param>
    /// <returns>For x of shape [N, C, H, W] or [N, C, D, H, W] a tensor [N, C, H', W'] or [N, C, D', H', W'].</returns>
    /// <remarks>At the place of an element, where the slope jumps, it is that of the side toward larger coordinates; at the border, clamped coordinates have the slope 0. Cubic has the slope -0.75 of the kernel.</remarks>
    /// <exception cref="TensorShapeException">The shapes do not fit, or a spatial axis of the tensor is empty.</exception>
    /// <exception cref="ArgumentException">The mode does not sample, or not on three axes.</exception>
    public Tensor<T> GridSample(Tensor<T> grid, Interpolation mode = Interpolation.Linear, GridPadding padding = GridPadding.Zeros, bool alignCorners = false)
    {
        const string name = nameof(GridSample);
        Errors.NotNull(grid, name, nameof(grid));
        int axes = Rank - 2;
        if (axes is not (2 or 3) || grid.Rank != Rank || grid.shape[^1] != axes || grid.shape[0] != shape[0] || shape.AsSpan(Math.Min(2, Rank)).Contains(0))
        {
            throw Errors.Shape(name, $"the input has shape {Shapes.Format(shape)} and the grid {Shapes.Format(grid.shape)}", "[N, C, H, W] and [N, H', W', 2], or [N, C, D, H, W] and [N, D', H', W', 3]",
                "give two or three coordinates on the last axis of the grid");
        }

        if (mode is not (Interpolation.Nearest or Interpolation.Linear or Interpolation.Cubic) || (mode == Interpolation.Cubic && axes == 3))
        {
            throw Errors.Argument(name, nameof(mode), $"the mode {mode} does not sample on {axes} axes", axes == 2 ? "nearest, linear or cubic" : "nearest or linear", "choose another mode");
        }

        TapeOf(this, grid, name);
        int samples = shape[0];
        int points = Shapes.Length(grid.shape.AsSpan(1, axes));
        int[] extents = shape[2..];
        int width = mode == Interpolation.Nearest ? 1 : mode == Interpolation.Linear ? 2 : 4;
        int taps = (int)Math.Pow(width, axes);

        // Coordinates by axis, the outermost first; the last axis of the grid names the innermost first.
        var coordinates = new Tensor<T>[axes];
        Tensor<T>? weights = null;
        for (int axis = 0; axis < axes; axis++)
        {
            Tensor<T> c = grid[TensorIndex.Ellipsis, axes - 1 - axis].Reshape(samples, 1, points);
            int extent = extents[axis];
            T half = T.CreateChecked(0.5);
            c = alignCorners ? (c + T.One) * (T.CreateChecked(extent - 1) * half) : (((c + T.One) * T.CreateChecked(extent)) - T.One) * half;
            coordinates[axis] = mode == Interpolation.Cubic || padding == GridPadding.Zeros ? c
                : padding == GridPadding.Border ? c.Clamp(T.Zero, T.CreateChecked(extent - 1))
                : Reflected(c, extent, alignCorners);
            Tensor<T> own = mode == Interpolation.Nearest ? Tensor.Ones<T>(samples, 1, points)
                : mode == Interpolation.Linear ? LinearTaps(coordinates[axis].FractionAbove())
                : CubicTaps(coordinates[axis].FractionAbove());
            weights = weights is null ? own : (weights.ExpandDims(2) * own.ExpandDims(1)).Reshape(samples, -1, points);
        }

        Tensor<T> marks = General($"{name}Places", coordinates, [samples, taps, points], slices: Slices<T>.OneByOne,
            value: (inputs, y) => Places(inputs, extents, width, points, mode == Interpolation.Cubic ? padding : GridPadding.Zeros, alignCorners, y.NewIntegers()),
            vjp: static (_, _, _) => null, jvp: static (_, _, _) => null, axes: static _ => null);
        var form = new GridForm<T>(name, samples, shape[1], Shapes.Length(extents), taps, points);
        return Contract(form, 0, Reshape(samples, shape[1], form.Shape(1)[2]), weights!, marks).Reshape([samples, shape[1], .. grid.shape.AsSpan(1, axes)]);
    }

    /// <summary>The grid of an affine map for <see cref="GridSample"/>: θ (x, y, 1) for each place of the output, or θ (x, y, z, 1). This tensor is θ; d grid = dθ (x, y, 1).</summary>
    /// <param name="size">The shape of the output, [N, C, H, W] or [N, C, D, H, W].</param>
    /// <param name="alignCorners">Whether ±1 are the centers of the border elements, rather than their outer edges.</param>
    /// <returns>For θ of shape [N, 2, 3] or [N, 3, 4] a tensor [N, H, W, 2] or [N, D, H, W, 3].</returns>
    /// <exception cref="TensorShapeException">θ or the size does not have such a shape.</exception>
    public Tensor<T> AffineGrid(ReadOnlySpan<int> size, bool alignCorners = false)
    {
        int axes = size.Length - 2;
        if (axes is not (2 or 3) || Rank != 3 || shape[0] != size[0] || shape[1] != axes || shape[2] != axes + 1)
        {
            throw Errors.Shape(nameof(AffineGrid), $"the maps have shape {Shapes.Format(shape)} for an output of shape {Shapes.Format(size)}", "[N, 2, 3] for [N, C, H, W], or [N, 3, 4] for [N, C, D, H, W]",
                "give one matrix for each sample");
        }

        Shapes.Length(size, nameof(AffineGrid));
        int[] spatial = size[2..].ToArray();
        int points = Shapes.Length(spatial);
        Tensor<T> places = Tensor.Ones<T>(axes + 1, points);
        int inner = 1;
        for (int k = 0; k < axes; k++)
        {
            int extent = spatial[^(k + 1)];
            Span<T> row = places.Writable.Slice(k * points, points);
            for (int p = 0; p < points; p++)
            {
                int i = p / inner % extent;
                row[p] = alignCorners ? (extent == 1 ? T.Zero : T.CreateChecked(((2.0 * i) / (extent - 1)) - 1)) : T.CreateChecked((((2.0 * i) + 1) / extent) - 1);
            }

            inner *= extent;
        }

        return MatMul(places).Transpose().Reshape([size[0], .. spatial, axes]);
    }

    /// <summary>1 - t and t, on an axis of their own.</summary>
    private static Tensor<T> LinearTaps(Tensor<T> t) => Tensor.Concat([T.One - t, t], 1);

    /// <summary>The weights of cubic convolution at the distances 1 + t, t, 1 - t and 2 - t, on an axis of their own.</summary>
    private static Tensor<T> CubicTaps(Tensor<T> t)
    {
        T a = T.CreateChecked(-0.75);
        T two = T.CreateChecked(2);
        T three = T.CreateChecked(3);
        Tensor<T> s = T.One - t;
        Tensor<T> near = (((t * (a + two)) - (a + three)) * t.Square()) + T.One;
        Tensor<T> nearAbove = (((s * (a + two)) - (a + three)) * s.Square()) + T.One;

        // The outer branch a (x³ - 5 x² + 8 x - 4) has the double root 2: at 1 + t it is a t s², at 2 - t it is a s t².
        return Tensor.Concat([t * s.Square() * a, near, nearAbove, s * t.Square() * a], 1);
    }

    /// <summary>x - ⌊x⌋. dy = dx.</summary>
    private Tensor<T> FractionAbove() => Elementwise(static (x, y) =>
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = x[i] - T.Floor(x[i]);
        }
    }, ofInput: static _ => One, name: "FractionAbove");

    /// <summary>Coordinates mirrored into the axis, at its outer edges or at the centers of its border elements, and clamped to the centers. dy = ±dx.</summary>
    private static Tensor<T> Reflected(Tensor<T> c, int extent, bool alignCorners)
    {
        (T low, T span) = alignCorners ? (T.Zero, T.CreateChecked(extent - 1)) : (T.CreateChecked(-0.5), T.CreateChecked(extent));
        return c.Elementwise((low, span), static (x, edges, y) => Reflect(x, edges, y, slope: false),
            ofInput: static (x, edges) => x.Elementwise(edges, static (x, edges, y) => Reflect(x, edges, y, slope: true), name: "ReflectionSign"), name: "Reflect").Clamp(T.Zero, T.CreateChecked(extent - 1));
    }

    private static void Reflect(ReadOnlySpan<T> x, (T Low, T Span) edges, Span<T> y, bool slope)
    {
        for (int i = 0; i < x.Length; i++)
        {
            T distance = T.Abs(x[i] - edges.Low);
            if (edges.Span <= T.Zero)
            {
                y[i] = slope || !T.IsNaN(distance) ? T.Zero : distance;
                continue;
            }

            T turns = T.Floor(distance / edges.Span);
            T rest = distance - (turns * edges.Span);
            bool back = T.IsOddInteger(turns);
            T sign = x[i] < edges.Low ? -T.One : T.One;
            y[i] = slope ? (back ? -sign : sign) : edges.Low + (back ? edges.Span - rest : rest);
        }
    }

    /// <summary>The flat places around each point: the elements that its weights go with. NaN coordinates name the first element, so that the NaN of the weights shows.</summary>
    private static void Places(ReadOnlySpan<Tensor<T>> coordinates, int[] extents, int width, int points, GridPadding padding, bool alignCorners, Span<int> marks)
    {
        int samples = coordinates[0].shape[0];
        int taps = points == 0 || samples == 0 ? 0 : marks.Length / (samples * points);
        for (int n = 0; n < samples; n++)
        {
            for (int k = 0; k < taps; k++)
            {
                for (int p = 0; p < points; p++)
                {
                    int place = 0;
                    int rest = k;
                    int outer = taps;
                    bool inside = true;
                    bool isNaN = false;
                    for (int axis = 0; axis < extents.Length; axis++)
                    {
                        outer /= width;
                        int tap = rest / outer;
                        rest %= outer;
                        T c = coordinates[axis].Values[(n * points) + p];
                        isNaN |= T.IsNaN(c);
                        T first = width == 1 ? T.Round(c, MidpointRounding.ToEven) : T.Floor(c) - (width == 4 ? T.One : T.Zero);
                        long i = long.CreateSaturating(first + T.CreateChecked(tap));
                        i = padding == GridPadding.Border ? Math.Clamp(i, 0, extents[axis] - 1) : padding == GridPadding.Reflection ? Mirror(i, extents[axis], alignCorners) : i;
                        inside &= i >= 0 && i < extents[axis];
                        place = (place * extents[axis]) + (int)Math.Clamp(i, 0, extents[axis] - 1);
                    }

                    marks[(((n * taps) + k) * points) + p] = isNaN ? 1 : inside ? place + 1 : 0;
                }
            }
        }
    }

    private static long Mirror(long i, int extent, bool alignCorners)
    {
        if (extent == 1)
        {
            return 0;
        }

        long period = alignCorners ? 2L * (extent - 1) : 2L * extent;
        long rest = ((i % period) + period) % period;
        return rest < extent ? rest : (alignCorners ? period : period - 1) - rest;
    }
}
