using AutoDiff.Distributed.Ranks.Checks;

namespace AutoDiff.Distributed.Tests;

public class ChecksBetweenThreadsTests
{
    private static readonly CommunicatorOptions Options = new() { Timeout = TimeSpan.FromSeconds(20) };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(8)]
    public void Collective_operations_and_their_derivatives(int count) => Communicator.InProcess(count, CollectiveChecks.All, Options);

    [Fact]
    public void Sums_over_rows_have_the_same_bits_on_any_number_of_ranks()
    {
        ulong one = Communicator.InProcess(1, SumChecks.Digest, Options)[0];
        foreach (int count in (int[])[2, 3, 4, 5, 8])
        {
            Communicator.InProcess(count, SumChecks.Digest, Options).Should().OnlyContain(digest => digest == one, $"{count} ranks");
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Ranks_that_make_different_calls_are_told_so(int count) => Communicator.InProcess(count, FaultChecks.Mismatches, Options);
}
