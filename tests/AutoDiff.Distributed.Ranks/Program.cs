using System.Diagnostics;
using System.Globalization;
using AutoDiff;
using AutoDiff.Distributed;
using AutoDiff.Distributed.Mpi;
using AutoDiff.Distributed.Ranks;
using AutoDiff.Distributed.Ranks.Checks;

// What .ci/run starts under mpirun: checks (the default), times, or a fault that has to end all ranks.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
string command = args.Length > 0 ? args[0] : "checks";
if (command == "constants")
{
    // The same lines as constants.c prints.
    MpiLibrary library = MpiLibrary.Load();
    MpiConstants c = library.Constants;
    bool addresses = library.Family == MpiFamily.OpenMpi;
    Console.WriteLine(addresses ? "addresses" : $"{c.World:x} {c.Byte:x} {c.Float:x} {c.Double:x} {c.Sum:x} {c.ErrorsReturn:x}");
    Console.WriteLine($"{c.Funneled} {c.Serialized}");
    return 0;
}

using Communicator communicator = Communicator.FromMpi(new CommunicatorOptions { Check = command is "checks" ? true : null, Timeout = TimeSpan.FromSeconds(command == "late" ? 4 : 40) });
void Say(string text)
{
    if (communicator.Rank == 0)
    {
        Console.WriteLine(text);
    }
}

switch (command)
{
    case "checks":
        FaultChecks.NullReferences();
        CollectiveChecks.All(communicator);
        ulong digest = SumChecks.Digest(communicator);
        FaultChecks.Mismatches(communicator);
        FaultChecks.NullReferences();

        // Messages in pieces, as those beyond 2 GB go.
        MpiCarrier.LargestPiece = 1000;
        CollectiveChecks.All(communicator);
        Expect.True(SumChecks.Digest(communicator) == digest, "messages in pieces give the same bits");
        Say($"ok on {communicator.Size} ranks of {communicator.Description}");
        Say($"bits {digest:x16}");
        return 0;

    case "times":
        Times.Print(communicator);
        return 0;

    case "kill":
        // One rank is killed in the middle of a run.
        for (int step = 0; ; step++)
        {
            if (step == 50 && communicator.Rank == communicator.Size - 1)
            {
                Process.GetCurrentProcess().Kill();
            }

            communicator.Sum(Tensor.Ones<double>(1000));
        }

    case "train":
        // A run of training that begins or goes on, and may be killed at a step.
        int cut = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : -1;
        ulong end = TrainingRun.Run(communicator, args[1], step =>
        {
            if (step == cut && communicator.Rank == 0)
            {
                Process.GetCurrentProcess().Kill();
            }
        });
        Say($"bits {end:x16}");
        return 0;

    case "throw":
        communicator.Barrier();
        if (communicator.Rank == communicator.Size - 1)
        {
            throw new InvalidOperationException("a fault of the program");
        }

        communicator.Sum(Tensor.Ones<double>(3));
        return 0;

    case "leave":
        // One rank makes fewer calls than the others.
        communicator.Barrier();
        if (communicator.Rank < communicator.Size - 1)
        {
            communicator.Sum(Tensor.Ones<double>(3));
        }

        return 0;

    case "late":
        communicator.Barrier();
        if (communicator.Rank == communicator.Size - 1)
        {
            Thread.Sleep(TimeSpan.FromSeconds(60));
        }

        communicator.Sum(Tensor.Ones<double>(3));
        return 0;

    case "end":
        // All ranks end with a code, when all is done: "end 7" after the communicator has been disposed, "end" without.
        Say(FormattableString.Invariant($"sum {communicator.Sum(Tensor.Scalar(1.0)).ToScalar()}"));
        if (args.Length > 1)
        {
            communicator.Dispose();
            Console.WriteLine("after the end of MPI");
            return int.Parse(args[1], CultureInfo.InvariantCulture);
        }

        Environment.Exit(0);
        return 0;

    case "exit":
        // One rank ends with a code of its own, without leaving.
        communicator.Barrier();
        if (communicator.Rank == communicator.Size - 1)
        {
            Environment.Exit(3);
        }

        communicator.Sum(Tensor.Ones<double>(3));
        return 0;

    default:
        Console.Error.WriteLine($"There is no command {command}.");
        return 2;
}
