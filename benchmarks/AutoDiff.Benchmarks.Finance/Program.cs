// The four pricers of docs/samples/Pricing: the value in plain numbers beside value and all sensitivities, by DualChunk where they are few, by Active, by compiled lanes, by a compiled map, and by Map, which compiles at every call. "[PATHS] [ROUNDS] [WORD]" chooses; "million" runs many long paths instead.
// One thread: AUTODIFF_THREADS=1. Only lanes use more.
using System.Diagnostics;
using System.Globalization;
using AutoDiff;
using AutoDiff.Benchmarks;
using Pricing;

if (args is ["million", .. string[] more])
{
    ManyPaths.Print(1_000_000, 250, save: more.Contains("--save"));
    return;
}

int paths = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10_000;
int rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5;
string word = args.Length > 2 ? args[2] : "";
Console.WriteLine($"{paths} paths, {Parallelism.MaxThreads} threads; medians of {rounds} rounds, each of all of them side by side\n");
Console.WriteLine("| | sensitivities | value | DualChunk | ratio | Active | ratio | Lane, compiled | ratio | first call | CompileMap | ratio | Map | ratio |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
foreach (IModel model in new IModel[] { new LiborMarketModel(), new HestonModel(), new SabrModel(), new CreditValueAdjustment() })
{
    if (!model.Name.Contains(word, StringComparison.OrdinalIgnoreCase))
    {
        continue;
    }

    bool isSmall = model.Market.Length <= 16;
    var simulation = new Simulation(model, paths, 7);
    var warm = new Simulation(model, Math.Min(paths, 200), 7);
    for (int i = 0; i < 60; i++)
    {
        warm.Value(model.Market);
        warm.ByActive(model.Market);
        if (isSmall)
        {
            warm.ByChunks(model.Market);
        }

        Thread.Sleep(i % 5 == 0 ? 120 : 0); // for the compiler in the background
    }

    double first = Time(() => simulation.ByLanes(model.Market));
    for (int i = 0; i < 8; i++)
    {
        simulation.ByLanes(model.Market);
        simulation.ByCompiledMap(model.Market);
        simulation.ByMap(model.Market);
        Thread.Sleep(120);
    }

    var times = new List<double>[] { [], [], [], [], [], [] };
    for (int i = 0; i < rounds; i++)
    {
        times[0].Add(Time(() => simulation.Value(model.Market)));
        times[1].Add(Time(() => simulation.ByActive(model.Market)));
        times[2].Add(Time(() => simulation.ByLanes(model.Market)));
        times[4].Add(Time(() => simulation.ByMap(model.Market)));
        times[5].Add(Time(() => simulation.ByCompiledMap(model.Market)));
        times[3].Add(isSmall ? Time(() => simulation.ByChunks(model.Market)) : 0);
    }

    double[] medians = [.. times.Select(t => t.Order().ElementAt(t.Count / 2))];
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"| {model.Name} | {model.Market.Length} | {medians[0]:0.00} ms | {(isSmall ? $"{medians[3]:0.00} ms | {medians[3] / medians[0]:0.00}" : "| ")} | {medians[1]:0.00} ms | {medians[1] / medians[0]:0.00} | {medians[2]:0.00} ms | {medians[2] / medians[0]:0.00} | {first:0} ms | {medians[5]:0.00} ms | {medians[5] / medians[0]:0.00} | {medians[4]:0.00} ms | {medians[4] / medians[0]:0.00} |"));
}

static double Time<TResult>(Func<TResult> run)
{
    long start = Stopwatch.GetTimestamp();
    run();
    return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
}
