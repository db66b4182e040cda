using AutoDiff;
using Samples;

// Prices of options and their sensitivities, the Greeks: derivatives of one formula to the third order, each checked against its closed form.
Terminal.Heading("The Greeks of a European call (Black and Scholes, 1973)");
const double strike = 100, rate = 0.03, maturity = 0.75;

static double Cdf(double z) => Tensor.Scalar(z).Ndtr().ToScalar();
static double Density(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);

// The value of a call, of spot and volatility.
static Tensor<double> Call(Tensor<double> spot, Tensor<double> volatility)
{
    Tensor<double> deviation = volatility * Math.Sqrt(maturity);
    Tensor<double> d1 = (((spot / strike).Log() + (rate * maturity)) / deviation) + (0.5 * deviation);
    return (spot * d1.Ndtr()) - (strike * Math.Exp(-rate * maturity) * (d1 - deviation).Ndtr());
}

double worst = 0;
string[] names = ["value", "delta", "gamma", "vega", "vanna", "speed"];
var rows = new List<string[]>();
foreach (double s in (double[])[80, 95, 100, 120])
{
    const double v = 0.25;
    (Tensor<double> spot, Tensor<double> volatility) = (Tensor.Scalar(s), Tensor.Scalar(v));
    (Tensor<double> value, (Tensor<double> delta, Tensor<double> vega)) = Differentiate.ValueAndGradient(Call, (spot, volatility));

    // Derivatives nest: gamma is the derivative of delta, vanna that of delta by the volatility, speed that of gamma.
    Tensor<double> Delta(Tensor<double> x, Tensor<double> sigma) => Differentiate.Derivative(a => Call(a, sigma), x);
    Tensor<double> Gamma(Tensor<double> x) => Differentiate.Derivative(b => Delta(b, volatility), x);
    double gamma = Gamma(spot).ToScalar();
    double vanna = Differentiate.Derivative(sigma => Delta(spot, sigma), volatility).ToScalar();
    double speed = Differentiate.Derivative(Gamma, spot).ToScalar();

    double root = v * Math.Sqrt(maturity);
    double d1 = ((Math.Log(s / strike) + (rate * maturity)) / root) + (0.5 * root);
    double[] found = [value.ToScalar(), delta.ToScalar(), gamma, vega.ToScalar(), vanna, speed];
    double closedGamma = Density(d1) / (s * root);
    double[] closed =
    [
        (s * Cdf(d1)) - (strike * Math.Exp(-rate * maturity) * Cdf(d1 - root)), Cdf(d1), closedGamma, s * Density(d1) * Math.Sqrt(maturity), -Density(d1) * (d1 - root) / v,
        -closedGamma / s * ((d1 / root) + 1),
    ];
    worst = Math.Max(worst, found.Zip(closed).Max(pair => Math.Abs(pair.First - pair.Second) / Math.Max(Math.Abs(pair.Second), 1e-3)));
    rows.Add([$"{s}", .. found.Select(number => $"{number:0.0000000}")]);
}

Terminal.Table(["spot", .. names], rows);
Terminal.Check($"all agree with the closed forms to 1e-11 (worst {worst:0.0e+00})", worst < 1e-11);

Terminal.Heading("The cross-gamma of an option to exchange two assets (Margrabe, 1978)");
const double sigma1 = 0.3, sigma2 = 0.2, correlation = 0.4;
double joint = Math.Sqrt(((sigma1 * sigma1) + (sigma2 * sigma2) - (2 * correlation * sigma1 * sigma2)) * maturity);
Tensor<double> Exchange(Tensor<double> x)
{
    Tensor<double> d1 = ((x[0] / x[1]).Log() / joint) + (0.5 * joint);
    return (x[0] * d1.Ndtr()) - (x[1] * (d1 - joint).Ndtr());
}

Tensor<double> spots = Tensor.Create([105.0, 98.0]);
Tensor<double> hessian = Differentiate.Hessian(Exchange, spots);
double crossGamma = Differentiate.Derivative(second => Differentiate.Derivative(first => Exchange(Tensor.Stack<double>([first, second])), spots[0]), spots[1]).ToScalar();
double at = (Math.Log(105.0 / 98.0) / joint) + (0.5 * joint);
double closedCross = -Density(at) / (98 * joint);
Terminal.Line($"{hessian}");
Terminal.Table(["", "cross-gamma"],
    [["nested derivatives", $"{crossGamma:0.000000000000}"], ["the Hessian", $"{hessian.At(0, 1):0.000000000000}"], ["closed form", $"{closedCross:0.000000000000}"]]);
Terminal.Check("the nested derivative agrees with the closed form to 1e-12", Math.Abs(crossGamma - closedCross) < 1e-12 * Math.Abs(closedCross) * 10);
Terminal.Check("so does the Hessian, and it is symmetric", Math.Abs(hessian.At(0, 1) - closedCross) < 1e-13 && Math.Abs(hessian.At(0, 1) - hessian.At(1, 0)) < 1e-15);
Terminal.Check("the price is homogeneous: H x = 0", hessian.MatMul(spots).Norm().ToScalar() < 1e-12);
return Terminal.Finish();
