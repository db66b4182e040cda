namespace AutoDiff;

// Functions through points on the line: straight pieces and cubic ones. An operation without a derivative finds the piece that a point lies in; what is computed on it is recorded.
public sealed partial class Tensor<T>
{
    /// <summary>
    /// The piecewise linear function through points, at the places x that this tensor holds: f_k + (x - t_k) (f_(k+1) - f_k) / (t_(k+1) - t_k) between t_k and t_(k+1), and the first or last value
    /// beyond. It is differentiable in the places, the points and the values.
    /// </summary>
    /// <param name="points">The points t, a vector of at least two rising numbers.</param>
    /// <param name="values">The values f, one for each point.</param>
    /// <returns>A tensor of the shape of this one; NaN at NaN.</returns>
    /// <remarks>At a point the derivative by x is the slope of the piece behind it; at the last one, and beyond the ends, it is 0.</remarks>
    /// <exception cref="TensorShapeException">Points and values are not two vectors of the same length, of two at least.</exception>
    /// <exception cref="ArgumentException">The points do not rise.</exception>
    /// <example>
    /// <code>
    /// Tensor&lt;double> days = Tensor.Create(0, 10, 20), rates = Tensor.Create(1, 2, 4);
    /// Console.WriteLine(Tensor.Create(5, 15).Interp(days, rates)); // => [1.5, 3]
    /// </code>
    /// </example>
    public Tensor<T> Interp(Tensor<T> points, Tensor<T> values)
    {
        CheckPoints(points, values, nameof(Interp));
        return AllOrNothing(nameof(Interp), [this, points, values], () =>
        {
            Segments pieces = PiecesOf(points, nameof(Interp));
            (Tensor<T> x, Tensor<T> t0, Tensor<T> t1) = (Flatten(), pieces.StartOf(points), pieces.EndOf(points));
            Tensor<T> weight = (x - t0) / (t1 - t0);
            Tensor<T> inside = (pieces.StartOf(values) * (T.One - weight)) + (pieces.EndOf(values) * weight);
            return Beyond(x, points, inside, values[0], values[^1]).Reshape(shape);
        });
    }

    /// <summary>
    /// The natural cubic spline through points, at the places x that this tensor holds: twice continuously differentiable, with second derivatives of 0 at the ends, beyond which it goes straight on.
    /// It is differentiable in the places, the points and the values.
    /// </summary>
    /// <param name="points">The points t, a vector of at least two rising numbers.</param>
    /// <param name="values">The values f, one for each point.</param>
    /// <returns>A tensor of the shape of this one; NaN at NaN.</returns>
    /// <remarks>The slopes m at the points solve a tridiagonal system (de Boor, "A practical guide to splines", 1978, chapter IV).</remarks>
    /// <exception cref="TensorShapeException">Points and values are not two vectors of the same length, of two at least.</exception>
    /// <exception cref="ArgumentException">The points do not rise.</exception>
    /// <example>
    /// <code>
    /// Tensor&lt;double> t = Tensor.Create(0, 1, 2), f = Tensor.Create(0, 1, 0);
    /// Console.WriteLine(Tensor.Create(0.5, 1.5).CubicSpline(t, f)); // => [0.6875, 0.6875]
    /// </code>
    /// </example>
    public Tensor<T> CubicSpline(Tensor<T> points, Tensor<T> values)
    {
        CheckPoints(points, values, nameof(CubicSpline));
        return AllOrNothing(nameof(CubicSpline), [this, points, values], () =>
        {
            Segments pieces = PiecesOf(points, nameof(CubicSpline));
            // With steps h and secants d: h_k m_(k-1) + 2 (h_(k-1) + h_k) m_k + h_(k-1) m_(k+1) = 3 (h_k d_(k-1) + h_(k-1) d_k), and 2 m_0 + m_1 = 3 d_0 at the ends.
            Tensor<T> h = points.Diff();
            Tensor<T> d = values.Diff() / h;
            (Tensor<T> before, Tensor<T> after) = (h[..^1], h[1..]);
            Tensor<T> one = Tensor.Ones<T>(1);
            Tensor<T> diagonal = Tensor.Concat([one * Two, (before + after) * Two, one * Two]);
            Tensor<T> right = Tensor.Concat([d[..1], (after * d[..^1]) + (before * d[1..]), d[^1..]]) * Three;
            Tensor<T> slopes = diagonal.TridiagonalSolve(Tensor.Concat([after, one]), Tensor.Concat([one, before]), right);
            return Hermite(points, values, slopes, pieces);
        });
    }

    /// <summary>
    /// The monotone cubic interpolant through points, at the places x that this tensor holds: it rises and falls only where the values do, without overshoot, and goes straight on beyond the ends.
    /// It is once continuously differentiable in x, and differentiable in the points and the values.
    /// </summary>
    /// <param name="points">The points t, a vector of at least two rising numbers.</param>
    /// <param name="values">The values f, one for each point.</param>
    /// <returns>A tensor of the shape of this one; NaN at NaN.</returns>
    /// <remarks>
    /// The slope at a point is the weighted harmonic mean of the secants beside it, and 0 where these differ in sign (Fritsch and Butland, "A method for constructing local monotone piecewise cubic
    /// interpolants", 1984, in the form of Brodlie); at the ends it is that of the parabola through three points, limited (Moler, "Numerical computing with MATLAB", 2004, section 3.6).
    /// Where a secant passes through 0, the derivative by the values has a kink; there it is that of the slope 0.
    /// </remarks>
    /// <exception cref="TensorShapeException">Points and values are not two vectors of the same length, of two at least.</exception>
    /// <exception cref="ArgumentException">The points do not rise.</exception>
    public Tensor<T> MonotoneSpline(Tensor<T> points, Tensor<T> values)
    {
        CheckPoints(points, values, nameof(MonotoneSpline));
        return AllOrNothing(nameof(MonotoneSpline), [this, points, values], () =>
        {
            Segments pieces = PiecesOf(points, nameof(MonotoneSpline));
            Tensor<T> h = points.Diff();
            Tensor<T> d = values.Diff() / h;
            if (h.length == 1)
            {
                return Hermite(points, values, Tensor.Concat([d, d]), pieces);
            }

            (Tensor<T> h0, Tensor<T> h1, Tensor<T> d0, Tensor<T> d1) = (h[..^1], h[1..], d[..^1], d[1..]);
            (Tensor<T> w0, Tensor<T> w1) = ((h1 * Two) + h0, h1 + (h0 * Two));
            Tensor<T> inner = Tensor.Where(d0 * d1 > T.Zero, (w0 + w1) / ((w0 / d0) + (w1 / d1)), T.Zero);
            return Hermite(points, values, Tensor.Concat([EndSlope(h[..1], h[1..2], d[..1], d[1..2]), inner, EndSlope(h[^1..], h[^2..^1], d[^1..], d[^2..^1])]), pieces);
        });
    }

