using AutoDiff;
using Samples;

namespace Tour;

/// <summary>Part 2: a Jacobian of which nearly everything is zero, and the derivative of a solution of an equation.</summary>
internal static class SparseAndImplicit
{
    private const int Places = 10_000;

    public static void Show()
    {
        Terminal.Heading("2  Sparse Jacobians and implicit functions");
        Sparse();
        Kepler();
    }

    /// <summary>The discretized equation u'' = e^u: each residual sees three unknowns, so three sweeps give all rows of the Jacobian, whatever their number.</summary>
    private static void Sparse()
    {
        static Tensor<double> Residuals(Tensor<double> u) => u[2..] - (2.0 * u[1..^1]) + u[..^2] - (u[1..^1].Exp() / ((double)Places * Places));

        Terminal.Line($"The residuals of u'' = exp(u) at {Places:N0} places: each sees three unknowns. The pattern is found on the tape, and colored.");
        Terminal.Code("var sparse = new SparseJacobian<double>(Residuals); SparseMatrix<double> jacobian = sparse.Evaluate(u);");
        var sparse = new SparseJacobian<double>(Residuals);
        Tensor<double> u = Tensor.LinearSpace(0, 1, Places);
        SparseMatrix<double> jacobian = sparse.Evaluate(u);
        Terminal.Table(["", "rows", "columns", "nonzeros", "sweeps"],
            [["sparse", $"{jacobian.Pattern.Rows:N0}", $"{jacobian.Pattern.Columns:N0}", $"{jacobian.Pattern.Count:N0}", $"{sparse.Colors}"],
            ["dense", $"{jacobian.Pattern.Rows:N0}", $"{jacobian.Pattern.Columns:N0}", $"{(long)jacobian.Pattern.Rows * jacobian.Pattern.Columns:N0}", $"{jacobian.Pattern.Rows:N0}"]]);
        Terminal.Check("three sweeps give three nonzeros a row", sparse.Colors == 3 && jacobian.Pattern.Count == 3 * jacobian.Pattern.Rows);

        Tensor<double> direction = u.Cos();
        double[] product = jacobian.Multiply(direction.AsSpan());
        Tensor<double> tangent = Differentiate.Jvp(Residuals, u, direction);
        Terminal.Check("J v is the derivative along v", (Tensor.Create(product) - tangent).Abs().Max().ToScalar() < 1e-15);
        Terminal.Line();
    }

    /// <summary>Kepler's equation E - e sin E = m gives the eccentric anomaly E of the mean anomaly m and the eccentricity e. By hand: ∂E/∂m = 1 / (1 - e cos E), ∂E/∂e = sin E / (1 - e cos E).</summary>
    private static void Kepler()
    {
        static Tensor<double> Equation(Tensor<double> anomaly, Tensor<double> p) => anomaly - (p[1] * anomaly.Sin()) - p[0];
        static Tensor<double> Anomaly(Tensor<double> p) => Implicit.Root(Equation, Tensor.Scalar(1.0), p).Value;

        Terminal.Line("Kepler's equation E - e sin E = m, solved for E at m = 1, e = 0.3. By hand: ∂E/∂m = 1 / (1 - e cos E), ∂E/∂e = sin E / (1 - e cos E).");
        Terminal.Code("Differentiate.Gradient(p => Implicit.Root(Equation, Tensor.Scalar(1.0), p).Value, [1.0, 0.3])");
        Tensor<double> orbit = Tensor.Create([1.0, 0.3]);
        double root = Anomaly(orbit).ToScalar();
        double slope = 1 / (1 - (0.3 * Math.Cos(root)));
        Terminal.Compare(["∂E/∂m", "∂E/∂e"], Differentiate.Gradient(Anomaly, orbit), [slope, slope * Math.Sin(root)], tolerance: 1e-13);
    }
}
