using Pricing;

// Four pricers that are written in numbers, with all their sensitivities by Active and by Lane, checked by bump and revalue.
int paths = args is [var count, ..] ? int.Parse(count, System.Globalization.CultureInfo.InvariantCulture) : 64;
bool allHold = true;
foreach (IModel model in new IModel[] { new LiborMarketModel(), new HestonModel(), new SabrModel(), new CreditValueAdjustment() })
{
    double[] market = model.Market;
    Console.WriteLine($"\n{model.Name}: {market.Length} sensitivities, {paths} paths");
    var simulation = new Simulation(model, paths, 7);
    double value = simulation.Value(market);
    (double active, double[] gradient) = simulation.ByActive(market);
    (double lanes, double[] laneGradient) = simulation.ByLanes(market);
    Console.WriteLine($"value {value:0.000000}");
    Ladder(model, gradient);
    Check("Active has the value of plain numbers, bit for bit", active == value);
    Check("Lane has the value to 1e-10", Math.Abs(lanes - value) <= 1e-10 * Math.Abs(value));
    double scale = gradient.Max(Math.Abs);
    Check("Lane has the sensitivities of Active to 1e-9", gradient.Zip(laneGradient).All(pair => Math.Abs(pair.First - pair.Second) <= 1e-9 * scale));
    double worst = 0;
    int[] bumped = [.. Enumerable.Range(0, market.Length).Where(i => market.Length <= 20 || i % 13 == 0 || i == market.Length - 1)];
    for (int k = 0; k < bumped.Length; k++)
    {
        Progress(k + 1, bumped.Length);
        int i = bumped[k];
        double h = 1e-6 * Math.Max(Math.Abs(market[i]), 0.01), difference = (simulation.Value(Moved(i, h)) - simulation.Value(Moved(i, -h))) / (2 * h);
        worst = Math.Max(worst, Math.Abs(difference - gradient[i]) / scale);
    }

    Check($"bump and revalue agrees to 1e-6 of the largest (worst {worst:0.0e+00})", worst < 1e-6);

    double[] Moved(int i, double by)
    {
        double[] moved = [.. market];
        moved[i] += by;
        return moved;
    }
}

return allHold ? 0 : 1;

// A picture: a bar for each sensitivity of a group, at most ten of them.
void Ladder(IModel model, double[] gradient)
{
    int at = 0;
    foreach ((string name, int count) in model.Parameters)
    {
        double[] group = gradient[at..(at + count)];
        double largest = group.Max(Math.Abs);
        for (int i = 0; i < count; i += Math.Max(count / 10, 1))
        {
            string label = count == 1 ? name : $"{name} {i + 1}";
            Console.WriteLine($"{label,26} {group[i],14:0.000000} {new string(group[i] < 0 ? '-' : '+', largest == 0 ? 0 : (int)Math.Round(30 * Math.Abs(group[i]) / largest))}");
        }

        at += count;
    }
}

void Progress(int done, int all)
{
    if (!Console.IsOutputRedirected)
    {
        Console.Write($"\r[{new string('#', 30 * done / all),-30}]{(done == all ? "\n" : "")}");
    }
}

// Says whether something that should hold does hold.
void Check(string what, bool holds)
{
    Console.WriteLine($"{(holds ? "ok    " : "FAILED")}  {what}");
    allHold &= holds;
}
