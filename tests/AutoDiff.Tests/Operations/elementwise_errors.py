"""Writes ElementwiseErrors.txt: values and first derivatives of elementwise operations at hard points, from 60 digits and more.

Usage: python3 elementwise_errors.py   (needs mpmath)

A line holds the row of the table of operations, what is meant (v the value, 0 the derivative by the first operand, 1 by the second ...), the operands, the number as a double and the rest, and
how much it changes when the operands are rounded: the sum of |x df/dx|.
"""
import random
import struct
import sys

import mpmath
from mpmath import mp, mpf, pi, sqrt, log, exp

mp.dps = 60


def single(x):
    """The nearest float, where there is one of full precision."""
    return struct.unpack("f", struct.pack("f", x))[0] if 1.2e-38 < abs(x) < 3.4e38 else x


def uniform(low, high):
    return lambda: random.uniform(low, high)


def scale(low, high, signed=False):
    return lambda: 10 ** random.uniform(low, high) * (random.choice((-1, 1)) if signed else 1)


def near(center, low, high):
    return lambda: center + 10 ** random.uniform(low, high) * random.choice((-1, 1))


def whole(low, high):
    return lambda: float(random.randint(low, high))


def pow_(x, y):
    return mpmath.power(x, int(y)) if x < 0 and y == int(y) else mpmath.power(x, y)


def sigmoid(x):
    return 1 / (1 + exp(-x))


def softplus(x):
    return mpmath.log1p(exp(x))


def ndtr(x):
    return mpmath.erfc(-x / sqrt(mpf(2))) / 2


def erfcinv(x):
    with mp.workdps(mp.dps + 80):
        return mpmath.erfinv(1 - x)


def owen(h, a):
    return mpmath.quad(lambda t: exp(-h * h * (1 + t * t) / 2) / (1 + t * t), mpmath.linspace(0, a, 9)) / (2 * pi)


def inverse(f, slope, target, start):
    """x with f(x) = target, by Newton's method between bounds that close in."""
    low, high, x = mpf(0), None, mpf(start)
    for _ in range(400):
        error = f(x) - target
        if (error > 0) == (slope(x) > 0):
            high = x
        else:
            low = x
        step = error / slope(x)
        new = x - step
        if abs(step) <= abs(x) * mpf(10) ** (8 - mp.dps):
            return new
        if not (new > low and (high is None or new < high)):
            new = 2 * x if high is None else (low + high) / 2
        x = new
    raise mpmath.libmp.NoConvergence


def regularized_p(a, x):
    return x ** a * mpmath.hyp1f1(a, a + 1, -x) / mpmath.gamma(a + 1)


def density(a, x):
    return exp(-x) * x ** (a - 1) / mpmath.gamma(a)


def inverse_p(a, p):
    return inverse(lambda x: regularized_p(a, x), lambda x: density(a, x), p, a)


def inverse_beta(p, a, b):
    return inverse(lambda x: mpmath.betainc(a, b, 0, x, regularized=True), lambda x: x ** (a - 1) * (1 - x) ** (b - 1) / mpmath.beta(a, b), p, a / (a + b))


