using AutoDiff.Distributed;

namespace Samples;

/// <summary>What the samples that run on many ranks share.</summary>
internal static class Ranks
{
    /// <summary>The ranks that <c>mpirun</c> started; where there is no MPI, one rank. Only the first of them prints.</summary>
    public static Communicator Join()
    {
        Communicator communicator;
        try
        {
            communicator = Communicator.FromMpi();
        }
        catch (CommunicatorException exception)
        {
            Terminal.Line(exception.Message);
            communicator = Communicator.InProcess(1)[0];
        }

        Terminal.IsSilent = communicator.Rank != 0;
        Terminal.Line($"{communicator.Size} rank(s), {communicator.Description}");
        return communicator;
    }
}
