using System.Numerics;

namespace AutoDiff.Tests.Numbers;

/// <summary>Programs against generic math, written without a thought of derivatives.</summary>
internal static class GenericPrograms
{
    public static readonly (string Name, double[] At)[] All =
    [
        ("Newton", [2.0, 3.0]), ("Runge-Kutta", [0.7, 1.3, 0.2]), ("Spline", [1.0, 2.5, 0.5, -1.0, 1.7]), ("Black-Scholes", [100.0, 105.0, 0.03, 0.25, 1.5]), ("Determinant", [4.0, 1.0, -2.0, 0.5, 3.0, 1.0, 2.0, -1.0, 5.0]),
        ("Barrier", [100.0, 0.2, 0.01]), ("Bisection", [1.5, 0.4]), ("Simpson", [0.3, 2.1]), ("Polynomial", [1.0, -2.0, 0.5, 1.1]),
    ];

    public static T Run<T>(string name, T[] x) where T : IFloatingPointIeee754<T> => name switch
    {
        "Newton" => Newton(y => (y * y * y) - (x[0] * y) - x[1], T.CreateChecked(2)),
        "Runge-Kutta" => RungeKutta(x[0], x[1], x[2]),
        "Spline" => Spline([x[0], x[1], x[2], x[3]], x[4]),
        "Black-Scholes" => BlackScholes(x[0], x[1], x[2], x[3], x[4]),
        "Determinant" => new Matrix<T>(x, 3).Determinant(),
        "Barrier" => Barrier(x[0], x[1], x[2]),
        "Bisection" => Bisection(x[0], x[1]),
        "Simpson" => Simpson(x[0], x[1]),
        "Polynomial" => x.Take(3).Reverse().Aggregate(T.Zero, (sum, c) => (sum * x[3]) + c),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    /// <summary>A root by Newton's method with the slope by the secant of the last two points.</summary>
    private static T Newton<T>(Func<T, T> f, T start) where T : IFloatingPointIeee754<T>
    {
        (T previous, T x) = (start, start + T.CreateChecked(0.1));
        for (int i = 0; i < 50; i++)
        {
            (T a, T b) = (f(previous), f(x));
            T step = b * (x - previous) / (b - a);
            if (T.Abs(step) < T.CreateChecked(1e-9))
            {
                // One more step has the derivative of the root.
                return x - step;
            }

            (previous, x) = (x, x - step);
        }

        return x;
    }

    private static T RungeKutta<T>(T position, T stiffness, T damping) where T : IFloatingPointIeee754<T>
    {
        T velocity = T.Zero, h = T.CreateChecked(0.05), half = h / T.CreateChecked(2), sixth = h / T.CreateChecked(6);
        (T, T) Slope(T p, T v) => (v, (-stiffness * T.Sin(p)) - (damping * v * T.Abs(v)));
        for (int i = 0; i < 40; i++)
        {
            (T p1, T v1) = Slope(position, velocity);
            (T p2, T v2) = Slope(position + (half * p1), velocity + (half * v1));
            (T p3, T v3) = Slope(position + (half * p2), velocity + (half * v2));
            (T p4, T v4) = Slope(position + (h * p3), velocity + (h * v3));
            position += sixth * (p1 + T.CreateChecked(2) * (p2 + p3) + p4);
            velocity += sixth * (v1 + T.CreateChecked(2) * (v2 + v3) + v4);
        }

        return (position * position) + velocity;
    }

    /// <summary>A natural cubic spline through points at 0, 1, 2, 3.</summary>
    private static T Spline<T>(T[] y, T at) where T : IFloatingPointIeee754<T>
    {
        int n = y.Length;
        T four = T.CreateChecked(4), six = T.CreateChecked(6);
        T[] c = new T[n], d = new T[n], m = new T[n];
        (c[0], d[0], m[0], m[n - 1]) = (T.Zero, T.Zero, T.Zero, T.Zero);
        for (int i = 1; i < n - 1; i++)
        {
            T w = T.One / (four - c[i - 1]);
            c[i] = w;
            d[i] = w * ((six * (y[i + 1] - y[i] - y[i] + y[i - 1])) - d[i - 1]);
        }

        for (int i = n - 2; i > 0; i--)
        {
            m[i] = d[i] - (c[i] * m[i + 1]);
        }

        int k = int.Clamp(int.CreateTruncating(at), 0, n - 2);
        T t = at - T.CreateChecked(k), u = T.One - t;
        return (u * y[k]) + (t * y[k + 1]) + ((((u * u * u) - u) * m[k]) + (((t * t * t) - t) * m[k + 1])) / six;
    }

    public static T BlackScholes<T>(T spot, T strike, T rate, T volatility, T time) where T : IFloatingPointIeee754<T>
    {
        T deviation = volatility * T.Sqrt(time);
        T d1 = (T.Log(spot / strike) + ((rate + (volatility * volatility / T.CreateChecked(2))) * time)) / deviation;
        return (spot * Normal(d1)) - (strike * T.Exp(-rate * time) * Normal(d1 - deviation));
    }

    /// <summary>The distribution function of the normal distribution (Abramowitz and Stegun 26.2.17).</summary>
    private static T Normal<T>(T x) where T : IFloatingPointIeee754<T>
    {
        T a = T.Abs(x), t = T.One / (T.One + (T.CreateChecked(0.2316419) * a)), sum = T.Zero;
        foreach (double c in (ReadOnlySpan<double>)[1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.319381530])
        {
            sum = (sum + T.CreateChecked(c)) * t;
        }

        T tail = sum * T.Exp(-x * x / T.CreateChecked(2)) / T.Sqrt(T.Tau);
        return x < T.Zero ? tail : T.One - tail;
    }

    private static T Barrier<T>(T spot, T volatility, T rate) where T : IFloatingPointIeee754<T>
    {
        T s = spot, h = T.CreateChecked(0.1), sum = T.Zero;
        for (int i = 0; i < 10; i++)
        {
            s *= T.Exp(((rate - (volatility * volatility / T.CreateChecked(2))) * h) + (volatility * T.Sqrt(h) * T.CreateChecked(Math.Sin(3 * i))));
            if (s > T.CreateChecked(108))
            {
                return sum + T.CreateChecked(8);
            }

            sum += T.Max(s - T.CreateChecked(99), T.Zero) * T.Exp(-rate * T.CreateChecked(i));
        }

        return sum;
    }

    /// <summary>A root by bisection, polished by one step of Newton's method, which has the derivatives that bisection has not.</summary>
    private static T Bisection<T>(T a, T b) where T : IFloatingPointIeee754<T>
    {
        T F(T x) => (a * x) + T.Tanh(b * x) - T.One;
        (T low, T high) = (T.Zero, T.CreateChecked(5));
        while (high - low > T.CreateChecked(1e-8))
        {
            T middle = (low + high) / T.CreateChecked(2);
            (low, high) = F(middle) > T.Zero ? (low, middle) : (middle, high);
        }

        T t = T.Tanh(b * low);
        return low - (F(low) / (a + (b * (T.One - (t * t)))));
    }

    private static T Simpson<T>(T from, T to) where T : IFloatingPointIeee754<T>
    {
        const int n = 20;
        T h = (to - from) / T.CreateChecked(n), sum = T.Zero;
        for (int i = 0; i <= n; i++)
        {
            T x = from + (T.CreateChecked(i) * h), y = T.Cbrt(x) * T.Atan2(x, T.Hypot(from, to));
            sum += y * T.CreateChecked(i is 0 or n ? 1 : int.IsOddInteger(i) ? 4 : 2);
        }

        return sum * h / T.CreateChecked(3);
    }

    /// <summary>A small matrix type over any number.</summary>
    private sealed class Matrix<T>(T[] elements, int n) where T : IFloatingPointIeee754<T>
    {
        /// <summary>By Gaussian elimination with pivoting.</summary>
        public T Determinant()
        {
            T[] a = [.. elements];
            T determinant = T.One;
            for (int k = 0; k < n; k++)
            {
                int pivot = Enumerable.Range(k, n - k).MaxBy(i => T.Abs(a[(i * n) + k]));
                if (pivot != k)
                {
                    determinant = -determinant;
                    for (int j = 0; j < n; j++)
                    {
                        (a[(k * n) + j], a[(pivot * n) + j]) = (a[(pivot * n) + j], a[(k * n) + j]);
                    }
                }

                determinant *= a[(k * n) + k];
                for (int i = k + 1; i < n; i++)
                {
                    T factor = a[(i * n) + k] / a[(k * n) + k];
                    for (int j = k; j < n; j++)
                    {
                        a[(i * n) + j] -= factor * a[(k * n) + j];
                    }
                }
            }

            return determinant;
        }
    }
}