    /// <summary>The slope at an end from the two steps and secants next to it: that of the parabola, 0 where it has another sign than the secant, and at most three times the secant where the secants differ in sign.</summary>
    private static Tensor<T> EndSlope(Tensor<T> h0, Tensor<T> h1, Tensor<T> d0, Tensor<T> d1)
    {
        Tensor<T> slope = ((((h0 * Two) + h1) * d0) - (h0 * d1)) / (h0 + h1);
        Tensor<T> limited = Tensor.Where((d0 * d1 <= T.Zero) & (slope.Abs() > d0.Abs() * Three), d0 * Three, slope);
        return Tensor.Where(slope * d0 > T.Zero, limited, T.Zero);
    }

    /// <summary>The cubic pieces with given values and slopes at the points, and straight lines beyond, at the places of this tensor.</summary>
    private Tensor<T> Hermite(Tensor<T> points, Tensor<T> values, Tensor<T> slopes, Segments pieces)
    {
        (Tensor<T> x, Tensor<T> t0, Tensor<T> f0, Tensor<T> f1) = (Flatten(), pieces.StartOf(points), pieces.StartOf(values), pieces.EndOf(values));
        Tensor<T> h = pieces.EndOf(points) - t0;
        Tensor<T> s = (x - t0) / h;
        Tensor<T> r = T.One - s;

        // (1 + 2 s) r² f0 + s² (1 + 2 r) f1 + h s r (r m0 - s m1): exact at both ends.
        Tensor<T> inside = (((s * Two) + T.One) * r.Square() * f0) + (s.Square() * ((r * Two) + T.One) * f1) + (h * s * r * ((r * pieces.StartOf(slopes)) - (s * pieces.EndOf(slopes))));
        Tensor<T> below = values[0] + (slopes[0] * (x - points[0]));
        Tensor<T> above = values[^1] + (slopes[^1] * (x - points[^1]));
        return Beyond(x, points, inside, below, above).Reshape(shape);
    }

    /// <summary>One value inside the points, others below the first and from the last on.</summary>
    private static Tensor<T> Beyond(Tensor<T> x, Tensor<T> points, Tensor<T> inside, Tensor<T> below, Tensor<T> above) =>
        Tensor.Where(x < points[0], below, Tensor.Where(x >= points[^1], above, inside));

    private void CheckPoints(Tensor<T> points, Tensor<T> values, string operation)
    {
        Errors.NotNull(points, operation, nameof(points));
        Errors.NotNull(values, operation, nameof(values));
        if (points.Rank != 1 || points.length < 2 || !points.shape.AsSpan().SequenceEqual(values.shape))
        {
            throw Errors.Shape(operation, $"the points have shape {Shapes.Format(points.shape)} and the values {Shapes.Format(values.shape)}", "two vectors of the same length, of two at least",
                "give one value for each point");
        }

        TapeOf([this, points, values], operation);
    }

    /// <summary>For each element the piece between two points that it lies in, or is nearest to.</summary>
    private Segments PiecesOf(Tensor<T> points, string operation)
    {
        Tensor<T> starts = Integral($"{operation}Pieces", [points, this], [length], (inputs, places) =>
        {
            ReadOnlySpan<T> t = inputs[0].Values;
            for (int i = 1; i < t.Length; i++)
            {
                if (!(t[i] > t[i - 1]))
                {
                    throw Errors.Argument(operation, nameof(points), $"point {i} is {t[i]}, and the one before it {t[i - 1]}", "points that rise", "sort them, with their values");
                }
            }

            ReadOnlySpan<T> x = inputs[1].Values;
            for (int i = 0; i < x.Length; i++)
            {
                places[i] = Math.Clamp(Kernels.Ordering.Bound(t, x[i], after: true) - 1, 0, t.Length - 2);
            }
        });
        Tensor<T> ends = Integral($"{operation}Pieces", [starts], [length], static (inputs, places) =>
        {
            inputs[0].Integers.CopyTo(places);
            foreach (ref int place in places)
            {
                place++;
            }
        });
        return new Segments(starts, ends);
    }

    /// <summary>The numbers of the points between which pieces lie, as integers.</summary>
    private readonly record struct Segments(Tensor<T> Starts, Tensor<T> Ends)
    {
        /// <summary>The elements of a vector at the first points of the pieces.</summary>
        public Tensor<T> StartOf(Tensor<T> x) => x.Picked(Starts, nameof(Take));

        /// <summary>The elements of a vector at the second points of the pieces.</summary>
        public Tensor<T> EndOf(Tensor<T> x) => x.Picked(Ends, nameof(Take));
    }
}
