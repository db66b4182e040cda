using System.Buffers;

namespace AutoDiff.Kernels;

/// <summary>The pool that all arrays for temporary use come from. Tests may put another in its place.</summary>
internal static class Pool<T>
{
    public static readonly ArrayPool<T> Shared = Pools.Substitute?.Of<T>() ?? Pools.Of<T>();
}

/// <summary>What tests set before anything is rented.</summary>
internal static class Pools
{
    /// <summary>Tensors of so many elements have pooled arrays. Renting and counting cost about as much as clearing that many.</summary>
    internal static int Threshold = 1024;

    /// <summary>The pool of a type: large arrays of numbers are kept by their bytes, all others by the shared pool of .NET.</summary>
    internal static ArrayPool<T> Of<T>() =>
        typeof(T) == typeof(float) ? (ArrayPool<T>)(object)new LargeArrayPool<float>()
        : typeof(T) == typeof(double) ? (ArrayPool<T>)(object)new LargeArrayPool<double>()
        : typeof(T) == typeof(byte) ? (ArrayPool<T>)(object)new LargeArrayPool<byte>()
        : typeof(T) == typeof(int) ? (ArrayPool<T>)(object)new LargeArrayPool<int>()
        : ArrayPool<T>.Shared;

    /// <summary>Pools in place of the shared ones.</summary>
    internal static ISubstitute? Substitute { get; set; }

    /// <summary>Gives the pool for each type of element.</summary>
    internal interface ISubstitute
    {
        ArrayPool<T> Of<T>();
    }
}
