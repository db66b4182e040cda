namespace AutoDiff;

// Looking at what was recorded.
public sealed partial class Tape<T>
{
    /// <summary>The operation at a place of the tape.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1, in the order of recording.</param>
    /// <returns>The operation.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public TapeOperation OperationAt(int index)
    {
        if (IsDisposed)
        {
            throw Errors.DisposedTape();
        }

        if ((uint)index >= (uint)Count)
        {
            throw Errors.OutOfRange(nameof(OperationAt), nameof(index), $"index {index} is outside the tape of {Count} operations", Count == 0 ? "no index: the tape is empty" : Text.Of($"an index from 0 to {Count - 1}"), "check the index");
        }

        return TapeOperation.Of(Root, index);
    }

    /// <summary>
    /// A checking sweep: finds the first operation, and in it the first element, whose value became NaN or infinite on the way to y, and the first derivative that made a cotangent so on the way back.
    /// Sweeps that are not asked to check cost nothing for it.
    /// </summary>
    /// <param name="y">The output, recorded on this tape. Of a tensor with more than one element, the backward sweep is that of its sum.</param>
    /// <param name="x">If given, only the cotangents on the ways to x are checked, as they are in a gradient with respect to x; otherwise all.</param>
    /// <param name="cancellationToken">Looked at before every operation.</param>
    /// <returns>What was found first: NaN and infinities, in values and in cotangents. Its text names operation, element, operands and scope.</returns>
    /// <remarks>It costs about one pass over all values and one backward sweep that keeps every cotangent.</remarks>
    /// <exception cref="ArgumentNullException">y is null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TapeException">y or x is not recorded on this tape.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public NonFiniteReport FindNonFinite(Tensor<T> y, Tensor<T>? x = null, CancellationToken cancellationToken = default)
    {
        CheckRecorded(y, nameof(FindNonFinite), nameof(y));
        if (x is not null)
        {
            CheckRecorded(x, nameof(FindNonFinite), nameof(x));
        }

        return new NonFiniteSearch<T>(Root, y, cancellationToken).Run(x);
    }

    /// <summary>
    /// The kinks, jumps, ties and unbounded slopes that the program passed over: where the derivative is a matter of convention. Each with its place, and which derivative was used.
    /// </summary>
    /// <param name="y">If given, only operations that it depends on are looked at.</param>
    /// <param name="cancellationToken">Looked at before every operation.</param>
    /// <returns>A table of findings.</returns>
    /// <remarks>
    /// Every elementwise operation is probed: its value and slope at the numbers next to its operand, on both sides. Of reductions, Max, Min and Norm are looked at for ties and for the zero vector.
    /// Steps (<see cref="KinkKind.Step"/>) are told wherever the point lies, for a path that ends in one gives a silent zero; those in a recorded gradient are the kinks that a second derivative does not see.
    /// It costs about ten evaluations of the elementwise operations.
    /// </remarks>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TapeException">y is not recorded on this tape.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public KinkReport FindKinks(Tensor<T>? y = null, CancellationToken cancellationToken = default)
    {
        CheckReadable(y, nameof(FindKinks));
        return KinkSearch<T>.Run(Root, y, cancellationToken);
    }

    /// <summary>What the tape costs: for each operation its count, elements, estimated floating-point operations and memory, and why the memory is held.</summary>
    /// <remarks>To see which values derivatives read, every derivative is evaluated once; this costs about one backward sweep.</remarks>
    /// <param name="cancellationToken">Looked at before every operation.</param>
    /// <returns>The report.</returns>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TapeException">This is not the tape's thread.</exception>
    /// <exception cref="ObjectDisposedException">The tape has been disposed.</exception>
    public TapeExplanation Explain(CancellationToken cancellationToken = default) => MemorySurvey<T>.Run(Writable(this, nameof(Explain)), cancellationToken);

    /// <summary>Runs code that records, shows what it recorded, and leaves the tape as it was.</summary>
    internal void Experiment(Action code, Action<Record<T>> look)
    {
        int start = count;
        bool valuesRead = ValuesRead;
        using Context<T>.Around around = Context<T>.Enter(this);
        try
        {
            code();
            for (int i = start; i < count; i++)
            {
                look(records[i]);
            }
        }
        finally
        {
            Truncate(start);
            ValuesRead = valuesRead;
        }
    }

    private void CheckReadable(Tensor<T>? y, string operation)
    {
        if (IsDisposed)
        {
            throw Errors.DisposedTape();
        }

        if (y is not null)
        {
            CheckRecorded(y, operation, nameof(y));
        }
    }
}
