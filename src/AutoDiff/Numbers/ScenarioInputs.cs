using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>The inputs of a function of scenarios: a vector for each number of a scenario, and one for each shared number, so that each scenario has derivatives of its own by what is shared.</summary>
internal sealed class ScenarioInputs<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The scenarios that are laid out, or taken out, at a time: a line of the cache of each vector.</summary>
    private const int Strip = 8;

    private readonly int own;
    private readonly int lanes;
    private readonly T[] memory;
    private T[]? columns;

    public ScenarioInputs(int own, int shared, int lanes)
    {
        (this.own, this.lanes) = (own, lanes);
        memory = new T[(own + shared) * lanes];
        Tensors = new Tensor<T>[own + shared];
        for (int j = 0; j < Tensors.Length; j++)
        {
            Tensors[j] = Tensor<T>.Over(memory, j * lanes, [lanes]);
        }
    }

    public Tensor<T>[] Tensors { get; }

    /// <summary>Gives every lane the shared numbers.</summary>
    public void Share(Tensor<T> shared)
    {
        ReadOnlySpan<T> numbers = shared.Values;
        for (int j = 0; j < numbers.Length; j++)
        {
            Tensors[own + j].Writable.Fill(numbers[j]);
        }
    }

    /// <summary>Gives the lanes the numbers of scenarios; those that are left over repeat the last one.</summary>
    /// <param name="scenarios">The scenarios, a row for each.</param>
    /// <param name="start">What is added to the numbers of the rows.</param>
    /// <param name="rows">The numbers of the rows.</param>
    public void LayOut(Tensor<T> scenarios, int start, ReadOnlySpan<int> rows)
    {
        ReadOnlySpan<T> numbers = scenarios.Values;
        if (AreNeighbors(rows))
        {
            Transpose(numbers[((start + rows[0]) * own)..], own, rows.Length, own, memory, lanes);
            for (int j = 0; j < own; j++)
            {
                Span<T> column = Tensors[j].Writable;
                column[rows.Length..].Fill(column[rows.Length - 1]);
            }

            return;
        }

        for (int first = 0; first < lanes; first += Strip)
        {
            int end = Math.Min(first + Strip, lanes);
            for (int j = 0; j < own; j++)
            {
                Span<T> column = Tensors[j].Writable;
                for (int i = first; i < end; i++)
                {
                    column[i] = numbers[((start + rows[Math.Min(i, rows.Length - 1)]) * own) + j];
                }
            }
        }
    }

    /// <summary>Puts the derivatives of lanes by their own numbers where those of their scenarios are.</summary>
    public void PutBack(ReadOnlySpan<Tensor<T>> derivatives, Tensor<T> gradients, int start, ReadOnlySpan<int> rows, ReadOnlySpan<bool> taken)
    {
        Span<T> numbers = gradients.Writable;
        if (AreNeighbors(rows) && !taken[..rows.Length].Contains(false))
        {
            columns ??= new T[own * lanes];
            for (int j = 0; j < own; j++)
            {
                derivatives[j].Values.CopyTo(columns.AsSpan(j * lanes, lanes));
            }

            Transpose(columns, lanes, own, rows.Length, numbers[((start + rows[0]) * own)..], own);
            return;
        }

        for (int first = 0; first < rows.Length; first += Strip)
        {
            int end = Math.Min(first + Strip, rows.Length);
            for (int j = 0; j < own; j++)
            {
                ReadOnlySpan<T> column = derivatives[j].Values;
                for (int i = first; i < end; i++)
                {
                    if (taken[i])
                    {
                        numbers[((start + rows[i]) * own) + j] = column[i];
                    }
                }
            }
        }
    }

    private static bool AreNeighbors(ReadOnlySpan<int> rows) => rows[^1] - rows[0] == rows.Length - 1;

    /// <summary>Writes the rows of a matrix as columns.</summary>
    private static unsafe void Transpose(ReadOnlySpan<T> source, int sourceStride, int rows, int columns, Span<T> target, int targetStride)
    {
        fixed (T* from = source, to = target)
        {
            TransposedCopy.Run(from, sourceStride, rows, columns, to, targetStride);
        }
    }
}
