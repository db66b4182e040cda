using System.Numerics;

namespace AutoDiff.Kernels;

/// <summary>Determinants from the packed factors of <see cref="LuDecomposition"/>: the sign of the permutation times the product of the pivots.</summary>
internal static class Determinant
{
    /// <summary>The determinant; it overflows or underflows only where its own value does.</summary>
    public static T FromLu<T>(ReadOnlySpan<T> factors, int n, int sign)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => PivotProduct(factors, n, sign).Value();

    /// <summary>The sign and the logarithm of the magnitude of the determinant: (0, -infinity) for a singular matrix, (1, 0) for an empty one.</summary>
    public static (T Sign, T LogMagnitude) LogFromLu<T>(ReadOnlySpan<T> factors, int n, int sign)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RangeFreeProduct<T> product = PivotProduct(factors, n, sign);
        T mantissa = product.Mantissa, value = product.Value();
        T determinantSign = T.IsNaN(mantissa) ? mantissa : T.CreateTruncating(T.Sign(mantissa));
        // Near 1 the logarithms of mantissa and power would cancel; beyond the range of T they cannot.
        T log = T.IsNormal(value)
            ? T.Log(T.Abs(value))
            : T.Log(T.Abs(mantissa)) + T.CreateTruncating(product.Exponent) * T.Log(T.One + T.One);
        return (determinantSign, log);
    }

    private static RangeFreeProduct<T> PivotProduct<T>(ReadOnlySpan<T> factors, int n, int sign)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RangeFreeProduct<T> product = new(T.CreateTruncating(sign));
        for (int i = 0; i < n; i++)
        {
            product *= new RangeFreeProduct<T>(factors[i * n + i]);
        }
        return product;
    }
}
