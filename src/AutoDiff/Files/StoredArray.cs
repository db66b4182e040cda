using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AutoDiff;

/// <summary>
/// An array as files hold it: a shape and elements, row-major, of one of the types that NumPy and PyTorch use for numbers, indices and truth values. Immutable. <see cref="ToTensor"/> and
/// <see cref="ConvertTo"/> change the type.
/// </summary>
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
    /// <returns>The array.</returns>
    /// <exception cref="ArgumentNullException">tensor is null.</exception>
    public static StoredArray Create<T>(Tensor<T> tensor) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(tensor, nameof(StoredArray), nameof(tensor));
        return new StoredArray(typeof(T) == typeof(double) ? StoredType.F64 : StoredType.F32, tensor.Shape.ToArray(), ToBytes(tensor.AsSpan()));
    }

    /// <summary>Holds integers, such as indices.</summary>
    /// <param name="values">The integers, row-major; they are copied.</param>
    /// <param name="shape">The length of each axis.</param>
    /// <returns>The array.</returns>
    /// <exception cref="TensorShapeException">The shape does not hold as many elements as there are values.</exception>
    public static StoredArray Create(ReadOnlySpan<int> values, params ReadOnlySpan<int> shape) => new(StoredType.I32, Fit(values.Length, shape), ToBytes(values));

    /// <summary>Holds long integers.</summary>
    /// <param name="values">The integers, row-major; they are copied.</param>
    /// <param name="shape">The length of each axis.</param>
    /// <returns>The array.</returns>
    /// <exception cref="TensorShapeException">The shape does not hold as many elements as there are values.</exception>
    public static StoredArray Create(ReadOnlySpan<long> values, params ReadOnlySpan<int> shape) => new(StoredType.I64, Fit(values.Length, shape), ToBytes(values));

    /// <summary>The elements as a tensor. Where the type differs, each is rounded to the nearest number; true is 1 and false is 0.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <returns>A constant of the same shape.</returns>
    public Tensor<T> ToTensor<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> result = Tensor<T>.Allocate(shape);
        Convert(result.Writable);
        return result;
    }

    /// <summary>The elements of an array of integers, or of truth values.</summary>
    /// <returns>An array of the integers, row-major.</returns>
    /// <exception cref="InvalidOperationException">The elements are not integers.</exception>
    /// <exception cref="OverflowException">An integer is outside the range of int.</exception>
    public int[] ToInt32Array() => Array.ConvertAll(ToInt64Array(), value => value is >= int.MinValue and <= int.MaxValue ? (int)value
        : throw new OverflowException(string.Create(CultureInfo.InvariantCulture,
            $"StoredArray: the integer {value} is outside the range of int. Expected {int.MinValue} to {int.MaxValue}. To fix it, use ToInt64Array.")));

    /// <summary>The elements of an array of integers, or of truth values.</summary>
    /// <returns>An array of the integers, row-major.</returns>
    /// <exception cref="InvalidOperationException">The elements are not integers.</exception>
    /// <exception cref="OverflowException">An unsigned integer is outside the range of long.</exception>
    public long[] ToInt64Array()
    {
        if (StoredTypes.IsFloat(Type))
        {
            throw new InvalidOperationException($"StoredArray: the elements are of type {Type}. Expected integers. To fix it, use ToTensor.");
        }

        StoredArray array = Type == StoredType.U64 ? ConvertTo(StoredType.I64) : this;
        var values = new long[Length];
        array.Convert<long>(values);
        return values;
    }

    /// <summary>The same numbers in another type. Floating-point numbers are rounded to the nearest (for BF16 by way of F32, as PyTorch does); integers and truth values must be represented exactly.</summary>
    /// <param name="type">The type.</param>
    /// <returns>The array.</returns>
    /// <exception cref="OverflowException">An element is not a whole number in the range of a type of integers.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such type.</exception>
    public StoredArray ConvertTo(StoredType type)
    {
        if (!Enum.IsDefined(type))
        {
            throw Errors.OutOfRange(nameof(ConvertTo), nameof(type), $"the type is {(int)type}", "one of the types", "give a member of StoredType");
        }

        if (type == Type)
        {
            return this;
        }

        byte[] converted = type switch
        {
            StoredType.F64 => To<double>(),
            StoredType.F32 => To<float>(),
            StoredType.F16 => To<Half>(),
            StoredType.BF16 => ToBytes<ushort>(Array.ConvertAll(Values<float>(), BFloat16.Round)),
            _ => Integers(type),
        };
        return new StoredArray(type, shape, converted);

        byte[] To<TTo>() where TTo : unmanaged, INumberBase<TTo> => ToBytes<TTo>(Values<TTo>());
    }

    /// <summary>The type and the shape, such as "F64 [2, 3]".</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Type} {Shapes.Format(shape)}";

    /// <summary>The arrays that hold named parameters.</summary>
    internal static IEnumerable<KeyValuePair<string, StoredArray>> OfParameters<T>(Parameters<T> parameters) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Errors.NotNull(parameters, nameof(StoredArray), nameof(parameters)).Select(pair => KeyValuePair.Create(pair.Key, Create(pair.Value)));

    /// <summary>The tensors of a file that have the names and shapes of given parameters, in their order.</summary>
    internal static Parameters<T> ToParameters<T>(Func<string, StoredArray?> read, IEnumerable<string> names, Parameters<T> like) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(like, nameof(StoredArray), nameof(like));
        var values = new List<Tensor<T>>(like.Count);
        foreach ((string name, Tensor<T> expected) in like)
        {
            StoredArray array = read(name) ?? throw Errors.File($"The file holds nothing named '{name}'. Its names are: {string.Join(", ", names)}.");

            if (!array.Shape.SequenceEqual(expected.Shape))
            {
                throw Errors.File($"The array '{name}' of the file has shape {Shapes.Format(array.Shape)}. Expected {Shapes.Format(expected.Shape)}.");
            }

            values.Add(array.ToTensor<T>());
        }

        return like.WithValues([.. values]);
    }

    internal static int SizeOf(StoredType type) => StoredTypes.Size(type);

    /// <summary>Turns the bytes of every element around.</summary>
    internal static void Reverse(Span<byte> bytes, int size)
    {
        for (int i = 0; i < bytes.Length; i += size)
        {
            bytes.Slice(i, size).Reverse();
        }
    }

    private TTo[] Values<TTo>() where TTo : unmanaged, INumberBase<TTo>
    {
        var values = new TTo[Length];
        Convert<TTo>(values);
        return values;
    }

    /// <summary>The elements as numbers of a type, each the nearest.</summary>
    internal void Convert<TTo>(Span<TTo> to) where TTo : unmanaged, INumberBase<TTo>
    {
        switch (Type)
        {
            case StoredType.F16:
                Convert<Half, TTo>(to);
                break;
            case StoredType.BF16:
                ReadOnlySpan<ushort> halves = MemoryMarshal.Cast<byte, ushort>(Native());
                for (int i = 0; i < to.Length; i++)
                {
                    to[i] = TTo.CreateSaturating(BFloat16.ToSingle(halves[i]));
                }

                break;
            case StoredType.F32:
                Convert<float, TTo>(to);
                break;
            case StoredType.F64:
                Convert<double, TTo>(to);
                break;
            case StoredType.Bool:
                for (int i = 0; i < to.Length; i++)
                {
                    to[i] = bytes[i] == 0 ? TTo.Zero : TTo.One;
                }

                break;
            case StoredType.I8:
                Convert<sbyte, TTo>(to);
                break;
            case StoredType.U8:
                Convert<byte, TTo>(to);
                break;
            case StoredType.I16:
                Convert<short, TTo>(to);
                break;
            case StoredType.U16:
                Convert<ushort, TTo>(to);
                break;
            case StoredType.I32:
                Convert<int, TTo>(to);
                break;
            case StoredType.U32:
                Convert<uint, TTo>(to);
                break;
            case StoredType.I64:
                Convert<long, TTo>(to);
                break;
            default:
                Convert<ulong, TTo>(to);
                break;
        }
    }

    private void Convert<TFrom, TTo>(Span<TTo> to) where TFrom : unmanaged, INumberBase<TFrom> where TTo : unmanaged, INumberBase<TTo>
    {
        byte[] native = Native();
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

    /// <summary>The elements as integers of a type, all of them exactly.</summary>
    private byte[] Integers(StoredType type)
    {
        (Int128 least, Int128 greatest) = StoredTypes.Range(type);
        int size = SizeOf(type);
        var result = new byte[Length * size];
        double[]? numbers = StoredTypes.IsFloat(Type) ? Values<double>() : null;
        Int128[]? integers = numbers is null ? Values<Int128>() : null;
        for (int i = 0; i < Length; i++)
        {
            bool whole = numbers is null || (double.IsInteger(numbers[i]) && Math.Abs(numbers[i]) <= 18446744073709551616.0);
            Int128 value = integers?[i] ?? (whole ? (Int128)numbers![i] : 0);
            if (!whole || value < least || value > greatest)
            {
                string element = numbers is null ? value.ToString(CultureInfo.InvariantCulture) : numbers[i].ToString("R", CultureInfo.InvariantCulture);
                throw new OverflowException(string.Create(CultureInfo.InvariantCulture,
                    $"ConvertTo: element {i} is {element}. Expected a whole number from {least} to {greatest} for the type {type}. To fix it, round or clamp the numbers first."));
            }

            for (int k = 0; k < size; k++)
            {
                result[(i * size) + k] = (byte)(value >> (8 * k));
            }
        }

        return result;
    }

    /// <summary>The elements in the byte order of the machine.</summary>
    private byte[] Native()
    {
        if (BitConverter.IsLittleEndian)
        {
            return bytes;
        }

        var native = (byte[])bytes.Clone();
        Reverse(native, SizeOf(Type));
        return native;
    }

    private static byte[] ToBytes<TElement>(ReadOnlySpan<TElement> values) where TElement : unmanaged
    {
        byte[] bytes = MemoryMarshal.AsBytes(values).ToArray();
        if (!BitConverter.IsLittleEndian)
        {
            Reverse(bytes, Unsafe.SizeOf<TElement>());
        }

        return bytes;
    }

    private static int[] Fit(int length, ReadOnlySpan<int> shape) => Shapes.Length(shape, nameof(Create)) == length ? shape.ToArray()
        : throw Errors.Shape(nameof(Create), $"{length} values were given for the shape {Shapes.Format(shape)}", $"{Shapes.Length(shape)} values", "make the product of the shape equal to the number of values");
}
