using AutoDiff.Optimization;

namespace AutoDiff.Tests.Optimization;

public class CompiledTrainingTests
{
    private static readonly RandomKey Key = new(30);

    public static TheoryData<string> Optimizers => ["Adam", "AdamW", "RmsProp", "momentum", "Nesterov", "clipped", "scheduled"];

    private static GradientOptimizer<float> Make(string name) => name switch
    {
        "Adam" => new Adam<float>(0.01),
        "AdamW" => new AdamW<float>(0.01, decay: 0.1),
        "RmsProp" => new RmsProp<float>(0.01),
        "momentum" => new GradientDescent<float>(0.01, momentum: 0.9),
        "Nesterov" => new GradientDescent<float>(0.01, momentum: 0.9, nesterov: true),
        "clipped" => new Adam<float>(0.01) { MaxNorm = 0.1 },
        _ => new Adam<float>(Schedule.Cosine(0.1, 5).AfterWarmup(2)),
    };

    private static Tensor<float> Loss(Tensor<float>[] p, Tensor<float>[] batch) => (((batch[0].MatMul(p[0]) + p[1]).Tanh().MatMul(p[2]) - batch[1]).Square()).Mean();

    private static Tensor<float>[] Start => [Key.Normal<float>(5, 37), Tensor.Zeros<float>(37), Key.Derive(1).Normal<float>(37, 2)];

    private static Tensor<float>[] Batch(int i) => [Key.Derive(10 + i).Normal<float>(16, 5), Key.Derive(100 + i).Normal<float>(16, 2)];

    [Theory, MemberData(nameof(Optimizers))]
    public void The_steps_have_the_bits_of_the_plain_loop(string name)
    {
        GradientOptimizer<float> optimizer = Make(name);
        using CompiledTraining<float> training = Make(name).Compile(Loss, Start, Batch(0));
        Tensor<float>[] p = Start;
        for (int i = 0; i < 10; i++)
        {
            (Tensor<float> loss, Tensor<float>[] gradients) = Differentiate.ValueAndGradient(q => Loss(q, Batch(i)), p);
            p = optimizer.Step(p, gradients);
            training.Step(Batch(i)).Should().Be(loss.ToScalar());
        }

        training.Steps.Should().Be(10);
        training.Parameters.Zip(p).Should().OnlyContain(pair => pair.First.ToArray().SequenceEqual(pair.Second.ToArray()));
    }

    /// <summary>The gradient by one parameter is the other, which takes its step where it lies.</summary>
    [Fact]
    public void A_loss_that_is_called_as_it_is_takes_the_same_steps()
    {
#pragma warning disable AD1002 // That it is recorded again, and in the end called, is what this is about.
        static Tensor<float> Loss(Tensor<float>[] p, Tensor<float>[] batch) => batch[0].ToScalar() < 0 ? p[0].Sum() : (p[0] * p[1]).Sum();
#pragma warning restore AD1002

        Tensor<float>[] p = [Tensor.Create([1f, 2, 3]), Tensor.Create([0.5f, -1, 2])];
        var optimizer = new GradientDescent<float>(0.1);
        using CompiledTraining<float> training = new GradientDescent<float>(0.1).Compile(Loss, p, Tensor.Scalar(0f));
        for (int i = 0; i < 50; i++)
        {
            Tensor<float> batch = Tensor.Scalar((float)i);
            p = optimizer.Step(p, Differentiate.Gradient(q => Loss(q, [batch]), p));
            training.Step(batch);
        }

        training.Explain().ToString().Should().Contain("called as it is");
        training.Parameters.Zip(p).Should().OnlyContain(pair => pair.First.ToArray().SequenceEqual(pair.Second.ToArray()));
    }

    [Fact]
    public void Large_parameters_take_their_steps_on_several_threads_with_the_same_bits()
    {
        Tensor<float> x = Key.Normal<float>(300_001);
        Tensor<float> g = Key.Derive(1).Normal<float>(300_001);
        int threads = Parallelism.MaxThreads;
        try
        {
            Parallelism.MaxThreads = 1;
            float[] one = new Adam<float>(0.1).Step(x, g).ToArray();
            Parallelism.MaxThreads = 3;
            new Adam<float>(0.1).Step(x, g).ToArray().Should().Equal(one);
        }
        finally
        {
            Parallelism.MaxThreads = threads;
        }
    }

    [Fact]
    public void Data_of_another_shape_are_refused()
    {
        using CompiledTraining<float> training = Make("Adam").Compile(Loss, Start, Batch(0));
        FluentActions.Invoking(() => training.Step(Batch(0)[0])).Should().Throw<ArgumentException>().WithMessage("*Expected 2*");
        FluentActions.Invoking(() => training.Step(Batch(0)[1], Batch(0)[0])).Should().Throw<ArgumentException>().WithMessage("*[16, 2]*[16, 5]*");
    }
}
