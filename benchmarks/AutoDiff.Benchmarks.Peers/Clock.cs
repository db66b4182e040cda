using System.Diagnostics;

namespace AutoDiff.Benchmarks.Peers;

/// <summary>The times of one call over the rounds, in seconds.</summary>
internal readonly record struct Timing(double LowerQuartile, double Median, double UpperQuartile);

/// <summary>Times two actions in turns.</summary>
internal static class Clock
{
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_round = TimeSpan.FromMilliseconds(30);

    /// <summary>The times of each action. Which of them goes first changes from round to round.</summary>
    public static (Timing First, Timing Second) InTurns(Action first, Action second, int rounds)
    {
        (Action Action, int Calls, double[] Seconds)[] sides = [(first, WarmUp(first), new double[rounds]), (second, WarmUp(second), new double[rounds])];
        for (int round = 0; round < rounds; round++)
        {
            for (int turn = 0; turn < 2; turn++)
            {
                (Action action, int calls, double[] seconds) = sides[(round + turn) % 2];
                seconds[round] = Round(action, calls);
            }
        }

        return (Summary(sides[0].Seconds), Summary(sides[1].Seconds));
    }

    /// <summary>Calls an action until the just-in-time compiler has seen enough of it; the number of calls that fill a round.</summary>
    private static int WarmUp(Action action)
    {
        long begin = Stopwatch.GetTimestamp();
        for (int calls = 0; calls < 100 && Stopwatch.GetElapsedTime(begin) < 5 * s_warmUp || Stopwatch.GetElapsedTime(begin) < s_warmUp; calls++)
            action();

        int doubled = 1;
        TimeSpan time;
        while ((time = Time(action, doubled)) < s_round / 4)
            doubled *= 2;
        return (int)Math.Ceiling(doubled * (s_round / time));
    }

    /// <summary>One round. The pause lets the idle threads of the other side stop spinning; the calls before the timed ones bring this side's data and threads back.</summary>
    private static double Round(Action action, int calls)
    {
        Thread.Sleep(10);
        Time(action, 1 + (calls / 10));
        return Time(action, calls).TotalSeconds / calls;
    }

    private static TimeSpan Time(Action action, int calls)
    {
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
            action();
        return Stopwatch.GetElapsedTime(begin);
    }

    private static Timing Summary(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return new(sorted[sorted.Length / 4], (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, sorted[(3 * sorted.Length / 4)]);
    }
}
