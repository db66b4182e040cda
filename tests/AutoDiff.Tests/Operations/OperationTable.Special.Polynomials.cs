using AutoDiff.Kernels;

namespace AutoDiff.Tests.Operations;

// The numbers of the points were computed with mpmath to fifty digits. The references are the scalar kernels, which have their own tests.
internal static partial class OperationTable<T>
{
    private static OperationRow<T>[] SpecialPolynomials =>
    [
        new("Legendre: degree 5", x => x.Legendre(5), x => OrthogonalPolynomials.Legendre(5, x)) { Domain = (-1, 1), Bad = [Throws<ArgumentException>(on => on(2).Legendre(-1))], Points = [(0, 0, 1.875), (0.25, 0.3397216796875, 0.38818359375), (1, 1, 15), (-1, -1, 15)] },
        new("Legendre: degree 1", x => x.Legendre(1), x => OrthogonalPolynomials.Legendre(1, x)) { Exact = true, Points = [(0.25, 0.25, 1)] },
        new("ChebyshevT: degree 5", x => x.ChebyshevT(5), x => OrthogonalPolynomials.ChebyshevT(5, x)) { Domain = (-1, 1), Bad = [Throws<ArgumentException>(on => on(2).ChebyshevT(-1))], Points = [(0, 0, 5), (0.25, 0.953125, 1.5625), (1, 1, 25), (-1, -1, 25)] },
        new("ChebyshevT: degree 1", x => x.ChebyshevT(1), x => OrthogonalPolynomials.ChebyshevT(1, x)) { Exact = true, Points = [(0.25, 0.25, 1)] },
        new("ChebyshevU: degree 5", x => x.ChebyshevU(5), x => OrthogonalPolynomials.ChebyshevU(5, x)) { Domain = (-1, 1), Bad = [Throws<ArgumentException>(on => on(2).ChebyshevU(-1))], Points = [(0, 0, 6), (0.25, 1.03125, 0.625), (1, 6, 70), (-1, -6, 70)] },
        new("ChebyshevU: degree 1", x => x.ChebyshevU(1), x => OrthogonalPolynomials.ChebyshevU(1, x)) { Exact = true, Points = [(0.25, 0.5, 2)] },
        new("ChebyshevV: degree 5", x => x.ChebyshevV(5), x => OrthogonalPolynomials.ChebyshevV(5, x)) { Domain = (-1, 1), Bad = [Throws<ArgumentException>(on => on(2).ChebyshevV(-1))], Points = [(0, -1, 6), (0.25, 0.71875, 5.625), (1, 1, 30), (-1, -11, 110)] },
        new("ChebyshevV: degree 1", x => x.ChebyshevV(1), x => OrthogonalPolynomials.ChebyshevV(1, x)) { Exact = true, Points = [(0.25, -0.5, 2)] },
        new("ChebyshevW: degree 5", x => x.ChebyshevW(5), x => OrthogonalPolynomials.ChebyshevW(5, x)) { Domain = (-1, 1), Bad = [Throws<ArgumentException>(on => on(2).ChebyshevW(-1))], Points = [(0, 1, 6), (0.25, 1.34375, -4.375), (1, 11, 110), (-1, -1, 30)] },
        new("ChebyshevW: degree 1", x => x.ChebyshevW(1), x => OrthogonalPolynomials.ChebyshevW(1, x)) { Exact = true, Points = [(0.25, 1.5, 2)] },
        new("HermiteH: degree 5", x => x.HermiteH(5), x => OrthogonalPolynomials.HermiteH(5, x)) { Domain = (-1, 1), Bad = [Throws<ArgumentException>(on => on(2).HermiteH(-1))], Points = [(0, 0, 120), (0.25, 27.53125, 90.625), (1, -8, -200), (-1, 8, -200)] },
        new("HermiteH: degree 1", x => x.HermiteH(1), x => OrthogonalPolynomials.HermiteH(1, x)) { Exact = true, Points = [(0.25, 0.5, 2)] },
        new("HermiteHe: degree 5", x => x.HermiteHe(5), x => OrthogonalPolynomials.HermiteHe(5, x)) { Domain = (-1, 1), Bad = [Throws<ArgumentException>(on => on(2).HermiteHe(-1))], Points = [(0, 0, 15), (0.25, 3.5947265625, 13.14453125), (1, 6, -10), (-1, -6, -10)] },
        new("HermiteHe: degree 1", x => x.HermiteHe(1), x => OrthogonalPolynomials.HermiteHe(1, x)) { Exact = true, Points = [(0.25, 0.25, 1)] },
        new("Legendre: degree 0", x => x.Legendre(0), x => 1) { Exact = true, Points = [(3, 1, 0)] },
        new("Laguerre", x => x.Laguerre(4), x => OrthogonalPolynomials.Laguerre(4, 0, x)) { Bad = [Throws<ArgumentException>(on => on(2).Laguerre(-1))], Points = [(0, 1, -4), (0.5, -0.3307291666666667, -1.4791666666666667), (3, 1.375, 0.5)] },
        new("Laguerre: associated", x => x.Laguerre(4, N(1.5)), x => OrthogonalPolynomials.Laguerre(4, 1.5, x)) { Points = [(0, 9.0234375, -14.4375), (0.5, 3.2395833333333335, -8.916666666666666), (3, 0.0234375, 2.4375)] },
        new("Gegenbauer", x => x.Gegenbauer(5, N(0.75)), x => OrthogonalPolynomials.Gegenbauer(5, 0.75, x)) { Domain = (-1, 1), Bad = [Throws<ArgumentException>(on => on(2).Gegenbauer(-1, N(1)))], Points = [(0.25, 0.6371040344238281, 0.5604400634765625), (1, 2.70703125, 35.19140625)] },
    ];
}
