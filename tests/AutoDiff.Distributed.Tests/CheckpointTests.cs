using AutoDiff.Distributed.Ranks.Checks;
using AutoDiff.Optimization;

namespace AutoDiff.Distributed.Tests;

public sealed class CheckpointTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("checkpoint").FullName;

    private string PathOf(string name) => Path.Combine(folder, name);

    public void Dispose() => Directory.Delete(folder, recursive: true);

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
    public void A_save_that_fails_leaves_the_last_good_checkpoint()
    {
        using Communicator c = Communicator.InProcess(1)[0];
        string path = PathOf("file");
        var adam = new Adam<double>(0.1);
        Parameters<double> Weights(params double[] w) => new(("w", Tensor.Create(w)));
        Checkpoint.Save(c, path, Weights(1, 2), adam, new RandomKey(5));

        // Nothing can be written beside the file.
        Directory.CreateDirectory(path + ".partial");
        Action save = () => Checkpoint.Save(c, path, Weights(3, 4), adam, new RandomKey(6));
        save.Should().Throw<CommunicatorException>().WithMessage("Save: rank 0 failed*").WithInnerException<Exception>();
        TrainingState<double> good = Checkpoint.Load(c, path, Weights(0, 0), adam)!;
        good.Parameters["w"].ToArray().Should().Equal(1, 2);
        good.Key.Should().Be(new RandomKey(5));

        // What a crash has left lies beside, half written, and does not matter.
        Directory.Delete(path + ".partial");
        File.WriteAllBytes(path + ".partial", [1, 2, 3]);
        Checkpoint.Save(c, path, Weights(5, 6), adam, new RandomKey(7));
        Checkpoint.Load(c, path, Weights(0, 0), adam)!.Key.Should().Be(new RandomKey(7));
    }

    [Fact]
    public void What_fails_on_rank_0_fails_on_all()
    {
        string path = PathOf("damaged");
        var like = new Parameters<double>(("w", Tensor.Zeros<double>(2)));
        File.WriteAllBytes(path, [7, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3]);
        Action load = () => Communicator.InProcess(2, c => Checkpoint.Load(c, path, like, new Adam<double>(0.1)));
        load.Should().Throw<ArrayFileException>();
        Communicator.InProcess(2, c =>
        {
            Action save = () => Checkpoint.Save(c, Path.Combine(folder, "no", "such", "folder"), like, new Adam<double>(0.1));
            save.Should().Throw<CommunicatorException>().WithMessage("Save: rank 0 failed*");
            c.Barrier();
        });
    }

    [Fact]
    public void Without_a_file_the_run_begins() => Communicator.InProcess(2, c =>
        Checkpoint.Load(c, PathOf("none"), new Parameters<double>(("w", Tensor.Zeros<double>(2))), new Adam<double>(0.1)).Should().BeNull());
}
