using System.Globalization;
using AutoDiff.Benchmarks;
using BenchmarkDotNet.Running;

if (args is ["operations", ..])
{
    Operations.Print(args.Length > 1 ? args[1] : null);
    return;
}

if (args is ["decompositions", ..])
{
    Decompositions.Print(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 300);
    return;
}

if (args is ["generated"])
{
    GeneratedCode.Print();
    return;
}

if (args is ["compiling"])
{
    Compiling.Print();
    return;
}

if (args is ["programs", ..])
{
    NonlinearPrograms.Print(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10_000);
    return;
}

if (args is ["ipopt", ..])
{
    BesideIpopt.Print(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10_000);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
