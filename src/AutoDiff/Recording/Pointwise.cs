using System.Runtime.CompilerServices;
using AutoDiff.Kernels;

namespace AutoDiff;

// Elementwise operations whose kernel is a loop over a function of numbers: no more than that is needed where the function is a branch or two.
public sealed partial class Tensor<T>
{
    /// <summary>Declares an elementwise operation by a function of one number. No derivative given: it is zero almost everywhere.</summary>
    internal Tensor<T> Pointwise(Func<T, T> f, Func<Tensor<T>, Tensor<T>>? ofInput = null, Func<Tensor<T>, Tensor<T>>? ofOutput = null, [CallerMemberName] string name = "") =>
        Elementwise(
            (x, y) =>
            {
                for (int i = 0; i < x.Length; i++)
                {
                    y[i] = f(x[i]);
                }
            }, ofInput, ofOutput, name);

    /// <summary>Declares an elementwise operation by a function of one number with parameters.</summary>
    internal Tensor<T> Pointwise<TParameters>(TParameters parameters, Func<T, TParameters, T> f, Func<Tensor<T>, TParameters, Tensor<T>>? ofInput = null,
        Func<Tensor<T>, TParameters, Tensor<T>>? ofOutput = null, [CallerMemberName] string name = "") =>
        Elementwise(parameters,
            (x, parameters, y) =>
            {
                for (int i = 0; i < x.Length; i++)
                {
                    y[i] = f(x[i], parameters);
                }
            }, ofInput, ofOutput, name);

    /// <summary>Declares an elementwise operation of two operands by a function of two numbers.</summary>
    internal static Tensor<T> Pairwise(Func<T, T, T> f, Tensor<T> x, Tensor<T> y, string name, Partial<T>? dx = null, Partial<T>? dy = null,
        [CallerArgumentExpression(nameof(x))] string first = "", [CallerArgumentExpression(nameof(y))] string second = "") => Binary(
        (x, y, z) =>
        {
            for (int i = 0; i < z.Length; i++)
            {
                z[i] = f(x[i], y[i]);
            }
        }, x, y, name, dx, dy, null, first, second);

    /// <summary>x · w, but 0 where w is 0, whatever x is, and structurally so: for a weight w that vanishes faster than x grows. This is x; both have the same shape.</summary>
    internal Tensor<T> TimesVanishing(Tensor<T> w) => (this * w).SelectWhere(Pieces.Map<Pieces.SecondIsNonzero, T>, this, w, "IsRightNonzero");
}
