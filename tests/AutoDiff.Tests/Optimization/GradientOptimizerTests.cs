using AutoDiff.Optimization;

namespace AutoDiff.Tests.Optimization;

/// <summary>The rules of the stochastic methods against their formulas, step by step with plain numbers; schedules and clipping.</summary>
public class GradientOptimizerTests
{
    private static readonly double[] Gradients = [0.5, -1.5, 0.25, 2];

    [Fact]
    public void GradientDescent_keeps_a_velocity()
    {
        double x = 1, v = 0;
        double[] expected = [.. Gradients.Select(g => { v = (0.9 * v) + g; return x -= 0.1 * v; })];
        Path(new GradientDescent<double>(0.1, 0.9)).Should().Equal(expected, Near);
    }

    [Fact]
    public void GradientDescent_of_Nesterov_looks_ahead()
    {
        double x = 1, v = 0;
        double[] expected = [.. Gradients.Select(g => { v = (0.9 * v) + g; return x -= 0.1 * (g + (0.9 * v)); })];
        Path(new GradientDescent<double>(0.1, 0.9, nesterov: true)).Should().Equal(expected, Near);
    }

    [Fact]
    public void RmsProp_divides_by_the_running_root()
    {
        double x = 1, v = 0;
        double[] expected = [.. Gradients.Select(g => { v = (0.99 * v) + (0.01 * g * g); return x -= 0.1 * g / (Math.Sqrt(v) + 1e-8); })];
        Path(new RmsProp<double>(0.1)).Should().Equal(expected, Near);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    public void Adam_and_AdamW_follow_their_papers(double decay)
    {
        double x = 1, m = 0, v = 0;
        double[] expected = [.. Gradients.Select((g, i) =>
        {
            m = (0.9 * m) + (0.1 * g);
            v = (0.999 * v) + (0.001 * g * g);
            double unbiased = m / (1 - Math.Pow(0.9, i + 1));
            return x = x - (0.1 * decay * x) - (0.1 * unbiased / (Math.Sqrt(v / (1 - Math.Pow(0.999, i + 1))) + 1e-8));
        })];
        Path(new AdamW<double>(0.1, decay)).Should().Equal(expected, Near);
        if (decay == 0)
        {
            Path(new Adam<double>(0.1)).Should().Equal(expected, Near);
        }
    }

    [Fact]
    public void Schedules()
    {
        Schedule constant = 0.5;
        (constant.RateAt(0), constant.RateAt(99)).Should().Be((0.5, 0.5));
        Schedule step = Schedule.Step(1, 10, 0.5);
        (step.RateAt(9), step.RateAt(10), step.RateAt(25)).Should().Be((1, 0.5, 0.25));
        Schedule cosine = Schedule.Cosine(1, 100, 0.2);
        cosine.RateAt(0).Should().Be(1);
        cosine.RateAt(50).Should().BeApproximately(0.6, 1e-15);
        (cosine.RateAt(100), cosine.RateAt(1000)).Should().Be((0.2, 0.2));
        Schedule warm = step.AfterWarmup(4);
        new[] { warm.RateAt(0), warm.RateAt(1), warm.RateAt(3), warm.RateAt(4), warm.RateAt(13), warm.RateAt(14) }.Should().Equal(0.25, 0.5, 1, 1, 1, 0.5);
        FluentActions.Invoking(() => Schedule.Cosine(1, 0)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Clipping_scales_all_gradients_together()
    {
        Tensor<double>[] gradients = [Tensor.Create([3.0]), Tensor.Create([4.0])];
        GradientClipping.ByNorm(gradients, 1).SelectMany(g => g.ToArray()).Should().Equal([0.6, 0.8], Near);
        GradientClipping.ByNorm(gradients, 5).Should().BeSameAs(gradients);
        new GradientDescent<double>(1) { MaxNorm = 1 }.Step([Tensor.Create([0.0])], [Tensor.Create([-8.0])])[0].ToArray().Should().Equal(1);
    }

    [Fact]
    public void Steps_are_checked_and_counted()
    {
        var method = new Adam<double>(0.1);
        var parameters = new Parameters<double>(("w", Tensor.Ones<double>(2, 2)), ("b", Tensor.Zeros<double>(2)));
        Parameters<double> next = method.Step(parameters, parameters);
        next["w"].ToArray().Should().Equal([0.9, 0.9, 0.9, 0.9], (x, y) => Math.Abs(x - y) < 1e-8);
        next["b"].ToArray().Should().Equal(0, 0);
        method.Steps.Should().Be(1);
        FluentActions.Invoking(() => method.Step([Tensor.Ones<double>(2)], [Tensor.Ones<double>(2)])).Should().Throw<ArgumentException>().WithMessage("*other lengths*");
        FluentActions.Invoking(() => method.Step([Tensor.Ones<double>(2)], [Tensor.Ones<double>(3)])).Should().Throw<ArgumentException>().WithMessage("*gradient 0*");
        FluentActions.Invoking(() => method.Step([Tensor.Ones<double>(2)], [])).Should().Throw<ArgumentException>();
    }

    public static TheoryData<string> Methods => ["GradientDescent", "momentum", "Nesterov", "RmsProp", "Adam", "AdamW"];

    [Theory]
    [MemberData(nameof(Methods))]
    public void An_element_takes_the_same_steps_among_others_as_alone(string name)
    {
        GradientOptimizer<double> Make() => name switch
        {
            "GradientDescent" => new GradientDescent<double>(0.1),
            "momentum" => new GradientDescent<double>(0.1, 0.9),
            "Nesterov" => new GradientDescent<double>(0.1, 0.9, nesterov: true),
            "RmsProp" => new RmsProp<double>(0.1),
            "Adam" => new Adam<double>(0.1),
            _ => new AdamW<double>(0.1, 0.3),
        };

        // As many elements as fill vectors of any width, and some more.
        const int count = 37;
        GradientOptimizer<double> together = Make();
        GradientOptimizer<double>[] alone = [.. Enumerable.Range(0, count).Select(_ => Make())];
        Tensor<double> x = new RandomKey(1).Normal<double>(count);
        Tensor<double>[] each = [.. x.ToArray().Select(value => Tensor.Create([value]))];
        for (int step = 0; step < 4; step++)
        {
            Tensor<double> gradient = new RandomKey(2).Derive(step).Normal<double>(count);
            x = together.Step(x, gradient);
            for (int i = 0; i < count; i++)
            {
                each[i] = alone[i].Step(each[i], gradient[i..(i + 1)]);
                x.At(i).Should().BeApproximately(each[i].At(0), 1e-14, "element {0}, step {1}", i, step);
            }
        }
    }

    [Fact]
    public void A_single_tensor_takes_the_same_steps_as_an_array_of_one()
    {
        Tensor<float> x = Tensor.Create([1f, -2f]);
        Tensor<float>[] array = [x];
        var (one, many) = (new AdamW<float>(0.1), new AdamW<float>(0.1));
        foreach (double g in Gradients)
        {
            Tensor<float> gradient = Tensor.Create([(float)g, 1f]);
            x = one.Step(x, gradient);
            array = many.Step(array, [gradient]);
            x.ToArray().Should().Equal(array[0].ToArray());
        }

        one.Steps.Should().Be(4);
        FluentActions.Invoking(() => one.Step(x, Tensor.Ones<float>(3))).Should().Throw<ArgumentException>().WithMessage("*[3]*[2]*");
        FluentActions.Invoking(() => one.Step(Tensor.Ones<float>(3), Tensor.Ones<float>(3))).Should().Throw<ArgumentException>().WithMessage("*other lengths*");
        FluentActions.Invoking(() => one.Step(x, null!)).Should().Throw<ArgumentNullException>();
    }

    /// <summary>Numbers below the normal ones would stay for ever, for a half of the smallest is rounded to itself or to the next, and make every further step slow.</summary>
    [Fact]
    public void What_is_remembered_of_a_parameter_that_no_longer_learns_becomes_zero()
    {
        Check<float>(600);
        Check<double>(4000);

        static void Check<T>(int steps) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            // 19 elements: whole registers and a rest.
            foreach (GradientOptimizer<T> method in (GradientOptimizer<T>[])[new Adam<T>(0.01, 0.75, 0.75), new AdamW<T>(0.01, 0, 0.75, 0.75), new RmsProp<T>(0.01, 0.75), new GradientDescent<T>(0.01, 0.75)])
            {
                Tensor<T> x = method.Step(Tensor.Ones<T>(19), Tensor.Ones<T>(19));
                for (int i = 0; i < steps; i++)
                {
                    x = method.Step(x, Tensor.Zeros<T>(19));
                }

                string file = System.IO.Path.GetTempFileName();
                try
                {
                    TrainingCheckpoint.Write(file, new Parameters<T>([new("x", x)]), method);
                    SafeTensors arrays = SafeTensorsFile.Read(file);
                    foreach (string name in (string[])["optimizer.0.0.first", "optimizer.0.0.second"])
                    {
                        arrays.Arrays[name].ToTensor<T>().ToArray().All(T.IsZero).Should().BeTrue("{0} of {1} is zero", name, method.GetType().Name);
                    }
                }
                finally
                {
                    File.Delete(file);
                }

                method.Step(x, Tensor.Create<T>([.. Enumerable.Repeat(T.NaN, 19)])).ToArray().All(T.IsNaN).Should().BeTrue("a gradient that is none is not hidden");
            }
        }
    }

    private static double[] Path(GradientOptimizer<double> method)
    {
        Tensor<double>[] x = [Tensor.Create([1.0])];
        return [.. Gradients.Select(g => (x = method.Step(x, [Tensor.Create([g])]))[0].At(0))];
    }

    private static bool Near(double x, double y) => Math.Abs(x - y) < 1e-14;
}
