namespace AutoDiff.Tests.Numbers;

/// <summary>Values and derivatives of programs against generic math: of plain numbers by finite differences, and of all number types against each other.</summary>
public class GenericProgramsTests
{
    public static TheoryData<string> Programs => [.. GenericPrograms.All.Select(program => program.Name)];

    [Theory]
    [MemberData(nameof(Programs))]
    public void Programs_are_differentiated_as_they_stand(string name)
    {
        double[] x = GenericPrograms.All.Single(program => program.Name == name).At;
        int n = x.Length;
        double value = GenericPrograms.Run(name, x);
        var tape = new ActiveTape<double>();
        Active<double>[] variables = tape.Variables(x);
        Active<double> active = GenericPrograms.Run(name, variables);
        active.Value.Should().Be(value);
        double[] gradient = tape.Gradient(active, variables);
        (double chunkValue, double[] chunkGradient) = DualChunk<double>.ValueAndGradient(x => GenericPrograms.Run(name, x), x);
        chunkValue.Should().Be(value);
        var dualTape = new ActiveTape<Dual<double>>();
        for (int i = 0; i < n; i++)
        {
            Dual<double> dual = GenericPrograms.Run(name, Seeded(i));
            dual.Value.Should().Be(value);
            Close(dual.Tangent, gradient[i], 1e-12, $"{name}, derivative by {i}, forward and reverse");
            chunkGradient[i].Should().Be(dual.Tangent);
            double h = 1e-5 * Math.Max(1, Math.Abs(x[i]));
            double Moved(double by) => GenericPrograms.Run(name, [.. x.Select((x, j) => j == i ? x + by : x)]);
            double difference = ((8 * (Moved(h) - Moved(-h))) - (Moved(2 * h) - Moved(-2 * h))) / (12 * h);
            Close(gradient[i], difference, 2e-7, $"{name}, derivative by {i}, against finite differences");

            Active<Dual<double>>[] second = dualTape.Variables(Seeded(i));
            Dual<double>[] row = dualTape.Gradient(GenericPrograms.Run(name, second), second);
            for (int j = 0; j < n; j++)
            {
                Close(row[j].Value, gradient[j], 1e-12, $"{name}, gradient with tangents");
                var both = new Dual<Dual<double>>[n];
                for (int k = 0; k < n; k++)
                {
                    both[k] = new(new(x[k], k == j ? 1 : 0), new Dual<double>(k == i ? 1 : 0));
                }

                Close(row[j].Tangent, GenericPrograms.Run(name, both).Tangent.Tangent, 1e-9, $"{name}, second derivative by {i} and {j}");
            }

            dualTape.Rewind(0);
        }

        Dual<double>[] Seeded(int i) => [.. x.Select((x, j) => new Dual<double>(x, j == i ? 1 : 0))];
    }

    [Fact]
    public void Floats_work_too()
    {
        float[] x = [100, 105, 0.03f, 0.25f, 1.5f];
        var tape = new ActiveTape<float>();
        Active<float>[] variables = tape.Variables(x);
        float[] gradient = tape.Gradient(GenericPrograms.Run("Black-Scholes", variables), variables);
        for (int i = 0; i < x.Length; i++)
        {
            float tangent = GenericPrograms.Run("Black-Scholes", [.. x.Select((x, j) => new Dual<float>(x, j == i ? 1 : 0))]).Tangent;
            Close(gradient[i], tangent, 2e-5, $"derivative by {i}");
        }
    }

    /// <summary>The number that does not depend on the direction contributes exactly 0; one whose tangent became 0 follows IEEE 754.</summary>
    [Fact]
    public void Tangents_of_zero()
    {
        Dual<double>.Sqrt(new Dual<double>(0, 0)).Tangent.Should().Be(0);
        Dual<double>.Pow(new Dual<double>(-2, 1), 3.0).Tangent.Should().Be(12);
        Dual<double>.Pow(new Dual<double>(-2, 1), new Dual<double>(3, 0)).Tangent.Should().Be(12);
        var x = new Dual<double>(0, 1);
        Dual<double>.Sqrt(x * x).Tangent.Should().Be(double.NaN);
        Dual<double> root = Dual<double>.Sqrt(x);
        (root * root).Tangent.Should().Be(double.NaN);
        (2.0 * new Dual<double>(double.PositiveInfinity, 1)).Tangent.Should().Be(2);
        ((Dual<double>.One - 2.0 + Dual<double>.Exp(1.0)) * new Dual<double>(double.PositiveInfinity, 1)).Tangent.Should().Be(1 - 2.0 + Math.E);
        double.IsNegative(Dual<double>.One.Tangent).Should().BeFalse();
        (double value, double tangent) = x - 3.0;
        (value, tangent).Should().Be((-3, 1));
        (-Dual<double>.Variable(2)).Tangent.Should().Be(-1);
    }

    private static void Close(double actual, double expected, double tolerance, string because) =>
        (Math.Abs(actual - expected) / Math.Max(1, Math.Abs(expected))).Should().BeLessThan(tolerance, because + $": {actual:R} and {expected:R}");
}
