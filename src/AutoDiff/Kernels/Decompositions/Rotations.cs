using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff.Kernels;

/// <summary>
/// Plane rotations of neighboring rows of a matrix, kept until there are many and then applied strip by strip of columns: a strip stays in a near cache while all of them pass over it, and every number
/// is the same as if they had been applied one by one (Van Zee, van de Geijn and Quintana-Ortí, "Restructuring the tridiagonal and bidiagonal QR algorithms for performance", 2014).
/// </summary>
/// <remarks>The default are none: what is added to them, for a caller that wants no vectors, is dropped.</remarks>
internal readonly ref struct Rotations<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Vectors in a row of a strip.</summary>
    private const int Vectors = 4;

    /// <summary>Rotations of a number that are worth another thread.</summary>
    private const long Grain = 500_000;

    private readonly int _rows;
    private readonly T[] _sines;
    private readonly T[] _tangents;

    /// <summary>The first row of each rotation; behind them, how many there are.</summary>
    private readonly int[] _first;

    /// <summary>Rotations of so many rows.</summary>
    public Rotations(int rows)
    {
        _rows = rows;
        (_sines, _tangents, _first) = (Pool<T>.Shared.Rent(Capacity), Pool<T>.Shared.Rent(Capacity), Pool<int>.Shared.Rent(Capacity + 1));
        Count = 0;
    }

    private int Capacity => 16 * _rows;

    private ref int Count => ref _first[Capacity];

    /// <summary>Whether there may not be room for one rotation of each row.</summary>
    public bool IsFull => _rows > 0 && Count > Capacity - _rows;

    /// <summary>Adds the rotation (x, y) := (c x - s y, s x + c y), c ≥ 0, of the rows number <paramref name="row"/> and the next.</summary>
    public void Add(int row, T c, T s)
    {
        if (_rows > 0)
        {
            int i = Count++;
            (_first[i], _sines[i], _tangents[i]) = (row, s, s / (T.One + c));
        }
    }

    /// <summary>Applies what was added to a matrix.</summary>
    public void Apply(Span<T> matrix, int columns)
    {
        if (_rows > 0)
        {
            Apply(matrix, _rows, columns, _first.AsSpan(0, Count), _sines.AsSpan(0, Count), _tangents.AsSpan(0, Count));
            Count = 0;
        }
    }

    public void Dispose()
    {
        if (_rows > 0)
        {
            Pool<T>.Shared.Return(_sines);
            Pool<T>.Shared.Return(_tangents);
            Pool<int>.Shared.Return(_first);
        }
    }

    private static unsafe void Apply(Span<T> matrix, int rows, int columns, ReadOnlySpan<int> first, ReadOnlySpan<T> sines, ReadOnlySpan<T> tangents)
    {
        int width = Vectors * Vector<T>.Count;
        int strips = (columns + width - 1) / width;
        fixed (T* start = matrix, s = sines, tau = tangents)
        fixed (int* index = first)
        {
            int threads = Math.Min(strips, Threading.ThreadsFor((long)first.Length * columns, Grain));
            Threading.For(threads, (Start: (nint)start, S: (nint)s, Tau: (nint)tau, Index: (nint)index, first.Length, rows, columns, strips, threads), static (chunk, state) =>
            {
                int width = Vectors * Vector<T>.Count;
                using Scratch<T> scratch = new(state.rows * width);
                fixed (T* strip = scratch.Span)
                {
                    int end = (int)((long)state.strips * (chunk + 1) / state.threads);
                    for (int i = (int)((long)state.strips * chunk / state.threads); i < end; i++)
                    {
                        T* corner = (T*)state.Start + i * width;
                        int count = Math.Min(width, state.columns - i * width);
                        for (int row = 0; row < state.rows; row++)
                        {
                            Span<T> copy = new(strip + row * width, width);
                            new ReadOnlySpan<T>(corner + (nint)row * state.columns, count).CopyTo(copy);
                            copy[count..].Clear();
                        }
                        Pass(strip, (int*)state.Index, (T*)state.S, (T*)state.Tau, state.Length);
                        for (int row = 0; row < state.rows; row++)
                        {
                            new ReadOnlySpan<T>(strip + row * width, count).CopyTo(new Span<T>(corner + (nint)row * state.columns, count));
                        }
                    }
                }
            });
        }
    }

    /// <summary>All rotations of one strip, each as <see cref="Rows.Rotate"/> has it. Of one rotation and the next the row in common stays in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Pass(T* strip, int* first, T* sines, T* tangents, int count)
    {
        int n = Vector<T>.Count;
        for (int i = 0; i < count;)
        {
            int row = first[i];
            T* x = strip + (nint)row * Vectors * n;
            Vector<T> x0 = Vector.Load(x), x1 = Vector.Load(x + n), x2 = Vector.Load(x + 2 * n), x3 = Vector.Load(x + 3 * n);
            do
            {
                T* y = x + Vectors * n;
                Vector<T> s = new(sines[i]), tau = new(tangents[i]);
                Vector<T> y0 = Vector.Load(y), y1 = Vector.Load(y + n), y2 = Vector.Load(y + 2 * n), y3 = Vector.Load(y + 3 * n);
                (x0 - s * (y0 + tau * x0)).Store(x);
                (x1 - s * (y1 + tau * x1)).Store(x + n);
                (x2 - s * (y2 + tau * x2)).Store(x + 2 * n);
                (x3 - s * (y3 + tau * x3)).Store(x + 3 * n);
                x0 = y0 + s * (x0 - tau * y0);
                x1 = y1 + s * (x1 - tau * y1);
                x2 = y2 + s * (x2 - tau * y2);
                x3 = y3 + s * (x3 - tau * y3);
                x = y;
                i++;
                row++;
            }
            while (i < count && first[i] == row);
            x0.Store(x);
            x1.Store(x + n);
            x2.Store(x + 2 * n);
            x3.Store(x + 3 * n);
        }
    }
}
