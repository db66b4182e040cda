using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AutoDiff.Optimization;

/// <summary>The small dense products that the factorizations are made of. Every number is one chain of multiply-adds, so that it depends neither on the number of rows nor on threads.</summary>
internal static class PanelProduct
{
    /// <summary>Columns of a product are computed by so many at a time; its rows are as long as a multiple of this.</summary>
    public static int Step => 2 * Vector<double>.Count;

    /// <summary>n, rounded up to whole steps.</summary>
    public static int Padded(int n) => (n + Step - 1) / Step * Step;

    /// <summary>Fills <paramref name="target"/> (k × padded n) with the transpose of n rows of k numbers, <paramref name="stride"/> apart, and zeros to the right of it.</summary>
    public static void Transpose(ReadOnlySpan<double> rows, int stride, int n, int k, Span<double> target)
    {
        int width = Padded(n);
        for (int p = 0; p < k; p++)
        {
            Span<double> row = target.Slice(p * width, width);
            for (int j = 0; j < n; j++)
            {
                row[j] = rows[(j * stride) + p];
            }

            row[n..].Clear();
        }
    }

    /// <summary>c (m × width) := a (m × k, rows <paramref name="stride"/> apart) · b (k × width), where the width is a multiple of the step.</summary>
    public static void Multiply(int m, int k, int width, ReadOnlySpan<double> a, int stride, ReadOnlySpan<double> b, Span<double> c)
    {
        if (a.Length < ((m - 1) * stride) + k || b.Length < k * width || c.Length < m * width || width % Step != 0)
        {
            throw new ArgumentException("The panels are too short.");
        }

        ref double firstA = ref MemoryMarshal.GetReference(a);
        ref double firstB = ref MemoryMarshal.GetReference(b);
        ref double firstC = ref MemoryMarshal.GetReference(c);
        int i = 0;
        for (; i <= m - 4; i += 4)
        {
            for (int j = 0; j < width; j += Step)
            {
                FourRows(k, width, stride, ref Unsafe.Add(ref firstA, i * stride), ref Unsafe.Add(ref firstB, j), ref Unsafe.Add(ref firstC, (i * width) + j));
            }
        }

        for (; i < m; i++)
        {
            for (int j = 0; j < width; j += Step)
            {
                OneRow(k, width, ref Unsafe.Add(ref firstA, i * stride), ref Unsafe.Add(ref firstB, j), ref Unsafe.Add(ref firstC, (i * width) + j));
            }
        }
    }

    /// <summary>
    /// c (m × n) += sign · a · b (k × n) for a small k, where c is a part of a larger matrix: its rows are <paramref name="rowOfC"/> apart. The numbers of a for one row are
    /// <paramref name="termOfA"/> apart, those for one term <paramref name="rowOfA"/>.
    /// </summary>
    public static void Add(int m, int n, int k, double sign, ReadOnlySpan<double> a, int rowOfA, int termOfA, ReadOnlySpan<double> b, int rowOfB, Span<double> c, int rowOfC)
    {
        if (a.Length <= ((m - 1) * rowOfA) + ((k - 1) * termOfA) || b.Length < ((k - 1) * rowOfB) + n || c.Length < ((m - 1) * rowOfC) + n)
        {
            throw new ArgumentException("The blocks are too short.");
        }

        ref double firstA = ref MemoryMarshal.GetReference(a);
        ref double firstB = ref MemoryMarshal.GetReference(b);
        ref double row = ref MemoryMarshal.GetReference(c);
        for (int i = 0; i < m; i++)
        {
            int j = 0;
            for (; j <= n - Vector<double>.Count; j += Vector<double>.Count)
            {
                Vector<double> sum = Vector.LoadUnsafe(ref row, (nuint)j);
                for (int p = 0; p < k; p++)
                {
                    sum = Vector.FusedMultiplyAdd(new Vector<double>(sign * Unsafe.Add(ref firstA, p * termOfA)), Vector.LoadUnsafe(ref firstB, (nuint)((p * rowOfB) + j)), sum);
                }

                sum.StoreUnsafe(ref row, (nuint)j);
            }

            for (; j < n; j++)
            {
                double sum = Unsafe.Add(ref row, j);
                for (int p = 0; p < k; p++)
                {
                    sum = Math.FusedMultiplyAdd(sign * Unsafe.Add(ref firstA, p * termOfA), Unsafe.Add(ref firstB, (p * rowOfB) + j), sum);
                }

                Unsafe.Add(ref row, j) = sum;
            }

            firstA = ref Unsafe.Add(ref firstA, rowOfA);
            row = ref Unsafe.Add(ref row, rowOfC);
        }
    }

