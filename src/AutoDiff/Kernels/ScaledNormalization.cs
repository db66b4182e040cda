using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AutoDiff.Kernels;

/// <summary>Rows standardized, scaled and shifted in one pass over memory, and the products with the derivatives by all operands in another.</summary>
internal static unsafe class ScaledNormalization
{
    /// <summary>The sums by columns are taken over so many rows, one after the other, and then over the blocks, as in any sum along columns: the same for any number of threads.</summary>
    private const int RowsPerBlock = Reductions.RowsPerBlock;

    /// <summary>z = w y + b for each row, with y = (x - mean) / √(mean square of that + ε); without <paramref name="centered"/>, y = x / √(mean square + ε). There may be no b.</summary>
    public static void Apply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> w, ReadOnlySpan<T> b, T epsilon, bool centered, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int columns = w.Length;
        int rows = columns == 0 ? 0 : x.Length / columns;
        fixed (T* weights = w, biases = b)
        {
            RowParts.Run(rows, (long)x.Length / 2, x, [], z, (Weights: (nint)weights, Biases: (nint)biases, epsilon, centered), static (x, _, z, rows, how) =>
            {
                int columns = x.Length / rows;
                RowMoments<T> next = default;
                for (int i = 0; i < rows; i++)
                {
                    RowMoments<T> moments = Normalization.Moments(x, i, columns, how.epsilon, how.centered, ref next);
                    ScaleAndShift(x.Slice(i * columns, columns), moments, (T*)how.Weights, (T*)how.Biases, z.Slice(i * columns, columns));
                }
            });
        }
    }

    /// <summary>
    /// Of the cotangent g of <see cref="Apply"/> those of x, w and b, as far as they have a place (w is read for that of x alone): with u = g w, dx = r (u - mean(u) - y mean(y u)) in each row (without <paramref name="centered"/>,
    /// no mean(u)), dw = Σ g y and db = Σ g over the rows.
    /// </summary>
    public static void Products<T>(ReadOnlySpan<T> g, ReadOnlySpan<T> x, ReadOnlySpan<T> w, int columns, T epsilon, bool centered, Span<T> dx, Span<T> dw, Span<T> db)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = columns == 0 ? 0 : x.Length / columns;
        int blocks = (rows + RowsPerBlock - 1) / RowsPerBlock;
        using Scratch<double> sums = new(dw.IsEmpty && db.IsEmpty ? 0 : checked(2 * columns * blocks));
        fixed (T* cotangents = g, values = x, weights = w, products = dx)
        fixed (double* partial = sums.Span)
        {
            var state = (G: (nint)cotangents, X: (nint)values, W: (nint)weights, Dx: (nint)products, Sums: (nint)partial, rows, columns, epsilon, centered);
            int parts = Math.Min(blocks, Threading.ThreadsFor(x.Length, RowParts.Grain));
            Threading.For(parts, (state, blocks, parts), static (part, s) =>
            {
                for (int block = (int)((long)s.blocks * part / s.parts); block < (int)((long)s.blocks * (part + 1) / s.parts); block++)
                {
                    ProductsOfBlock<T>(block, s.state);
                }
            });
        }

        if (sums.Span.IsEmpty)
        {
            dw.Clear();
            db.Clear();
            return;
        }

        int length = 2 * columns;
        foreach ((int left, int right) in new TreePairs(blocks))
        {
            Span<double> line = sums.Span.Slice(left * length, length);
            TensorPrimitives.Add(line, sums.Span.Slice(right * length, length), line);
        }

        for (int i = 0; i < columns; i++)
        {
            if (!dw.IsEmpty)
            {
                dw[i] = T.CreateTruncating(sums.Span[i]);
            }

            if (!db.IsEmpty)
            {
                db[i] = T.CreateTruncating(sums.Span[columns + i]);
            }
        }
    }

    private static void ProductsOfBlock<T>(int block, (nint G, nint X, nint W, nint Dx, nint Sums, int Rows, int Columns, T Epsilon, bool Centered) s) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int columns = s.Columns;
        using Scratch<T> scratch = new(2 * columns);
        Span<T> scaled = scratch.Span[..columns];
        Span<double> sums = s.Sums == 0 ? [] : new Span<double>((double*)s.Sums + ((nint)block * 2 * columns), 2 * columns);
        sums.Clear();
        int first = block * RowsPerBlock;
        int rows = Math.Min(RowsPerBlock, s.Rows - first);
        ReadOnlySpan<T> x = new((T*)s.X + ((nint)first * columns), rows * columns);
        RowMoments<T> next = default;
        for (int i = 0; i < rows; i++)
        {
            int row = first + i;
            ReadOnlySpan<T> g = new((T*)s.G + ((nint)row * columns), columns);
            Span<T> z = s.Dx == 0 ? scratch.Span[columns..(2 * columns)] : new((T*)s.Dx + ((nint)row * columns), columns);
            RowMoments<T> moments = Normalization.Moments(x, i, columns, s.Epsilon, s.Centered, ref next);
            Normalization.Standardize(x.Slice(i * columns, columns), moments, z);
            if (!sums.IsEmpty)
            {
                AddProducts(g, z, sums[..columns], sums[columns..]);
            }

            if (s.Dx != 0)
            {
                VectorMath.Multiply(g, new ReadOnlySpan<T>((T*)s.W, columns), scaled);
                Normalization.Combine(scaled, s.Centered, moments.Factor, z);
            }
        }
    }

    /// <summary>z = (x - mean) factor w + b, each operation rounded by itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void ScaleAndShift<T>(ReadOnlySpan<T> x, RowMoments<T> moments, T* w, T* b, Span<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T source = ref MemoryMarshal.GetReference(x);
        ref T target = ref MemoryMarshal.GetReference(z);
        (T mean, T factor) = moments;
        var (means, factors) = (new Vector<T>(mean), new Vector<T>(factor));
        int i = 0;
        for (; i <= z.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            Vector<T> scaled = (Vector.LoadUnsafe(ref source, (nuint)i) - means) * factors * Vector.Load(w + i);
            (b is null ? scaled : scaled + Vector.Load(b + i)).StoreUnsafe(ref target, (nuint)i);
        }

        for (; i < z.Length; i++)
        {
            T scaled = (x[i] - mean) * factor * w[i];
            z[i] = b is null ? scaled : scaled + b[i];
        }
    }

    /// <summary>Adds g y, rounded as if it had been stored, to one line of sums and g to another.</summary>
    private static void AddProducts<T>(ReadOnlySpan<T> g, ReadOnlySpan<T> y, Span<double> products, Span<double> sums) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            AddProducts<Lanes512, T>(g, y, products, sums);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            AddProducts<Lanes256, T>(g, y, products, sums);
        }
        else
        {
            AddProducts<Lanes128, T>(g, y, products, sums);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddProducts<V, T>(ReadOnlySpan<T> g, ReadOnlySpan<T> y, Span<double> products, Span<double> sums)
        where V : struct, ILanes<V>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T cotangent = ref MemoryMarshal.GetReference(g);
        ref T value = ref MemoryMarshal.GetReference(y);
        ref double product = ref MemoryMarshal.GetReference(products);
        ref double sum = ref MemoryMarshal.GetReference(sums);
        int i = 0;
        for (; i <= g.Length - V.Count; i += V.Count)
        {
            ref T left = ref Unsafe.Add(ref cotangent, i);
            ref T right = ref Unsafe.Add(ref value, i);
            V v = VectorMath.Load<V, T>(ref left);
            V term = typeof(T) == typeof(float) ? V.LoadProduct(ref Unsafe.As<T, float>(ref left), ref Unsafe.As<T, float>(ref right)) : v * VectorMath.Load<V, T>(ref right);
            V.Store(V.Load(ref Unsafe.Add(ref product, i)) + term, ref Unsafe.Add(ref product, i));
            V.Store(V.Load(ref Unsafe.Add(ref sum, i)) + v, ref Unsafe.Add(ref sum, i));
        }

        for (; i < g.Length; i++)
        {
            products[i] += double.CreateTruncating(g[i] * y[i]);
            sums[i] += double.CreateTruncating(g[i]);
        }
    }
}