UNARY = {
    # Powers and roots.
    "Square": (lambda x: x * x, [scale(-150, 150, True), uniform(-3, 3)]),
    "Cube": (lambda x: x ** 3, [scale(-100, 100, True), uniform(-3, 3)]),
    "Reciprocal": (lambda x: 1 / x, [scale(-150, 150, True), uniform(-3, 3)]),
    "Sqrt": (mpmath.sqrt, [scale(-307, 307), scale(-320, -309), uniform(0, 4)]),
    "Rsqrt": (lambda x: 1 / sqrt(x), [scale(-200, 200), uniform(0, 4)]),
    "Cbrt": (lambda x: mpmath.cbrt(abs(x)) * mpmath.sign(x), [scale(-300, 300, True), scale(-320, -309), uniform(-4, 4)]),
    "Pow: number": (lambda x: x * x * sqrt(x), [scale(-100, 100), near(1, -12, -1)]),
    "Pow: 2": (lambda x: x * x, [scale(-150, 150, True), uniform(-3, 3)]),
    "Pow: 1/2": (mpmath.sqrt, [scale(-307, 307), uniform(0, 4)]),
    "Pow: of a number": (lambda x: mpf(2) ** x, [uniform(-1, 1), uniform(-1020, 1020), scale(-17, 0, True)]),
    "Multiply: number on the left": (lambda x: -3 * x, [scale(-100, 100, True), uniform(-3, 3)]),
    "Division: number on the left": (lambda x: mpf(1.5) / x, [scale(-100, 100, True), uniform(-3, 3)]),
    "Division: number on the right": (lambda x: x / mpf(1.5), [scale(-100, 100, True), uniform(-3, 3)]),
    "DegreesToRadians": (lambda x: x * pi / 180, [scale(-100, 100, True), uniform(-3, 3)]),
    "RadiansToDegrees": (lambda x: x * 180 / pi, [scale(-100, 100, True), uniform(-3, 3)]),
    "Pow: 3": (lambda x: x ** 3, [scale(-100, 100, True), uniform(-3, 3)]),
    "Pow: -2": (lambda x: 1 / x ** 2, [scale(-100, 100, True), uniform(-3, 3)]),
    # Exponentials and logarithms.
    "Exp": (exp, [uniform(-1, 1), uniform(-740, 709), uniform(-745, -709), scale(-17, 0, True)]),
    "Exp2": (lambda x: mpf(2) ** x, [uniform(-1, 1), uniform(-1074, 1023), scale(-17, 0, True)]),
    "Exp10": (lambda x: mpf(10) ** x, [uniform(-1, 1), uniform(-320, 308), scale(-17, 0, True)]),
    "Expm1": (mpmath.expm1, [uniform(-1, 1), uniform(-40, 700), scale(-17, 0, True)]),
    "Log": (log, [near(1, -15, -1), scale(-322, 308), uniform(0.5, 2)]),
    "Log2": (lambda x: log(x, 2), [near(1, -15, -1), scale(-322, 308), uniform(0.5, 2)]),
    "Log10": (mpmath.log10, [near(1, -15, -1), scale(-322, 308), uniform(0.5, 2)]),
    "Log1p": (mpmath.log1p, [uniform(-0.99, 2), scale(-17, -1, True), scale(0, 307), lambda: -1 + 10 ** random.uniform(-15, -2)]),
    "Log1mExp": (lambda x: log(-mpmath.expm1(x)) if x > -1 else mpmath.log1p(-exp(x)), [uniform(-3, 0), uniform(-700, -3), lambda: -10 ** random.uniform(-17, 0), near(-0.6931471805599453, -6, -1)]),
    "Logit": (lambda x: log(x / (1 - x)), [uniform(0, 1), scale(-300, -1), near(0.5, -12, -1), lambda: 1 - 10 ** random.uniform(-14, -1)]),
    "Logit: eps": (lambda x: log(x / (1 - x)) if 0.25 < x < 0.75 else mpmath.sign(x - 0.5) * log(mpf(3)), [uniform(0.26, 0.74), near(0.5, -12, -2), uniform(0, 0.24), uniform(0.76, 1)]),
    "Entropy": (lambda x: -x * log(x), [uniform(0, 3), scale(-300, 300), near(1, -12, -1)]),
    # Circular and hyperbolic functions.
    "Sin": (mpmath.sin, [uniform(-4, 4), scale(3, 15, True), scale(-17, 0, True), lambda: float(random.randint(1, 999) * pi)]),
    "Cos": (mpmath.cos, [uniform(-4, 4), scale(3, 15, True), scale(-17, 0, True), lambda: float((random.randint(1, 999) + mpf(1) / 2) * pi)]),
    "Tan": (mpmath.tan, [uniform(-4, 4), scale(3, 15, True), scale(-17, 0, True), lambda: float(random.randint(1, 999) * pi / 2)]),
    "Sec": (mpmath.sec, [uniform(-4, 4), scale(3, 9, True), scale(-17, 0, True)]),
    "Csc": (mpmath.csc, [uniform(-4, 4), scale(3, 9, True), scale(-17, 0, True)]),
    "Cot": (mpmath.cot, [uniform(-4, 4), scale(3, 9, True), scale(-17, 0, True)]),
    "SinPi": (mpmath.sinpi, [uniform(-2, 2), scale(3, 9, True), near(1, -12, -2)]),
    "CosPi": (mpmath.cospi, [uniform(-2, 2), scale(3, 9, True), near(0.5, -12, -2)]),
    "Sinc": (lambda x: mpmath.sinpi(x) / (pi * x), [uniform(-3, 3), scale(-9, 0, True), scale(1, 6), near(1, -9, -2)]),
    "Asin": (mpmath.asin, [uniform(-1, 1), scale(-17, 0, True), lambda: 1 - 10 ** random.uniform(-14, -1)]),
    "Acos": (mpmath.acos, [uniform(-1, 1), scale(-17, 0, True), lambda: 1 - 10 ** random.uniform(-14, -1)]),
    "Atan": (mpmath.atan, [uniform(-2, 2), scale(-17, 17, True)]),
    "Sinh": (mpmath.sinh, [uniform(-2, 2), uniform(-700, 700), scale(-17, 0, True)]),
    "Cosh": (mpmath.cosh, [uniform(-2, 2), uniform(-700, 700), scale(-8, 0, True)]),
    "Tanh": (mpmath.tanh, [uniform(-1, 1), uniform(-22, 22), scale(-17, 0, True)]),
    "Asinh": (mpmath.asinh, [uniform(-3, 3), scale(-17, 300, True)]),
    "Acosh": (mpmath.acosh, [uniform(1, 3), lambda: 1 + 10 ** random.uniform(-12, 0), scale(0.1, 300)]),
    "Atanh": (mpmath.atanh, [uniform(-1, 1), scale(-17, -0.4, True), lambda: 1 - 10 ** random.uniform(-14, -1)]),
    # Gates and activations.
    "Sigmoid": (sigmoid, [uniform(-2, 2), uniform(-740, 40), scale(-17, 0, True)]),
    "LogSigmoid": (lambda x: -softplus(-x), [uniform(-2, 2), uniform(-700, 740), scale(-17, 0, True)]),
    "Softplus": (softplus, [uniform(-2, 2), uniform(-740, 700), scale(-17, 0, True)]),
    "Softplus: beta": (lambda x: softplus(2 * x) / 2, [uniform(-2, 2), uniform(-350, 300)]),
    "Silu": (lambda x: x * sigmoid(x), [uniform(-2, 2), uniform(-700, 100), scale(-17, 0, True), near(-1.2784645427610738, -6, -1)]),
    "Mish": (lambda x: x * mpmath.tanh(softplus(x)), [uniform(-2, 2), uniform(-700, 100), scale(-17, 0, True), near(-1.1924312145154498, -6, -1)]),
    "Gelu": (lambda x: x * ndtr(x), [uniform(-2, 2), uniform(-37, 10), scale(-17, 0, True), near(-0.7517915254, -6, -1)]),
    "GeluTanh": (lambda x: x * sigmoid(2 * sqrt(2 / pi) * (x + mpf("0.044715") * x ** 3)), [uniform(-2, 2), uniform(-15, 10), scale(-17, 0, True)]),
    "Elu": (lambda x: x if x > 0 else mpmath.expm1(x), [uniform(-2, 2), uniform(-40, 0), scale(-17, 0, True)]),
    "Elu: alpha": (lambda x: x if x > 0 else 2 * mpmath.expm1(x), [uniform(-2, 2), uniform(-40, 0), scale(-17, 0, True)]),
    "Selu": (lambda x: mpf(1.0507009873554805) * (x if x > 0 else mpf(1.6732632423543772) * mpmath.expm1(x)), [uniform(-2, 2), uniform(-40, 0), scale(-17, 0, True)]),
    "Celu": (lambda x: x if x > 0 else 2 * mpmath.expm1(x / 2), [uniform(-2, 2), uniform(-80, 0), scale(-17, 0, True)]),
    "Celu: plain": (lambda x: x if x > 0 else mpmath.expm1(x), [uniform(-2, 2), uniform(-40, 0), scale(-17, 0, True)]),
    "Softplus: threshold": (lambda x: x if 2 * x > 3 else softplus(2 * x) / 2, [uniform(-2, 1.4), uniform(1.6, 3), uniform(-350, 0)]),
    "Hardsigmoid": (lambda x: min(max((x + 3) / 6, mpf(0)), mpf(1)), [uniform(-2.9, 2.9), near(-3, -12, -1), uniform(3.1, 5)]),
    "Hardswish": (lambda x: x * min(max((x + 3) / 6, mpf(0)), mpf(1)), [uniform(-2.9, 2.9), near(-3, -12, -1), uniform(3.1, 5), scale(-17, 0, True)]),
    "Softsign": (lambda x: x / (1 + abs(x)), [uniform(-2, 2), scale(-17, 100, True)]),
    "Squareplus": (lambda x: (x + sqrt(x * x + 4)) / 2 if x > 0 else 2 / (sqrt(x * x + 4) - x), [uniform(-2, 2), scale(0, 60, True)]),
    "Tanhshrink": (lambda x: x - mpmath.tanh(x), [uniform(-2, 2), scale(-5, 2, True)]),
    # Special functions: errors.
    "Erf": (mpmath.erf, [uniform(-3, 3), scale(-17, 0, True), uniform(3, 6)]),
    "Erfc": (mpmath.erfc, [uniform(-3, 3), uniform(0, 26), scale(-17, 0, True)]),
    "Erfcx": (lambda x: exp(x * x) * mpmath.erfc(x), [uniform(-3, 3), scale(0, 4), uniform(-26, 0)]),
    "Erfinv": (mpmath.erfinv, [uniform(-1, 1), scale(-17, -1, True), lambda: 1 - 10 ** random.uniform(-14, -1)]),
    "Erfcinv": (erfcinv, [uniform(0.1, 1.9), scale(-60, -1)]),
    "Ndtr": (ndtr, [uniform(-3, 3), uniform(-37, 8)]),
    "LogNdtr": (lambda x: log(ndtr(x)) if x < 0 else mpmath.log1p(-ndtr(-x)), [uniform(-3, 3), uniform(-100, 30), uniform(-30, 10)]),
    "Ndtri": (lambda p: mpmath.sqrt(2) * mpmath.erfinv(2 * p - 1), [uniform(0, 1), scale(-14, -1), near(0.5, -12, -1)]),
    "Dawson": (lambda x: sqrt(pi) / 2 * exp(-x * x) * mpmath.erfi(x), [uniform(-3, 3), scale(0, 1.2, True), scale(-17, 0, True)]),
    # Gamma.
    "Gamma": (mpmath.gamma, [uniform(0.1, 5), uniform(5, 170), uniform(-20, 0), scale(-17, 0, True)]),
    "LogGamma": (lambda x: mpmath.re(mpmath.loggamma(x)) if x > 0 else log(abs(mpmath.gamma(x))), [uniform(0.1, 5), scale(0, 100), near(1, -9, -1), near(2, -9, -1), scale(-17, 0), uniform(-20, 0)]),
    "Digamma": (mpmath.digamma, [uniform(0.1, 5), scale(0, 100), near(1.4616321449683622, -6, -1), scale(-17, 0), uniform(-20, 0)]),
    "Polygamma: 1": (lambda x: mpmath.polygamma(1, x), [uniform(0.1, 5), scale(0, 20), scale(-10, 0), uniform(-10, 0)]),
    "Polygamma: 3": (lambda x: mpmath.polygamma(3, x), [uniform(0.1, 5), scale(0, 20), scale(-8, 0), uniform(-10, 0)]),
    "Polygamma: 0": (mpmath.digamma, [uniform(0.1, 5), scale(0, 100), scale(-17, 0)]),
    "Gamma: negative": (mpmath.gamma, [uniform(-5, 0), near(-1, -9, -2)]),
    "MultivariateLogGamma": (lambda x: 3 * log(pi) / 2 + sum(mpmath.loggamma(x - mpf(i) / 2) for i in range(3)), [uniform(1.1, 5), scale(0.5, 100), lambda: 1 + 10 ** random.uniform(-12, -1)]),
    "Factorial": (lambda x: mpmath.gamma(x + 1), [uniform(-0.9, 5), uniform(5, 169)]),
    "Zeta: of Riemann": (mpmath.zeta, [uniform(1.1, 20), lambda: 1 + 10 ** random.uniform(-9, -1), uniform(20, 60), uniform(-0.5, 0.95), lambda: 1 - 10 ** random.uniform(-9, -1), uniform(-4, -0.5), uniform(-60, -4)]),
    # Bessel and Airy functions.
    **{f"BesselJ: order {n}": ((lambda n: lambda x: mpmath.besselj(n, x))(n), [uniform(0.1, 6), uniform(6, 60), scale(-6, 0)]) for n in (0, 1, 4, 0.5)},
    "BesselJ: order -1.25": (lambda x: mpmath.besselj(mpf(-1.25), x), [uniform(0.1, 6), uniform(6, 60), scale(-6, 0)]),
    "BesselIe: large": (lambda x: mpmath.besseli(0, x) * exp(-abs(x)), [uniform(6, 60), scale(1, 8)]),
    **{f"BesselY: order {n}": ((lambda n: lambda x: mpmath.bessely(n, x))(n), [uniform(0.1, 6), uniform(6, 60), scale(-6, 0)]) for n in (0, 1, 3, 1.5)},
    **{f"BesselI: order {n}": ((lambda n: lambda x: mpmath.besseli(n, x))(n), [uniform(0.1, 6), uniform(6, 600), scale(-6, 0)]) for n in (0, 1, 3, 2.5)},
    **{f"BesselIe: order {n}": ((lambda n: lambda x: mpmath.besseli(n, x) * exp(-abs(x)))(n), [uniform(0.1, 6), scale(1, 4), scale(-6, 0)]) for n in (0, 1, 3, 2.5)},
    **{f"BesselK: order {n}": ((lambda n: lambda x: mpmath.besselk(n, x))(n), [uniform(0.1, 6), uniform(6, 600), scale(-6, 0)]) for n in (0, 1, 3, 1.5)},
    **{f"BesselKe: order {n}": ((lambda n: lambda x: mpmath.besselk(n, x) * exp(x))(n), [uniform(0.1, 6), scale(1, 4), scale(-6, 0)]) for n in (0, 1, 2.5)},
    **{f"SphericalBesselJ: order {n}": ((lambda n: lambda x: sqrt(pi / (2 * x)) * mpmath.besselj(n + mpf(1) / 2, x))(n), [uniform(0.1, 6), uniform(6, 60), scale(-3, 0)]) for n in (0, 2)},
    "AiryAi": (mpmath.airyai, [uniform(-4, 4), uniform(-30, 0), uniform(4, 60)]),
    "AiryBi": (mpmath.airybi, [uniform(-4, 4), uniform(-30, 0), uniform(4, 60)]),
    "AiryAiPrime": (lambda x: mpmath.airyai(x, derivative=1), [uniform(-4, 4), uniform(-30, 0), uniform(4, 60)]),
    "AiryBiPrime": (lambda x: mpmath.airybi(x, derivative=1), [uniform(-4, 4), uniform(-30, 0), uniform(4, 60)]),
    # Integrals.
    **{f"ExpIntegralE: order {n}": ((lambda n: lambda x: mpmath.expint(n, x))(n), [uniform(0.1, 4), uniform(4, 600), scale(-6, 0)]) for n in (0, 1, 2, 5)},
    "ExpIntegralEi": (mpmath.ei, [uniform(0.1, 6), uniform(6, 600), uniform(-40, 0), near(0.37250741078136663, -6, -1)]),
    "SinIntegral": (mpmath.si, [uniform(-6, 6), scale(1, 6), scale(-9, 0, True)]),
    "CosIntegral": (mpmath.ci, [uniform(0.1, 6), scale(1, 6), scale(-9, 0), near(0.6165054856207162, -6, -1)]),
    "SinhIntegral": (mpmath.shi, [uniform(-6, 6), uniform(6, 600), scale(-9, 0, True)]),
    "CoshIntegral": (mpmath.chi, [uniform(0.1, 6), uniform(6, 600), scale(-9, 0), near(0.5238225713898644, -6, -1)]),
    "Dilogarithm": (lambda x: mpmath.re(mpmath.polylog(2, x)), [uniform(-3, 0.99), lambda: -10 ** random.uniform(0, 6), scale(-9, -0.1)]),
    "Spence": (lambda x: mpmath.re(mpmath.polylog(2, 1 - x)), [uniform(0.01, 3), scale(0, 6), scale(-9, 0)]),
    "EllipticK": (mpmath.ellipk, [uniform(-3, 0.99), lambda: -10 ** random.uniform(0, 6), lambda: 1 - 10 ** random.uniform(-12, -1)]),
    "EllipticE: complete": (mpmath.ellipe, [uniform(-3, 0.99), lambda: -10 ** random.uniform(0, 6), lambda: 1 - 10 ** random.uniform(-12, -1)]),
    "EllipticE: incomplete": (lambda x: mpmath.ellipe(x, mpf("0.75")), [uniform(-1.5, 1.5), uniform(2, 20), scale(-9, 0)]),
    "EllipticF": (lambda x: mpmath.ellipf(x, mpf("0.75")), [uniform(-1.5, 1.5), uniform(2, 20), scale(-9, 0)]),
    "Hypergeometric1F1": (lambda x: mpmath.hyp1f1(0.5, 1.75, x), [uniform(-3, 3), uniform(-40, 40), scale(-9, 0, True)]),
    "Hypergeometric2F1": (lambda x: mpmath.hyp2f1(0.5, 1.25, 2.5, x), [uniform(-3, 0.99), scale(-9, -0.1, True)]),
    # Polynomials.
    "Legendre: degree 5": (lambda x: (63 * x ** 5 - 70 * x ** 3 + 15 * x) / 8, [uniform(-1, 1), scale(0, 6)]),
    "ChebyshevT: degree 5": (lambda x: 16 * x ** 5 - 20 * x ** 3 + 5 * x, [uniform(-1, 1), scale(0, 6)]),
    "ChebyshevU: degree 5": (lambda x: 32 * x ** 5 - 32 * x ** 3 + 6 * x, [uniform(-1, 1), scale(0, 6)]),
    "ChebyshevV: degree 5": (lambda x: 32 * x ** 5 - 16 * x ** 4 - 32 * x ** 3 + 12 * x * x + 6 * x - 1, [uniform(-1, 1), scale(0, 6)]),
    "ChebyshevW: degree 5": (lambda x: 32 * x ** 5 + 16 * x ** 4 - 32 * x ** 3 - 12 * x * x + 6 * x + 1, [uniform(-1, 1), scale(0, 6)]),
    "HermiteH: degree 5": (lambda x: 32 * x ** 5 - 160 * x ** 3 + 120 * x, [uniform(-1, 1), scale(0, 6)]),
    "HermiteHe: degree 5": (lambda x: x ** 5 - 10 * x ** 3 + 15 * x, [uniform(-1, 1), scale(0, 6)]),
    "Laguerre": (lambda x: mpmath.laguerre(4, 0, x), [uniform(-2, 5), scale(0, 6)]),
    "Laguerre: associated": (lambda x: mpmath.laguerre(4, 1.5, x), [uniform(-2, 5), scale(0, 6)]),
    "Gegenbauer": (lambda x: mpmath.gegenbauer(5, 0.75, x), [uniform(-1, 1), scale(0, 6)]),
}

