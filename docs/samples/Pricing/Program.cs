using Pricing;
using Samples;

// Four pricers that are written in numbers, with all their sensitivities by Active and by Lane, checked by bump and revalue.
int paths = args is [var count, ..] ? int.Parse(count, System.Globalization.CultureInfo.InvariantCulture) : 64;
foreach (IModel model in new IModel[] { new LiborMarketModel(), new HestonModel(), new SabrModel(), new CreditValueAdjustment() })
{
    double[] market = model.Market;
    Terminal.Heading($"{model.Name}: {market.Length} sensitivities, {paths} paths");
    var simulation = new Simulation(model, paths, 7);
    double value = simulation.Value(market);
    (double active, double[] gradient) = simulation.ByActive(market);
    (double lanes, double[] laneGradient) = simulation.ByLanes(market);
    Terminal.Line($"value {value:0.000000}");
    Ladder(model, gradient);
    Terminal.Check("Active has the value of plain numbers, bit for bit", active == value);
    Terminal.Check("Lane has the value to 1e-10", Math.Abs(lanes - value) <= 1e-10 * Math.Abs(value));
    double scale = gradient.Max(Math.Abs);
    Terminal.Check("Lane has the sensitivities of Active to 1e-9", gradient.Zip(laneGradient).All(pair => Math.Abs(pair.First - pair.Second) <= 1e-9 * scale));
    double worst = 0;
    int[] bumped = [.. Enumerable.Range(0, market.Length).Where(i => market.Length <= 20 || i % 13 == 0 || i == market.Length - 1)];
    Terminal.Progress("bump and revalue", report =>
    {
        for (int k = 0; k < bumped.Length; k++)
        {
            int i = bumped[k];
            double h = 1e-6 * Math.Max(Math.Abs(market[i]), 0.01), difference = (simulation.Value(Moved(i, h)) - simulation.Value(Moved(i, -h))) / (2 * h);
            worst = Math.Max(worst, Math.Abs(difference - gradient[i]) / scale);
            report((k + 1.0) / bumped.Length, "");
        }
    });
    Terminal.Check($"bump and revalue agrees to 1e-6 of the largest (worst {worst:0.0e+00})", worst < 1e-6);

    double[] Moved(int i, double by)
    {
        double[] moved = [.. market];
        moved[i] += by;
        return moved;
    }
}

return Terminal.Finish();

// A picture: a bar for each sensitivity of a group, at most ten of them.
void Ladder(IModel model, double[] gradient)
{
    int at = 0;
    var rows = new List<string[]>();
    foreach ((string name, int count) in model.Parameters)
    {
        double[] group = gradient[at..(at + count)];
        double largest = group.Max(Math.Abs);
        for (int i = 0; i < count; i += Math.Max(count / 10, 1))
        {
            string label = count == 1 ? name : $"{name} {i + 1}";
            rows.Add([label, $"{group[i]:0.000000}", new string(group[i] < 0 ? '-' : '+', largest == 0 ? 0 : (int)Math.Round(30 * Math.Abs(group[i]) / largest)).PadRight(30)]);
        }

        at += count;
    }

    Terminal.Table(["sensitivity", "", "of the largest of its kind"], rows);
}
