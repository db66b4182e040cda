using System.Numerics;
using System.Runtime.InteropServices;

namespace AutoDiff.Distributed.Ranks.Checks;

/// <summary>What checks say where something does not hold; the same in a test and under mpirun.</summary>
internal static class Expect
{
    public static void True(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException("FAILED: " + what);
        }
    }

    public static void Near(double found, double expected, string what, double tolerance = 1e-11) =>
        True(Math.Abs(found - expected) <= tolerance * Math.Max(1, Math.Abs(expected)), FormattableString.Invariant($"{what}: {found:R}, expected {expected:R}"));

    public static void Near(Tensor<double> found, Tensor<double> expected, string what, double tolerance = 1e-11)
    {
        True(found.Shape.SequenceEqual(expected.Shape), $"{what}: shape [{string.Join(", ", found.Shape.ToArray())}], expected [{string.Join(", ", expected.Shape.ToArray())}]");
        for (int i = 0; i < found.Length; i++)
        {
            Near(found.AsSpan()[i], expected.AsSpan()[i], $"{what}, element {i}", tolerance);
        }
    }

    public static void Bits<T>(Tensor<T> found, Tensor<T> expected, string what) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        True(found.Shape.SequenceEqual(expected.Shape) && MemoryMarshal.AsBytes(found.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(expected.AsSpan())), $"{what}: other bits");

    public static TException Throws<TException>(Action action, string what) where TException : Exception
    {
        try
        {
            action();
        }
        catch (TException exception)
        {
            return exception;
        }

        throw new InvalidOperationException($"FAILED: {what}: no {typeof(TException).Name}");
    }

    /// <summary>A hash of the bits of numbers.</summary>
    public static ulong Digest<T>(ulong start, params Tensor<T>[] tensors) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (Tensor<T> tensor in tensors)
        {
            foreach (byte b in MemoryMarshal.AsBytes(tensor.AsSpan()))
            {
                start = (start ^ b) * 1099511628211;
            }
        }

        return start;
    }
}
