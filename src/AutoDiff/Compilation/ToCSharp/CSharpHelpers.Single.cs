using System.Globalization;
using System.Numerics;
using System.Runtime.Intrinsics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <content>Methods of programs of floats that differ from those of doubles by more than the type: functions with code of their own for floats, and sums, which run in double and are rounded once.</content>
internal sealed partial class CSharpHelpers
{
    private static Dictionary<string, Func<string, string>> SingleFunctions => new()
    {
        ["Exp"] = Own<VectorMath.ExpFunction>,
        ["Exp2"] = ThroughDoubles<VectorMath.Exp2Function>,
        ["Expm1"] = Own<VectorMath.Expm1Function>,
        ["Sigmoid"] = Own<VectorMath.SigmoidFunction>,
        ["SigmoidSlope"] = Own<VectorMath.SigmoidSlopeFunction>,
        ["Log"] = Own<VectorMath.LogFunction>,
        ["Log2"] = ThroughDoubles<VectorMath.Log2Function>,
        ["Log10"] = ThroughDoubles<VectorMath.Log10Function>,
        ["Log1p"] = Own<VectorMath.Log1pFunction>,
        ["Softplus"] = Own<VectorMath.SoftplusFunction>,
        ["LogSigmoid"] = Own<VectorMath.LogSigmoidFunction>,
        ["Sin"] = static name => ReducedFloats<VectorMath.SinFunction>(name),
        ["Cos"] = static name => ReducedFloats<VectorMath.CosFunction>(name),
        ["FarSin"] = static name => FarFromZero<VectorMath.SinFunction>(name, "Sin"),
        ["FarCos"] = static name => FarFromZero<VectorMath.CosFunction>(name, "Cos"),
        ["Tan"] = static name => FarFromZero<VectorMath.TanFunction>(name, "Tan"),
        ["Sinh"] = ThroughDoubles<VectorMath.SinhFunction>,
        ["Cosh"] = ThroughDoubles<VectorMath.CoshFunction>,
        ["Tanh"] = Own<VectorMath.TanhFunction>,
        ["SechSquared"] = Own<VectorMath.SechSquaredFunction>,
        ["Asinh"] = ThroughDoubles<VectorMath.AsinhFunction>,
        ["Acosh"] = ThroughDoubles<VectorMath.AcoshFunction>,
        ["Atanh"] = ThroughDoubles<VectorMath.AtanhFunction>,
        ["Asin"] = ThroughDoubles<VectorMath.AsinFunction>,
        ["Acos"] = ThroughDoubles<VectorMath.AcosFunction>,
        ["Atan"] = ThroughDoubles<VectorMath.AtanFunction>,
        ["Cbrt"] = ThroughDoubles<VectorMath.CbrtFunction>,
        ["Erf"] = ThroughDoubles<VectorMath.ErfFunction>,
        ["Erfc"] = ThroughDoubles<VectorMath.ErfcFunction>,
        ["LogisticGate"] = Own<VectorMath.LogisticGateFunction>,
        ["LogisticGateSlope"] = Own<VectorMath.LogisticGateSlopeFunction>,
        ["NormalGate"] = ThroughDoubles<VectorMath.NormalGateFunction>,
        ["NormalGateSlope"] = ThroughDoubles<VectorMath.NormalGateSlopeFunction>,
        ["Pow"] = ThroughDoublesOfTwo<VectorMath.PowFunction>,
        ["Atan2"] = ThroughDoublesOfTwo<VectorMath.Atan2Function>,
        ["Hypot"] = static name => All[name](name).Replace("1e-290", "1e-30", StringComparison.Ordinal),
        ["NormalDensityDerivative"] = Stay("float", "float x, int order", """
            double density = NormalFunctions.Density(x);
            return (float)(density == 0 ? 0 : OrthogonalPolynomials.HermiteHe(order, -(double)x) * density);
            """),
        ["Norm"] = static name => All[name](name).Replace("size * size * size", "Power3(size)", StringComparison.Ordinal),
        ["Power3"] = static name => Stays($"    private static float {name}(float x) => (float)((double)x * x * x);\n"),
        ["Sum"] = static _ => Stays(Sum.Replace("ReadOnlySpan<double> x", "ReadOnlySpan<float> x", StringComparison.Ordinal)),
        ["RoundedSum"] = static name => Stays($"    private static float {name}(ReadOnlySpan<float> x, int start, int count, int stride)\n    {{\n        return (float)Sum(x, start, count, stride);\n    }}\n"),
        ["SumOf"] = static name => Stays($"    private static float {name}(ReadOnlySpan<float> x)\n    {{\n        return (float)Sum(x, 0, x.Length, 1);\n    }}\n"),
        ["SumOfColumn"] = static name => Stays($"    private static float {name}(ReadOnlySpan<float> x, int column, int columns)\n    {{\n        return (float)Sum(x, column, x.Length / columns, columns);\n    }}\n"),
        ["SumOfProducts"] = static name => Stays(AsDouble(All[name](name)).Replace($"double {name}(", $"float {name}(", StringComparison.Ordinal).Replace("return ", "return (float)", StringComparison.Ordinal)
            .Replace("(float)x.Length <= 2048 ? levels[0] : total", "(float)(x.Length <= 2048 ? levels[0] : total)", StringComparison.Ordinal)
            .Replace("Math.FusedMultiplyAdd(x[i], y[i], ", "Math.FusedMultiplyAdd((double)x[i], y[i], ", StringComparison.Ordinal)),
        ["Halved"] = static name => Stays(All[name](name)),
        ["Dot"] = static _ => Dot(Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4),
        ["RowsDot"] = static _ => RowsDot(Vector<float>.Count),
        ["ExpOfNegative"] = static name => InDoubles(name, static x => VectorMath.ExpOfNegative<SourceLanes, float>(x), "double"),
        ["LogOfDouble"] = static _ => Stays(Unary<VectorMath.LogFunction>("LogOfDouble")),
        ["ShiftedExp"] = static name => FloatLanes.IsSupported
            ? VectorMath.ShiftedExpFunction.Invoke<SourceFloatLanes>(new(SourceNode.Parameter("x")), new(SourceNode.Parameter("shift"))).Node.ToMethod(name, "x", "shift")
            : Stays($"    private static float {name}(float x, float shift)\n    {{\n        return (float)ExpOfNegative((double)x - shift);\n    }}\n"),
        ["SumOfExponentials"] = static name => Stays(AsDouble(All[name](name)).Replace("Exp(x[i] - shift)", "ExpOfNegative((double)x[i] - shift)", StringComparison.Ordinal)
            .Replace("float shift", "double shift", StringComparison.Ordinal).Replace("return SumOf(terms);", "return SumOfDoubles(terms, 0, terms.Length, 1);", StringComparison.Ordinal)),
        ["SumOfDoubles"] = static _ => Stays(Sum.Replace("double Sum(", "double SumOfDoubles(", StringComparison.Ordinal)),
    };

