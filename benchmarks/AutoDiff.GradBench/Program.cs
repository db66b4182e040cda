// A tool for GradBench: it answers the messages on its standard input. With "times FOLDER [WORD] [ROUNDS]" it measures the published inputs in a folder instead.
using System.Globalization;
using AutoDiff.GradBench;

if (args is ["times", string suites, .. string[] rest])
{
    Times.Print(suites, rest.Length > 0 ? rest[0] : "", rest.Length > 1 ? int.Parse(rest[1], CultureInfo.InvariantCulture) : 31);
    return;
}

Protocol.Answer(Console.In, Console.Out);
