using AutoDiff.Optimization;

namespace AutoDiff.Tests.Optimization;

/// <summary>What training needs around the steps: initial weights, rates, groups, averages, and checkpoints that go on bit for bit.</summary>
public class TrainingTests
{
    private static readonly Parameters<double> Start = new(("w", Tensor.Create([3.0, -2.0, 1.0, 0.5], 2, 2)), ("b", Tensor.Create([1.0, -1.0])));

    public static TheoryData<string> Methods => ["Adam", "AdamW", "RmsProp", "momentum", "plain", "plateau"];

    private static GradientOptimizer<T> Make<T>(string method) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => method switch
    {
        "Adam" => new Adam<T>(Schedule.Cosine(0.1, 50)),
        "AdamW" => new AdamW<T>(0.1) { MaxNorm = 1 },
        "RmsProp" => new RmsProp<T>(0.05),
        "momentum" => new GradientDescent<T>(0.05, 0.9, nesterov: true),
        "plain" => new GradientDescent<T>(0.05),
        _ => new Adam<T>(new ReduceOnPlateau(0.1, 0.5, patience: 2)),
    };

    private static Parameters<T> Train<T>(Parameters<T> p, GradientOptimizer<T> optimizer, RandomKey key, int steps) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < steps; i++)
        {
            RandomKey draw = key.Derive(optimizer.Steps);
            (Tensor<T> value, Parameters<T> gradients) = Differentiate.ValueAndGradient(q => (q["w"].MatMul(draw.Normal<T>(2)) + q["b"]).Square().Sum(), p);
            (optimizer.Rate as ReduceOnPlateau)?.Report(double.CreateChecked(value.ToScalar()));
            p = optimizer.Step(p, gradients);
        }

        return p;
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Training_resumes_bit_for_bit(string method)
    {
        Resumes(method, Start);
        Resumes(method, Start.Unflatten(Start.Flatten()) is var p ? new Parameters<float>(("w", p["w"].ConvertTo<float>()), ("b", p["b"].ConvertTo<float>())) : null!);
    }

    private static void Resumes<T>(string method, Parameters<T> start) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            var key = new RandomKey(ulong.MaxValue - 3);
            GradientOptimizer<T> first = Make<T>(method);
            Parameters<T> half = Train(start, first, key, 7);
            TrainingCheckpoint.Write(path, half, first, key, new Dictionary<string, string> { ["epoch"] = "3" });
            T[] whole = Train(half, first, key, 8).Flatten().ToArray();

            GradientOptimizer<T> second = Make<T>(method);
            TrainingState<T> state = TrainingCheckpoint.Read(path, start, second);
            (state.Key, second.Steps, state.Notes["epoch"]).Should().Be((key, 7, "3"));
            Train(state.Parameters, second, state.Key, 8).Flatten().ToArray().Should().Equal(whole);

            // Without the memory of the optimizer it goes another way, unless it has none.
            if (method != "plain")
            {
                Train(state.Parameters, Make<T>(method), state.Key, 8).Flatten().ToArray().Should().NotEqual(whole);
            }

            // Other programs find the parameters under their names.
            SafeTensorsFile.Read(path, start)["w"].ToArray().Should().Equal(half["w"].ToArray());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_checkpoint_of_something_else_is_refused_and_changes_nothing()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            var adam = new Adam<double>(0.1);
            Parameters<double> p = Train(Start, adam, default, 3);
            TrainingCheckpoint.Write(path, p, adam);
            var other = new RmsProp<double>(0.1);
            FluentActions.Invoking(() => TrainingCheckpoint.Read(path, Start, other)).Should().Throw<ArrayFileException>().WithMessage("*Adam*RmsProp*");
            other.Steps.Should().Be(0);
            var fresh = new Adam<double>(0.1);
            FluentActions.Invoking(() => TrainingCheckpoint.Read(path, Start, [fresh, other])).Should().Throw<ArrayFileException>().WithMessage("*1 optimizers*Expected 2*");
            FluentActions.Invoking(() => TrainingCheckpoint.Read(path, Start.Where((name, _) => name == "w").Merge(new Parameters<double>(("c", Tensor.Scalar(1.0)))), fresh)).Should().Throw<ArrayFileException>().WithMessage("*'c'*");
            fresh.Steps.Should().Be(0);
            FluentActions.Invoking(() => TrainingCheckpoint.Write(path, Start.WithPrefix("optimizer."), adam)).Should().Throw<ArgumentException>().WithMessage("*optimizer.w*");
            SafeTensorsFile.Write(path, p);
            FluentActions.Invoking(() => TrainingCheckpoint.Read(path, Start, fresh)).Should().Throw<ArrayFileException>().WithMessage("*format*");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_group_goes_its_own_way()
    {
        static bool IsMatrix(string name, Tensor<double> x) => x.Rank == 2;
        Parameters<double> gradients = Start.Map(x => x * 0.5);
        var decayed = new AdamW<double>(0.1, decay: 0.5);
        var groups = new OptimizerGroups<double>((IsMatrix, decayed), (static (name, _) => name == "b", new GradientDescent<double>(1)));
        Parameters<double> next = groups.Step(groups.Step(Start, gradients), gradients);
        var alone = new AdamW<double>(0.1, decay: 0.5);
        next["w"].ToArray().Should().Equal(alone.Step(alone.Step(Start["w"], gradients["w"]), gradients["w"]).ToArray());
        next["b"].ToArray().Should().Equal(0, 0);
        new OptimizerGroups<double>((IsMatrix, new GradientDescent<double>(1))).Step(Start, gradients)["b"].Should().BeSameAs(Start["b"], "it belongs to no group");
        FluentActions.Invoking(() => new OptimizerGroups<double>((IsMatrix, decayed), (IsMatrix, decayed))).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void The_rate_falls_on_a_plateau()
    {
        var rate = new ReduceOnPlateau(1, factor: 0.5, patience: 1, threshold: 0.1, least: 0.3);
        double[] values = [10, 8, 7.9, 7.5, 7.3, double.NaN, 100, 1, 1, 1];
        // 7.9 and 7.5 are not better than 8 by a tenth; the second of them is one too many.
        double[] rates = [1, 1, 1, 0.5, 0.5, 0.3, 0.3, 0.3, 0.3, 0.3];
        for (int i = 0; i < values.Length; i++)
        {
            double before = rate.Rate;
            rate.Report(values[i]).Should().Be(rates[i] < before);
            rate.RateAt(i).Should().Be(rates[i], "report {0}", i);
        }

        rate.Best.Should().Be(1);
        FluentActions.Invoking(() => new ReduceOnPlateau(1, factor: 1)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void One_cycle_rises_and_falls()
    {
        Schedule cycle = Schedule.OneCycle(1, 100);
        cycle.RateAt(0).Should().BeApproximately(0.04, 1e-15);
        cycle.RateAt(15).Should().BeApproximately(0.52, 1e-15, "half-way up");
        cycle.RateAt(30).Should().Be(1);
        cycle.RateAt(65).Should().BeApproximately((1 + 4e-6) / 2, 1e-15, "half-way down");
        cycle.RateAt(100).Should().BeApproximately(4e-6, 1e-15).And.Be(cycle.RateAt(1000));
        Schedule.Polynomial(1, 10, power: 2, last: 0.5).RateAt(5).Should().Be(0.625);
        Schedule.Polynomial(1, 10).RateAt(99).Should().Be(0);
    }

    [Fact]
    public void The_average_follows_the_parameters()
    {
        var average = new ExponentialAverage<double>(Start, decay: 0.75);
        average.Update(Start * 2.0);
        average.Update(Start * 2.0);
        average.Value["w"].ToArray().Should().Equal((Start["w"] * (2 - (0.75 * 0.75))).ToArray());
        FluentActions.Invoking(() => average.Update(Start.With("b", Tensor.Scalar(1.0)))).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Initial_weights_have_the_spread_that_their_authors_gave()
    {
        var key = new RandomKey(11);
        Deviation(Initialize.KaimingNormal<double>(key, [400, 100])).Should().BeApproximately(Math.Sqrt(2.0 / 400), 0.02 * Math.Sqrt(2.0 / 400));
        Deviation(Initialize.KaimingUniform<double>(key, [400, 100])).Should().BeApproximately(Math.Sqrt(2.0 / 400), 0.02 * Math.Sqrt(2.0 / 400));
        Initialize.KaimingUniform<double>(key, [400, 100]).Abs().Max().ToScalar().Should().BeInRange(0.99 * Math.Sqrt(6.0 / 400), Math.Sqrt(6.0 / 400));
        Deviation(Initialize.XavierNormal<double>(key, [400, 100])).Should().BeApproximately(Math.Sqrt(2.0 / 500), 0.02 * Math.Sqrt(2.0 / 500));
        Deviation(Initialize.XavierUniform<double>(key, [50, 20, 3, 3])).Should().BeApproximately(Math.Sqrt(2.0 / (70 * 9)), 0.03 * Math.Sqrt(2.0 / (70 * 9)));
        Deviation(Initialize.KaimingNormal<float>(key, [64, 32, 3, 3]).ConvertTo<double>()).Should().BeApproximately(Math.Sqrt(2.0 / (32 * 9)), 0.03 * Math.Sqrt(2.0 / (32 * 9)));
        FluentActions.Invoking(() => Initialize.KaimingNormal<double>(key, [3])).Should().Throw<ArgumentException>().WithMessage("*[3]*");

        static double Deviation(Tensor<double> x) => x.StandardDeviation().ToScalar();
    }

    [Fact]
    public void Orthogonal_weights_are_orthonormal_and_evenly_distributed()
    {
        foreach ((int rows, int columns) in ((int, int)[])[(5, 5), (3, 7), (7, 3)])
        {
            Tensor<double> w = Initialize.Orthogonal<double>(new RandomKey(3), [rows, columns], gain: 2);
            Tensor<double> square = rows < columns ? w.MatMul(w.Transpose()) : w.Transpose().MatMul(w);
            (square - (Tensor.Identity<double>(Math.Min(rows, columns)) * 4.0)).Abs().Max().ToScalar().Should().BeLessThan(1e-12);
        }

        // Without the signs, the first element would always be of one sign.
        double[] corners = [.. Enumerable.Range(0, 400).Select(i => Initialize.Orthogonal<double>(new RandomKey((ulong)i), [3, 3]).At(0, 0))];
        corners.Count(corner => corner > 0).Should().BeInRange(150, 250);
        Initialize.Orthogonal<double>(new RandomKey(3), [4, 2, 3]).Shape.ToArray().Should().Equal(4, 2, 3);
    }
}
