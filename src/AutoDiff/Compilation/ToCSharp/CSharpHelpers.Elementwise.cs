namespace AutoDiff;

/// <content>Elementwise functions that kernels compute by loops over numbers: each as its kernel does it.</content>
internal sealed partial class CSharpHelpers
{
    private static Dictionary<string, Func<string, string>> ElementwiseFunctions => new()
    {
        ["Log1mExp"] = Text("double x", "return x > -0.69314718055994530942 ? Log(-Expm1(x)) : Log1p(-Exp(x));"),
        ["ScaledExp2"] = Text("double x, double c", """
            double y = Exp2(x);
            return double.IsPositiveInfinity(y) ? double.Exp2(x - 1.0) * (c + c) : y * c;
            """),
        ["ReciprocalExpm1"] = Text("double x", """
            double y = Expm1(-x);
            return 1.0 / (y == 0.0 ? 0.0 : y);
            """),
        ["Logit"] = Text("double x", """
            double rest = 1.0 - x;
            double half = x - 0.5;
            return x >= 0.25 && x <= 0.75 ? Log1p((half + half) / rest) : Log(x / rest);
            """),
        ["LogitSlope"] = Text("double x", "return x >= 0.0 && x <= 1.0 ? 1.0 / ((x + 0.0) * (1.0 - x)) : double.NaN;"),
        ["Difference"] = Text("double x, double y", "return x == y ? 0.0 : x - y;"),
        ["LogAddExp"] = Text("double x, double y, double scale", "return Math.Max(x, y) + Softplus(-Math.Abs(Difference(x, y)) * scale) / scale;"),
        ["LogSubExp"] = Text("double x, double y", "return x + Log1mExp(Difference(y, x));"),
        ["XLogY"] = Text("double x, double y", "return x == 0.0 && !double.IsNaN(y) ? 0.0 : x * Log(y);"),
        ["XLog1pY"] = Text("double x, double y", "return x == 0.0 && !double.IsNaN(y) ? 0.0 : x * Log1p(y);"),
        ["Entropy"] = Text("double x", "return x > 0.0 ? -(x * Log(x)) : x == 0.0 ? 0.0 : double.IsNaN(x) ? x : double.NegativeInfinity;"),
        ["LogRatio"] = Text("double x, double y", """
            double quotient = x / y;
            return x >= y * 0.5 && x * 0.5 <= y ? Log1p((x - y) / y) : double.IsNormal(quotient) ? Log(quotient) - Log(1.0) : Log(x) - Log(y);
            """),
        ["RelativeEntropy"] = Text("double x, double y", """
            return double.IsNaN(x) || double.IsNaN(y) ? double.NaN : x > 0.0 && y > 0.0 ? x * LogRatio(x, y) : x == 0.0 && y >= 0.0 ? 0.0 : double.PositiveInfinity;
            """),
        ["GaussianDerivative"] = Text("double x, int order", """
            double e = Exp(-(x * x));
            if (e == 0.0)
            {
                return e;
            }

            double rounding = Math.FusedMultiplyAdd(x, x, -(x * x)), factor = x + x, previous = 0.0, current = 1.0;
            for (int k = 0; k < order; k++)
            {
                (previous, current) = (current, -2 * k * previous - factor * current);
            }

            return e * (1.0 - rounding) * current;
            """),
        ["NearPower"] = Text("double x, double power, double rest",
            "return x > 0.0 && double.IsFinite(x) && double.IsFinite(power) ? power * (1.0 + rest * Math.Log(x)) : power;"),
        ["ReducedPow"] = Text("double x, double y, int k", """
            if (!(x > 0.0 && double.IsFinite(x)))
            {
                return Pow(x, y - k);
            }

            for (; k > 0 && (y - 1.0 + 1.0 == y || !double.IsFinite(y)); k--)
            {
                y -= 1.0;
            }

            double power = Pow(x, y);
            for (; k > 0; k--)
            {
                power /= x;
            }

            return power;
            """),
        ["Gelu"] = Text("double x, int order", """
            double phi = Exp(-0.5 * x * x) * 0.39894228040143267794;
            if (phi == 0.0)
            {
                return order == 0 ? Math.Max(x, 0.0) : order == 1 && x > 0.0 ? 1.0 : 0.0;
            }

            phi *= 1.0 - 0.5 * Math.FusedMultiplyAdd(x, x, -(x * x));
            if (order < 2)
            {
                double root = 0.70710678118654752440;
                double rounding = Math.FusedMultiplyAdd(-x, root, x * root) - x * -4.8336466567264567e-17;
                double gate = 0.5 * Erfc(-x * root) - 1.41421356237309504880 * rounding * phi;
                return order == 0 ? x * gate : gate + x * phi;
            }

            double previous = 1.0, current = x;
            for (int k = 1; k < order - 1; k++)
            {
                (previous, current) = (current, x * current - k * previous);
            }

            double value = phi * (order * previous - x * current);
            return order % 2 == 0 ? value : -value;
            """),
        ["MishGate"] = Text("double x, bool complement", """
            double e = Exp(-Math.Abs(x));
            double m = x > 0.0 ? 1.0 + 2.0 * e : e * (e + 2.0), unit = x > 0.0 ? e * e : 1.0, whole = m + 2.0 * unit;
            return complement ? 4.0 * unit * (m + unit) / (whole * whole) : m / whole;
            """),
        ["Mish"] = Text("double x", """
            double gate = MishGate(x, false);
            return gate == 0.0 ? 0.0 : x * gate;
            """),
        ["SoftplusBeta"] = Text("double x, double beta", "return Math.Max(x, 0.0) + Softplus(-Math.Abs(x * beta)) / beta;"),
        ["Squareplus"] = Text("double x, double b", """
            double root = Math.Sqrt(b), length = double.Hypot(x, root);
            return x < 0.0 ? 0.5 * root * (root / (length - x)) : 0.5 * (x + length);
            """),
        ["SquareplusSlope"] = Text("double x, double b", """
            double t = x / Math.Sqrt(b), length = double.Hypot(t, 1.0);
            return double.IsPositiveInfinity(length) ? (t > 0.0 ? 1.0 : 0.0) : t < 0.0 ? 0.5 / (length - t) / length : 0.5 * (1.0 + t / length);
            """),
        ["Tanhshrink"] = Text("double x", """
            if (!(Math.Abs(x) < 1.0))
            {
                return x - Tanh(x);
            }

            double square = x * x, fraction = 0.0;
            for (int k = 19; k >= 3; k -= 2)
            {
                fraction = square / (k + fraction);
            }

            return x * fraction / (1.0 + fraction);
            """),
        ["RoundTo"] = Text("double x, int decimals, double scale", """
            double scaled = decimals >= 0 ? x * scale : x / scale;
            return !double.IsFinite(scaled) ? x : decimals >= 0 ? Math.Round(scaled) / scale : double.IsInfinity(scale) ? scaled : Math.Round(scaled) * scale;
            """),
        ["Hypot"] = Text("double x, double y", """
            double a = Math.Abs(x), b = Math.Abs(y), squares = a * a + b * b, longer = a > b ? a : b, ratio = (a > b ? b : a) / longer;
            double scaled = a + b == 0.0 ? 0.0 : longer * Math.Sqrt(1.0 + ratio * ratio);
            bool plain = squares > 1e-290 && squares < double.PositiveInfinity;
            return double.IsInfinity(a) || double.IsInfinity(b) ? double.PositiveInfinity : plain ? Math.Sqrt(squares) : scaled;
            """),
        ["DirectionCosine"] = Text("double x, double y", """
            double a = Math.Abs(x), b = Math.Abs(y), ratio = (a > b ? b : a) / (a > b ? a : b);
            double cosine = (a > b ? 1.0 : ratio) / Math.Sqrt(ratio * ratio + 1.0);
            return Math.CopySign(a == b ? (a == 0.0 ? 0.0 : 0.70710678118654757) : cosine, x);
            """),
        ["Turning"] = Text("double x, double y", """
            double a = Math.Abs(x), b = Math.Abs(y), longer = a > b ? a : b, shorter = a > b ? b : a, ratio = a == b ? 1.0 : shorter / longer;
            double size = (a > b ? 1.0 : ratio) / (1.0 + ratio * ratio) / longer;
            return longer == 0.0 && shorter == 0.0 ? 0.0 : Math.CopySign(size, x);
            """),
        ["Remainder"] = Text("double x, double y", """
            double remainder = x % y;
            return remainder != 0.0 && (remainder < 0.0) != (y < 0.0) ? remainder + y : remainder;
            """),
        ["FloorDivide"] = Text("double x, double y", """
            double remainder = x % y, quotient = Math.Round((x - remainder) / y);
            return double.IsFinite(quotient) ? remainder != 0.0 && (remainder < 0.0) != (y < 0.0) ? quotient - 1.0 : quotient : Math.Floor(x / y);
            """),
        ["Ldexp"] = Text("double x, double y", """
            if (double.IsNaN(y) || double.IsInfinity(y))
            {
                return double.IsNaN(y) ? y : x * double.Exp2(y);
            }

            double whole = Math.Round(Math.Clamp(y, -5000.0, 5000.0));
            return Math.ScaleB(x * double.Exp2(Math.Clamp(y - whole, -1.0, 1.0)), (int)whole);
            """),
        ["BinaryCrossEntropy"] = Text("double x, double t", "return -(t * Math.Max(Log(x), -100.0) + (1.0 - t) * Math.Max(Log1p(-x), -100.0));"),
        ["LogOdds"] = Text("double x", "return Math.Max(Log1p(-x), -100.0) - Math.Max(Log(x), -100.0);"),
        ["ReciprocalVariance"] = Text("double x", "return 1.0 / Math.Max(x * (1.0 - x), (double)1e-12f);"),
        ["BinaryCrossEntropyWithLogits"] = Text("double x, double t", """
            double positive = t == 0.0 ? 0.0 : t * Softplus(-x);
            return t == 1.0 ? positive : positive + (1.0 - t) * Softplus(x);
            """),
        ["Sinc"] = Text("double x, int order", $$"""
            double end = 1.0 + 0.5 * order, scale = Math.Pow({{CSharpText.Literal(Math.PI)}}, order);
            if (Math.Abs(x) >= end / {{CSharpText.Literal(Math.PI)}} || double.IsNaN(x))
            {
                return scale * SincByRecurrence(x, order);
            }

            double u = {{CSharpText.Literal(Math.PI)}} * x;
            if (order > 6)
            {
                return scale * SincBySeries(u, order);
            }

            Span<double> coefficients = stackalloc double[32];
            int first = (order + 1) / 2, count = 0;
            double factor = first % 2 == 0 ? 1.0 : -1.0, size = 1.0;
            for (int k = first; count < coefficients.Length && size > 1e-20; k++)
            {
                coefficients[count++] = factor / (2 * k + 1);
                double divisor = (2 * k + 1 - order) * (2 * k + 2 - order);
                (factor, size) = (-factor / divisor, size * end * end / divisor);
            }

            double square = u * u, sum = coefficients[count - 1];
            for (int j = count - 2; j >= 0; j--)
            {
                sum = Math.FusedMultiplyAdd(sum, square, coefficients[j]);
            }

            return scale * (order % 2 == 0 ? sum : u * sum);
            """),
        ["SincByRecurrence"] = Text("double x, int order", $$"""
            if (double.IsInfinity(x))
            {
                return 0.0;
            }

            double sine = double.SinPi(x), cosine = double.CosPi(x), u = {{CSharpText.Literal(Math.PI)}} * x, s = sine / u;
            for (int k = 1; k <= order; k++)
            {
                double turned = k % 4 == 0 ? sine : k % 4 == 1 ? cosine : k % 4 == 2 ? -sine : -cosine;
                s = (turned - k * s) / u;
            }

            return s;
            """),
        ["SincBySeries"] = Text("double u, int order", """
            int first = (order + 1) / 2;
            double power = order % 2 == 0 ? 1.0 : u, sum = 0.0;
            power = first % 2 == 0 ? power : -power;
            for (int k = first; ; k++)
            {
                double next = sum + power / (2 * k + 1);
                if (next == sum)
                {
                    return sum;
                }

                sum = next;
                power = -power * u * u / ((2 * k + 1 - order) * (2 * k + 2 - order));
            }
            """),
        ["NormalDensityDerivative"] = Text("double x, int order", """
            double density = NormalFunctions.Density(x);
            return density == 0 ? 0 : OrthogonalPolynomials.HermiteHe(order, -x) * density;
            """),
    };
}
