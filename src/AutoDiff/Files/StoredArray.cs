using System.Numerics;
using System.Runtime.InteropServices;

namespace AutoDiff;

/// <summary>The type of the elements of an array in a file.</summary>
public enum StoredType
{
    /// <summary>A 32-bit floating-point number.</summary>
    F32,

    /// <summary>A 64-bit floating-point number.</summary>
    F64,

    /// <summary>A 32-bit signed integer.</summary>
    I32,

    /// <summary>A 64-bit signed integer.</summary>
    I64,
}

/// <summary>An array as files hold it: a shape and elements, row-major, of one of the types that NumPy and PyTorch use for numbers and indices. Immutable.</summary>
public sealed class StoredArray
{
    private readonly int[] shape;

    /// <summary>The elements, little-endian, whatever the machine.</summary>
    private readonly byte[] bytes;

    internal StoredArray(StoredType type, int[] shape, byte[] bytes) => (Type, this.shape, this.bytes) = (type, shape, bytes);

    /// <summary>The type of the elements.</summary>
    public StoredType Type { get; }

    /// <summary>The length of each axis.</summary>
    public ReadOnlySpan<int> Shape => shape;

    /// <summary>The number of elements.</summary>
    public int Length => bytes.Length / SizeOf(Type);

    /// <summary>The elements as files hold them: row-major, little-endian.</summary>
    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>Holds the values of a tensor.</summary>
    /// <typeparam name="T">The element type, <see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="tensor">The tensor; its values are copied.</param>
    public static StoredArray Create<T>(Tensor<T> tensor) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(tensor, nameof(StoredArray), nameof(tensor));
        return new StoredArray(typeof(T) == typeof(double) ? StoredType.F64 : StoredType.F32, tensor.Shape.ToArray(), ToBytes(tensor.AsSpan()));
    }

    /// <summary>Holds integers, such as indices.</summary>
    /// <param name="values">The integers, row-major; they are copied.</param>
    /// <param name="shape">The length of each axis.</param>
    /// <exception cref="TensorShapeException">The shape does not hold as many elements as there are values.</exception>
    public static StoredArray Create(ReadOnlySpan<int> values, params ReadOnlySpan<int> shape) => new(StoredType.I32, Fit(values.Length, shape), ToBytes(values));

    /// <summary>Holds long integers.</summary>
    /// <param name="values">The integers, row-major; they are copied.</param>
    /// <param name="shape">The length of each axis.</param>
    /// <exception cref="TensorShapeException">The shape does not hold as many elements as there are values.</exception>
    public static StoredArray Create(ReadOnlySpan<long> values, params ReadOnlySpan<int> shape) => new(StoredType.I64, Fit(values.Length, shape), ToBytes(values));

    /// <summary>The elements as a tensor. Where the type differs, each is rounded to the nearest number.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <returns>A constant of the same shape.</returns>
    public Tensor<T> ToTensor<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> result = Tensor<T>.Allocate(shape);
        Span<T> to = result.Writable;
        switch (Type)
        {
            case StoredType.F32:
                Convert<float, T>(to);
                break;
            case StoredType.F64:
                Convert<double, T>(to);
                break;
            case StoredType.I32:
                Convert<int, T>(to);
                break;
            default:
                Convert<long, T>(to);
                break;
        }

        return result;
    }

    /// <summary>The elements of an array of integers.</summary>
    /// <exception cref="InvalidOperationException">The elements are not integers.</exception>
    /// <exception cref="OverflowException">An integer is outside the range of int.</exception>
    public int[] ToInt32Array() => Array.ConvertAll(ToInt64Array(), value => value is >= int.MinValue and <= int.MaxValue ? (int)value
        : throw new OverflowException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"StoredArray: the integer {value} is outside the range of int. Expected {int.MinValue} to {int.MaxValue}. To fix it, use ToInt64Array.")));

    /// <summary>The elements of an array of integers.</summary>
    /// <exception cref="InvalidOperationException">The elements are not integers.</exception>
    public long[] ToInt64Array()
    {
        var values = new long[Length];
        switch (Type)
        {
            case StoredType.I32:
                Convert<int, long>(values);
                break;
            case StoredType.I64:
                Convert<long, long>(values);
                break;
            default:
                throw new InvalidOperationException($"StoredArray: the elements are of type {Type}. Expected I32 or I64. To fix it, use ToTensor.");
        }

        return values;
    }

    /// <summary>The type and the shape, such as "F64 [2, 3]".</summary>
    public override string ToString() => $"{Type} {Shapes.Format(shape)}";

    /// <summary>The arrays that hold named parameters.</summary>
    internal static IEnumerable<KeyValuePair<string, StoredArray>> OfParameters<T>(Parameters<T> parameters) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Errors.NotNull(parameters, nameof(StoredArray), nameof(parameters)).Select(pair => KeyValuePair.Create(pair.Key, Create(pair.Value)));

    /// <summary>The tensors of a file that have the names and shapes of given parameters, in their order.</summary>
    internal static Parameters<T> ToParameters<T>(IReadOnlyDictionary<string, StoredArray> arrays, Parameters<T> like) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(like, nameof(StoredArray), nameof(like));
        var values = new List<Tensor<T>>(like.Count);
        foreach ((string name, Tensor<T> expected) in like)
        {
            if (!arrays.TryGetValue(name, out StoredArray? array))
            {
                throw Errors.File($"The file holds nothing named '{name}'. Its names are: {string.Join(", ", arrays.Keys)}.");
            }

            if (!array.Shape.SequenceEqual(expected.Shape))
            {
                throw Errors.File($"The array '{name}' of the file has shape {Shapes.Format(array.Shape)}. Expected {Shapes.Format(expected.Shape)}.");
            }

            values.Add(array.ToTensor<T>());
        }

        return like.WithValues([.. values]);
    }

    internal static int SizeOf(StoredType type) => type is StoredType.F32 or StoredType.I32 ? 4 : 8;

    /// <summary>Turns the bytes of every element around.</summary>
    internal static void Reverse(Span<byte> bytes, int size)
    {
        for (int i = 0; i < bytes.Length; i += size)
        {
            bytes.Slice(i, size).Reverse();
        }
    }

    private void Convert<TFrom, TTo>(Span<TTo> to) where TFrom : unmanaged, INumberBase<TFrom> where TTo : unmanaged, INumberBase<TTo>
    {
        byte[] native = bytes;
        if (!BitConverter.IsLittleEndian)
        {
            native = (byte[])bytes.Clone();
            Reverse(native, SizeOf(Type));
        }

        if (typeof(TFrom) == typeof(TTo))
        {
            // Bit by bit, for NaNs carry payloads.
            native.CopyTo(MemoryMarshal.AsBytes(to));
            return;
        }

        ReadOnlySpan<TFrom> from = MemoryMarshal.Cast<byte, TFrom>(native);
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = TTo.CreateSaturating(from[i]);
        }
    }

    private static byte[] ToBytes<TElement>(ReadOnlySpan<TElement> values) where TElement : unmanaged
    {
        byte[] bytes = MemoryMarshal.AsBytes(values).ToArray();
        if (!BitConverter.IsLittleEndian)
        {
            Reverse(bytes, Marshal.SizeOf<TElement>());
        }

        return bytes;
    }

    private static int[] Fit(int length, ReadOnlySpan<int> shape) => Shapes.Length(shape, nameof(Create)) == length ? shape.ToArray()
        : throw Errors.Shape(nameof(Create), $"{length} values were given for the shape {Shapes.Format(shape)}", $"{Shapes.Length(shape)} values", "make the product of the shape equal to the number of values");
}
