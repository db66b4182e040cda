using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>
/// Radau IIA of order 5 with the error estimate, the simplified Newton iteration and the step control of Hairer and Wanner ("Solving Ordinary Differential Equations II", section IV.8). The stages z_i
/// satisfy z_i = h Σ a_ij f(t + c_j h, y + z_j), and the state after the step is y + z_3. The system of three times the size is factored as it is.
/// </summary>
internal sealed class RadauStepper<T>(OdeProblem<T> problem, Tensor<T>[] p) : OdeStepper<T>(problem, p) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double Safety = 0.9;
    private const int Iterations = 7;

    /// <summary>By how much an iteration contracts at most if the Jacobian is to serve for the next step too.</summary>
    private const double Fast = 1e-3;

    /// <summary>The error of the stages that is left, in units of the tolerance.</summary>
    private const double Accuracy = 1e-3;

    private static readonly double[] ErrorWeights = [(-13 - (7 * RadauStep.Root6)) / 3, (-13 + (7 * RadauStep.Root6)) / 3, -1.0 / 3];

    /// <summary>The real eigenvalue of the inverse of the tableau.</summary>
    private static readonly double Eigenvalue = 30 / (6 + Math.Cbrt(81) - Math.Cbrt(9));

    private double[]? jacobian;
    private bool fresh;
    private double factored = double.NaN;
    private double[] system = [];
    private double[] filter = [];
    private int[] systemPivots = [];
    private int[] filterPivots = [];

    private double contraction;
    private double rate = 1;
    private double[] trial = [];
    private (double Length, double Error) attempt;
    private (double Length, double Error, double[] Stages)? accepted;
    private bool rejected = true;

    public override (Tensor<T> Next, Tensor<T>? Stages, double Error, double Factor) Try(int interval, double t, double h, Tensor<T> y)
    {
        Slope ??= Problem.ConstantSlope(interval, t, y, Parameters);
        int iterations;
        while (true)
        {
            if (jacobian is null)
            {
                Tensor<T> matrix = Problem.Jacobian(interval, t, y, Parameters);
                (jacobian, fresh, factored) = (OdeProblem<T>.ToDoubles(matrix), true, double.NaN);
            }

            if (factored != h)
            {
                Factor(h, y.Length);
            }

            iterations = Iterate(interval, t, h, y);
            if (iterations > 0)
            {
                break;
            }

            if (fresh)
            {
                rejected = true;
                return (y, null, double.PositiveInfinity, 0.5);
            }

            jacobian = null;
        }

        Tensor<T> stages = ToTensor(trial, [3, .. y.Shape]);
        Tensor<T> next = y + stages[2];
        double error = Estimate(interval, t, h, y, next);
        double quotient = Math.Pow(error, 0.25) * (iterations + (2 * Iterations)) / (Safety * (1 + (2 * Iterations)));
        if (error <= 1 && accepted is var (length, before, _))
        {
            // Gustafsson's control: how the error went from step to step, too. After a rejection the step does not grow.
            double trend = Math.Abs(length / h) * Math.Pow(error * error / before, 0.25) / Safety;
            quotient = Math.Max(Math.Max(quotient, trend), rejected ? 1 : 0);
        }

        double factor = double.IsFinite(quotient) ? 1 / Math.Clamp(quotient, 0.125, 5) : 0.1;

        // The same length again saves a factorization.
        factor = error <= 1 && contraction <= Fast && factor is >= 1 and <= 1.2 ? 1 : factor;
        attempt = (h, error);
        rejected = !(error <= 1);
        return (next, stages, error, factor);
    }

    public override void Accept()
    {
        accepted = (attempt.Length, Math.Max(attempt.Error, 1e-2), trial);
        Slope = null;
        (jacobian, fresh) = (contraction <= Fast ? jacobian : null, false);
    }

    public override void ScaleTime(double factor)
    {
        base.ScaleTime(factor);
        (jacobian, accepted) = (null, null);
    }

    /// <summary>Factors 1 - h A ⊗ J, and the matrix γ / h - J that the error estimate is filtered with.</summary>
    private void Factor(double h, int n)
    {
        system = new double[9 * n * n];
        filter = new double[n * n];
        (systemPivots, filterPivots) = (new int[3 * n], new int[n]);
        for (int r = 0; r < n; r++)
        {
            for (int c = 0; c < n; c++)
            {
                double slope = jacobian![(r * n) + c];
                filter[(r * n) + c] = (r == c ? Eigenvalue / h : 0) - slope;
                for (int i = 0; i < 3; i++)
                {
                    for (int j = 0; j < 3; j++)
                    {
                        system[(((i * n) + r) * 3 * n) + (j * n) + c] = (i == j && r == c ? 1 : 0) - (h * RadauStep.Tableau[(3 * i) + j] * slope);
                    }
                }
            }
        }

        LuDecomposition.Factor<double>(system, 3 * n, 3 * n, systemPivots);
        LuDecomposition.Factor<double>(filter, n, n, filterPivots);
        factored = h;
    }

    /// <summary>The simplified Newton iteration for the stages. Gives the number of iterations, or 0 where it does not converge.</summary>
    private int Iterate(int interval, double t, double h, Tensor<T> y)
    {
        int n = y.Length;
        trial = Extrapolated(h, n);
        double[] state = OdeProblem<T>.ToDoubles(y);
        double rounding = double.CreateChecked(T.BitIncrement(T.One) - T.One);
        double goal = Math.Max(Accuracy, 10 * Problem.Size(Array.ConvertAll(state, v => rounding * v), y));
        double before = 0;
        contraction = 0;
        rate = Math.Pow(Math.Max(rate, 1e-15), 0.8);
        for (int iteration = 1; iteration <= Iterations; iteration++)
        {
            var slopes = new double[3][];
            for (int j = 0; j < 3; j++)
            {
                Tensor<T> at = ToTensor([.. state.Zip(trial.AsSpan(j * n, n).ToArray(), static (a, b) => a + b)], y.Shape);
                slopes[j] = OdeProblem<T>.ToDoubles(Problem.ConstantSlope(interval, t + (RadauStep.Nodes[j] * h), at, Parameters));
            }

            var change = new double[3 * n];
            for (int i = 0; i < 3; i++)
            {
                for (int r = 0; r < n; r++)
                {
                    double sum = 0;
                    for (int j = 0; j < 3; j++)
                    {
                        sum += RadauStep.Tableau[(3 * i) + j] * slopes[j][r];
                    }

                    change[(i * n) + r] = (h * sum) - trial[(i * n) + r];
                }
            }

            LuDecomposition.Solve<double>(system, 3 * n, systemPivots, change, 1);
            double size = Problem.Size(change, y);
            if (!double.IsFinite(size))
            {
                return 0;
            }

            for (int i = 0; i < change.Length; i++)
            {
                trial[i] += change[i];
            }

            if (iteration > 1)
            {
                double ratio = size / before;
                contraction = iteration == 2 ? ratio : Math.Sqrt(ratio * contraction);
                rate = contraction < 1 ? contraction / (1 - contraction) : double.PositiveInfinity;
                if (size > goal && (contraction >= 0.99 || Math.Pow(contraction, Iterations - iteration) * rate * size > goal))
                {
                    return 0;
                }
            }

            if (size == 0 || rate * size <= goal)
            {
                return iteration;
            }

            before = size;
        }

        return 0;
    }

    /// <summary>The polynomial through the stages of the step before, continued; zeros at first.</summary>
    private double[] Extrapolated(double h, int n)
    {
        var z = new double[3 * n];
        if (accepted is not var (length, _, stages))
        {
            return z;
        }

        double[] nodes = [0, .. RadauStep.Nodes];
        for (int i = 0; i < 3; i++)
        {
            double at = 1 + (RadauStep.Nodes[i] * h / length);
            for (int k = 1; k < 4; k++)
            {
                double weight = k == 3 ? -1 : 0;
                double basis = 1;
                for (int m = 0; m < 4; m++)
                {
                    basis *= m == k ? 1 : (at - nodes[m]) / (nodes[k] - nodes[m]);
                }

                for (int r = 0; r < n; r++)
                {
                    z[(i * n) + r] += (basis + weight) * stages[((k - 1) * n) + r];
                }
            }
        }

        return z;
    }

    /// <summary>The error in units of the tolerance: the difference to an embedded solution of order 3, filtered so that stiff parts do not dominate; once more from there if it is large at first.</summary>
    private double Estimate(int interval, double t, double h, Tensor<T> y, Tensor<T> next)
    {
        int n = y.Length;
        var stages = new double[n];
        for (int r = 0; r < n; r++)
        {
            for (int j = 0; j < 3; j++)
            {
                stages[r] += ErrorWeights[j] * trial[(j * n) + r] / h;
            }
        }

        double[] Filtered(Tensor<T> slope)
        {
            double[] error = [.. stages.Zip(OdeProblem<T>.ToDoubles(slope), static (a, b) => a + b)];
            LuDecomposition.Solve<double>(filter, n, filterPivots, error, 1);
            return error;
        }

        double[] error = Filtered(Slope!);
        double size = Problem.Size(error, y, next);
        return size > 1 && rejected && double.IsFinite(size) ? Problem.Size(Filtered(Problem.ConstantSlope(interval, t, y + ToTensor(error, y.Shape), Parameters)), y, next) : size;
    }

    private static Tensor<T> ToTensor(double[] values, ReadOnlySpan<int> shape) => Tensor.Create<T>(Array.ConvertAll(values, T.CreateSaturating), shape);
}
