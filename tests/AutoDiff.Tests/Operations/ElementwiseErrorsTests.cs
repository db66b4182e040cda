using System.Globalization;
using System.Numerics;

namespace AutoDiff.Tests.Operations;

/// <summary>
/// How far the elementwise operations and their slopes are from the exact numbers, at hard points: beside zeros and poles, in tails, among the smallest and largest numbers. The references have 35 digits and
/// more; see elementwise_errors.py. The bounds are those of docs/conventions.md.
/// </summary>
public sealed class ElementwiseErrorsTests
{
    /// <summary>A number in the references: of a row, with respect to an operand (or the value), at operands, as a double and the rest, and how much it changes with its operands, Σ |x ∂f/∂x|.</summary>
    private sealed record Reference(string Row, string Of, double[] Operands, double Value, double Rest, double Sensitivity);

    private static readonly ILookup<string, Reference> References = Read().ToLookup(static reference => reference.Row);

    public static TheoryData<string> Names => [.. References.Select(static group => group.Key)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Values_and_slopes_are_within_the_bound_of_their_class(string name)
    {
        ErrorClass own = ErrorClass.All.Should().ContainSingle(entry => entry.Rows.Contains(name), $"{name} is in one class").Subject;
        Compare<double>(name, own, (own.Value, own.Slope));
        Compare<float>(name, own, (own.FloatValue, own.FloatSlope));
    }

    [Fact]
    public void The_page_says_the_bounds()
    {
        string[] lines = [.. Docs.Documents.ReadLines("docs/conventions.md")];
        lines.Should().Contain(ErrorClass.All.Select(static entry => entry.Line)).And.Contain(ErrorClass.LinesWithout);
    }

    [Fact]
    public void Every_elementwise_row_has_a_bound_or_a_reason_for_none()
    {
        string[] rows = [.. OperationTable<double>.Rows.Values.Where(static row => row.IsElementwise && !row.Constant).Select(static row => row.Name)];
        string[] without = [.. ErrorClass.Without.SelectMany(static entry => entry.Rows)];
        ErrorClass.All.SelectMany(static entry => entry.Rows).Concat(without).Should().BeEquivalentTo(rows, "an elementwise row has a bound of its error, or stands with what needs none, and not both");
        References.Select(static group => group.Key).Should().BeEquivalentTo(rows.Except(without), "a bound is held at points");
    }

    private static void Compare<T>(string name, ErrorClass own, (double Value, double Slope) bounds) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool single = typeof(T) == typeof(float);
        OperationRow<T> row = OperationTable<T>.Rows[name];
        Reference[] places = [.. References[name].Where(reference => !single || reference.Operands.All(static x => x == (float)x))];
        places.Should().NotBeEmpty();
        foreach (IGrouping<string, Reference> group in places.GroupBy(static reference => reference.Of))
        {
            Reference[] references = [.. group];
            Tensor<T>[] x = [.. Enumerable.Range(0, row.Inputs).Select(i => Tensor.Create<T>([.. references.Select(reference => T.CreateChecked(reference.Operands[i]))]))];
            Tensor<T> actual = group.Key == "v" ? row.F(x) : Differentiate.Gradient(x => row.F(x).Sum(), x)[int.Parse(group.Key, CultureInfo.InvariantCulture)];
            for (int k = 0; k < references.Length; k++)
            {
                Reference reference = references[k];
                double spacing = Spacing(reference.Value, single);
                if (double.IsNaN(spacing))
                {
                    continue;
                }

                double error = Math.Abs(double.CreateChecked(actual.Values[k]) - reference.Value - reference.Rest);
                double size = spacing + (group.Key == "v" && own.IsForward ? 0 : reference.Sensitivity * (single ? 5.97e-8 : 1.11e-16));
                double bound = group.Key == "v" ? bounds.Value : bounds.Slope;
                (error <= bound * size).Should().BeTrue("{0} ({1}) of {2} at ({3}) is {4}, not {5:R}: off by {6:0.00} of {7}", name, group.Key, typeof(T).Name, string.Join(", ", reference.Operands), actual.Values[k], reference.Value, error / size, bound);
            }
        }
    }

    /// <summary>The spacing of the numbers around one; NaN where a float would overflow, or lose digits below its smallest normal number.</summary>
    private static double Spacing(double value, bool single) => !single ? Math.Max(Math.BitIncrement(Math.Abs(value)) - Math.Abs(value), double.Epsilon)
        : Math.Abs(value) is > 3.4e38 or < 1.2e-38 ? double.NaN : MathF.BitIncrement(MathF.Abs((float)value)) - MathF.Abs((float)value);

    private static IEnumerable<Reference> Read()
    {
        using StreamReader reader = new(typeof(ElementwiseErrorsTests).Assembly.GetManifestResourceStream("ElementwiseErrors.txt")!);
        while (reader.ReadLine() is { } line)
        {
            string[] parts = line.Split('\t');
            double[] numbers = [.. parts[2..].Select(static part => double.Parse(part, CultureInfo.InvariantCulture))];
            yield return new Reference(parts[0], parts[1], numbers[..^3], numbers[^3], numbers[^2], numbers[^1]);
        }
    }
}