BINARY = {
    "Multiply": (lambda x, y: x * y, [(scale(-100, 100, True), scale(-100, 100, True)), (uniform(-3, 3), uniform(-3, 3))]),
    "Division": (lambda x, y: x / y, [(scale(-100, 100, True), scale(-100, 100, True)), (uniform(-3, 3), uniform(-3, 3))]),
    "Pow": (pow_, [(uniform(0.1, 5), uniform(-20, 20)), (lambda: 1 + 10 ** random.uniform(-15, -6), scale(4, 14)), (lambda: 1 - 10 ** random.uniform(-15, -6), scale(4, 14, True)),
                   (scale(-320, 308), uniform(-1, 1)), (scale(-320, -308), uniform(0.5, 1)), (scale(-3, 3), uniform(-100, 100)), (scale(-300, 300), scale(-17, -3, True)), (lambda: -random.uniform(0.1, 5), whole(-20, 20)), (lambda: -1 - 10 ** random.uniform(-12, -6), whole(10 ** 4, 10 ** 8))]),
    "Hypot": (mpmath.hypot, [(scale(-300, 300, True), scale(-300, 300, True)), (uniform(-3, 3), uniform(-3, 3)), (lambda: random.uniform(1, 2) * 1e300, lambda: random.uniform(1, 2) * 1e300),
                             (lambda: random.uniform(1, 2) * 1e-310, lambda: random.uniform(1, 2) * 1e-310)]),
    "Atan2": (lambda y, x: mpmath.atan2(y, x), [(uniform(-3, 3), uniform(-3, 3)), (scale(-100, 100, True), scale(-100, 100, True))]),
    "LogAddExp": (lambda x, y: max(x, y) + mpmath.log1p(exp(-abs(x - y))), [(uniform(-3, 3), uniform(-3, 3)), (uniform(-700, 700), uniform(-700, 700)), (scale(0, 4, True), uniform(-5, 5))]),
    "LogAddExp2": (lambda x, y: max(x, y) + mpmath.log1p(mpf(2) ** -abs(x - y)) / log(2), [(uniform(-3, 3), uniform(-3, 3)), (uniform(-700, 700), uniform(-700, 700))]),
    "LogSubExp": (lambda x, y: x + log(-mpmath.expm1(y - x)), [(uniform(1, 3), uniform(-3, 1)), (uniform(500, 700), uniform(-700, 500))]),
    "XLogY": (lambda x, y: x * log(y), [(uniform(-3, 3), uniform(0.1, 3)), (uniform(-3, 3), near(1, -12, -1)), (scale(-100, 100, True), scale(-100, 100))]),
    "XLog1pY": (lambda x, y: x * mpmath.log1p(y), [(uniform(-3, 3), uniform(-0.9, 3)), (uniform(-3, 3), scale(-15, -1, True))]),
    "RelativeEntropy": (lambda x, y: x * log(x / y), [(uniform(0.1, 3), uniform(0.1, 3)), (near(1, -10, -1), near(1, -10, -1)), (scale(-50, 50), scale(-50, 50))]),
    "OwenT": (owen, [(uniform(-3, 3), uniform(-2, 2)), (uniform(0, 8), scale(-6, 0))]),
    "Beta": (mpmath.beta, [(uniform(0.1, 5), uniform(0.1, 5)), (scale(-3, 2), scale(-3, 2))]),
    "LogBeta": (lambda a, b: mpmath.re(mpmath.loggamma(a) + mpmath.loggamma(b) - mpmath.loggamma(a + b)), [(uniform(0.1, 5), uniform(0.1, 5)), (scale(-3, 6), scale(-3, 6))]),
    "Binomial": (lambda n, k: mpmath.binomial(n, k), [(uniform(1, 20), uniform(0, 1)), (uniform(20, 50), uniform(1, 20))]),
    "LogBinomial": (lambda n, k: mpmath.re(mpmath.loggamma(n + 1) - mpmath.loggamma(k + 1) - mpmath.loggamma(n - k + 1)), [(uniform(1, 20), uniform(0.1, 1)), (scale(2, 6), scale(-3, 1.5))]),
    "Pochhammer": (lambda a, n: mpmath.rf(a, n), [(uniform(0.1, 5), uniform(0.1, 5)), (uniform(1, 50), uniform(1, 20))]),
    "Zeta: of Hurwitz": (lambda s, a: mpmath.zeta(s, a), [(uniform(1.1, 10), uniform(0.1, 5)), (uniform(2, 30), scale(0, 2))]),
    "Ldexp": (lambda x, n: x * mpf(2) ** n, [(scale(-100, 100, True), uniform(-300, 300))]),
    "Lerp: number": (lambda x, y: mpf(0.75) * x + mpf(0.25) * y, [(uniform(-3, 3), uniform(-3, 3)), (scale(-100, 100, True), scale(-100, 100, True))]),
    "Lerp": (lambda x, y, w: x + w * (y - x), [(uniform(-3, 3), uniform(-3, 3), uniform(-1, 2))]),
    "AddProduct": (lambda x, a, b: x + mpf(1.5) * a * b, [(uniform(-3, 3), uniform(-3, 3), uniform(-3, 3))]),
    "AddQuotient": (lambda x, a, b: x + mpf(1.5) * a / b, [(uniform(-3, 3), uniform(-3, 3), uniform(-3, 3))]),
    "FusedMultiplyAdd": (lambda x, y, z: x * y + z, [(uniform(-3, 3), uniform(-3, 3), uniform(-3, 3)), (scale(-100, 100, True), scale(-100, 100, True), scale(-100, 100, True))]),
    "RegularizedBeta": (lambda x, a, b: mpmath.betainc(a, b, 0, x, regularized=True), [(uniform(0.05, 0.95), uniform(0.5, 6), uniform(0.5, 6)), (scale(-6, -1), uniform(0.2, 3), uniform(0.2, 3))]),
    "InverseRegularizedGammaP": (inverse_p, [(uniform(0.5, 6), uniform(0.02, 0.98)), (uniform(1, 4), scale(-6, -2))]),
    "InverseRegularizedGammaQ": (lambda a, q: inverse_p(a, 1 - q), [(uniform(0.5, 6), uniform(0.02, 0.98)), (uniform(1, 4), scale(-6, -2))]),
    "InverseRegularizedBeta": (inverse_beta, [(uniform(0.05, 0.95), uniform(0.5, 6), uniform(0.5, 6))]),
    "RegularizedGammaP": (regularized_p, [(uniform(0.2, 5), uniform(0.1, 8)), (lambda: random.uniform(20, 40), lambda: random.uniform(15, 45)), (scale(-2, 0), scale(-6, 0))]),
    "RegularizedGammaQ": (lambda a, x: mpmath.gammainc(a, x, mpmath.inf, regularized=True), [(uniform(0.2, 5), uniform(0.1, 8)), (lambda: random.uniform(20, 40), lambda: random.uniform(15, 45)), (uniform(0.2, 3), uniform(20, 100))]),
    "BesselK: tensor of orders": (lambda x, v: mpmath.besselk(v, x), [(uniform(0.2, 6), uniform(-3, 3)), (uniform(6, 100), uniform(0, 20))]),
    "BesselKe: tensor of orders": (lambda x, v: mpmath.besselk(v, x) * exp(x), [(uniform(0.2, 6), uniform(-3, 3)), (uniform(6, 1000), uniform(0, 20))]),
}


