using System.Text.Json;
using AutoDiff.Tests.Docs;

namespace AutoDiff.Tests.Problems;

/// <summary>The published inputs and reference results, which lie in the folder shared/suites beside the checkout. They are large, and not part of it.</summary>
internal static class PublishedData
{
    private static readonly string Folder = Path.Combine(Documents.Root, "..", "shared", "suites");

    /// <summary>Why tests of a file cannot run, or null where they can.</summary>
    public static string? Missing { get; } = Directory.Exists(Folder) ? null : "the published inputs (folder shared/suites beside the checkout) are not here";

    public static string At(params string[] path) => Path.Combine([Folder, .. path]);

    public static string Text(params string[] path) => File.ReadAllText(At(path));

    public static JsonElement Json(params string[] path) => JsonSerializer.Deserialize<JsonElement>(Text(path));

    /// <summary>Asserts that |actual - expected| ≤ tolerance · |expected|.</summary>
    public static void ShouldBeNear(this IEnumerable<double> actual, IEnumerable<double> expected, double tolerance = 1e-12)
    {
        double[] a = [.. actual];
        double[] e = [.. expected];
        a.Should().HaveCount(e.Length);
        double distance = Math.Sqrt(a.Zip(e, (x, y) => (x - y) * (x - y)).Sum());
        double size = Math.Sqrt(e.Sum(y => y * y));
        double.IsFinite(size).Should().BeTrue("a distance from numbers that are not finite says nothing");
        distance.Should().BeLessThanOrEqualTo(tolerance * size, "the relative distance in norm is {0:g3}", distance / size);
    }

    public static void ShouldBeNear(this Tensor<double> actual, IEnumerable<double> expected, double tolerance = 1e-12) => actual.ToArray().ShouldBeNear(expected, tolerance);

    public static void ShouldBeNear(this Tensor<double> actual, double expected, double tolerance = 1e-12) => actual.ToArray().ShouldBeNear([expected], tolerance);
}

/// <summary>A test that needs the published inputs; without them it is reported as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PublishedFactAttribute : FactAttribute
{
    public PublishedFactAttribute() => Skip = PublishedData.Missing;
}

/// <summary>A theory that needs the published inputs; without them it is reported as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PublishedTheoryAttribute : TheoryAttribute
{
    public PublishedTheoryAttribute() => Skip = PublishedData.Missing;
}
