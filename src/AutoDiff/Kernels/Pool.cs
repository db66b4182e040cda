using System.Buffers;

namespace AutoDiff.Kernels;

/// <summary>The pool that all arrays for temporary use come from: the shared one of .NET, unless tests put another in its place.</summary>
internal static class Pool<T>
{
    public static readonly ArrayPool<T> Shared = Pools.Substitute?.Of<T>() ?? ArrayPool<T>.Shared;
}

/// <summary>What tests set before anything is rented.</summary>
internal static class Pools
{
    /// <summary>Tensors of so many elements have pooled arrays. Renting and counting cost about as much as clearing that many.</summary>
    internal static int Threshold = 1024;

    /// <summary>Pools in place of the shared ones.</summary>
    internal static ISubstitute? Substitute { get; set; }

    /// <summary>Gives the pool for each type of element.</summary>
    internal interface ISubstitute
    {
        ArrayPool<T> Of<T>();
    }
}