ELEMENTARY = ["Lerp: number", "Lerp", "AddProduct", "AddQuotient", "FusedMultiplyAdd", "Softsign", "Squareplus", "Tanhshrink", "Hypot", "Atan2", "LogAddExp", "LogAddExp2", "LogSubExp", "Sigmoid", "LogSigmoid", "Softplus"]

# Slopes by formulas, where values take long.
SLOPES = {owen: (lambda h, a: -mpmath.erf(a * h / sqrt(mpf(2))) * exp(-h * h / 2) / (2 * sqrt(2 * pi)), lambda h, a: exp(-h * h * (1 + a * a) / 2) / (2 * pi * (1 + a * a)))}


# Functions that take little time, and whose slopes may be tiny beside them, have more digits.
MANY = 900


def derivative(f, i, x, digits=110):
    """By central differences with so small a step, and so many digits, that neither is seen."""
    if f in SLOPES:
        return SLOPES[f][i](*x)
    with mp.workdps(digits):
        h = [mpf(10) ** -30 * (abs(v) if v else 1) for v in x]
        up, down = list(x), list(x)
        up[i], down[i] = x[i] + h[i], x[i] - h[i]
        return (f(*up) - f(*down)) / (2 * h[i])


def second(f, i, j, x, digits=110):
    if f in SLOPES:
        return derivative(SLOPES[f][i], j, x)
    with mp.workdps(digits + 30):
        h = [mpf(10) ** -30 * (abs(v) if v else 1) for v in x]

        def g(a, b):
            y = list(x)
            y[i] += a * h[i]
            y[j] += b * h[j]
            return f(*y)
        if i == j:
            return (g(1, 0) - 2 * g(0, 0) + g(-1, 0)) / h[i] ** 2
        return (g(1, 1) - g(1, -1) - g(-1, 1) + g(-1, -1)) / (4 * h[i] * h[j])