    /// <summary>y -= a x, where the rows of a are as long as x.</summary>
    public static void Subtract(ReadOnlySpan<double> a, ReadOnlySpan<double> x, Span<double> y)
    {
        if (x.Length == 1)
        {
            double factor = x[0];
            a = a[..y.Length];
            for (int i = 0; i < y.Length; i++)
            {
                y[i] -= a[i] * factor;
            }

            return;
        }

        for (int i = 0; i < y.Length; i++)
        {
            y[i] -= Dot(a.Slice(i * x.Length, x.Length), x);
        }
    }

    /// <summary>y -= a^T x, where the rows of a are as long as y.</summary>
    public static void SubtractTransposed(ReadOnlySpan<double> a, ReadOnlySpan<double> x, Span<double> y)
    {
        if (y.Length == 1)
        {
            double sum = y[0];
            a = a[..x.Length];
            for (int i = 0; i < x.Length; i++)
            {
                sum -= a[i] * x[i];
            }

            y[0] = sum;
            return;
        }

        for (int i = 0; i < x.Length; i++)
        {
            Vectors.AddTo(y, -x[i], a.Slice(i * y.Length, y.Length));
        }
    }

    /// <summary>The inner product of x with as many leading numbers of y.</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        y = y[..x.Length];
        double sum = 0;
        int i = 0;
        if (x.Length >= Step)
        {
            ref double firstX = ref MemoryMarshal.GetReference(x);
            ref double firstY = ref MemoryMarshal.GetReference(y);
            nuint half = (nuint)Vector<double>.Count;
            Vector<double> s0 = default, s1 = default;
            for (; i <= x.Length - Step; i += Step)
            {
                s0 = Vector.FusedMultiplyAdd(Vector.LoadUnsafe(ref firstX, (nuint)i), Vector.LoadUnsafe(ref firstY, (nuint)i), s0);
                s1 = Vector.FusedMultiplyAdd(Vector.LoadUnsafe(ref firstX, (nuint)i + half), Vector.LoadUnsafe(ref firstY, (nuint)i + half), s1);
            }

            sum = Vector.Sum(s0 + s1);
        }

        for (; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    private static void FourRows(int k, int width, int stride, ref double a, ref double b, ref double c)
    {
        nuint half = (nuint)Vector<double>.Count;
        Vector<double> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
        for (int p = 0; p < k; p++)
        {
            Vector<double> b0 = Vector.LoadUnsafe(ref b);
            Vector<double> b1 = Vector.LoadUnsafe(ref b, half);
            Vector<double> x = new(Unsafe.Add(ref a, p));
            (c00, c01) = (Vector.FusedMultiplyAdd(x, b0, c00), Vector.FusedMultiplyAdd(x, b1, c01));
            x = new Vector<double>(Unsafe.Add(ref a, stride + p));
            (c10, c11) = (Vector.FusedMultiplyAdd(x, b0, c10), Vector.FusedMultiplyAdd(x, b1, c11));
            x = new Vector<double>(Unsafe.Add(ref a, (2 * stride) + p));
            (c20, c21) = (Vector.FusedMultiplyAdd(x, b0, c20), Vector.FusedMultiplyAdd(x, b1, c21));
            x = new Vector<double>(Unsafe.Add(ref a, (3 * stride) + p));
            (c30, c31) = (Vector.FusedMultiplyAdd(x, b0, c30), Vector.FusedMultiplyAdd(x, b1, c31));
            b = ref Unsafe.Add(ref b, width);
        }

        c00.StoreUnsafe(ref c);
        c01.StoreUnsafe(ref c, half);
        c10.StoreUnsafe(ref c, (nuint)width);
        c11.StoreUnsafe(ref c, (nuint)width + half);
        c20.StoreUnsafe(ref c, (nuint)(2 * width));
        c21.StoreUnsafe(ref c, (nuint)(2 * width) + half);
        c30.StoreUnsafe(ref c, (nuint)(3 * width));
        c31.StoreUnsafe(ref c, (nuint)(3 * width) + half);
    }

    private static void OneRow(int k, int width, ref double a, ref double b, ref double c)
    {
        nuint half = (nuint)Vector<double>.Count;
        Vector<double> c0 = default, c1 = default;
        for (int p = 0; p < k; p++)
        {
            Vector<double> x = new(Unsafe.Add(ref a, p));
            c0 = Vector.FusedMultiplyAdd(x, Vector.LoadUnsafe(ref b), c0);
            c1 = Vector.FusedMultiplyAdd(x, Vector.LoadUnsafe(ref b, half), c1);
            b = ref Unsafe.Add(ref b, width);
        }

        c0.StoreUnsafe(ref c);
        c1.StoreUnsafe(ref c, half);
    }
}
