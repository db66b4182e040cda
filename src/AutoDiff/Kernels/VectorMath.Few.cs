using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AutoDiff.Kernels;

/// <content>Arithmetic on a handful of elements, of which the base library's choice of a way takes longer than the work.</content>
internal static partial class VectorMath
{
    /// <summary>Up to so many elements.</summary>
    private const int FewElements = 64;

    private interface IArithmetic
    {
        static abstract T Of<T>(T x, T y) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

        static abstract Vector128<T> Of<T>(Vector128<T> x, Vector128<T> y);

        static abstract Vector256<T> Of<T>(Vector256<T> x, Vector256<T> y);

        static abstract Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y);
    }

    private readonly struct Sum : IArithmetic
    {
        public static T Of<T>(T x, T y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => x + y;

        public static Vector128<T> Of<T>(Vector128<T> x, Vector128<T> y) => x + y;

        public static Vector256<T> Of<T>(Vector256<T> x, Vector256<T> y) => x + y;

        public static Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y) => x + y;
    }

    private readonly struct Difference : IArithmetic
    {
        public static T Of<T>(T x, T y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => x - y;

        public static Vector128<T> Of<T>(Vector128<T> x, Vector128<T> y) => x - y;

        public static Vector256<T> Of<T>(Vector256<T> x, Vector256<T> y) => x - y;

        public static Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y) => x - y;
    }

    private readonly struct Product : IArithmetic
    {
        public static T Of<T>(T x, T y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => x * y;

        public static Vector128<T> Of<T>(Vector128<T> x, Vector128<T> y) => x * y;

        public static Vector256<T> Of<T>(Vector256<T> x, Vector256<T> y) => x * y;

        public static Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y) => x * y;
    }

    private readonly struct Quotient : IArithmetic
    {
        public static T Of<T>(T x, T y) where T : unmanaged, IBinaryFloatingPointIeee754<T> => x / y;

        public static Vector128<T> Of<T>(Vector128<T> x, Vector128<T> y) => x / y;

        public static Vector256<T> Of<T>(Vector256<T> x, Vector256<T> y) => x / y;

        public static Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y) => x / y;
    }

    /// <summary>z = F(x, y), with the widest registers that the elements fill (those of half the width take a third longer). The last of them, which may overlap the one before, is computed first, so that z may be x or y.</summary>
    private static void FewElementwise<F, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z)
        where F : struct, IArithmetic
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = x.Length;
        if (y.Length != n || z.Length < n)
        {
            throw new ArgumentException("The operands and the result have different lengths.");
        }

        ref T first = ref MemoryMarshal.GetReference(x), second = ref MemoryMarshal.GetReference(y), result = ref MemoryMarshal.GetReference(z);
        if (Vector512.IsHardwareAccelerated && n >= Vector512<T>.Count)
        {
            nuint last = (nuint)(n - Vector512<T>.Count);
            Vector512<T> end = F.Of(Vector512.LoadUnsafe(ref first, last), Vector512.LoadUnsafe(ref second, last));
            for (nuint i = 0; i < last; i += (nuint)Vector512<T>.Count)
            {
                F.Of(Vector512.LoadUnsafe(ref first, i), Vector512.LoadUnsafe(ref second, i)).StoreUnsafe(ref result, i);
            }

            end.StoreUnsafe(ref result, last);
        }
        else if (Vector256.IsHardwareAccelerated && n >= Vector256<T>.Count)
        {
            nuint last = (nuint)(n - Vector256<T>.Count);
            Vector256<T> end = F.Of(Vector256.LoadUnsafe(ref first, last), Vector256.LoadUnsafe(ref second, last));
            for (nuint i = 0; i < last; i += (nuint)Vector256<T>.Count)
            {
                F.Of(Vector256.LoadUnsafe(ref first, i), Vector256.LoadUnsafe(ref second, i)).StoreUnsafe(ref result, i);
            }

            end.StoreUnsafe(ref result, last);
        }
        else if (Vector128.IsHardwareAccelerated && n >= Vector128<T>.Count)
        {
            nuint last = (nuint)(n - Vector128<T>.Count);
            Vector128<T> end = F.Of(Vector128.LoadUnsafe(ref first, last), Vector128.LoadUnsafe(ref second, last));
            for (nuint i = 0; i < last; i += (nuint)Vector128<T>.Count)
            {
                F.Of(Vector128.LoadUnsafe(ref first, i), Vector128.LoadUnsafe(ref second, i)).StoreUnsafe(ref result, i);
            }

            end.StoreUnsafe(ref result, last);
        }
        else
        {
            for (int i = 0; i < n; i++)
            {
                Unsafe.Add(ref result, i) = F.Of(Unsafe.Add(ref first, i), Unsafe.Add(ref second, i));
            }
        }
    }
}