def write(out, name, f, places, digits):
    for x in places:
        x = [mpf(v) for v in x]
        try:
            n = range(len(x))
            d = [derivative(f, i, x, digits) for i in n]
            if isinstance(f(*x), mpmath.mpc) or not mpmath.isfinite(f(*x)):
                continue
            real = [i for i in n if not isinstance(d[i], mpmath.mpc)]
            rows = [("v", f(*x), sum(abs(x[i] * d[i]) for i in real))]
            rows += [(str(i), d[i], sum(abs(x[j] * second(f, i, j, x, digits)) for j in real)) for i in real]
        except (ValueError, ZeroDivisionError, mpmath.libmp.NoConvergence, mpmath.libmp.libhyper.NoConvergence) as e:
            print("skipped", name, [float(v) for v in x], e, file=sys.stderr)
            continue
        for what, value, size in rows:
            value = mpf(value)
            hi = float(value)
            if abs(hi) > 1e308 or 0 < abs(value) < 1e-300 or hi != hi:
                continue
            lo = float(value - mpf(hi))
            out.write("\t".join([name, what, *[repr(float(v)) for v in x], repr(hi), f"{lo:.3g}", f"{float(min(abs(size), mpf(10) ** 308)):.3g}"]) + "\n")


def main():
    with open("ElementwiseErrors.txt", "w", newline="\n") as out:
        for name, (f, ranges) in UNARY.items():
            random.seed(name)
            # Every second number is a float, too.
            count = 12 // len(ranges) + 1
            places = [[single(r()) if k % 2 else r()] for r in ranges for k in range(count)]
            if len(sys.argv) < 2 or name in sys.argv[1:]:
                write(out, name, f, places, MANY if name in ELEMENTARY else 110)
                print(name, file=sys.stderr, flush=True)
        for name, (f, ranges) in BINARY.items():
            random.seed(name)
            count = 12 // len(ranges) + 2
            places = [[single(v()) if k % 2 else v() for v in r] for r in ranges for k in range(count)]
            if len(sys.argv) < 2 or name in sys.argv[1:]:
                write(out, name, f, places, MANY if name in ELEMENTARY else 110)
                print(name, file=sys.stderr, flush=True)


main()
