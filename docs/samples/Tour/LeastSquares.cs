using AutoDiff;
using AutoDiff.Optimization;
using Samples;

namespace Tour;

/// <summary>Part 3: nonlinear least squares, on a problem of the National Institute of Standards and Technology with certified results.</summary>
/// <remarks>
/// Misra1a (Statistical Reference Datasets, nonlinear regression): volume of gas adsorbed by monomolecular layers against pressure, y = b₁ (1 - exp(-b₂ x)).
/// </remarks>
internal static class LeastSquares
{
    private static readonly Tensor<double> X = Tensor.Create([77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0]);
    private static readonly Tensor<double> Y = Tensor.Create([10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78]);

    /// <summary>The certified b₁, b₂, their standard deviations and the residual sum of squares, to eleven digits.</summary>
    private static readonly double[] Certified = [2.3894212918E+02, 5.5015643181E-04, 2.7070075241E+00, 7.2668688436E-06, 1.2455138894E-01];

    /// <summary>What the model leaves of the data. 1 - exp(-z) is written -expm1(-z), which keeps its digits for small z.</summary>
    private static Tensor<double> Residuals(Tensor<double> b) => (-(b[0] * (-(b[1] * X)).Expm1())) - Y;

    public static void Show()
    {
        Terminal.Heading("3  Nonlinear least squares: Misra1a by Levenberg and Marquardt");
        Terminal.Line("y = b₁ (1 - exp(-b₂ x)), 14 observations, start (500, 0.0001). The method takes the library's 14 × 2 Jacobian of the residuals.");
        Terminal.Code("new LevenbergMarquardt<double> { Stopping = tight }.Minimize(Residuals, Tensor.Create([500.0, 0.0001]), progress)");

        var rows = new List<string[]>();
        var progress = new Report<OptimizationProgress>(step => rows.Add([$"{step.Iteration}", $"{2 * step.Value:0.0000000000e+00}", $"{step.GradientNorm:0.0e+00}"]));
        var tight = new StoppingCriteria { GradientTolerance = 0, StepTolerance = 1e-12 };
        OptimizationResult<Tensor<double>> fit = new LevenbergMarquardt<double> { Stopping = tight }.Minimize(Residuals, Tensor.Create([500.0, 0.0001]), progress);
        Terminal.Table(["iteration", "sum of squares", "gradient"], rows);
        Terminal.Line();

        // The covariance of the parameters is s² (JᵀJ)⁻¹, with the residuals' variance s².
        double sum = 2 * fit.Value;
        Tensor<double> j = Differentiate.Jacobian(Residuals, fit.Point);
        Tensor<double> deviations = (sum / (X.Length - 2) * j.Transpose().MatMul(j).Inverse().Diagonal()).Sqrt();

        double[] found = [fit.Point.At(0), fit.Point.At(1), deviations.At(0), deviations.At(1), sum];
        string[] names = ["b₁", "b₂", "standard deviation of b₁", "standard deviation of b₂", "sum of squares"];
        Terminal.Code("Tensor<double> j = Differentiate.Jacobian(Residuals, fit.Point); (sum / 12 * j.Transpose().MatMul(j).Inverse().Diagonal()).Sqrt()");
        Terminal.Table(["", "found", "certified", "digits that agree"],
            names.Select((name, i) => new[] { name, Format(found[i]), Format(Certified[i]), $"{AgreeingDigits(found[i], Certified[i])} of 11" }));
        Terminal.Check("at least 8 of the 11 certified digits agree", found.Zip(Certified).All(pair => AgreeingDigits(pair.First, pair.Second) >= 8));
    }

    /// <summary>To how many significant digits, of the eleven that are certified, two numbers round alike.</summary>
    private static int AgreeingDigits(double value, double certified) =>
        Enumerable.Range(0, 12).Last(digits => digits == 0 || value.ToString($"e{digits - 1}") == certified.ToString($"e{digits - 1}"));

    private static string Format(double value) => value.ToString("0.0000000000e+00");
}
