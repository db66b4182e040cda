using System.Globalization;
using System.Numerics;
using System.Text;

namespace AutoDiff.Tests.Numbers;

/// <summary>What the interfaces of generic math ask for beside functions: by the value, the same as of the plain number.</summary>
public class NumberInterfaceTests
{
    private static readonly double[] Values = [0, -0.0, 1, -1, 2, 2.5, -3.5, 1e300, 1e-310, double.PositiveInfinity, double.NegativeInfinity, double.NaN, double.Epsilon];

    [Fact]
    public void Duals_are_numbers() => AreNumbers<Dual<double>>(x => new(x, 1), x => x.Value);

    [Fact]
    public void Chunks_of_duals_are_numbers() => AreNumbers<DualChunk<double>>(x => DualChunk<double>.Variable(x, 3), x => x.Value);

    [Fact]
    public void Active_numbers_are_numbers()
    {
        var tape = new ActiveTape<double>();
        AreNumbers(tape.Variable, x => x.Value);
    }

    [Fact]
    public void Nested_duals_are_numbers() => AreNumbers<Dual<Dual<double>>>(x => new(new(x, 1), 1.0), x => x.Value.Value);

    private static void AreNumbers<T>(Func<double, T> make, Func<T, double> value) where T : IFloatingPointIeee754<T>
    {
        foreach (double x in Values)
        {
            T number = make(x);
            Predicates(number).Should().Equal(Predicates(x), $"of {x}");
            number.ToString("R", CultureInfo.InvariantCulture).Should().Be(x.ToString("R", CultureInfo.InvariantCulture));
            number.ToString().Should().Be(x.ToString());
            $"{number:0.00}".Should().Be($"{x:0.00}");
            value(T.Parse(x.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)).Should().Be(x);
            value(T.Parse(x.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture)).Should().Be(x);
            value(T.Parse(Encoding.UTF8.GetBytes(x.ToString("R", CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture)).Should().Be(x);
            T.TryParse("x1", CultureInfo.InvariantCulture, out _).Should().BeFalse();
            T.TryParse("1.5".AsSpan(), NumberStyles.Float, CultureInfo.InvariantCulture, out T? parsed).Should().BeTrue();
            value(parsed!).Should().Be(1.5);
            Span<char> text = new char[40];
            number.TryFormat(text, out int written, "R", CultureInfo.InvariantCulture).Should().BeTrue();
            text[..written].ToString().Should().Be(x.ToString("R", CultureInfo.InvariantCulture));
            Span<byte> bytes = new byte[40], others = new byte[40];
            ((IUtf8SpanFormattable)number).TryFormat(bytes, out written, "R", CultureInfo.InvariantCulture).Should().BeTrue();
            Encoding.UTF8.GetString(bytes[..written]).Should().Be(x.ToString("R", CultureInfo.InvariantCulture));
            number.GetExponentByteCount().Should().Be(2);
            number.GetSignificandBitLength().Should().Be(53);
            number.WriteSignificandLittleEndian(bytes).Should().Be(((IFloatingPoint<double>)x).WriteSignificandLittleEndian(others));
            bytes[..8].SequenceEqual(others[..8]).Should().BeTrue();
            value(T.CreateChecked(x)).Should().Be(x);
            double.CreateChecked(number).Should().Be(x);
            float.CreateChecked(number).Should().Be((float)x);
            int.CreateSaturating(number).Should().Be(int.CreateSaturating(x));
            int.CreateTruncating(number).Should().Be(int.CreateTruncating(x));
            Half.CreateSaturating(number).Should().Be(Half.CreateSaturating(x));
            T.Sign(make(double.IsNaN(x) ? 0 : x)).Should().Be(Math.Sign(double.IsNaN(x) ? 0 : x));
            T.ILogB(number).Should().Be(Math.ILogB(x));
            number.GetHashCode().Should().Be(x.GetHashCode());
            foreach (double y in Values)
            {
                T other = make(y);
                Comparisons(number, other).Should().Equal(Comparisons(x, y), $"of {x} and {y}");
            }
        }

        value(T.CreateChecked(3)).Should().Be(3);
        value(T.CreateChecked(3UL)).Should().Be(3);
        value(T.CreateChecked(2.5f)).Should().Be(2.5);
        value(T.CreateChecked(2.5m)).Should().Be(2.5);
        value(T.CreateChecked((Half)2.5)).Should().Be(2.5);
        value(T.CreateChecked((short)-7)).Should().Be(-7);
        value(T.CreateChecked('a')).Should().Be('a');
        value(T.CreateChecked(Int128.One)).Should().Be(1);
        value(T.CreateChecked(new BigInteger(12))).Should().Be(12);
        value(T.CreateChecked((nint)5)).Should().Be(5);
        BigInteger.CreateChecked(make(12.0)).Should().Be(new BigInteger(12));
        decimal.CreateChecked(make(2.5)).Should().Be(2.5m);
        byte.CreateChecked(make(200)).Should().Be(200);
        FluentActions.Invoking(() => byte.CreateChecked(make(300))).Should().Throw<OverflowException>();
        FluentActions.Invoking(() => make(1).CompareTo("text")).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => T.Clamp(make(1), make(2), make(1))).Should().Throw<ArgumentException>();
        make(1).CompareTo(null).Should().Be(1);
        T.Radix.Should().Be(2);
        value(T.Epsilon).Should().Be(double.Epsilon);
        value(T.Tau).Should().Be(Math.Tau);
        value(T.E).Should().Be(Math.E);
        (value(T.AdditiveIdentity), value(T.MultiplicativeIdentity), value(T.NegativeOne)).Should().Be((0, 1, -1));
        double.IsNegative(value(T.NegativeZero)).Should().BeTrue();
    }

    private static bool[] Predicates<T>(T x) where T : IFloatingPointIeee754<T> =>
    [
        T.IsCanonical(x), T.IsComplexNumber(x), T.IsEvenInteger(x), T.IsFinite(x), T.IsImaginaryNumber(x), T.IsInfinity(x), T.IsInteger(x), T.IsNaN(x), T.IsNegative(x), T.IsNegativeInfinity(x), T.IsNormal(x),
        T.IsOddInteger(x), T.IsPositive(x), T.IsPositiveInfinity(x), T.IsRealNumber(x), T.IsSubnormal(x), T.IsZero(x),
    ];

    private static bool[] Comparisons<T>(T x, T y) where T : IFloatingPointIeee754<T> =>
        [x == y, x != y, x < y, x > y, x <= y, x >= y, x.Equals(y), x.Equals((object)y), x.CompareTo(y) < 0, x.CompareTo(y) > 0, x.CompareTo((object)y) == 0];
}
