// A tool for GradBench: it answers the messages on its standard input. With "times FOLDER [WORD] [ROUNDS]" it measures the published inputs in a folder instead, with "minima FOLDER" whole runs of minimizers
// there. "--save" keeps what was found in benchmarks/results.
using System.Globalization;
using AutoDiff.GradBench;

bool save = args.Contains("--save");
args = [.. args.Where(static argument => argument != "--save")];
if (args is ["minima", string scenes, .. string[] which])
{
    Minima.Print(scenes, which.Length > 0 ? which[0] : "", save);
    return;
}

if (args is ["times", string suites, .. string[] rest])
{
    Times.Print(suites, rest.Length > 0 ? rest[0] : "", rest.Length > 1 ? int.Parse(rest[1], CultureInfo.InvariantCulture) : 31, save);
    return;
}

Protocol.Answer(Console.In, Console.Out);
