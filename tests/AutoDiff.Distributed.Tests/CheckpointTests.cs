using AutoDiff.Distributed.Ranks.Checks;
using AutoDiff.Optimization;

namespace AutoDiff.Distributed.Tests;

public sealed class CheckpointTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("checkpoint").FullName;

    private string PathOf(string name) => Path.Combine(folder, name);

    public void Dispose()
    {
        Checkpoint.BeforeReplacing = null;
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(1, 13)]
    [InlineData(2, 4)]
    [InlineData(3, 15)]
    [InlineData(2, 23)]
    public void A_run_that_is_cut_off_and_started_again_ends_with_the_bits_of_one_that_was_not(int count, int cut)
    {
        ulong whole = Communicator.InProcess(1, c => TrainingRun.Run(c, PathOf("whole"), _ => { }))[0];
        Action run = () => Communicator.InProcess(count, c => TrainingRun.Run(c, PathOf("cut"), step =>
        {
            if (step == cut && c.Rank == c.Size - 1)
            {
                throw new InvalidOperationException("cut off");
            }
        }));
        run.Should().Throw<InvalidOperationException>().WithMessage("cut off");
        Communicator.InProcess(count, c => TrainingRun.Run(c, PathOf("cut"), _ => { })).Should().OnlyContain(bits => bits == whole);
    }

    [Fact]
    public void A_crash_in_the_middle_of_a_save_leaves_the_last_good_checkpoint()
    {
        using Communicator c = Communicator.InProcess(1)[0];
        string path = PathOf("file");
        var state = new OptimizerState<double>(0, [], []);
        Checkpoint.Save(c, path, new Checkpoint<double>(1, [Tensor.Create([1.0, 2.0])], state, new RandomKey(5)));
        Checkpoint.BeforeReplacing = () => throw new IOException("the machine has stopped");
        Action save = () => Checkpoint.Save(c, path, new Checkpoint<double>(2, [Tensor.Create([3.0, 4.0])], state, new RandomKey(5)));
        save.Should().Throw<CommunicatorException>().WithMessage("*the machine has stopped*").WithInnerException<IOException>();
        Checkpoint.BeforeReplacing = null;
        Checkpoint<double> good = Checkpoint.Load<double>(c, path)!;
        good.Step.Should().Be(1);
        good.Parameters[0].ToArray().Should().Equal(1, 2);

        // What the crash left lies beside, half written, and does not matter.
        File.WriteAllBytes(path + ".unfinished", [1, 2, 3]);
        Checkpoint.Save(c, path, new Checkpoint<double>(3, [Tensor.Create([5.0, 6.0])], state, new RandomKey(6)));
        Checkpoint<double> next = Checkpoint.Load<double>(c, path)!;
        (next.Step, next.Key).Should().Be((3, new RandomKey(6)));
    }

    [Fact]
    public void What_fails_on_rank_0_fails_on_all()
    {
        string path = PathOf("damaged");
        File.WriteAllBytes(path, [7, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3]);
        Action load = () => Communicator.InProcess(2, c => Checkpoint.Load<double>(c, path));
        load.Should().Throw<ArrayFileException>();
        Communicator.InProcess(2, c =>
        {
            Action save = () => Checkpoint.Save(c, Path.Combine(folder, "no", "such", "folder"), new Checkpoint<double>(0, [], new OptimizerState<double>(0, [], []), new RandomKey(1)));
            save.Should().Throw<CommunicatorException>().WithMessage("Save: rank 0 failed*");
            c.Barrier();
        });
    }

    [Fact]
    public void An_optimiser_goes_on_from_a_state_bit_for_bit()
    {
        Tensor<float>[] p = [new RandomKey(1).Normal<float>(5), new RandomKey(2).Normal<float>(2, 3)];
        Tensor<float>[] Gradients(int step) => [new RandomKey(3).Derive(step).Normal<float>(5), new RandomKey(4).Derive(step).Normal<float>(2, 3)];
        foreach (Func<GradientOptimizer<float>> make in (Func<GradientOptimizer<float>>[])[() => new Adam<float>(0.1), () => new AdamW<float>(0.1), () => new RmsProp<float>(0.1), () => new GradientDescent<float>(0.1, momentum: 0.9)])
        {
            (GradientOptimizer<float> whole, GradientOptimizer<float> first, GradientOptimizer<float> second) = (make(), make(), make());
            (Tensor<float>[] a, Tensor<float>[] b) = (p, p);
            for (int step = 0; step < 6; step++)
            {
                a = whole.Step(a, Gradients(step));
                if (step == 3)
                {
                    second.LoadState(first.SaveState());
                    second.Steps.Should().Be(3);
                }

                b = (step < 3 ? first : second).Step(b, Gradients(step));
            }

            b[0].ToArray().Should().Equal(a[0].ToArray());
            b[1].ToArray().Should().Equal(a[1].ToArray());
            second.LoadState(new OptimizerState<float>(0, [], []));
            second.Steps.Should().Be(0);
            Action bad = () => second.LoadState(new OptimizerState<float>(1, [Tensor.Zeros<float>(2)], []));
            bad.Should().Throw<ArgumentException>();
        }
    }
}