    private static Dictionary<string, Func<string, string>> SingleRows => new()
    {
        ["AddAtPlaces"] = Stay("void", "ReadOnlySpan<float> x, ReadOnlySpan<int> to, ReadOnlySpan<int> from, Span<float> y", """
            double[] sums = new double[y.Length];
            for (int i = 0; i < y.Length; i++)
            {
                sums[i] = y[i];
            }

            for (int i = 0; i < to.Length; i++)
            {
                sums[to[i]] += x[from[i]];
            }

            for (int i = 0; i < y.Length; i++)
            {
                y[i] = (float)sums[i];
            }
            """),
        ["AddBack"] = Stay("void", "ReadOnlySpan<float> x, ReadOnlySpan<float> places, int extent, int inner, Span<float> y", """
            double[] sums = new double[y.Length];
            for (int i = 0; i < y.Length; i++)
            {
                sums[i] = y[i];
            }

            int length = places.Length * inner;
            for (int i = 0; i < x.Length; i++)
            {
                sums[(i / length * extent + (int)places[i % length / inner]) * inner + i % inner] += x[i];
            }

            for (int i = 0; i < y.Length; i++)
            {
                y[i] = (float)sums[i];
            }
            """),
        ["LeavesRange"] = Stay("bool", "ReadOnlySpan<float> row, int range", """
            double above = 0.0, below = 0.0;
            foreach (float element in row)
            {
                if (element != 0f && float.IsFinite(element))
                {
                    double log = Math.Log2(Math.Abs((double)element));
                    above += Math.Max(log, 0.0);
                    below -= Math.Min(log, 0.0);
                }
            }

            double lost = 18 * 1.1 * range;
            return !(above < range && below < range || above < range && below - above > lost || below < range && above - below > lost);
            """),
        ["WeighAlongAxis"] = Stay("void", "ReadOnlySpan<float> x, int from, int inner, ReadOnlySpan<int> starts, ReadOnlySpan<int> columns, ReadOnlySpan<float> weights, Span<float> y", """
            // Long sums, and those along the last axis, run in double.
            int to = starts.Length - 1;
            for (int i = 0; i < y.Length; i++)
            {
                int row = i / inner % to, start = i / inner / to * from * inner + i % inner, end = starts[row + 1];
                bool isShort = inner > 1 && end - starts[row] <= 16;
                double sum = 0.0;
                float total = 0f;
                for (int k = starts[row]; k < end; k++)
                {
                    float element = x[start + columns[k] * inner];
                    sum += (double)weights[k] * element;
                    total = k == starts[row] ? weights[k] * element : weights[k] * element + total;
                }

                y[i] = isShort ? total : (float)sum;
            }
            """),
        ["PutWinners"] = Stay("void", "ReadOnlySpan<float> y, ReadOnlySpan<float> winners, int count, int length, Span<float> x", """
            double[] sums = new double[x.Length];
            for (int i = 0; i < y.Length; i++)
            {
                int place = (int)winners[i % winners.Length];
                if (place > 0)
                {
                    sums[i / count * length + place - 1] += y[i];
                }
            }

            for (int i = 0; i < x.Length; i++)
            {
                x[i] = (float)sums[i];
            }
            """),
    };

