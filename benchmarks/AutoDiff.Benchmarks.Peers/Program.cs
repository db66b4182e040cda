using System.Globalization;
using System.Runtime.InteropServices;
using AutoDiff.Benchmarks;
using AutoDiff.Benchmarks.Peers;

try
{
    Options options = Options.Parse(args);
    CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
    Console.WriteLine($"{DateTime.UtcNow:yyyy-MM-dd}, {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors, {RuntimeInformation.FrameworkDescription}, "
        + $"TorchSharp {typeof(TorchSharp.torch).Assembly.GetName().Version?.ToString(3)}, median of {options.Rounds} rounds");
    Console.WriteLine();
    if (options.Epochs is { } epochs)
    {
        List<string[]> jobs = DigitJob.Run(options.Digits, options.Threads[0], epochs);
        jobs.ForEach(static row => Console.WriteLine($"| {string.Join(" | ", row)} |"));
        if (options.Save)
        {
            ResultFile.Here($"dotnet run -c Release --project benchmarks/AutoDiff.Benchmarks.Peers -- --threads {options.Threads[0]} --epochs {epochs}{(options.Digits is null ? "" : " --digits FOLDER")} --save",
                DigitJob.Columns, jobs).Save("digits");
        }

        return 0;
    }

    List<string[]> rows = Table.Print(Workloads.All.Where(workload => workload.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase)), options.Threads, options.Rounds);
    if (options.Save)
    {
        ResultFile.Here($"dotnet run -c Release --project benchmarks/AutoDiff.Benchmarks.Peers -- --threads {string.Join(',', options.Threads)} --rounds {options.Rounds} --save", Table.Columns, rows).Save("peers");
    }

    return 0;
}
catch (Exception exception) when (exception is FormatException or DifferentResultsException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

/// <summary>What the command line asks for.</summary>
internal sealed record Options(int[] Threads, string Only, int Rounds, int? Epochs, string? Digits, bool Save)
{
    private const string Usage = "usage: [--threads 1,2] [--only WORD] [--rounds N] [--save], or --epochs N [--digits FOLDER] [--threads N] [--save]";

    public static Options Parse(string[] arguments)
    {
        Options options = new([1, 2], "", 15, null, null, arguments.Contains("--save"));
        arguments = [.. arguments.Where(static argument => argument != "--save")];
        for (int i = 0; i < arguments.Length; i += 2)
        {
            string value = i + 1 < arguments.Length ? arguments[i + 1] : throw new FormatException($"{arguments[i]} has no value; {Usage}");
            options = arguments[i] switch
            {
                "--threads" => options with { Threads = [.. value.Split(',').Select(Positive)] },
                "--only" => options with { Only = value },
                "--epochs" => options with { Epochs = Math.Max(Positive(value), 2) },
                "--digits" => options with { Digits = value },
                "--rounds" => options with { Rounds = Positive(value) },
                _ => throw new FormatException($"{arguments[i]} is unknown; {Usage}"),
            };
        }

        return options;
    }

    private static int Positive(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number : throw new FormatException($"{text} is not a positive number; {Usage}");
}
