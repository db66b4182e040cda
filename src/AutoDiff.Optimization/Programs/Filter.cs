namespace AutoDiff.Optimization;

/// <summary>Pairs of a violation of the constraints and a barrier function, none of which a new point may be worse than in both (Fletcher and Leyffer 2002).</summary>
internal sealed class Filter(double largest)
{
    private readonly List<(double Violation, double Value)> pairs = [];

    public void Clear() => pairs.Clear();

    public void Add(double violation, double value)
    {
        pairs.RemoveAll(pair => pair.Violation >= violation && pair.Value >= value);
        pairs.Add((violation, value));
    }

    public bool Accepts(double violation, double value) => violation <= largest && !pairs.Exists(pair => violation >= pair.Violation && value >= pair.Value);
}
