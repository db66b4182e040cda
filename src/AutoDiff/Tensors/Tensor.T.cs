using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>
/// A dense, row-major, immutable array of numbers. A tensor that was made from a variable of a <see cref="Tape{T}"/> is recorded on that tape, and can be differentiated;
/// a tensor on no tape is a constant.
/// </summary>
/// <remarks>
/// <para>Nothing that can be reached from outside changes a tensor, so tensors may be shared freely, between threads too. Equality is by reference: two tensors with the same
/// values are different tensors. Element types are <see cref="float"/> and <see cref="double"/>.</para>
/// <para>In the comments of operations, x stands for this tensor, y for what comes back, and dy = cos(x) dx, say, for the derivative: how a small change dx of x moves y. In brackets are shapes.</para>
/// <para>Disposing is optional; see <see cref="Dispose"/> for when it helps.</para>
/// </remarks>
/// <typeparam name="T">The element type, <see cref="float"/> or <see cref="double"/>.</typeparam>
[DebuggerDisplay("{DebuggerText,nq}")]
[CollectionBuilder(typeof(Tensor), nameof(Tensor.Create))]
public sealed partial class Tensor<T> : ISpanFormattable, IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private T[]? array;
    private int offset;
    private readonly int length;
    private readonly int[] shape;
    private readonly Buffer<T>? buffer;
    private Tape<T>? tape;
    private int index;

    /// <summary>A tensor over a part of an array. <paramref name="buffer"/> is given where the array is pooled.</summary>
    private Tensor(T[] array, int offset, int length, int[] shape, Buffer<T>? buffer)
    {
        ElementType.Check<T>();
        this.array = array;
        this.offset = offset;
        this.length = length;
        this.shape = shape;
        this.buffer = buffer;
    }

    /// <summary>The length of each axis. A scalar has none.</summary>
    public ReadOnlySpan<int> Shape => shape;

    /// <summary>The number of axes.</summary>
    public int Rank => shape.Length;

    /// <summary>The number of elements: the product of the shape, 1 for a scalar.</summary>
    public int Length => length;

    /// <summary>The tape on which the tensor is recorded, or null for a constant.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public Tape<T>? Tape => tape?.Root;

    /// <summary>The shape as the array that tensors share; never written to.</summary>
    internal int[] Dimensions => shape;

    /// <summary>The tape that gave <see cref="Index"/>; it may have been joined to another since.</summary>
    internal Tape<T>? RecordedOn => tape;

    /// <summary>The place of the tensor's record on the tape that made it.</summary>
    internal int Index => index;

    /// <summary>The pooled buffer under the tensor, or null where the array belongs to the collector.</summary>
    internal Buffer<T>? Buffer => buffer;

    /// <summary>One more hold on the buffer, beyond the rule that made it: a cotangent's or a tangent's.</summary>
    internal void KeepBuffer()
    {
        if (buffer?.TryKeep() == false)
        {
            throw Errors.DisposedTensor(Shapes.Format(shape));
        }
    }

    /// <summary>What holds the values: tensors that share values have the same.</summary>
    internal object? Storage => array;

    /// <summary>In forward mode without a tape, the tangent of a tensor that depends on the variables.</summary>
    internal StrongBox<SweepVector<T>>? Tangent { get; set; }

    /// <summary>The values, for the library's own use: checked for disposal, and not counted as a look at the values.</summary>
    internal ReadOnlySpan<T> Values
    {
        get
        {
            // Read once: another thread may be disposing the tensor.
            T[]? values = array;
            if (values is null || tape is not null)
            {
                CheckReadable(values);
            }

            return new ReadOnlySpan<T>(values, offset, length);
        }
    }

    private void CheckReadable([NotNull] T[]? values)
    {
        if (values is null)
        {
            throw Errors.DisposedTensor(Shapes.Format(shape));
        }

        if (tape is { } own)
        {
            if (buffer is not null)
            {
                own.NoteReader();
            }

            if (own.IsDisposed)
            {
                throw Errors.DisposedTape(Shapes.Format(shape));
            }
        }
    }

    /// <summary>The values of a result that is being computed, to be written. Nothing outside the library sees a tensor before it is complete.</summary>
    internal Span<T> Writable => new(array, offset, length);

    /// <summary>A constant over a part of an array that belongs to somebody else (the memory of a compiled run).</summary>
    internal static Tensor<T> Over(T[] array, int offset, int[] shape) => new(array, offset, Shapes.Length(shape), shape, null);

    /// <summary>Lays a tensor of a compiled run, which nobody else sees, over other numbers of the same shape.</summary>
    internal void LayOver(Tensor<T> values, int start = 0)
    {
        _ = values.Values;
        (array, offset) = (values.array, values.offset + start);
    }

    /// <summary>Forgets where the values are; the buffer belongs to somebody else.</summary>
    internal void LetGo() => array = null;

    /// <summary>A new tensor whose values are not set yet.</summary>
    internal static Tensor<T> Allocate(int[] shape, [CallerMemberName] string operation = "") => Allocate(shape, Shapes.Length(shape, operation));

    /// <summary>A new tensor whose values are not set yet, of a shape whose length is known: of a handful of numbers, counting them anew is a good part of the work.</summary>
    private static Tensor<T> Allocate(int[] shape, int length)
    {
        if (length < Pools.Threshold)
        {
            return new Tensor<T>(length == 0 ? [] : GC.AllocateUninitializedArray<T>(length), 0, length, shape, null);
        }

        Buffer<T> rented = Buffer<T>.Rent(length);
        return new Tensor<T>(rented.Array, 0, length, shape, rented);
    }

    /// <summary>A new tensor of zeros.</summary>
    internal static Tensor<T> AllocateZeros(int[] shape, [CallerMemberName] string operation = "")
    {
        Tensor<T> zeros = Allocate(shape, operation);
        zeros.Writable.Clear();
        return zeros;
    }

    /// <summary>A constant that shares the values under another shape of the same length, from <paramref name="start"/> on.</summary>
    internal Tensor<T> View(int[] newShape, int start = 0)
    {
        _ = Values;
        if (array is not { } values || buffer?.TryShare() == false)
        {
            throw Errors.DisposedTensor(Shapes.Format(shape));
        }

        return new Tensor<T>(values, offset + start, ReferenceEquals(newShape, shape) ? length : Shapes.Length(newShape), newShape, buffer);
    }

    /// <summary>Puts the tensor on a tape. Called once, before the tensor is handed out.</summary>
    internal void Attach(Tape<T> onTape, int atIndex)
    {
        tape = onTape;
        index = atIndex;
    }

    /// <summary>The same values as a constant: no derivative flows through it. Shares the values; no copy is made.</summary>
    /// <returns>A tensor on no tape. It stays valid when the tape is disposed.</returns>
    /// <exception cref="ObjectDisposedException">The tensor or its tape has been disposed.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Differentiate.Gradient(x => (x * x.Detach()).Sum(), [1.0, 2.0])); // => [1, 2]
    /// </code>
    /// </example>
    public Tensor<T> Detach()
    {
        if (tape is null)
        {
            return this;
        }

        if (tape.Root.Reads is not null)
        {
            // A program that is to run again computes constants again, too.
            return Elementwise(static (x, y) => x.CopyTo(y), name: nameof(Detach));
        }

        tape.NoteRead(this, 0, length);
        return View(shape);
    }

    /// <summary>The values, row-major, without a copy. Reading is not recorded: no derivative flows through numbers.</summary>
    /// <remarks>The span must not be used after the tensor, or the tape that recorded it, has been disposed.</remarks>
    /// <returns>The values.</returns>
    /// <exception cref="ObjectDisposedException">The tensor or its tape has been disposed.</exception>
    public ReadOnlySpan<T> AsSpan()
    {
        ReadOnlySpan<T> values = Values;
        tape?.NoteRead(this, 0, length);
        return values;
    }

    /// <summary>The values as answers of scenarios, each by itself: those that disagree part.</summary>
    internal ReadOnlySpan<T> AnswersByLane()
    {
        ReadOnlySpan<T> values = Values;
        tape?.NoteRead(this, 0, length, byLane: true);
        return values;
    }

    /// <summary>Goes through the values, row-major: numbers, through which no derivative flows. (<see cref="Unbind"/> gives the slices along an axis, as tensors.)</summary>
    /// <remarks>It also lets a vector be written as a list: <c>Tensor&lt;double&gt; x = [1.0, 2.0];</c>, <c>Differentiate.Gradient(f, [1.0, 2.0])</c>.</remarks>
    /// <returns>An enumerator of numbers.</returns>
    /// <exception cref="ObjectDisposedException">The tensor or its tape has been disposed.</exception>
    public ReadOnlySpan<T>.Enumerator GetEnumerator() => AsSpan().GetEnumerator();

    /// <summary>Copies the values, row-major, to memory of the caller. Reading is not recorded.</summary>
    /// <param name="destination">Where to; it may be longer than the tensor.</param>
    /// <exception cref="ArgumentException">The destination is shorter than the tensor.</exception>
    /// <exception cref="ObjectDisposedException">The tensor or its tape has been disposed.</exception>
    public void CopyTo(Span<T> destination)
    {
        if (destination.Length < length)
        {
            throw Errors.Argument(nameof(CopyTo), nameof(destination), $"{destination.Length} places were given for {length} elements", $"a length of at least {length}", "make the destination longer");
        }

        AsSpan().CopyTo(destination);
    }

    /// <summary>A copy of the values, row-major.</summary>
    /// <returns>An array.</returns>
    /// <exception cref="ObjectDisposedException">The tensor or its tape has been disposed.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(string.Join(" ", Tensor.Create(1, 2, 3).ToArray())); // => 1 2 3
    /// </code>
    /// </example>
    public T[] ToArray() => AsSpan().ToArray();

    /// <summary>The number in a tensor of length 1.</summary>
    /// <returns>The number.</returns>
    /// <exception cref="TensorShapeException">The tensor does not have exactly one element.</exception>
    /// <exception cref="ObjectDisposedException">The tensor or its tape has been disposed.</exception>
    /// <example>
    /// <code>
    /// double sum = Tensor.Create(1, 2, 3).Sum().ToScalar();
    /// Console.WriteLine(sum); // => 6
    /// </code>
    /// </example>
    public T ToScalar() => length == 1
        ? AsSpan()[0]
        : throw Errors.Shape(nameof(ToScalar), $"the tensor has shape {Shapes.Format(shape)} and {length} elements", "exactly one element",
            "reduce it first (Sum, Mean), read one element with At, or all with ToArray");

    /// <summary>The number at a place. Reading is not recorded; an index in brackets gives a recorded tensor instead.</summary>
    /// <param name="indices">One index for each axis; negative ones count from the end.</param>
    /// <returns>The number.</returns>
    /// <exception cref="ArgumentException">The number of indices is not the rank, or an index is outside its axis.</exception>
    /// <exception cref="ObjectDisposedException">The tensor or its tape has been disposed.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(Tensor.Range(6).Reshape(2, 3).At(1, 2)); // => 5
    /// </code>
    /// </example>
    public T At(params ReadOnlySpan<int> indices)
    {
        if (indices.Length != shape.Length)
        {
            throw Errors.Shape(nameof(At), $"{indices.Length} indices were given for a tensor of shape {Shapes.Format(shape)}", $"{shape.Length} indices",
                "give one index for each axis; x[...] takes slices");
        }

        int place = 0;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            int i = indices[axis] < 0 ? indices[axis] + shape[axis] : indices[axis];
            if ((uint)i >= (uint)shape[axis])
            {
                throw Errors.Argument(nameof(At), nameof(indices), $"index {indices[axis]} is outside axis {axis} of shape {Shapes.Format(shape)}",
                    $"an index from {-shape[axis]} to {shape[axis] - 1}", "check the index");
            }

            place = (place * shape[axis]) + i;
        }

        T value = Values[place];
        tape?.NoteRead(this, place, 1);
        return value;
    }

    /// <summary>The same values in another element type. Constants only: a tape records one element type, so no derivative could flow through a conversion.</summary>
    /// <typeparam name="TOther">The element type of the result. Values outside its range become infinite.</typeparam>
    /// <returns>A constant of the same shape.</returns>
    /// <exception cref="TapeException">The tensor is recorded on a tape: its derivative would be lost. Detach it first.</exception>
    /// <exception cref="ObjectDisposedException">The tensor or its tape has been disposed.</exception>
    public Tensor<TOther> ConvertTo<TOther>() where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther>
    {
        ReadOnlySpan<T> from = Values;
        if (tape is not null)
        {
            throw Errors.Tape(nameof(ConvertTo), $"the tensor of shape {Shapes.Format(shape)} is recorded on a tape of {typeof(T).Name}, and its derivative would be lost", "a constant",
                "Detach() it first, or make the variable from a converted constant; a function of each type joins the two by Differentiate.ValueAndVjp");
        }

        Tensor<TOther> result = Tensor<TOther>.Allocate(shape);
        Span<TOther> to = result.Writable;
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = TOther.CreateSaturating(from[i]);
        }

        return result;
    }

    /// <summary>
    /// Returns the values' memory for reuse, early. Optional: without it, the collector takes the tensor like any other object. Other tensors that share the values keep them.
    /// </summary>
    /// <remarks>
    /// Meant for loops that replace large tensors, such as an optimizer's parameters. Afterward the tensor, and spans taken from it, must not be used, and no other thread may be computing with it
    /// meanwhile. Disposing it again, on any thread, does nothing.
    /// </remarks>
    /// <exception cref="TapeException">The tensor is recorded on a tape: its values belong to the tape.</exception>
    public void Dispose()
    {
        if (tape is not null)
        {
            throw Errors.Tape(nameof(Dispose), $"the tensor of shape {Shapes.Format(shape)} is recorded on a tape, which owns its values", "a tensor on no tape",
                "dispose the tape instead");
        }

        if (Interlocked.Exchange(ref array, null) is not null)
        {
            buffer?.Release();
        }
    }

    private string DebuggerText => $"Tensor<{typeof(T).Name}>{Shapes.Format(shape)}{(tape is null ? "" : " on tape")}"
        + (array is null || tape is { IsDisposed: true } ? " (disposed)" : length <= 16 ? " " + TensorPrinter.Print(Values, shape).ReplaceLineEndings(" ") : "");

    /// <summary>The values as text: nested brackets, aligned columns, summarized when there are more than 1,000. The same in every culture.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => TensorPrinter.Print(AsSpan(), shape);

    /// <summary>The values as text, each number in a format: <c>x.ToString("0.00")</c>. The same in every culture.</summary>
    /// <param name="format">A format of the element type; null or empty for that of <see cref="ToString()"/>.</param>
    /// <returns>The text.</returns>
    /// <exception cref="FormatException">The format is not one of numbers.</exception>
    /// <exception cref="ObjectDisposedException">The tensor or its tape has been disposed.</exception>
    public string ToString(string? format) => ToString(format, null);

    /// <summary>The values as text, each number in a format: <c>$"{x:0.00}"</c>, <c>x.ToString("E3", culture)</c>.</summary>
    /// <param name="format">A format of the element type; null or empty for that of <see cref="ToString()"/>.</param>
    /// <param name="formatProvider">What writes the numbers, such as a culture; null for the invariant one.</param>
    /// <returns>The text.</returns>
    /// <exception cref="FormatException">The format is not one of numbers.</exception>
    /// <exception cref="ObjectDisposedException">The tensor or its tape has been disposed.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine($"{Tensor.Create(1, 2, 3) / 7:0.00}"); // => [0.14, 0.29, 0.43]
    /// </code>
    /// </example>
    public string ToString(string? format, IFormatProvider? formatProvider) => TensorPrinter.Print(AsSpan(), shape, format, formatProvider);

    /// <summary>Writes the values as text, each number in a format, where there is room.</summary>
    /// <param name="destination">Where to write.</param>
    /// <param name="charsWritten">How many characters were written.</param>
    /// <param name="format">A format of the element type; empty for that of <see cref="ToString()"/>.</param>
    /// <param name="provider">What writes the numbers, such as a culture; null for the invariant one.</param>
    /// <returns>Whether the text fits the destination.</returns>
    /// <exception cref="FormatException">The format is not one of numbers.</exception>
    /// <exception cref="ObjectDisposedException">The tensor or its tape has been disposed.</exception>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        string text = TensorPrinter.Print(AsSpan(), shape, format.ToString(), provider);
        bool fits = text.TryCopyTo(destination);
        charsWritten = fits ? text.Length : 0;
        return fits;
    }
}
