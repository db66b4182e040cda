using AutoDiff;

namespace Tour;

/// <summary>Part 2: nonlinear least squares by the method of Gauss and Newton, on a problem of the National Institute of Standards and Technology with certified results.</summary>
/// <remarks>
/// Misra1a (Statistical Reference Datasets, nonlinear regression): volume of gas adsorbed by monomolecular layers against pressure, y = b₁ (1 - exp(-b₂ x)).
/// </remarks>
internal static class LeastSquares
{
    private static readonly Tensor<double> X = Tensor.Create([77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0]);
    private static readonly Tensor<double> Y = Tensor.Create([10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78]);

    /// <summary>The certified b₁, b₂ and residual sum of squares, to eleven digits.</summary>
    private static readonly double[] Certified = [2.3894212918E+02, 5.5015643181E-04, 1.2455138894E-01];

    /// <summary>What the model leaves of the data. 1 - exp(-z) is written -expm1(-z), which keeps its digits for small z.</summary>
    private static Tensor<double> Residuals(Tensor<double> b) => (-(b[0] * (-(b[1] * X)).Expm1())) - Y;

    private static double SumOfSquares(Tensor<double> residuals) => residuals.Dot(residuals).ToScalar();

    public static void Show()
    {
        Terminal.Heading("2  Nonlinear least squares: Misra1a by Gauss-Newton");
        Terminal.Line("y = b₁ (1 - exp(-b₂ x)), 14 observations, start (500, 0.0001). J is the library's 14 × 2 Jacobian of the residuals.");

        var rows = new List<string[]>();
        Tensor<double> b = Tensor.Create([500.0, 0.0001]);
        double sum = SumOfSquares(Residuals(b));
        rows.Add(["start", Format(b.At(0)), Format(b.At(1)), Format(sum), ""]);
        for (int iteration = 1; iteration <= 50; iteration++)
        {
            Tensor<double> step = GaussNewtonStep(b);

            // Halve the step until the sum of squares no longer grows, beyond rounding.
            double fraction = 1;
            Tensor<double> next = b + step;
            while (SumOfSquares(Residuals(next)) > sum * (1 + 1e-12) && fraction > 1e-6)
            {
                fraction /= 2;
                next = b + (step * fraction);
            }

            double change = ((next - b) / b).Abs().Max().ToScalar();
            b = next;
            sum = SumOfSquares(Residuals(b));
            rows.Add([$"{iteration}", Format(b.At(0)), Format(b.At(1)), Format(sum), $"{fraction:0.######}"]);
            if (change < 1e-10)
            {
                break;
            }
        }

        Terminal.Table(["iteration", "b₁", "b₂", "sum of squares", "step"], rows);
        Terminal.Line();

        double[] found = [b.At(0), b.At(1), sum];
        string[] names = ["b₁", "b₂", "sum of squares"];
        Terminal.Table(["", "found", "certified", "digits that agree"],
            names.Select((name, i) => new[] { name, Format(found[i]), Format(Certified[i]), $"{AgreeingDigits(found[i], Certified[i])} of 11" }));
        Terminal.Check("at least 10 of the 11 certified digits agree", found.Zip(Certified).All(pair => AgreeingDigits(pair.First, pair.Second) >= 10));
    }

    /// <summary>The step that solves the normal equations (JᵀJ) d = -Jᵀr, two equations in two unknowns, by Cramer's rule.</summary>
    private static Tensor<double> GaussNewtonStep(Tensor<double> b)
    {
        Tensor<double> r = Residuals(b);
        Tensor<double> j = Differentiate.Jacobian(Residuals, b);
        Tensor<double> a = j.Transpose().MatMul(j);
        Tensor<double> c = -j.Transpose().MatMul(r);

        double determinant = (a.At(0, 0) * a.At(1, 1)) - (a.At(0, 1) * a.At(1, 0));
        return Tensor.Create([
            ((c.At(0) * a.At(1, 1)) - (c.At(1) * a.At(0, 1))) / determinant,
            ((a.At(0, 0) * c.At(1)) - (a.At(1, 0) * c.At(0))) / determinant]);
    }

    /// <summary>To how many significant digits, of the eleven that are certified, two numbers round alike.</summary>
    private static int AgreeingDigits(double value, double certified) =>
        Enumerable.Range(0, 12).Last(digits => digits == 0 || value.ToString($"e{digits - 1}") == certified.ToString($"e{digits - 1}"));

    private static string Format(double value) => value.ToString("0.0000000000e+00");
}
