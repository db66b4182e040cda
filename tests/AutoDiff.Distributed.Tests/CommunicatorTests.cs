using AutoDiff.Distributed.Mpi;
using AutoDiff.Distributed.Summing;

namespace AutoDiff.Distributed.Tests;

public class CommunicatorTests
{
    private static readonly CommunicatorOptions Unchecked = new() { Check = false, Timeout = TimeSpan.FromSeconds(20) };

    [Fact]
    public void An_exception_on_one_rank_ends_the_others_and_is_thrown()
    {
        int ended = 0;
        Action run = () => Communicator.InProcess(3, c =>
        {
            if (c.Rank == 1)
            {
                throw new InvalidOperationException("a fault of the program");
            }

            Action wait = () => c.Sum(Tensor.Ones<double>(5));
            wait.Should().Throw<CommunicatorException>().WithMessage("Sum: rank 1 has left (it ended with InvalidOperationException: a fault of the program)*").Which.Operation.Should().Be("Sum");
            Interlocked.Increment(ref ended);
        }, Unchecked);
        run.Should().Throw<InvalidOperationException>().WithMessage("a fault of the program");
        ended.Should().Be(2);
    }

    [Fact]
    public void A_rank_that_makes_fewer_calls_or_comes_late_is_told_of()
    {
        Action fewer = () => Communicator.InProcess(2, c => c.Rank == 0 ? c.Sum(Tensor.Scalar(1.0)) : null, Unchecked);
        fewer.Should().Throw<CommunicatorException>().WithMessage("*rank 1 has left (its program has ended)*");
        Action late = () => Communicator.InProcess(2, c =>
        {
            if (c.Rank == 1)
            {
                Thread.Sleep(1500);
            }

            c.Barrier();
        }, new CommunicatorOptions { Timeout = TimeSpan.FromMilliseconds(100) });
        late.Should().Throw<CommunicatorException>().WithMessage("Barrier: rank 0 has waited for rank 1*");
    }

    [Fact]
    public void Messages_of_another_length_are_refused()
    {
        Action run = () => Communicator.InProcess(2, c => c.Exchange(Tensor.Zeros<double>(3 + c.Rank), 1 - c.Rank, 1 - c.Rank), Unchecked);
        run.Should().Throw<CommunicatorException>().WithMessage("Exchange: * bytes came from rank*");
        Action check = () => Communicator.InProcess(2, c => c.Exchange(Tensor.Zeros<double>(3 - c.Rank, 2 + c.Rank), 1 - c.Rank, 1 - c.Rank));
        check.Should().Throw<CommunicatorException>().WithMessage("Exchange: rank * sends a tensor of double [*, *], and rank * expects a tensor of double [*, *]*");
        Action pair = () => Communicator.InProcess(2, c => c.Rank == 0 ? c.Send(Tensor.Zeros<double>(6), 1) : c.Receive(Tensor.Scalar(0.0), 0, 2, 3));
        pair.Should().Throw<CommunicatorException>().WithMessage("Receive: rank 0 sends a tensor of double [6], and rank 1 expects a tensor of double [2, 3]*");
    }

    [Fact]
    public void A_communicator_that_is_disposed_takes_no_calls()
    {
        Communicator c = Communicator.InProcess(1)[0];
        c.Dispose();
        c.Dispose();
        Action call = () => c.Exchange(Tensor.Scalar(1.0), null, null);
        call.Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void What_cannot_be_is_refused_before_anything_is_recorded()
    {
        Communicator c = Communicator.InProcess(1)[0];
        using var tape = new Tape<double>();
        Tensor<double> x = tape.Variable(Tensor.Create([1.0, 2.0]));
        int count = tape.Count;
        foreach (Action call in (Action[])[
            () => c.Broadcast(x, 1), () => c.Exchange(x, -1, null), () => c.Send(x, 0), () => c.Receive(x, 0, 2), () => c.Part(x.Detach().Sum()), () => c.Split(-1), () => Communicator.InProcess(0),
            () => DataParallel.RowsOf(c, -1), () => DataParallel.RowsOf(c, 5, 0), () => _ = new CommunicatorOptions { Timeout = TimeSpan.Zero }])
        {
            call.Should().Throw<ArgumentException>();
        }

        Action recorded = () => DataParallel.ValueAndGradient(c, (p, rows) => (p[0] * rows[0]).Sum(), [x], [Tensor.Zeros<double>(3, 2)]);
        recorded.Should().Throw<TapeException>();
        Action counts = () => DataParallel.ValueAndGradient(c, (p, rows) => p[0], [Tensor.Scalar(1.0)], [Tensor.Zeros<double>(3, 2), Tensor.Zeros<double>(4)]);
        counts.Should().Throw<TensorShapeException>();
        tape.Count.Should().Be(count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(13)]
    [InlineData(64)]
    public void The_tree_of_shards_is_the_same_however_they_are_dealt(int shards)
    {
        string Whole()
        {
            var tree = new ShardTree<string>(shards, static (left, right) => $"({left}+{right})");
            for (int shard = 0; shard < shards; shard++)
            {
                tree.Add(new TreeNode(0, shard), $"{shard}");
            }

            return tree.Nodes.Should().ContainSingle().Subject.Sum;
        }

        string whole = Whole();
        for (int size = 1; size <= shards; size++)
        {
            var joined = new ShardTree<string>(shards, static (left, right) => $"({left}+{right})");
            for (int rank = 0; rank < size; rank++)
            {
                (int start, int end) = (OrderedSum.FirstShard(shards, rank, size), OrderedSum.FirstShard(shards, rank + 1, size));
                var own = new ShardTree<string>(shards, static (left, right) => $"({left}+{right})");
                for (int shard = start; shard < end; shard++)
                {
                    own.Add(new TreeNode(0, shard), $"{shard}");
                }

                own.Nodes.Select(node => node.Node).Should().Equal(ShardTree<int>.PlacesOf(shards, start, end));
                foreach ((TreeNode node, string sum) in own.Nodes)
                {
                    joined.Add(node, sum);
                }
            }

            joined.Nodes.Should().ContainSingle().Which.Sum.Should().Be(whole);
        }
    }

    [Fact]
    public void The_library_is_that_of_the_launcher()
    {
        MpiLibrary.Candidates(name => name == "OMPI_COMM_WORLD_SIZE" ? "2" : null).First().Should().Contain("40");
        MpiLibrary.Candidates(name => name == "PMI_SIZE" ? "2" : null).First().Should().Contain("12");
        MpiLibrary.Candidates(name => name == MpiLibrary.Setting ? "/opt/mpi/lib/libmpi.so" : "2").Should().Equal("/opt/mpi/lib/libmpi.so");
        MpiLibrary.FamilyOf("libmpi.so.40", "Open MPI v4.1.4, package: Debian OpenMPI").Should().Be(MpiFamily.OpenMpi);
        MpiLibrary.FamilyOf("libmpich.so.12", "MPICH Version:\t4.0.2").Should().Be(MpiFamily.Mpich);
        MpiLibrary.FamilyOf("libmpi.so.12", "Intel(R) MPI Library 2021.10 for Linux* OS").Should().Be(MpiFamily.Mpich);
        MpiLibrary.FamilyOf("msmpi.dll", "Microsoft MPI 10.1.12498.18").Should().Be(MpiFamily.Mpich);
        MpiLibrary.FamilyOf("libmpi_abi.so.1", "Open MPI v6.0.0").Should().Be(MpiFamily.StandardAbi);
        MpiLibrary.FamilyOf("libmpi.so", "something else").Should().BeNull();
    }
}
