using System.Text.Json;
using AutoDiff.Tests.Docs;

namespace AutoDiff.Tests.Conformance;

/// <summary>The cases gathered from other libraries, which lie in the folder shared beside the checkout and are not part of it, and what docs/conformance.md lists as different.</summary>
internal static class ConformanceData
{
    private static readonly string Folder = Path.Combine(Documents.Root, "..", "shared");

    /// <summary>Why the tests cannot run, or null where they can.</summary>
    public static string? Missing { get; } =
        File.Exists(SamplesFile) && File.Exists(CasesFile) ? null : "the cases of other libraries (folder shared beside the checkout) are not here";

    private static string SamplesFile => Path.Combine(Folder, "suites", "opinfo", "opinfo_f64.jsonl");

    private static string CasesFile => Path.Combine(Folder, "cases", "gotchas.json");

    /// <summary>PyTorch's samples, in their order.</summary>
    public static IReadOnlyList<Sample> Samples { get; } =
        Missing is null ? [.. File.ReadLines(SamplesFile).Select((line, number) => new Sample(number, JsonSerializer.Deserialize<JsonElement>(line)))] : [];

    /// <summary>The tricky cases, in their order.</summary>
    public static IReadOnlyList<TrickyCase> Cases { get; } =
        Missing is null ? [.. JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(CasesFile)).EnumerateArray().Select(row => new TrickyCase(row))] : [];

    /// <summary>The first cells of the rows of the tables in a section of docs/conformance.md: what is listed as different there.</summary>
    public static HashSet<string> Listed(string section)
    {
        string[] lines = Documents.ReadLines("docs/conformance.md");
        return [.. lines.SkipWhile(line => line != $"## {section}").Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1])];
    }

    /// <summary>A number; NaN and the infinities are written as strings, and none as null.</summary>
    public static double Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => value.GetString() switch
        {
            "nan" => double.NaN,
            "inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            { } text => throw new FormatException($"{text} is no number."),
            null => throw new FormatException("There is no number."),
        },
    };

    public static double[] Numbers(JsonElement values) => [.. values.EnumerateArray().Select(Number)];

    public static int[] Integers(JsonElement values) => [.. values.EnumerateArray().Select(value => (int)Number(value))];

    /// <summary>
    /// Asserts that values agree: NaN with NaN, infinities with themselves, numbers to relative · |expected| + absolute · size, where the size is the largest of the expected numbers, or the one given
    /// if that is larger. The second part is for elements that come out of a cancellation.
    /// </summary>
    public static void ShouldAgree(ReadOnlySpan<double> actual, ReadOnlySpan<double> expected, double relative, string what, double absolute = 1e-12, double size = 0)
    {
        actual.Length.Should().Be(expected.Length, "that is the number of elements of {0}", what);
        foreach (double e in expected)
        {
            size = double.IsFinite(e) ? Math.Max(size, Math.Abs(e)) : size;
        }

        for (int i = 0; i < expected.Length; i++)
        {
            bool agrees = Agreement.Within(actual[i], expected[i], relative * Math.Abs(expected[i]) + absolute * size);
            agrees.Should().BeTrue("element {0} of {1} should be {2:R}, and is {3:R}", i, what, expected[i], actual[i]);
        }
    }
}

/// <summary>A test that needs the cases of other libraries; without them it is reported as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ConformanceFactAttribute : FactAttribute
{
    public ConformanceFactAttribute() => Skip = ConformanceData.Missing;
}

/// <summary>A theory that needs the cases of other libraries; without them it is reported as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ConformanceTheoryAttribute : TheoryAttribute
{
    public ConformanceTheoryAttribute() => Skip = ConformanceData.Missing;
}
