using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace AutoDiff;

/// <summary>A report on a compiled function: how often it was recorded, and for each program its steps, groups, memory, guards, and what stayed opaque.</summary>
public sealed class CompiledExplanation
{
    private readonly string text;

    internal CompiledExplanation(string text, int steps, int groups, long arenaBytes, int guards, int folded, int merged) =>
        (this.text, Steps, Groups, ArenaBytes, Guards, Folded, Merged) = (text, steps, groups, arenaBytes, guards, folded, merged);

    /// <summary>The steps of the program that was used last.</summary>
    public int Steps { get; }

    /// <summary>The steps that run several operations block by block.</summary>
    public int Groups { get; }

    /// <summary>The bytes of memory of one run, besides inputs and constants.</summary>
    public long ArenaBytes { get; }

    /// <summary>How many looks at values are guarded.</summary>
    public int Guards { get; }

    /// <summary>The records that were constants.</summary>
    public int Folded { get; }

    /// <summary>The records that computed what another one computes.</summary>
    public int Merged { get; }

    /// <summary>The report as text.</summary>
    /// <returns>Text for people.</returns>
    public override string ToString() => text;
}

/// <summary>Words what a compiled function has become.</summary>
internal static class CompiledReport
{
    /// <summary>How many steps of a program are listed.</summary>
    private const int Listed = 60;

    /// <param name="what">What has been compiled.</param>
    /// <param name="programs">Its programs, that which the figures are of first.</param>
    /// <param name="recordings">How often it was recorded.</param>
    /// <param name="runs">How often it was run.</param>
    /// <param name="givenUp">Why it is called as it is; null where it is not.</param>
    public static CompiledExplanation Of<T>(string what, CompiledProgram<T>[] programs, int recordings, long runs, string? givenUp) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var text = new StringBuilder();
        Line($"{what}: recorded {recordings} times, run {runs} times, {programs.Length} programs kept");
        if (givenUp is { } reason)
        {
            Line($"called as it is, without a program: {reason}");
        }

        for (int p = 0; p < programs.Length; p++)
        {
            Describe(programs[p], p);
        }

        CompiledProgram<T>? last = programs.Length > 0 ? programs[0] : null;
        return new CompiledExplanation(text.ToString(), last?.Steps.Length ?? 0, last?.Steps.Count(static step => step is Group<T>) ?? 0, Bytes(last?.ArenaLength ?? 0), last?.Guards.Length ?? 0,
            last?.Statistics.Folded ?? 0, last?.Statistics.Merged ?? 0);

        static long Bytes(long elements) => elements * Unsafe.SizeOf<T>();

        void Line(string line) => text.Append(line).Append('\n');

        void Describe(CompiledProgram<T> program, int number)
        {
            ProgramStatistics s = program.Statistics;
            Line($"program {number}: {Shapes(program.Inputs)} -> {Shapes(program.Outputs)}");
            Line($"  {s.Recorded} records, {s.Live} of them lead to a result; {s.Folded} are constants, {s.Merged} compute what another one does");
            Line(string.Create(CultureInfo.InvariantCulture, $"  {program.Steps.Length} steps, {program.Steps.Count(static step => step is Group<T>)} groups, {Bytes(program.ArenaLength):N0} bytes of memory"));
            foreach (Guard<T> guard in program.Guards)
            {
                Line($"  guarded: {guard.Count} numbers of {guard.Value}, at which the function looked");
            }

            foreach (Step<T> step in program.Steps.Where(static step => step is RecordStep<T> { Value.Record.IsOpaque: true }))
            {
                Line($"  opaque: {((RecordStep<T>)step).Value} runs its own code, which may allocate");
            }

            for (int i = 0; i < Math.Min(program.Steps.Length, Listed); i++)
            {
                Line($"  {i,4}  {NameOf(program.Steps[i])}");
            }

            if (program.Steps.Length > Listed)
            {
                Line($"        ... and {program.Steps.Length - Listed} more");
            }
        }

        static string NameOf(Step<T> step) => step switch
        {
            Group<T> group => $"group of {group.Members.Count} over {group.Length} elements in blocks of {group.BlockLength}: {string.Join(", ", group.Members.Select(OperationOf))}",
            RecordStep<T> single => single.Value.ToString(),
            GuardStep<T> guard => $"guard {guard.Guard.Value}",
            _ => step.GetType().Name,
        };

        static string OperationOf(Value<T> value) => value.Slope is null ? value.Record!.Name : $"{value.Record!.Name} with its derivative";

        static string Shapes(Value<T>[] values) => string.Join(", ", values.Select(static value => AutoDiff.Shapes.Format(value.Shape)));
    }
}
