using System.Globalization;
using AutoDiff.Benchmarks;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

// "--save" keeps what a command finds in benchmarks/results; "tables" writes the tables of docs/performance.md from there.
bool save = args.Contains("--save");
args = [.. args.Where(static argument => argument != "--save")];
switch (args)
{
    case ["tables"]:
        string page = Path.Combine("docs", "performance.md");
        File.WriteAllText(page, ResultFile.WithTables(File.ReadAllText(page), name => ResultFile.Parse(File.ReadAllText(ResultFile.PathOf(".", name)))));
        break;
    case ["curves", .. string[] rest]:
        Curves.Print(rest.Length > 0 ? rest[0] : "", save);
        break;
    case ["operations", .. string[] rest]:
        Operations.Print(rest.Length > 0 ? rest[0] : null, save);
        break;
    case ["decompositions", .. string[] rest]:
        Decompositions.Print(rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 1_000, rest.Length > 1 ? rest[1] : "", save);
        break;
    case ["generated"]:
        GeneratedCode.Print();
        break;
    case ["compiling"]:
        Compiling.Print(save);
        break;
    case ["programs", .. string[] rest]:
        NonlinearPrograms.Print(rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 10_000, save);
        break;
    case ["ipopt", .. string[] rest]:
        BesideIpopt.Print(rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 10_000);
        break;
    default:
        foreach (Summary summary in BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args))
        {
            Save(summary);
        }

        break;
}

void Save(Summary summary)
{
    string? name = summary.BenchmarksCases.FirstOrDefault()?.Descriptor.Type.Name switch
    {
        nameof(SmallOperations) => "small-operations",
        nameof(Jacobians) => "jacobians",
        nameof(Sweeps) => "network-step",
        _ => null,
    };
    if (save && name is not null)
    {
        string[] header = summary.Table.FullHeader;
        int[] columns = [.. ((string[])["Method", "Mean", "Allocated"]).Select(column => Array.IndexOf(header, column))];
        ResultFile.Here($"dotnet run -c Release --project benchmarks/AutoDiff.Benchmarks -- --filter '*.{summary.BenchmarksCases[0].Descriptor.Type.Name}.*' --save", ["benchmark", "time (mean)", "allocated"],
            summary.Table.FullContent.Select(row => Array.ConvertAll(columns, column => row[column]))).Save(name);
    }
}
