namespace AutoDiff.Tests.Operations;

/// <summary>Calls whose time once grew without bound, by an order, a count of operands or a window: each ends, with a result or a refusal, in a time that leaves room for a slow machine.</summary>
public class TimeBoundTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private static readonly Tensor<double> X = Tensor.Create([0.5, 1.5, 40.0]);

    private static readonly Dictionary<string, Func<object>> Calls = new()
    {
        ["spherical Bessel functions of huge orders"] = () => (X.SphericalBesselJ(int.MaxValue), X.SphericalBesselJ(100_000)),
        ["Bessel functions of huge orders"] = () => (X.BesselJ(1e9), X.BesselI(1e9), (X * 1e9).BesselJ(1e9), (X * 1e300).BesselK(1e9), X.BesselY(1e300)),
        ["exponential integrals of huge orders"] = () => (X.ExpIntegralE(int.MaxValue), (X * 1e-3).ExpIntegralE(100_000)),
        ["the derivative of an exponential integral"] = () => Differentiate.Gradient(x => x.ExpIntegralE(100_000).Sum(), X),
        ["hypergeometric series of NaN"] = () => (Tensor.Full(0.5, 200_000).Hypergeometric2F1(double.NaN, 1, 1), Tensor.Full(0.5, 200_000).Hypergeometric1F1(1, double.NaN)),
        ["a product of a thousand operands"] = () => Tensor.Einsum(string.Join(',', Enumerable.Repeat("i", 1000)) + "->i", [.. Enumerable.Repeat(Tensor.Ones<double>(2), 1000)]),
        ["a chain of a thousand matrices"] = () => Tensor.ChainMatMul<double>([.. Enumerable.Repeat(Tensor.Identity(2), 1000)]),
        ["Sylvester's equation for 60,000 unknowns"] = () => new RandomKey(1).Normal(300, 300).SolveSylvester(new RandomKey(2).Normal(200, 200), new RandomKey(3).Normal(300, 200)),
        ["means of wide windows"] = () => Differentiate.Gradient(x => x.AvgPool1D(1024, 1).Square().Sum(), new RandomKey(1).Normal(1, 1, 20_000)),
        ["sums over all of many channels"] = () => Differentiate.Gradient(x => x.LocalResponseNorm(int.MaxValue).Sum(), new RandomKey(1).Normal(1, 3000, 1)),
    };

    public static TheoryData<string> Names => new(Calls.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_call_ends(string name)
    {
        Task call = Task.Run(() =>
        {
            try
            {
                Calls[name]();
            }
            catch (ArgumentException)
            {
                // Refused.
            }
        });
        (await Task.WhenAny(call, Task.Delay(Bound))).Should().BeSameAs(call, "{0} must not take long", name);
        await call;
    }

    [Fact]
    public void A_check_of_a_huge_order_is_refused() =>
        FluentActions.Invoking(() => GradientCheck.Check(x => x.Sin(), X, order: int.MaxValue)).Should().Throw<ArgumentException>().WithMessage("*order*");
}
