using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using AutoDiff.Kernels;

namespace AutoDiff.Tests.Kernels;

public class VectorMathTests
{
    private delegate void Unary<T>(ReadOnlySpan<T> x, Span<T> y);

    private delegate void Binary<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z);

    // Name, the largest error allowed in double and in float, in units in the last place. For the functions in float lanes it is the largest found over all floats (of the cosine, over those up to 2^18: it goes through doubles from 2^17 on).
    private static readonly (string Name, double Double, double Float)[] Bounds =
    [
        ("Exp", 1.1, 1.04), ("Exp2", 1.1, 0.55), ("Expm1", 2.0, 1.54), ("Sigmoid", 2.0, 2.0),
        ("Log", 1.0, 0.85), ("Log2", 0.75, 0.51), ("Log10", 0.75, 0.51), ("Log1p", 1.0, 1.42), ("Softplus", 2.5, 1.72), ("LogSigmoid", 2.5, 1.72),
        ("Sin", 0.8, 1.57), ("Cos", 0.8, 1.57), ("Tan", 2.0, 0.57),
        ("Sinh", 2.0, 0.51), ("Cosh", 1.5, 0.51), ("Tanh", 2.5, 1.5), ("Asinh", 3.0, 0.51), ("Acosh", 2.0, 0.51), ("Atanh", 2.5, 0.51),
        ("Atan", 1.1, 0.51), ("Asin", 0.8, 0.51), ("Acos", 0.8, 0.51),
        ("Cbrt", 0.55, 0.51), ("Erf", 1.6, 0.55), ("Erfc", 3.2, 0.6),
        ("Atan2", 1.1, 0.51), ("Pow", 1.2, 0.55),
    ];

    public static TheoryData<string> UnaryNames => [.. Bounds.Select(bound => bound.Name).Where(name => name is not ("Atan2" or "Pow"))];

    public static TheoryData<string, double, double> AllBounds
    {
        get
        {
            TheoryData<string, double, double> data = [];
            foreach ((string name, double ofDouble, double ofFloat) in Bounds)
            {
                data.Add(name, ofDouble, ofFloat);
            }
            return data;
        }
    }

    private static Unary<T> Function<T>(string name) where T : unmanaged, IBinaryFloatingPointIeee754<T> => name switch
    {
        "Exp" => VectorMath.Exp,
        "Exp2" => VectorMath.Exp2,
        "Expm1" => VectorMath.Expm1,
        "Sigmoid" => VectorMath.Sigmoid,
        "Log" => VectorMath.Log,
        "Log2" => VectorMath.Log2,
        "Log10" => VectorMath.Log10,
        "Log1p" => VectorMath.Log1p,
        "Softplus" => VectorMath.Softplus,
        "LogSigmoid" => VectorMath.LogSigmoid,
        "Sin" => VectorMath.Sin,
        "Cos" => VectorMath.Cos,
        "Tan" => VectorMath.Tan,
        "Sinh" => VectorMath.Sinh,
        "Cosh" => VectorMath.Cosh,
        "Tanh" => VectorMath.Tanh,
        "Asinh" => VectorMath.Asinh,
        "Acosh" => VectorMath.Acosh,
        "Atanh" => VectorMath.Atanh,
        "Atan" => VectorMath.Atan,
        "Asin" => VectorMath.Asin,
        "Acos" => VectorMath.Acos,
        "Cbrt" => VectorMath.Cbrt,
        "Erf" => VectorMath.Erf,
        "Erfc" => VectorMath.Erfc,
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static Binary<T> FunctionOfTwo<T>(string name) where T : unmanaged, IBinaryFloatingPointIeee754<T> => name == "Pow" ? VectorMath.Pow : VectorMath.Atan2;

    private static double Of(string name, double x)
    {
        double[] y = [x];
        Function<double>(name)(y, y);
        return y[0];
    }

    private static float Of(string name, float x)
    {
        float[] y = [x];
        Function<float>(name)(y, y);
        return y[0];
    }

    /// <summary>The spacing of the numbers with so many mantissa bits around a value.</summary>
    private static double Ulp(double value, int mantissaBits, int smallestExponent)
        => Math.ScaleB(1.0, Math.Max(Math.ILogB(value) - mantissaBits, smallestExponent));

    private static double DoubleUlp(double value) => Ulp(value, 52, -1074);

    private static double FloatUlp(double value) => Ulp(value, 23, -149);

    private sealed record Reference(string Name, double[] Arguments, bool IsFloat, double Value, double Rest);

    private static readonly ILookup<string, Reference> References = ReadReferences().ToLookup(reference => reference.Name);

    private static IEnumerable<Reference> ReadReferences()
    {
        using StreamReader reader = new(typeof(VectorMathTests).Assembly.GetManifestResourceStream("VectorMathReferences.txt")!);
        while (reader.ReadLine() is { } line)
        {
            string[] parts = line.Split(' ');
            double[] numbers = [.. parts[1..].Select(part => double.Parse(part.TrimStart('s'), CultureInfo.InvariantCulture))];
            yield return new Reference(parts[0], numbers[..^2], parts[1][0] == 's', numbers[^2], numbers[^1]);
        }
    }

    [Theory]
    [MemberData(nameof(AllBounds))]
    public void Values_are_within_their_bound_of_the_references(string name, double bound, double floatBound)
    {
        Reference[] all = [.. References[name]];
        all.Length.Should().BeGreaterThan(15);
        double[] values = Evaluate<double>(name, all);
        for (int i = 0; i < all.Length; i++)
        {
            double error = Math.Abs(values[i] - all[i].Value - all[i].Rest) / DoubleUlp(all[i].Value);
            error.Should().BeLessThanOrEqualTo(bound, "{0}({1}) = {2}", name, string.Join(", ", all[i].Arguments), values[i]);
        }

        Reference[] floats = [.. all.Where(reference => reference.IsFloat && Math.Abs(reference.Value) is > 1e-38 and < 3.4e38)];
        floats.Length.Should().BeGreaterThan(5);
        float[] narrow = Evaluate<float>(name, floats);
        for (int i = 0; i < floats.Length; i++)
        {
            double error = Math.Abs(narrow[i] - floats[i].Value) / FloatUlp(floats[i].Value);
            error.Should().BeLessThanOrEqualTo(floatBound, "{0}({1}) = {2}", name, string.Join(", ", floats[i].Arguments), narrow[i]);
        }
    }

    private static T[] Evaluate<T>(string name, Reference[] references) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = [.. references.Select(reference => T.CreateTruncating(reference.Arguments[0]))];
        T[] y = new T[x.Length];
        if (references[0].Arguments.Length == 1)
        {
            Function<T>(name)(x, y);
        }
        else
        {
            T[] second = [.. references.Select(reference => T.CreateTruncating(reference.Arguments[1]))];
            FunctionOfTwo<T>(name)(x, second, y);
        }
        return y;
    }

    private const double Infinity = double.PositiveInfinity;

    [Theory]
    [InlineData("Exp", 0.0, 1.0)]
    [InlineData("Exp", Infinity, Infinity)]
    [InlineData("Exp", -Infinity, 0.0)]
    [InlineData("Exp", 710.0, Infinity)]
    [InlineData("Exp", -746.0, 0.0)]
    [InlineData("Exp2", 3.0, 8.0)]
    [InlineData("Exp2", Infinity, Infinity)]
    [InlineData("Exp2", -Infinity, 0.0)]
    [InlineData("Expm1", 0.0, 0.0)]
    [InlineData("Expm1", Infinity, Infinity)]
    [InlineData("Expm1", -Infinity, -1.0)]
    [InlineData("Expm1", 1e-30, 1e-30)]
    [InlineData("Sigmoid", 0.0, 0.5)]
    [InlineData("Sigmoid", Infinity, 1.0)]
    [InlineData("Sigmoid", -Infinity, 0.0)]
    [InlineData("Log", 1.0, 0.0)]
    [InlineData("Log", 0.0, -Infinity)]
    [InlineData("Log", -1.0, double.NaN)]
    [InlineData("Log", -Infinity, double.NaN)]
    [InlineData("Log", Infinity, Infinity)]
    [InlineData("Log2", 1024.0, 10.0)]
    [InlineData("Log2", 0.125, -3.0)]
    [InlineData("Log2", 0.0, -Infinity)]
    [InlineData("Log2", -1.0, double.NaN)]
    [InlineData("Log2", Infinity, Infinity)]
    [InlineData("Log10", 1000.0, 3.0)]
    [InlineData("Log10", 1e22, 22.0)]
    [InlineData("Log10", 0.0, -Infinity)]
    [InlineData("Log10", -1.0, double.NaN)]
    [InlineData("Log10", Infinity, Infinity)]
    [InlineData("Log1p", 0.0, 0.0)]
    [InlineData("Log1p", -1.0, -Infinity)]
    [InlineData("Log1p", -1.5, double.NaN)]
    [InlineData("Log1p", -Infinity, double.NaN)]
    [InlineData("Log1p", Infinity, Infinity)]
    [InlineData("Log1p", 1e-30, 1e-30)]
    [InlineData("Softplus", Infinity, Infinity)]
    [InlineData("Softplus", -Infinity, 0.0)]
    [InlineData("Softplus", 1000.0, 1000.0)]
    [InlineData("LogSigmoid", Infinity, 0.0)]
    [InlineData("LogSigmoid", -Infinity, -Infinity)]
    [InlineData("LogSigmoid", -1000.0, -1000.0)]
    [InlineData("Sin", 0.0, 0.0)]
    [InlineData("Sin", Infinity, double.NaN)]
    [InlineData("Sin", -Infinity, double.NaN)]
    [InlineData("Sin", 1e-30, 1e-30)]
    [InlineData("Cos", 0.0, 1.0)]
    [InlineData("Cos", Infinity, double.NaN)]
    [InlineData("Cos", -Infinity, double.NaN)]
    [InlineData("Tan", 0.0, 0.0)]
    [InlineData("Tan", Infinity, double.NaN)]
    [InlineData("Sinh", 0.0, 0.0)]
    [InlineData("Sinh", Infinity, Infinity)]
    [InlineData("Sinh", -Infinity, -Infinity)]
    [InlineData("Cosh", 0.0, 1.0)]
    [InlineData("Cosh", Infinity, Infinity)]
    [InlineData("Cosh", -Infinity, Infinity)]
    [InlineData("Tanh", 0.0, 0.0)]
    [InlineData("Tanh", Infinity, 1.0)]
    [InlineData("Tanh", -Infinity, -1.0)]
    [InlineData("Tanh", 1e-30, 1e-30)]
    [InlineData("Asinh", Infinity, Infinity)]
    [InlineData("Asinh", -Infinity, -Infinity)]
    [InlineData("Acosh", 1.0, 0.0)]
    [InlineData("Acosh", 0.5, double.NaN)]
    [InlineData("Acosh", -3.0, double.NaN)]
    [InlineData("Acosh", -Infinity, double.NaN)]
    [InlineData("Acosh", Infinity, Infinity)]
    [InlineData("Atanh", 1.0, Infinity)]
    [InlineData("Atanh", -1.0, -Infinity)]
    [InlineData("Atanh", 1.5, double.NaN)]
    [InlineData("Atanh", Infinity, double.NaN)]
    [InlineData("Atan", Infinity, Math.PI / 2)]
    [InlineData("Atan", -Infinity, -Math.PI / 2)]
    [InlineData("Asin", 1.0, Math.PI / 2)]
    [InlineData("Asin", -1.0, -Math.PI / 2)]
    [InlineData("Asin", 1.0000001, double.NaN)]
    [InlineData("Asin", -Infinity, double.NaN)]
    [InlineData("Acos", 1.0, 0.0)]
    [InlineData("Acos", 0.0, Math.PI / 2)]
    [InlineData("Acos", -1.0, Math.PI)]
    [InlineData("Acos", -1.0000001, double.NaN)]
    [InlineData("Acos", Infinity, double.NaN)]
    [InlineData("Cbrt", 27.0, 3.0)]
    [InlineData("Cbrt", -125.0, -5.0)]
    [InlineData("Cbrt", Infinity, Infinity)]
    [InlineData("Cbrt", -Infinity, -Infinity)]
    [InlineData("Erf", Infinity, 1.0)]
    [InlineData("Erf", -Infinity, -1.0)]
    [InlineData("Erfc", 0.0, 1.0)]
    [InlineData("Erfc", Infinity, 0.0)]
    [InlineData("Erfc", -Infinity, 2.0)]
    [InlineData("Erfc", 27.3, 0.0)]
    public void Special_values_are_exact(string name, double x, double expected)
    {
        BitConverter.DoubleToInt64Bits(Canonical(Of(name, x))).Should().Be(BitConverter.DoubleToInt64Bits(Canonical(expected)), "{0}({1})", name, x);
        Canonical(Of(name, (float)x)).Should().Be(Canonical((float)expected), "{0}({1}f)", name, x);
    }

    private static double Canonical(double value) => double.IsNaN(value) ? double.NaN : value;

    [Theory]
    [MemberData(nameof(UnaryNames))]
    public void NaN_stays_NaN(string name)
    {
        double.IsNaN(Of(name, double.NaN)).Should().BeTrue();
        float.IsNaN(Of(name, float.NaN)).Should().BeTrue();
    }

    [Fact]
    public void Odd_functions_pass_the_smallest_numbers_through()
    {
        foreach (string name in (string[])["Expm1", "Log1p", "Sin", "Tan", "Sinh", "Tanh", "Asinh", "Atanh", "Atan", "Asin"])
        {
            double.IsNegative(Of(name, -0.0)).Should().BeTrue(name);
            double.IsNegative(Of(name, 0.0)).Should().BeFalse(name);
            float.IsNegative(Of(name, -0f)).Should().BeTrue(name);
            Of(name, -0.0).Should().Be(0.0, name);
            Of(name, double.Epsilon).Should().Be(double.Epsilon, name);
            Of(name, -3e-310).Should().Be(-3e-310, name);
            Of(name, float.Epsilon).Should().Be(float.Epsilon, name);
        }
        double.IsNegative(Of("Cbrt", -0.0)).Should().BeTrue();
        double.IsNegative(Of("Erf", -0.0)).Should().BeTrue();
        Of("Log", -0.0).Should().Be(double.NegativeInfinity);
        Of("Cbrt", double.Epsilon).Should().BeApproximately(1.7031839360032603e-108, 1e-123);
        Of("Log", double.Epsilon).Should().BeApproximately(-744.4400719213812, 1.2e-13);
    }

    [Fact]
    public void Underflow_is_gradual()
    {
        for (double x = -745.0; x < -708.0; x += 0.25)
        {
            Math.Abs(Of("Exp", x) - Math.Exp(x)).Should().BeLessThanOrEqualTo(1.5 * DoubleUlp(Math.Exp(x)), "e^{0}", x);
        }
        Of("Exp2", -1074.0).Should().Be(double.Epsilon);
        Of("Exp2", -149f).Should().Be(float.Epsilon);
        Of("Exp", 709.782712893384).Should().BeGreaterThan(1.79e308).And.BeLessThan(Infinity);
        Of("Sinh", 710.4).Should().BeLessThan(Infinity);
    }

    [Theory]
    [MemberData(nameof(UnaryNames))]
    public void A_value_does_not_depend_on_its_place(string name)
    {
        OnesPlaceDoesNotMatter<double>(name);
        OnesPlaceDoesNotMatter<float>(name);
    }

    private static void OnesPlaceDoesNotMatter<T>(string name) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Mixed<T>(120);
        T[] alone = new T[x.Length];
        Unary<T> function = Function<T>(name);
        for (int i = 0; i < x.Length; i++)
        {
            function(x.AsSpan(i, 1), alone.AsSpan(i, 1));
        }
        T[] y = new T[x.Length];
        for (int offset = 0; offset <= 40; offset++)
        {
            for (int length = 1; length <= 70; length++)
            {
                Span<T> part = y.AsSpan(offset, length);
                x.AsSpan(offset, length).CopyTo(part);
                function(part, part);
                SameBits<T>(part, alone.AsSpan(offset, length)).Should().BeTrue("{0} at {1}, {2} elements", name, offset, length);
            }
        }
    }

    private static bool SameBits<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y) where T : unmanaged => MemoryMarshal.AsBytes(x).SequenceEqual(MemoryMarshal.AsBytes(y));

    /// <summary>Numbers of every kind, some of them special, each with the edge cases as neighbors.</summary>
    private static T[] Mixed<T>(int count) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Random random = new(7);
        double[] special = [0.0, -0.0, 1.0, -1.0, 0.5, 1e30, -1e12, 1e-30, Infinity, -Infinity, 1e-40];
        return [.. Enumerable.Range(0, count).Select(i => T.CreateTruncating(i % 5 == 3 ? special[i / 5 % special.Length] : 4.0 * random.NextDouble() - 1.0))];
    }

    [Fact]
    public void Every_register_width_gives_the_same_bits()
    {
        SameAtEveryWidth<VectorMath.ExpFunction>();
        SameAtEveryWidth<VectorMath.Exp2Function>();
        SameAtEveryWidth<VectorMath.Expm1Function>();
        SameAtEveryWidth<VectorMath.SigmoidFunction>();
        SameAtEveryWidth<VectorMath.LogFunction>();
        SameAtEveryWidth<VectorMath.Log10Function>();
        SameAtEveryWidth<VectorMath.Log1pFunction>();
        SameAtEveryWidth<VectorMath.SoftplusFunction>();
        SameAtEveryWidth<VectorMath.SinFunction>();
        SameAtEveryWidth<VectorMath.CosFunction>();
        SameAtEveryWidth<VectorMath.TanFunction>();
        SameAtEveryWidth<VectorMath.SinhFunction>();
        SameAtEveryWidth<VectorMath.TanhFunction>();
        SameAtEveryWidth<VectorMath.AsinhFunction>();
        SameAtEveryWidth<VectorMath.AtanFunction>();
        SameAtEveryWidth<VectorMath.AsinFunction>();
        SameAtEveryWidth<VectorMath.AcosFunction>();
        SameAtEveryWidth<VectorMath.AcoshFunction>();
        SameAtEveryWidth<VectorMath.LogSigmoidFunction>();
        SameAtEveryWidth<VectorMath.CbrtFunction>();
        SameAtEveryWidth<VectorMath.ErfcFunction>();
    }

    private static void SameAtEveryWidth<F>() where F : struct, IUnaryFunction
    {
        double[] x = [.. Mixed<double>(100), .. Enumerable.Range(-150, 300).Select(i => 5.01 * i)];
        double[] narrow = new double[x.Length], medium = new double[x.Length], wide = new double[x.Length];
        VectorMath.Map<F, Lanes128, double>(x, narrow);
        VectorMath.Map<F, Lanes256, double>(x, medium);
        VectorMath.Map<F, Lanes512, double>(x, wide);
        // Without fused multiply-add the narrow registers may differ in last bits.
        bool isFused = Fma.IsSupported || AdvSimd.IsSupported;
        SameBits<double>(wide, isFused ? narrow : medium).Should().BeTrue(typeof(F).Name);
        SameBits<double>(wide, medium).Should().BeTrue(typeof(F).Name);
        double[] pairs = new double[x.Length];
        VectorMath.Map<F, Lanes1024, double>(x, pairs);
        SameBits<double>(pairs, wide).Should().BeTrue(typeof(F).Name);

        float[] f = [.. x.Select(value => (float)value)];
        float[] narrowFloats = new float[x.Length], mediumFloats = new float[x.Length], wideFloats = new float[x.Length];
        VectorMath.Map<F, Lanes128, float>(f, narrowFloats);
        VectorMath.Map<F, Lanes256, float>(f, mediumFloats);
        VectorMath.Map<F, Lanes512, float>(f, wideFloats);
        SameBits<float>(wideFloats, isFused ? narrowFloats : mediumFloats).Should().BeTrue(typeof(F).Name);
        SameBits<float>(wideFloats, mediumFloats).Should().BeTrue(typeof(F).Name);
        float[] pairsOfFloats = new float[x.Length];
        VectorMath.Map<F, Lanes1024, float>(f, pairsOfFloats);
        SameBits<float>(pairsOfFloats, wideFloats).Should().BeTrue(typeof(F).Name);
    }

    [Fact]
    public void Every_width_of_float_lanes_gives_the_same_bits()
    {
        SameInFloatsAtEveryWidth<VectorMath.ExpFunction>();
        SameInFloatsAtEveryWidth<VectorMath.Expm1Function>();
        SameInFloatsAtEveryWidth<VectorMath.SigmoidFunction>();
        SameInFloatsAtEveryWidth<VectorMath.LogFunction>();
        SameInFloatsAtEveryWidth<VectorMath.Log1pFunction>();
        SameInFloatsAtEveryWidth<VectorMath.SoftplusFunction>();
        SameInFloatsAtEveryWidth<VectorMath.LogSigmoidFunction>();
        SameInFloatsAtEveryWidth<VectorMath.SinFunction>();
        SameInFloatsAtEveryWidth<VectorMath.CosFunction>();
        SameInFloatsAtEveryWidth<VectorMath.TanhFunction>();
        SameInFloatsAtEveryWidth<VectorMath.SechSquaredFunction>();
        SameInFloatsAtEveryWidth<VectorMath.SigmoidSlopeFunction>();
    }

    private static void SameInFloatsAtEveryWidth<F>() where F : struct, IFloatFunction
    {
        float[] x = [.. Mixed<float>(100), .. Enumerable.Range(-150, 300).Select(i => 0.71f * i), .. Enumerable.Range(0, 2048).Select(i => BitConverter.Int32BitsToSingle(i << 21))];
        float[] narrow = new float[x.Length], medium = new float[x.Length], wide = new float[x.Length];
        VectorMath.MapFloats<F, FloatLanes128>(x, narrow);
        VectorMath.MapFloats<F, FloatLanes256>(x, medium);
        VectorMath.MapFloats<F, FloatLanes512>(x, wide);
        SameBits<float>(wide, narrow).Should().BeTrue(typeof(F).Name);
        SameBits<float>(wide, medium).Should().BeTrue(typeof(F).Name);
    }

    [Theory]
    [InlineData("Exp", 88.72283f, 0.99999f * float.MaxValue, float.MaxValue)]
    [InlineData("Exp", 88.72285f, float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData("Exp", -103.97f, float.Epsilon, float.Epsilon)]
    [InlineData("Exp", -103.98f, 0f, 0f)]
    [InlineData("Sigmoid", -103.2f, float.Epsilon, float.Epsilon)]
    [InlineData("Sigmoid", -89f, 2.227e-39f, 2.228e-39f)]
    [InlineData("Log", float.Epsilon, -103.27893f, -103.27892f)]
    [InlineData("Log", float.MaxValue, 88.72283f, 88.72284f)]
    [InlineData("Log1p", float.MaxValue, 88.72283f, 88.72284f)]
    [InlineData("Tanh", 9.2f, 1f, 1f)]
    [InlineData("Softplus", -100f, 3.7e-44f, 3.8e-44f)]
    public void Floats_keep_their_range(string name, float x, float low, float high)
    {
        Of(name, x).Should().BeInRange(low, high);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Gates_in_floats_agree_with_doubles_and_keep_their_edges(int order)
    {
        float[] x = [.. Enumerable.Range(-4000, 8001).Select(i => 0.005f * i), -0f, -1e-40f, 1e30f, -1e30f, float.PositiveInfinity, float.NegativeInfinity, float.NaN];
        double[] wide = [.. x.Select(value => (double)value)];
        foreach ((UnaryKernel<float, int> narrow, UnaryKernel<double, int> reference, double units) in ((UnaryKernel<float, int>, UnaryKernel<double, int>, double)[])
            [(Activations.NormalGate, Activations.NormalGate, 0.57), (Activations.LogisticGate, Activations.LogisticGate, 6)])
        {
            float[] y = new float[x.Length];
            double[] expected = new double[x.Length];
            narrow(x, order, y);
            reference(wide, order, expected);
            for (int i = 0; i < x.Length; i++)
            {
                // The slopes cross zero, where the error is that of their terms.
                bool agrees = y[i].Equals((float)expected[i]) || Agreement.Within(y[i], expected[i], units * FloatUlp(order == 0 ? expected[i] : Math.Max(Math.Abs(expected[i]), Math.Min(0.25, Math.Exp(x[i])))));
                agrees.Should().BeTrue("{0}({1}) = {2}, in double {3}", narrow.Method.Name, x[i], y[i], expected[i]);
            }
        }
    }

    [Fact]
    public void Sine_and_cosine_of_large_floats_go_through_doubles()
    {
        for (float x = 131000f; x < float.MaxValue / 3f; x *= x < 132000f ? 1.00001f : 2.7f)
        {
            Math.Abs(Of("Sin", x) - Math.Sin(x)).Should().BeLessThanOrEqualTo((x < 131072f ? 1.57 : 0.6) * FloatUlp(Math.Sin(x)), "sin({0})", x);
            Math.Abs(Of("Cos", -x) - Math.Cos(x)).Should().BeLessThanOrEqualTo((x < 131072f ? 1.57 : 0.6) * FloatUlp(Math.Cos(x)), "cos({0})", x);
        }
    }

    [Fact]
    public void A_product_with_a_derivative_is_that_of_the_two_bit_by_bit()
    {
        ProductsAgree<float>();
        ProductsAgree<double>();
    }

    private static void ProductsAgree<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (Unary<T> Slope, Binary<T> Product)[] pairs =
        [
            (VectorMath.Cos, VectorMath.TimesCos), (VectorMath.Exp, VectorMath.TimesExp), (VectorMath.Sigmoid, VectorMath.TimesSigmoid),
            (VectorMath.SechSquared, VectorMath.TimesSechSquared), (VectorMath.SigmoidSlope, VectorMath.TimesSigmoidSlope), (VectorMath.Reciprocal, VectorMath.TimesReciprocal),
            (static (x, y) => { VectorMath.Sin(x, y); VectorMath.Negate<T>(y, y); }, VectorMath.TimesNegatedSin),
            (static (x, y) => VectorMath.Add(x, x, y), VectorMath.TimesTwice),
            (VectorMath.HalfReciprocal, VectorMath.TimesHalfReciprocal),
            (static (x, y) =>
            {
                for (int i = 0; i < x.Length; i++)
                {
                    y[i] = T.IsNaN(x[i]) ? x[i] : T.CreateChecked(T.Sign(x[i]));
                }
            }, VectorMath.TimesSign),
        ];
        T[] x = [.. Mixed<T>(117).Where(value => value != T.Zero || T.IsPositive(value))], g = [.. Mixed<T>(x.Length + 3).Skip(3)];
        foreach ((Unary<T> slope, Binary<T> product) in pairs)
        {
            for (int length = 0; length <= x.Length; length += 13)
            {
                T[] expected = new T[length], actual = new T[length];
                slope(x.AsSpan(0, length), expected);
                VectorMath.Multiply<T>(g.AsSpan(0, length), expected, expected);
                product(g.AsSpan(0, length), x.AsSpan(0, length), actual);
                for (int i = 0; i < length; i++)
                {
                    actual[i].Equals(expected[i]).Should().BeTrue("{0} at {1}: {2}, not {3}", product.Method.Name, x[i], actual[i], expected[i]);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(UnaryNames))]
    public void Float_agrees_with_double(string name)
    {
        (double low, double high) = name switch
        {
            "Asin" or "Acos" or "Atanh" => (-1.0, 1.0),
            "Acosh" => (1.0, 500.0),
            "Log" or "Log2" or "Log10" => (0.0, 500.0),
            "Log1p" => (-1.0, 500.0),
            "Sin" or "Cos" or "Tan" => (-30000.0, 30000.0),
            _ => (-100.0, 85.0),
        };
        double bound = Math.Max(0.8, Bounds.Single(entry => entry.Name == name).Float);
        const int count = 20000;
        float[] x = [.. Enumerable.Range(0, count).Select(i => (float)(low + (high - low) * i / count * (i % 3 == 0 ? 0.01 : 1.0)))];
        if (name == "Acosh")
        {
            x = [.. x.Where(value => value >= 1.0f)];
        }
        double[] wide = [.. x.Select(value => (double)value)];
        float[] y = new float[x.Length];
        Function<float>(name)(x, y);
        Function<double>(name)(wide, wide);
        for (int i = 0; i < x.Length; i++)
        {
            bool agrees = y[i] == (float)wide[i] || Agreement.Within(y[i], wide[i], bound * FloatUlp(wide[i]));
            if (!agrees)
            {
                Assert.Fail($"{name}({x[i]}) = {y[i]}, in double {wide[i]}");
            }
        }
    }

    private static readonly double[] Edges =
        [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, -3.0, 1e300, -1e300, 1e-300, -1e-300, double.Epsilon, Infinity, -Infinity, double.NaN, 4503599627370497.0, 1e16];

    [Fact]
    public void Pow_keeps_the_edges_of_ieee_754()
    {
        foreach (double x in Edges)
        {
            foreach (double y in Edges)
            {
                double expected = Math.Pow(x, y);
                double[] z = new double[1];
                VectorMath.Pow([x], [y], z);
                SameEdge(z[0], expected).Should().BeTrue("{0}^{1} = {2}, not {3}", x, y, z[0], expected);
                VectorMath.Pow([x], y, z);
                SameEdge(z[0], expected).Should().BeTrue("{0}^{1} = {2}, not {3} for one exponent", x, y, z[0], expected);
            }
        }
    }

    [Fact]
    public void Atan2_keeps_the_edges_of_ieee_754()
    {
        foreach (double y in Edges)
        {
            foreach (double x in Edges)
            {
                double[] z = new double[1];
                VectorMath.Atan2([y], [x], z);
                double expected = Math.Atan2(y, x);
                SameEdge(z[0], expected).Should().BeTrue("atan2({0}, {1}) = {2}, not {3}", y, x, z[0], expected);
            }
        }
    }

    private static bool SameEdge(double value, double expected)
        => double.IsNaN(expected) ? double.IsNaN(value)
            : double.IsNegative(value) == double.IsNegative(expected) && Agreement.Within(value, expected, 1.1 * DoubleUlp(expected));

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(2.0)]
    [InlineData(3.0)]
    [InlineData(-1.0)]
    [InlineData(0.5)]
    [InlineData(-0.5)]
    [InlineData(7.0)]
    [InlineData(2.7)]
    public void Pow_with_one_exponent_agrees_with_a_span_of_exponents(double exponent)
    {
        double[] x = [.. Enumerable.Range(1, 333).Select(i => 0.01 * i * i)];
        double[] exponents = new double[x.Length], one = new double[x.Length], many = new double[x.Length];
        Array.Fill(exponents, exponent);
        VectorMath.Pow(x, exponent, one);
        VectorMath.Pow(x, exponents, many);
        for (int i = 0; i < x.Length; i++)
        {
            Agreement.Within(one[i], many[i], 2.0 * DoubleUlp(many[i])).Should().BeTrue("{0}^{1} is {2} and {3}", x[i], exponent, one[i], many[i]);
        }
    }

    [Fact]
    public void Functions_of_two_do_not_depend_on_the_place()
    {
        double[] x = Mixed<double>(70), y = [.. Mixed<double>(70).Reverse()];
        foreach (string name in (string[])["Pow", "Atan2"])
        {
            double[] together = new double[70], alone = new double[70];
            FunctionOfTwo<double>(name)(x, y, together);
            for (int i = 0; i < 70; i++)
            {
                FunctionOfTwo<double>(name)(x.AsSpan(i, 1), y.AsSpan(i, 1), alone.AsSpan(i, 1));
            }
            SameBits<double>(together, alone).Should().BeTrue(name);
        }
    }

    [Fact]
    public void Arithmetic_is_exact()
    {
        float[] x = [1.5f, -2f, float.NaN, -0f, 3f], y = [2f, 4f, 1f, 0f, float.NaN], z = new float[5];
        VectorMath.Maximum(x, y, z);
        z.Should().Equal(2f, 4f, float.NaN, 0f, float.NaN);
        VectorMath.Minimum(x, y, z);
        z.Should().Equal(1.5f, -2f, float.NaN, -0f, float.NaN);
        VectorMath.Relu(x, z);
        z.Should().Equal(1.5f, 0f, float.NaN, 0f, 3f);
        VectorMath.Subtract(1f, x, z);
        z.Should().Equal(-0.5f, 3f, float.NaN, 1f, -2f);
        VectorMath.Divide(3f, y, z);
        z.Should().Equal(1.5f, 0.75f, 3f, float.PositiveInfinity, float.NaN);
        VectorMath.Reciprocal(y, z);
        z.Should().Equal(0.5f, 0.25f, 1f, float.PositiveInfinity, float.NaN);

        double[] sum = [1.0, 2.0], factor = [3.0, 4.0];
        VectorMath.MultiplyAdd(factor, 2.0, sum);
        sum.Should().Equal(7.0, 10.0);
        VectorMath.MultiplyAdd(factor, factor, sum);
        sum.Should().Equal(16.0, 26.0);
    }

    [Fact]
    public void Lengths_must_match()
    {
        Action unary = () => VectorMath.Exp<double>(new double[3], new double[2]);
        Action binary = () => VectorMath.Pow<double>(new double[3], new double[2], new double[3]);
        unary.Should().Throw<ArgumentOutOfRangeException>();
        binary.Should().Throw<ArgumentOutOfRangeException>();
    }
}
