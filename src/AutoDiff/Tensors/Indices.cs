using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AutoDiff;

/// <summary>Computes integers from tensors.</summary>
internal delegate void IntegersOf<T>(ReadOnlySpan<Tensor<T>> inputs, Span<int> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>Computes a tensor from indices, and from other tensors.</summary>
internal delegate void OfIndices<T>(ReadOnlySpan<int> indices, ReadOnlySpan<Tensor<T>> others, Tensor<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>
/// Whole numbers that name places along an axis, classes or segments: those that an operation found (<see cref="Tensor{T}.ArgMax"/>, <see cref="Tensor{T}.Sort"/>), or those that a tensor holds
/// (<see cref="Tensor{T}.AsIndices"/>). They have no derivative.
/// </summary>
/// <remarks>
/// An operation that takes them reads what they hold at each run of a compiled function: there they are an input, or computed, like any other tensor. Looking at the numbers themselves is a look at
/// values. They serve wherever an array of integers does.
/// </remarks>
/// <typeparam name="T">The element type of the tensors that they belong to, <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Indices<T> : IReadOnlyList<int> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tensor<T> carrier;
    private readonly bool packed;
    private int[]? converted;

    /// <param name="carrier">What holds the numbers: as numbers of the element type, or packed.</param>
    /// <param name="packed">Whether they are integers in the bytes of the carrier (see <see cref="Tensor{T}.Integers"/>).</param>
    private Indices(Tensor<T> carrier, bool packed) => (this.carrier, this.packed) = (carrier, packed);

    /// <summary>The numbers that a tensor holds as such.</summary>
    internal static Indices<T> OfNumbers(Tensor<T> numbers) => new(numbers, packed: false);

    /// <summary>The integers in the bytes of a tensor.</summary>
    internal static Indices<T> OfIntegers(Tensor<T> integers) => new(integers, packed: true);

    /// <summary>Numbers that are known for good.</summary>
    internal static Indices<T> Constant(ReadOnlySpan<int> numbers)
    {
        Tensor<T> integers = Tensor<T>.Allocate([numbers.Length]);
        numbers.CopyTo(integers.NewIntegers());
        return OfIntegers(integers);
    }

    /// <summary>The length of each axis.</summary>
    public ReadOnlySpan<int> Shape => carrier.Shape;

    /// <summary>How many numbers there are.</summary>
    public int Length => carrier.Length;

    /// <summary>How many numbers there are, for code that works with lists.</summary>
    int IReadOnlyCollection<int>.Count => carrier.Length;

    internal int[] Dimensions => carrier.Dimensions;

    internal Tensor<T> Carrier => carrier;

    /// <summary>The number at a place, row-major.</summary>
    /// <param name="i">The place.</param>
    /// <remarks>It is a look at this number alone.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public int this[int i]
    {
        get
        {
            ReadOnlySpan<T> numbers = carrier.Values;
            if ((uint)i >= (uint)numbers.Length)
            {
                throw Errors.OutOfRange(nameof(Indices), nameof(i), $"place {i} of {numbers.Length} indices was asked for", $"a place from 0 to {numbers.Length - 1}", "check the place");
            }

            carrier.RecordedOn?.NoteRead(carrier, packed ? i * sizeof(int) / Unsafe.SizeOf<T>() : i, 1);
            return packed ? carrier.Integers[i] : Whole(numbers[i], i, nameof(Indices));
        }
    }

    /// <summary>The numbers, row-major.</summary>
    /// <returns>The numbers.</returns>
    /// <exception cref="ArgumentException">The tensor that holds them has numbers that are not whole.</exception>
    public ReadOnlySpan<int> AsSpan()
    {
        ReadOnlySpan<T> numbers = carrier.AsSpan();
        if (packed)
        {
            return carrier.Integers;
        }

        if (converted is null)
        {
            int[] whole = new int[numbers.Length];
            Read(carrier, whole, nameof(AsSpan));
            converted = whole;
        }

        return converted;
    }

    /// <summary>A copy of the numbers, row-major.</summary>
    /// <returns>An array.</returns>
    /// <exception cref="ArgumentException">The tensor that holds them has numbers that are not whole.</exception>
    public int[] ToArray() => AsSpan().ToArray();

    /// <summary>The numbers as a tensor, in the same shape, with a derivative of zero.</summary>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">A number is too large to be one of the element type: a float holds those up to 2²⁴.</exception>
    public Tensor<T> AsTensor() => !packed ? carrier : Tensor<T>.General(nameof(AsTensor), [carrier], carrier.Dimensions,
        value: static (inputs, y) =>
        {
            ReadOnlySpan<int> integers = inputs[0].Integers;
            for (int i = 0; i < integers.Length; i++)
            {
                y.Writable[i] = Exactly(integers[i], i);
            }
        },
        vjp: static (_, _, _) => null, jvp: static (_, _, _) => null, axes: static _ => null, slices: Slices<T>.OneByOne);

    /// <summary>The same numbers under another shape.</summary>
    /// <param name="shape">The shape; one extent may be -1, and follows from the others.</param>
    /// <returns>Indices of the new shape.</returns>
    /// <exception cref="TensorShapeException">The shape does not hold as many numbers.</exception>
    public Indices<T> Reshape(params ReadOnlySpan<int> shape) => new(carrier.Reshape(shape), packed);

    /// <summary>Goes through the numbers, row-major.</summary>
    /// <returns>An enumerator.</returns>
    public ReadOnlySpan<int>.Enumerator GetEnumerator() => AsSpan().GetEnumerator();

    IEnumerator<int> IEnumerable<int>.GetEnumerator() => ((IEnumerable<int>)ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ToArray().GetEnumerator();

    /// <summary>The numbers as text.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"[{string.Join(", ", ToArray().Select(static i => i.ToString(CultureInfo.InvariantCulture)))}]";

    /// <summary>A copy of the numbers, row-major.</summary>
    /// <param name="indices">The indices.</param>
    /// <returns>The converted value.</returns>
    /// <exception cref="ArgumentNullException">indices is null.</exception>
    public static implicit operator int[](Indices<T> indices) => Errors.NotNull(indices, nameof(Indices), nameof(indices)).ToArray();

    /// <summary>The numbers, row-major.</summary>
    /// <param name="indices">The indices.</param>
    /// <returns>The converted value.</returns>
    /// <exception cref="ArgumentNullException">indices is null.</exception>
    public static implicit operator ReadOnlySpan<int>(Indices<T> indices) => Errors.NotNull(indices, nameof(Indices), nameof(indices)).AsSpan();

    /// <summary>The numbers as a tensor: an input of a compiled function, say.</summary>
    /// <param name="indices">The indices.</param>
    /// <returns>The converted value.</returns>
    /// <exception cref="ArgumentNullException">indices is null.</exception>
    public static implicit operator Tensor<T>(Indices<T> indices) => Errors.NotNull(indices, nameof(Indices), nameof(indices)).AsTensor();

    /// <summary>The numbers as places along an axis of length n, counted from the front and checked: an operation, whose value is integers.</summary>
    internal Tensor<T> Places(int n, string operation, string argument = "indices") => Operation($"{operation}Places", operation, carrier.Dimensions, (numbers, _, y) =>
    {
        Span<int> places = y.NewIntegers();
        numbers.CopyTo(places);
        Tensor<T>.CheckPlaces(places, n, operation, argument);
    });

    /// <summary>Declares an operation on the numbers, and on other tensors, that has no derivative.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="operation">The operation that it is a part of, for errors.</param>
    /// <param name="shape">The shape of the result.</param>
    /// <param name="value">Computes the result.</param>
    /// <param name="others">The other tensors.</param>
    internal Tensor<T> Operation(string name, string operation, int[] shape, OfIndices<T> value, params ReadOnlySpan<Tensor<T>> others)
    {
        bool isPacked = packed;
        return Tensor<T>.General(name, [carrier, .. others], shape,
            value: (inputs, y) =>
            {
                using Kernels.Scratch<int> numbers = new(inputs[0].Length);
                ReadInto(inputs[0], isPacked, numbers.Span, operation);
                value(numbers.Span, inputs[1..], y);
            },
            vjp: static (_, _, _) => null, jvp: static (_, _, _) => null, axes: static _ => null, slices: Slices<T>.OneByOne);
    }

    private static void ReadInto(Tensor<T> carrier, bool packed, Span<int> integers, string operation)
    {
        if (packed)
        {
            carrier.Integers.CopyTo(integers);
        }
        else
        {
            Read(carrier, integers, operation);
        }
    }

    private static void Read(Tensor<T> carrier, Span<int> integers, string operation)
    {
        ReadOnlySpan<T> numbers = carrier.Values;
        for (int i = 0; i < numbers.Length; i++)
        {
            integers[i] = Whole(numbers[i], i, operation);
        }
    }

    private static int Whole(T value, int number, string operation)
    {
        int whole = int.CreateSaturating(value);
        return T.CreateTruncating(whole) == value ? whole
            : throw Errors.Argument(operation, "indices", $"index {value} (number {number}) is not a whole number", "whole numbers of 32 bits", "round them, or check which input holds the indices");
    }

    internal static T Exactly(int integer, int number)
    {
        T value = T.CreateTruncating(integer);
        return int.CreateSaturating(value) == integer ? value
            : throw Errors.Argument(nameof(Indices), "numbers", $"number {number} is {integer}, which {typeof(T).Name} does not hold exactly", "numbers up to 2²⁴ in size", "use doubles");
    }
}

/// <summary>Makes <see cref="Indices{T}"/>.</summary>
public static class Indices
{
    /// <summary>Indices with given numbers: a constant, or an input of a compiled function, for they serve as a tensor too.</summary>
    /// <typeparam name="T">The element type of the tensors that they belong to.</typeparam>
    /// <param name="numbers">The numbers, row-major.</param>
    /// <param name="shape">Their shape; none given means a vector.</param>
    /// <returns>The indices.</returns>
    /// <exception cref="TensorShapeException">The shape does not hold as many numbers.</exception>
    /// <exception cref="ArgumentException">A number is too large to be one of the element type: a float holds those up to 2²⁴.</exception>
    public static Indices<T> Create<T>(ReadOnlySpan<int> numbers, params ReadOnlySpan<int> shape) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> carrier = Tensor<T>.Allocate([numbers.Length], nameof(Indices));
        for (int i = 0; i < numbers.Length; i++)
        {
            carrier.Writable[i] = Indices<T>.Exactly(numbers[i], i);
        }

        return Indices<T>.OfNumbers(shape.IsEmpty ? carrier : carrier.Reshape(shape));
    }
}

public sealed partial class Tensor<T>
{
    /// <summary>The whole numbers that this tensor holds, as indices. So integers that change from run to run of a compiled function are an input like any other.</summary>
    /// <remarks>They are checked, and are errors where they are not whole, when an operation uses them.</remarks>
    /// <returns>Indices of the same shape.</returns>
    public Indices<T> AsIndices() => Indices<T>.OfNumbers(this);

    /// <summary>The integers of an internal tensor (places, pivots), one for each element, in the first bytes of the values.</summary>
    internal Span<int> Integers => MemoryMarshal.Cast<T, int>(Writable)[..length];

    /// <summary>Likewise, to be written; the bytes that are not used are cleared, so that equal integers are equal bit for bit.</summary>
    internal Span<int> NewIntegers()
    {
        Writable.Clear();
        return Integers;
    }

    /// <summary>Declares an operation whose value is integers, such as places: it has no derivative, and is computed anew for other values.</summary>
    internal static Tensor<T> Integral(string name, Tensor<T>[] inputs, int[] shape, IntegersOf<T> value, object? parameters = null) => General(name, inputs, shape,
        value: (inputs, y) => value(inputs, y.NewIntegers()), vjp: static (_, _, _) => null, jvp: static (_, _, _) => null, axes: static _ => null, parameters: parameters, slices: Slices<T>.OneByOne);

    /// <summary>
    /// Integers as indices that outlive the tape, as numbers that were read do. Of a program that is to run again they stay recorded: whoever looks at them is guarded, and who does not is not.
    /// </summary>
    internal static Indices<T> ReadIndices(string name, Tensor<T> integers, int[] shape, IntegersOf<T> value)
    {
        bool traced = integers.tape is { } tape && tape.Root.Reads is not null;
        return Indices<T>.OfIntegers(Integral(name, [traced ? integers : integers.Constant()], shape, value));
    }

    /// <summary>The same values on no tape, for the library's own use.</summary>
    private Tensor<T> Constant() => tape is null ? this : View(shape);
}