    private const string Total = "Total";

    private static bool IsTotal(string name) => CSharpText.IsNumbered(name, Total);

    /// <summary>The name of a method that adds so many floats in double.</summary>
    public string UseTotal(int terms)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{Total}{terms}");
        if (!used.ContainsKey(name))
        {
            string[] xs = [.. Enumerable.Range(0, terms).Select(static i => $"x{i}")];
            Add(name, Stays($"    private static float {name}({string.Join(", ", xs.Select(static x => $"float {x}"))})\n    {{\n        return (float)((double){string.Join(" + ", xs)});\n    }}\n"));
        }

        return name;
    }

    /// <summary>Methods of floats over rows that compute in double: two registers of doubles for one of floats. Null for others.</summary>
    public static string? OverRows(string name)
    {
        if (name == "RoundedSum")
        {
            string sum = new VectorTranslator(new VectorMethod(Sum.Replace("double Sum(", "double SumOfDoubles(", StringComparison.Ordinal)), static _ => null).Translate();
            return Stays(sum + "\n" + """
                    private static Vector<float> RoundedSum(ReadOnlySpan<Vector<float>> x, int start, int count, int stride)
                    {
                        Vector<double>[] low = new Vector<double>[count == 0 ? 0 : (count - 1) * stride + 1], high = new Vector<double>[low.Length];
                        for (int i = 0; i < low.Length; i += stride)
                        {
                            Vector.Widen(x[start + i], out low[i], out high[i]);
                        }

                        return Vector.Narrow(SumOfDoubles(low, 0, count, stride), SumOfDoubles(high, 0, count, stride));
                    }

                """);
        }

        if (!IsTotal(name))
        {
            return null;
        }

        int terms = int.Parse(name.AsSpan(Total.Length), CultureInfo.InvariantCulture);
        string parameters = string.Join(", ", Enumerable.Range(0, terms).Select(static i => $"Vector<float> x{i}"));
        string added = string.Concat(Enumerable.Range(1, terms - 1).Select(static i => string.Create(CultureInfo.InvariantCulture,
            $"        Vector.Widen(x{i}, out lowOfTerm, out highOfTerm);\n        low += lowOfTerm;\n        high += highOfTerm;\n")));
        return Stays($"    private static Vector<float> {name}({parameters})\n    {{\n        Vector.Widen(x0, out Vector<double> low, out Vector<double> high);\n"
            + (terms > 1 ? "        Vector<double> lowOfTerm, highOfTerm;\n" : "") + $"{added}        return Vector.Narrow(low, high);\n    }}\n");
    }

    /// <summary>A method as it is for floats, which is not translated.</summary>
    private static string Stays(string method) => CSharpSingle.Kept(method);

    private static Func<string, string> Stay(string type, string parameters, string body) => name => Stays(Text(type, parameters, body)(name));

    /// <summary>A method of sums whose operands are floats, and whose variables are doubles.</summary>
    private static string AsDouble(string method) => method.Replace("ReadOnlySpan<double> x", "ReadOnlySpan<float> x", StringComparison.Ordinal).Replace("ReadOnlySpan<double> y", "ReadOnlySpan<float> y", StringComparison.Ordinal);

    /// <summary>A function that has code of its own for floats, where the machine that writes the code uses it.</summary>
    private static string Own<F>(string name) where F : struct, IFloatFunction =>
        FloatLanes.IsSupported ? F.Invoke<SourceFloatLanes>(new(SourceNode.Parameter("x"))).Node.ToMethod(name, "x") : ThroughDoubles<F>(name);

    /// <summary>A function of floats that is computed in double and rounded.</summary>
    private static string ThroughDoubles<F>(string name) where F : struct, IUnaryFunction => InDoubles(name, static x => F.Invoke<SourceLanes, float>(x));

    private static string InDoubles(string name, Func<SourceLanes, SourceLanes> f, string type = "float")
    {
        string method = f(new(SourceNode.Parameter("x"))).Node.ToMethod(name, "x");
        return Stays(type == "double" ? method : Rounded(method.Replace($"static double {name}(double x)", $"static float {name}(double x)", StringComparison.Ordinal)));
    }

    private static string ThroughDoublesOfTwo<F>(string name) where F : struct, IBinaryFunction =>
        Stays(Rounded(F.Invoke<SourceLanes, float>(new(SourceNode.Parameter("x")), new(SourceNode.Parameter("y"))).Node.ToMethod(name, "x", "y")
            .Replace($"static double {name}(", $"static float {name}(", StringComparison.Ordinal)));

    /// <summary>The result of a method, rounded.</summary>
    private static string Rounded(string method)
    {
        int result = method.LastIndexOf("return ", StringComparison.Ordinal) + "return ".Length;
        return method.Insert(result, "(float)(").Replace(";\n    }\n", ");\n    }\n", StringComparison.Ordinal);
    }

    /// <summary>Floats in floats near 0, in doubles elsewhere.</summary>
    private static string ReducedFloats<F>(string name) where F : struct, IFloatFunction
    {
        string method = Own<F>(name);
        if (!FloatLanes.IsSupported)
        {
            return FarFromZero<F>(name, name);
        }

        int body = method.IndexOf("{\n", StringComparison.Ordinal) + 2;
        return method.Insert(body, $"        if (Math.Abs(x) > 131072.0)\n        {{\n            return Far{name}(x);\n        }}\n\n");
    }

    /// <summary>A function of floats that is computed in double, and whose argument the base library reduces where it is large.</summary>
    private static string FarFromZero<F>(string name, string function) where F : struct, IUnaryFunction
    {
        string method = ThroughDoubles<F>(name);
        int body = method.IndexOf("{\n", StringComparison.Ordinal) + 2;
        return method.Insert(body, $"        if (Math.Abs(x) > {CSharpText.Literal(VectorMath.ReductionLimit)})\n        {{\n            return (float)Math.{function}(x);\n        }}\n\n");
    }
}
