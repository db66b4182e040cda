namespace AutoDiff.Distributed.Ranks.Checks;

/// <summary>Faults after which all ranks may go on.</summary>
internal static class FaultChecks
{
    /// <summary>Ranks that call different things are told so, all of them, where calls are compared.</summary>
    public static void Mismatches(Communicator c)
    {
        if (c.Size == 1)
        {
            return;
        }

        bool first = c.Rank == 0;
        (string What, Action Call, string[] Words)[] faults =
        [
            ("shapes", () => c.Sum(Tensor.Zeros<double>(first ? 3 : 4)), ["rank 0: Sum of double [3]", "Sum of double [4]"]),
            ("operations", () =>
            {
                if (first)
                {
                    c.Sum(Tensor.Zeros<double>(3));
                }
                else
                {
                    c.Barrier();
                }
            }, ["rank 0: Sum of double [3]", "Barrier"]),
            ("types", () =>
            {
                if (first)
                {
                    c.Gather(Tensor.Zeros<double>(3));
                }
                else
                {
                    c.Gather(Tensor.Zeros<float>(3));
                }
            }, ["Gather of double", "Gather of float"]),
            ("roots", () => c.Broadcast(Tensor.Zeros<double>(3), first ? 0 : 1), ["from 0", "from 1"]),
            ("parameters", () => DataParallel.ValueAndGradient(c, (p, rows) => (p[0] * rows[0]).Sum(), [Tensor.Scalar(first ? 1.0 : 1.5)], [Tensor.Ones<double>(9)]), ["rank 0: ValueAndGradient", "with the bits"]),
            ("rows", () => c.Gather(Tensor.Zeros<double>(2, first ? 3 : 4)), ["[any, 3]", "[any, 4]"]),
        ];
        foreach ((string what, Action call, string[] words) in faults)
        {
            string message = Expect.Throws<CommunicatorException>(call, $"ranks with other {what}").Message;
            foreach (string word in words)
            {
                Expect.True(message.Contains(word, StringComparison.Ordinal), $"the message of other {what} has '{word}': {message}");
            }

            Expect.Near(c.Sum(Tensor.Scalar(1.0)).ToScalar(), c.Size, $"all go on after other {what}");
        }
    }

    /// <summary>A null reference is an exception, whatever MPI and what it brings along did with signals.</summary>
    public static void NullReferences()
    {
        for (int k = 0; k < 3; k++)
        {
            Expect.Throws<NullReferenceException>(() => _ = Nothing()!.Length, "a null reference");
        }

        Expect.Throws<DivideByZeroException>(() => _ = 1 / Nothing2(), "a division by zero");

        static string? Nothing() => Environment.GetEnvironmentVariable("AUTODIFF_NO_SUCH_VARIABLE");
        static int Nothing2() => Nothing() is null ? 0 : 1;
    }
}
