"""Makes VectorMathReferences.txt: values of elementary functions with 60 digits, as a double and the rest.

Usage: python3 vector_math_references.py [points per function and range] > VectorMathReferences.txt   (needs mpmath)

A line holds the function, its arguments, and the value's two parts; arguments marked "s" in front are floats.
"""
import random
import struct
import sys

from mpmath import mp, mpf
import mpmath

mp.dps = 60
random.seed(20)
count = int(sys.argv[1]) if len(sys.argv) > 1 else 6


def to_float(x):
    return struct.unpack("f", struct.pack("f", x))[0]


def uniform(low, high):
    return lambda: random.uniform(low, high)


def scale(low, high, signed=True):
    """Powers of ten of random size, of either sign if asked."""
    return lambda: 10 ** random.uniform(low, high) * (random.choice((-1, 1)) if signed else 1)


def near(center, low, high):
    return lambda: center + 10 ** random.uniform(low, high) * random.choice((-1, 1))


def softplus(x):
    return mpmath.log1p(mpmath.exp(x))


FUNCTIONS = {
    "Exp": (mpmath.exp, [uniform(-1, 1), uniform(-80, 80), uniform(-745, 709), uniform(-745, -708), scale(-18, 0)]),
    "Exp2": (lambda x: mpf(2) ** x, [uniform(-1, 1), uniform(-120, 120), uniform(-1074, 1023), scale(-18, 0)]),
    "Expm1": (mpmath.expm1, [uniform(-1, 1), uniform(-40, 80), uniform(80, 709), scale(-18, 0)]),
    "Log": (mpmath.log, [uniform(0.5, 2), near(1, -12, -1), scale(-37, 37, False), scale(-322, 308, False)]),
    "Log2": (lambda x: mpmath.log(x) / mpmath.log(2), [uniform(0.5, 2), near(1, -12, -1), scale(-37, 37, False), scale(-322, 308, False)]),
    "Log10": (mpmath.log10, [uniform(0.5, 2), near(1, -12, -1), scale(-37, 37, False), scale(-322, 308, False)]),
    "Log1p": (mpmath.log1p, [uniform(-0.99, 2), scale(-18, -1), scale(0, 37, False), near(-0.5, -3, -0.31), scale(30, 308, False)]),
    "Sin": (mpmath.sin, [uniform(-4, 4), uniform(-100, 100), scale(3, 9), scale(9, 30), scale(-18, 0), lambda: float(random.randint(1, 9999) * mp.pi)]),
    "Cos": (mpmath.cos, [uniform(-4, 4), uniform(-100, 100), scale(3, 9), scale(9, 30), scale(-18, 0), lambda: float((random.randint(1, 9999) + 0.5) * mp.pi)]),
    "Tan": (mpmath.tan, [uniform(-4, 4), uniform(-100, 100), scale(3, 9), scale(9, 30), scale(-18, 0), lambda: float(random.randint(1, 9999) * mp.pi / 2)]),
    "Sinh": (mpmath.sinh, [uniform(-2, 2), uniform(-80, 80), uniform(-710, 710), scale(-18, 0)]),
    "Cosh": (mpmath.cosh, [uniform(-2, 2), uniform(-80, 80), uniform(-710, 710), scale(-18, 0)]),
    "Tanh": (mpmath.tanh, [uniform(-1, 1), uniform(-22, 22), scale(-18, 0)]),
    "Asinh": (mpmath.asinh, [uniform(-3, 3), scale(-18, 0), scale(0, 37), scale(37, 308)]),
    "Acosh": (mpmath.acosh, [uniform(1, 3), lambda: 1 + 10 ** random.uniform(-12, 0), scale(0.1, 37, False), scale(37, 308, False)]),
    "Atanh": (mpmath.atanh, [uniform(-0.999, 0.999), scale(-18, -0.4), lambda: 1 - 10 ** random.uniform(-7, -1)]),
    "Sigmoid": (lambda x: 1 / (1 + mpmath.exp(-x)), [uniform(-2, 2), uniform(-40, 40), uniform(-740, -40), scale(-18, 0)]),
    "Softplus": (softplus, [uniform(-2, 2), uniform(-40, 40), uniform(-740, 700), scale(-18, 0)]),
    "LogSigmoid": (lambda x: -softplus(-x), [uniform(-2, 2), uniform(-40, 40), uniform(-700, 740), scale(-18, 0)]),
    "Atan": (mpmath.atan, [uniform(-1, 1), uniform(-10, 10), scale(-18, 37), scale(37, 308)]),
    "Asin": (mpmath.asin, [uniform(-1, 1), scale(-18, 0), lambda: 1 - 10 ** random.uniform(-7, -1)]),
    "Acos": (mpmath.acos, [uniform(-1, 1), scale(-18, 0), lambda: 1 - 10 ** random.uniform(-7, -1), lambda: -1 + 10 ** random.uniform(-7, -1)]),
    "Cbrt": (lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)), [uniform(-10, 10), scale(-37, 37), scale(-322, 308)]),
    "Erf": (mpmath.erf, [uniform(-1, 1), uniform(-6, 6), scale(-18, 0)]),
    "Erfc": (mpmath.erfc, [uniform(-1, 1), uniform(-6, 6), uniform(0.5, 9), uniform(6, 27.2), scale(-18, 0)]),
}

PAIRS = {
    "Atan2": (mpmath.atan2, [(uniform(-2, 2), uniform(-2, 2)), (scale(-30, 30), scale(-30, 30)), (scale(-300, 300), scale(-300, 300))]),
    "Pow": (lambda x, y: mpf(x) ** y, [(uniform(0.1, 4), uniform(-4, 4)), (uniform(0.01, 30), uniform(-24, 24)), (scale(-300, 300, False), uniform(-1, 1)),
                                     (uniform(0.9, 1.1), scale(0, 3)), (uniform(0.01, 100), uniform(-160, 160)), (scale(-307, -300, False), uniform(0.9, 1.05))]),
}


def emit(name, function, arguments, is_float):
    value = function(*(mpf(a) for a in arguments))
    # Results that underflow altogether or overflow say nothing about accuracy.
    if not (mpf(2) ** -1074 <= abs(value) < mpf(2) ** 1023.9):
        return
    high = float(value)
    print(name, *(("s" if is_float else "") + repr(a) for a in arguments), repr(high), repr(float(value - mpf(high))))


for name, (function, ranges) in FUNCTIONS.items():
    for draw in ranges:
        for i in range(count):
            x = draw()
            emit(name, function, [x], False)
            if i % 2 == 0 and 1e-38 < abs(x) < 1e38 and to_float(x) not in (1.0, -1.0):
                emit(name, function, [to_float(x)], True)

for name, (function, ranges) in PAIRS.items():
    for first, second in ranges:
        for i in range(count):
            a, b = first(), second()
            emit(name, function, [a, b], False)
            if i % 2 == 0 and all(1e-38 < abs(v) < 1e38 for v in (a, b)):
                emit(name, function, [to_float(a), to_float(b)], True)
