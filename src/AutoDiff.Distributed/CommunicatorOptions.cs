namespace AutoDiff.Distributed;

/// <summary>How ranks communicate.</summary>
public sealed class CommunicatorOptions
{
    /// <summary>The environment variable that turns the checks on where the program does not say: 1 for on.</summary>
    internal const string CheckSetting = "AUTODIFF_CHECK_COLLECTIVES";

    /// <summary>
    /// Whether ranks compare, before every collective operation, what each is about to call: its name, shapes, and how often it has called before. A difference is a
    /// <see cref="CommunicatorException"/> on every rank. It costs a small message to all. On between the threads of a process; between processes off, unless the environment variable
    /// AUTODIFF_CHECK_COLLECTIVES is 1.
    /// </summary>
    public bool? Check { get; init; }

    /// <summary>How long a rank waits for another before it gives up with a <see cref="CommunicatorException"/>. 30 minutes by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is not positive.</exception>
    public TimeSpan Timeout
    {
        get;
        init => field = value > TimeSpan.Zero || value == System.Threading.Timeout.InfiniteTimeSpan ? value
            : throw Errors.OutOfRange(nameof(Communicator), nameof(Timeout), $"the timeout is {value}", "a positive time, or Timeout.InfiniteTimeSpan", "give the longest time that a rank may be late");
    } = TimeSpan.FromMinutes(30);

    internal static CommunicatorOptions Default { get; } = new();

    internal bool ChecksBetweenProcesses => Check ?? Environment.GetEnvironmentVariable(CheckSetting) == "1";
}
