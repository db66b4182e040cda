using System.Collections.Generic;
using System.Numerics;

namespace AutoDiff.Plain;

// Plane rotations of neighboring rows, kept until they are applied one by one.
internal readonly ref struct Rotations<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<(int Row, T C, T S)> _kept;

    public Rotations(int rows) => _kept = new(4 * rows);

    public bool IsFull => false;

    public void Add(int row, T c, T s) => _kept?.Add((row, c, s));

    public void Apply(Span<T> matrix, int columns)
    {
        if (_kept is null)
        {
            return;
        }
        foreach ((int row, T c, T s) in _kept)
        {
            Rows.Rotate(matrix.Slice(row * columns, columns), matrix.Slice((row + 1) * columns, columns), c, s);
        }
        _kept.Clear();
    }

    public void Dispose()
    {
    }
}
