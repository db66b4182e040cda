using System.Numerics;

namespace AutoDiff;

/// <summary>
/// A step of Radau IIA on the tape: the stages z are a function of the state and the parameters by z = h A F(y + z, p), and have the derivative of the implicit function theorem,
/// dz = (1 - h A J)⁻¹ h A (J dy + ∂F/∂p dp), where J holds the Jacobian at each stage.
/// </summary>
internal static class RadauStep
{
    public static readonly double Root6 = Math.Sqrt(6);

    public static readonly double[] Nodes = [(4 - Root6) / 10, (4 + Root6) / 10, 1];

    public static readonly double[] Tableau =
    [
        (88 - (7 * Root6)) / 360, (296 - (169 * Root6)) / 1800, (-2 + (3 * Root6)) / 225,
        (296 + (169 * Root6)) / 1800, (88 + (7 * Root6)) / 360, (-2 - (3 * Root6)) / 225,
        (16 - Root6) / 36, (16 + Root6) / 36, 1.0 / 9,
    ];

    public static Tensor<T> Take<T>(OdeProblem<T> problem, OdeStep<T> step, Tensor<T> y, Tensor<T>[] p) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> tableau = Tensor.Create<T>(Array.ConvertAll(Tableau, a => T.CreateChecked(a * step.Length)), 3, 3);
        Tensor<T> z = Tensor<T>.Recompute(nameof(OdeMethod.Radau), [y, .. p],
            value: xs => Stages(problem, step, tableau, xs),
            vjp: (g, xs, z) =>
            {
                int[] batch = g.Shape[..^z.Rank].ToArray();
                Tensor<T> columns = g.Reshape(Shapes.Length(batch), z.Length).Transpose();
                Tensor<T> w = System(problem, step, tableau, xs, z).Transpose().Solve(columns).Transpose().Reshape([.. batch, 3, z.Length / 3]);
                return Differentiate.Vjp(at => Slopes(problem, step, at, z), xs, tableau.Transpose().MatMul(w).Reshape([.. batch, .. z.Shape]));
            },
            jvp: (ts, xs, z) =>
            {
                int[] active = LocalProgram<T>.Active(ts);
                Tensor<T> change = Differentiate.Jvp(
                    some => Slopes(problem, step, LocalProgram<T>.With(xs, active, some), z),
                    Array.ConvertAll(active, i => xs[i]), Array.ConvertAll(active, i => ts[i]!));
                int[] batch = change.Shape[..^z.Rank].ToArray();
                Tensor<T> right = tableau.MatMul(change.Reshape([.. batch, 3, z.Length / 3])).Reshape(Shapes.Length(batch), z.Length).Transpose();
                return System(problem, step, tableau, xs, z).Solve(right).Transpose().Reshape([.. batch, .. z.Shape]);
            });
        return y + z[2];
    }

    /// <summary>The stages: those that the step was found with, if it starts from the same values, or else by Newton's method.</summary>
    private static Tensor<T> Stages<T>(OdeProblem<T> problem, OdeStep<T> step, Tensor<T> tableau, Tensor<T>[] xs) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> y = xs[0];
        Tensor<T>[] known = [step.State ?? Tensor.Zeros<T>(0), .. step.Inputs[1..]];
        if (step.Stages is { } stages && known.Zip(xs).All(static pair => pair.First.Values.SequenceEqual(pair.Second.Values)))
        {
            return stages;
        }

        Tensor<T> z = step.Stages ?? Tensor.Zeros<T>([3, .. y.Shape]);
        double rounding = double.CreateChecked(T.BitIncrement(T.One) - T.One);
        double goal = Math.Max(1e-3, 10 * problem.Size(Array.ConvertAll(OdeProblem<T>.ToDoubles(y), v => rounding * v), y));
        for (int iteration = 0; iteration < 20; iteration++)
        {
            Tensor<T> residual = tableau.MatMul(Slopes(problem, step, xs, z).Reshape(3, y.Length)).Flatten() - z.Flatten();
            Tensor<T> change = System(problem, step, tableau, xs, z).Solve(residual);
            z += change.Reshape(z.Shape);
            if (problem.Size(OdeProblem<T>.ToDoubles(change), y) <= goal)
            {
                return z;
            }
        }

        throw new ConvergenceException(FormattableString.Invariant($"Ode: a step of length {step.Length:g3} from t = {step.Start:g6}, found for other values, has no solution here. To fix it, solve anew at these values."));
    }

    /// <summary>The slope at each stage, [3, ..y.Shape].</summary>
    private static Tensor<T> Slopes<T>(OdeProblem<T> problem, OdeStep<T> step, Tensor<T>[] xs, Tensor<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Tensor.Stack<T>([.. Enumerable.Range(0, 3).Select(j => problem.Slope(step.Interval, step.Start + (Nodes[j] * step.Length), xs[0] + z[j], xs[1..]))]);

    /// <summary>1 - h A J, of three times the size of the state.</summary>
    private static Tensor<T> System<T>(OdeProblem<T> problem, OdeStep<T> step, Tensor<T> tableau, Tensor<T>[] xs, Tensor<T> z) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = xs[0].Length;
        Tensor<T>[] jacobians = [.. Enumerable.Range(0, 3).Select(j =>
            problem.Jacobian(step.Interval, step.Start + (Nodes[j] * step.Length), xs[0] + z[j], xs[1..]).Reshape(n, n))];
        Tensor<T>[] rows = [.. Enumerable.Range(0, 3).Select(i => Tensor.Concat<T>([.. jacobians.Select((jacobian, j) => jacobian * tableau[i, j])], 1))];
        return Tensor.Identity<T>(3 * n) - Tensor.Concat<T>(rows, 0);
    }
}
