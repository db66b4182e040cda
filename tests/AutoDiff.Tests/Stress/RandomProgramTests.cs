using System.Collections.Concurrent;
using System.Globalization;

namespace AutoDiff.Tests.Stress;

/// <summary>
/// A thousand random programs in every run of the tests; AUTODIFF_PROGRAMS sets their number, AUTODIFF_FIRST_PROGRAM the seed of the first. A program that fails is made as short as it gets.
/// </summary>
public class RandomProgramTests
{
    private const int Parts = 4;

    internal static readonly int Count = Setting("AUTODIFF_PROGRAMS", 1_000);

    private static readonly int First = Setting("AUTODIFF_FIRST_PROGRAM", 1);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Derivatives_of_random_programs_agree(int part)
    {
        int settled = 0, count = 0;
        for (int seed = First + part; seed < First + Count; seed += Parts)
        {
            RandomProgram program = RandomProgram.Create(seed, branches: seed % 5 == 0);
            count++;
            bool certain = false;
            if (Record.Exception(() => { certain = ProgramChecks.Check(program); }) is { } failure)
            {
                RandomProgram shortest = program.Shrink(shorter => Failure(shorter) is { } other && other.GetType() == failure.GetType());
                Assert.Fail($"{Failure(shortest)}\nof the program with {shortest}");
            }

            settled += certain ? 1 : 0;
        }

        WatchedPools.CheckReturned();
        settled.Should().BeGreaterThan(count / 2, "of most programs finite differences have something to say");
    }

    [Fact]
    public void A_program_is_that_of_its_seed()
    {
        RandomProgram.Create(17).ToString().Should().Be(RandomProgram.Create(17).ToString()).And.NotBe(RandomProgram.Create(18).ToString());
        RandomProgram.Create(17).Inputs()[0].ToArray().Should().Equal(RandomProgram.Create(17).Inputs()[0].ToArray());
    }

    [Fact]
    public void Programs_have_what_they_are_said_to_have()
    {
        RandomProgram[] programs = [.. Enumerable.Range(1, 1_000).Select(seed => RandomProgram.Create(seed, branches: true))];
        programs.Select(program => program.Steps.Length).Min().Should().Be(5);
        programs.Select(program => program.Steps.Length).Max().Should().BeInRange(55, 60);
        int[] lengths = [.. programs.Select(program => program.Inputs().Max(x => x.Length))];
        lengths.Count(length => length > 1_024).Should().BeGreaterThan(40);
        lengths.Max().Should().BeInRange(10_000, 20_000);
        programs.SelectMany(program => program.Steps).Select(step => RandomOperations.Name(step.Operation)).Distinct()
            .Should().HaveCountGreaterThan((RandomOperations.Count + RandomOperations.Rows.Count) * 9 / 10);
    }

    [Fact]
    public void A_failing_program_is_made_as_short_as_it_gets()
    {
        // Fails where a step takes the sine: one step is left, on inputs of one element.
        static bool HasSine(RandomProgram program) => program.ToString().Contains("Sin(", StringComparison.Ordinal);
        RandomProgram program = Enumerable.Range(1, 100).Select(seed => RandomProgram.Create(seed)).First(program => program.Steps.Length > 20 && HasSine(program));
        RandomProgram shortest = program.Shrink(HasSine);
        shortest.Steps.Should().ContainSingle();
        shortest.Inputs().Should().OnlyContain(x => x.Length == 1);
    }

    private static Exception? Failure(RandomProgram program) => Record.Exception(() => { ProgramChecks.Check(program); });

    private static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
