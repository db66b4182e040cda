using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace AutoDiff;

/// <summary>The element types: the kernels work on the bits of these two, and take what is not double for float.</summary>
internal static class ElementType
{
    /// <summary>Refuses any other element type, where a tensor or a tape is made. For the two that are supported nothing is left of the check in compiled code.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check<T>()
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
        {
            Refuse<T>();
        }
    }

    [DoesNotReturn]
    private static void Refuse<T>() => throw Errors.ElementType(typeof(T).Name);
}
