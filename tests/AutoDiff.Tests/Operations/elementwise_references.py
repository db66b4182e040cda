"""Writes ElementwiseReferences.txt: functions and their first three derivatives at hard points, from 400-digit arithmetic. One line each: name, x, f, f', f'', f'''."""
from mpmath import mp, mpf, mpc, exp, log, sqrt, erfc, tanh, sin, pi, cosh, sinh, asinh, acosh, atan, asin, cot, sec, csc, taylor, expm1, log1p, factorial
mp.dps = 400

sigma = lambda x: 1 / (1 + exp(-x))
FUNCTIONS = {
    "Gelu": (lambda x: x * erfc(-x / sqrt(mpf(2))) / 2, [-30, -12.5, -5, -1, -1e-5, 0, 0.75, 3, 9]),
    "Silu": (lambda x: x * sigma(x), [-700, -40, -5, -1, -1e-5, 0, 0.75, 3, 40]),
    "Mish": (lambda x: x * tanh(log(1 + exp(x))), [-40, -5, -1, -1e-5, 0, 0.75, 3, 18]),
    "LogSigmoid": (lambda x: -log(1 + exp(-x)), [-40, -5, -1e-5, 0, 0.75, 3, 40, 700]),
    "Log1mExp": (lambda x: log(1 - exp(x)), [-600, -40, -3, -0.75, -0.5, -1e-5]),
    "Sinc": (lambda x: sin(pi * x) / (pi * x), [1e-8, 1e-3, 0.125, 0.3, 0.45, 0.7, 1.5, 5.125, 100.125]),
    "Squareplus": (lambda x: (x + sqrt(x * x + 4)) / 2, [-1e6, -100, -1, 0, 1, 100, 1e6]),
    "Tanhshrink": (lambda x: x - tanh(x), [1e-5, 1e-2, 0.5, 0.99, 1.01, 4, 30]),
    "Asinh": (asinh, [1e-5, 0.5, 30, 1e6]),
    "Acosh": (acosh, [1.001, 1.5, 30, 1e6]),
    "Atan": (atan, [1e-5, 0.5, 30, 1e6]),
    "Asin": (asin, [1e-8, 0.5, 0.999, 0.9999999927]),
    "Atanh": (lambda x: log1p(x) / 2 - log1p(-x) / 2, [1e-5, 0.5, 0.999]),
    "Logit": (lambda x: log(x / (1 - x)), [1e-8, 0.3, 0.4999999200983765, 0.50001, 0.999]),
    "Erf": (lambda x: 1 - erfc(x), [1e-5, 0.5, 3, 9]),
    "Erfc": (erfc, [1e-5, 0.5, 5, 20]),
    "Softsign": (lambda x: x / (1 + x), [1e-5, 0.5, 1e6]),
    "Elu": (expm1, [-40, -5, -1e-5]),
    "Entropy": (lambda x: -x * log(x), [1e-5, 0.3, 2]),
    "Tan": (lambda x: sin(x) / mp.cos(x), [1e-5, 0.5, 1.5]),
}


def derivatives(f, x):
    # Coefficients of the Taylor series from values on a small circle: exact to far more digits than are written.
    n, r = 64, mpf(10) ** -12 * max(min(abs(x), 1), mpf(10) ** -6)
    points = [f(x + r * mp.expjpi(mpf(2) * k / n)) for k in range(n)]
    return [mp.re(sum(p * mp.expjpi(-mpf(2) * k * j / n) for k, p in enumerate(points))) / n / r ** j * factorial(j) for j in range(4)]


with open("ElementwiseReferences.txt", "w", newline="\n") as out:
    for name, (f, places) in FUNCTIONS.items():
        for place in places:
            x = mpf(float(place))
            d = derivatives(f, x)
            out.write(" ".join([name, repr(float(x))] + [mp.nstr(v, 20) for v in d]) + "\n")
