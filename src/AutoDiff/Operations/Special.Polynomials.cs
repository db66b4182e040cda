using AutoDiff.Kernels;

namespace AutoDiff;

// Classical orthogonal polynomials (DLMF chapter 18). Their derivatives are polynomials of lower degree.
public sealed partial class Tensor<T>
{
    /// <summary>Legendre's polynomial P of degree n. dy = C(n - 1, 3/2) dx with Gegenbauer's polynomial.</summary>
    /// <param name="degree">The degree n, 0 or more.</param>
    /// <remarks>DLMF 18.9.19 for P = C(n, 1/2).</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">The degree is negative.</exception>
    public Tensor<T> Legendre(int degree) => Polynomial(degree, nameof(Legendre), OrthogonalPolynomials.Legendre, static (x, n) => x.Gegenbauer(n - 1, Real(1.5)));

    /// <summary>Chebyshev's polynomial of the first kind T of degree n. dy = n U(n - 1) dx.</summary>
    /// <param name="degree">The degree n, 0 or more.</param>
    /// <remarks>DLMF 18.9.21.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">The degree is negative.</exception>
    public Tensor<T> ChebyshevT(int degree) => Polynomial(degree, nameof(ChebyshevT), OrthogonalPolynomials.ChebyshevT, static (x, n) => x.ChebyshevU(n - 1) * Real(n));

    /// <summary>Chebyshev's polynomial of the second kind U of degree n. dy = 2 C(n - 1, 2) dx with Gegenbauer's polynomial.</summary>
    /// <param name="degree">The degree n, 0 or more.</param>
    /// <remarks>DLMF 18.7.4, 18.9.19.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">The degree is negative.</exception>
    public Tensor<T> ChebyshevU(int degree) => Polynomial(degree, nameof(ChebyshevU), OrthogonalPolynomials.ChebyshevU, static (x, n) => x.Gegenbauer(n - 1, Real(2)) * Real(2));

    /// <summary>Chebyshev's polynomial of the third kind V = U(n) - U(n - 1) of degree n; its derivative is that of the difference.</summary>
    /// <param name="degree">The degree n, 0 or more.</param>
    /// <remarks>DLMF 18.5.3.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">The degree is negative.</exception>
    public Tensor<T> ChebyshevV(int degree) => Polynomial(degree, nameof(ChebyshevV), OrthogonalPolynomials.ChebyshevV,
        static (x, n) => n == 1 ? Tensor.Scalar(Real(2)) : x.GegenbauerStep(n - 1, 2, -1) * Real(2));

    /// <summary>Chebyshev's polynomial of the fourth kind W = U(n) + U(n - 1) of degree n; its derivative is that of the sum.</summary>
    /// <param name="degree">The degree n, 0 or more.</param>
    /// <remarks>DLMF 18.5.4.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">The degree is negative.</exception>
    public Tensor<T> ChebyshevW(int degree) => Polynomial(degree, nameof(ChebyshevW), OrthogonalPolynomials.ChebyshevW,
        static (x, n) => n == 1 ? Tensor.Scalar(Real(2)) : x.GegenbauerStep(n - 1, 2, 1) * Real(2));

    /// <summary>Gegenbauer's polynomial of a degree, plus or minus the one below: in one function, for each may overflow alone.</summary>
    private Tensor<T> GegenbauerStep(int degree, double order, int sign) => Special(
        x => OrthogonalPolynomials.Gegenbauer(degree, order, x) + (degree > 0 ? sign * OrthogonalPolynomials.Gegenbauer(degree - 1, order, x) : 0),
        x => degree == 0 ? Tensor.Scalar(T.Zero) : x.GegenbauerStep(degree - 1, order + 1, sign) * Real(2 * order), parameters: (degree, order, sign));

    /// <summary>The physicists' Hermite polynomial H of degree n. dy = 2n H(n - 1) dx.</summary>
    /// <param name="degree">The degree n, 0 or more.</param>
    /// <remarks>DLMF 18.9.25.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">The degree is negative.</exception>
    public Tensor<T> HermiteH(int degree) => Polynomial(degree, nameof(HermiteH), OrthogonalPolynomials.HermiteH, static (x, n) => x.HermiteH(n - 1) * Real(2.0 * n));

    /// <summary>The probabilists' Hermite polynomial He of degree n. dy = n He(n - 1) dx.</summary>
    /// <param name="degree">The degree n, 0 or more.</param>
    /// <remarks>DLMF 18.9.27.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">The degree is negative.</exception>
    public Tensor<T> HermiteHe(int degree) => Polynomial(degree, nameof(HermiteHe), OrthogonalPolynomials.HermiteHe, static (x, n) => x.HermiteHe(n - 1) * Real(n));

    /// <summary>Laguerre's polynomial of degree n and order α. dy = -L(n - 1, α + 1) dx.</summary>
    /// <param name="degree">The degree n, 0 or more.</param>
    /// <param name="order">The order α; 0 gives the simple Laguerre polynomials.</param>
    /// <remarks>DLMF 18.9.23.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">The degree is negative.</exception>
    public Tensor<T> Laguerre(int degree, T order = default) => Polynomial(degree, nameof(Laguerre), (n, x) => OrthogonalPolynomials.Laguerre(n, double.CreateChecked(order), x),
        (x, n) => -x.Laguerre(n - 1, order + T.One), (degree, order));

    /// <summary>Gegenbauer's polynomial C of degree n and order λ. dy = 2λ C(n - 1, λ + 1) dx.</summary>
    /// <param name="degree">The degree n, 0 or more.</param>
    /// <param name="order">The order λ.</param>
    /// <remarks>DLMF 18.9.19.</remarks>
    /// <returns>A tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">The degree is negative.</exception>
    public Tensor<T> Gegenbauer(int degree, T order) => Polynomial(degree, nameof(Gegenbauer), (n, x) => OrthogonalPolynomials.Gegenbauer(n, double.CreateChecked(order), x),
        (x, n) => x.Gegenbauer(n - 1, order + T.One) * (order * Real(2)), (degree, order));

    /// <summary>A polynomial and its derivative, each by degree; that of degree 0 has none.</summary>
    private Tensor<T> Polynomial(int degree, string name, Func<int, double, double> f, Func<Tensor<T>, int, Tensor<T>> derivative, object? parameters = null)
    {
        CheckOrder(0, degree, name, nameof(degree));
        return Special(x => f(degree, x), x => degree == 0 ? Tensor.Scalar(T.Zero) : derivative(x, degree), name, parameters ?? degree);
    }
}
