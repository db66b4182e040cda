using System.Numerics;

namespace AutoDiff;

// The steps of the iterations: Newton's method, with matrices and with products alone.
public static partial class Implicit
{
    /// <summary>One step of Newton's method, halved until the residual falls.</summary>
    private static Tensor<T> Newton<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> y, Tensor<T> r, bool matrixFree, CancellationToken cancellationToken) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double size = Size(r);
        Tensor<T> step = matrixFree ? ByProducts() : Differentiate.Jacobian(f, y, null, cancellationToken).Reshape(y.Length, y.Length).Solve(r.Flatten()).Reshape(y.Shape);
        for (int halvings = 0; halvings < 30; halvings++)
        {
            Tensor<T> next = y - step;
            if (Size(f(next)) < size)
            {
                return next;
            }

            step *= T.CreateChecked(0.5);
        }

        return y - step;

        // The step need not be better than Newton's method itself will be: this keeps its order.
        Tensor<T> ByProducts()
        {
            using JacobianOperator<T> jacobian = JacobianOperator<T>.Create(v => f(v).Reshape(y.Shape), y);
            return IterativeSolvers.LeastSquares(jacobian, r.Reshape(y.Shape), 0, Math.Clamp(size, 1e-12, 1e-2), 10 * Math.Max(20, y.Length), cancellationToken: cancellationToken).Solution;
        }
    }

    /// <summary>One step of Newton's method for a minimum: the Hessian is shifted until it is positive definite and the step goes down.</summary>
    private static Tensor<T> Descend<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> y, Tensor<T> g, bool matrixFree, CancellationToken cancellationToken) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (matrixFree)
        {
            return DescendByProducts(f, y, g, cancellationToken);
        }

        int n = y.Length;
        Tensor<T> hessian = Differentiate.Hessian(f, y, cancellationToken).Reshape(n, n);
        T value = f(y).ToScalar();
        T slack = T.Abs(value) * (T.BitIncrement(T.One) - T.One) * T.CreateChecked(8);
        T shift = T.Zero;
        T unit = T.Max(hessian.Norm().ToScalar(), T.CreateChecked(1e-3)) * T.CreateChecked(1e-3);
        for (int attempt = 0; attempt < 60; attempt++)
        {
            Tensor<T> shifted = hessian + (Tensor.Identity<T>(n) * shift);
            if (IsPositiveDefinite(shifted))
            {
                Tensor<T> next = y - shifted.Solve(g.Flatten()).Reshape(y.Shape);
                if (f(next).ToScalar() <= value + slack)
                {
                    return next;
                }
            }

            shift = shift == T.Zero ? unit : shift * T.CreateChecked(4);
        }

        return y;
    }

    /// <summary>The same with products alone: conjugate gradients meet it where the shifted Hessian is not positive definite.</summary>
    private static Tensor<T> DescendByProducts<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> y, Tensor<T> g, CancellationToken cancellationToken) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T value = f(y).ToScalar();
        T slack = T.Abs(value) * (T.BitIncrement(T.One) - T.One) * T.CreateChecked(8);
        using JacobianOperator<T> hessian = JacobianOperator<T>.Create(v => Differentiate.Gradient(f, v), y);
        T curvature = g.Norm().ToScalar() is var size && size > T.Zero ? hessian.Apply(g * (T.One / size)).Norm().ToScalar() : T.Zero;
        T unit = T.Max(curvature, T.CreateChecked(1e-3)) * T.CreateChecked(1e-3);
        T shift = T.Zero;
        for (int attempt = 0; attempt < 60; attempt++)
        {
            LinearSolution<T> step = IterativeSolvers.ConjugateGradient(new ShiftedOperator<T>(hessian, shift), g, Math.Clamp(Size(g), 1e-12, 1e-2), 10 * Math.Max(20, y.Length), cancellationToken: cancellationToken);
            Tensor<T> next = y - step.Solution;
            if (step.Converged && f(next).ToScalar() <= value + slack)
            {
                return next;
            }

            shift = shift == T.Zero ? unit : shift * T.CreateChecked(4);
        }

        return y;
    }

    /// <summary>Whether the Hessian is positive definite; by products, whether conjugate gradients from a random vector, which meet every eigenvalue, say so.</summary>
    private static bool IsMinimum<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> y, bool matrixFree, CancellationToken cancellationToken) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!matrixFree)
        {
            return IsPositiveDefinite(Differentiate.Hessian(f, y, cancellationToken).Reshape(y.Length, y.Length));
        }

        using JacobianOperator<T> hessian = JacobianOperator<T>.Create(v => Differentiate.Gradient(f, v), y);
        return y.Length == 0 || IterativeSolvers.ConjugateGradient(hessian, Probe<T>(y.Shape, 1), 1e-4, 10 * Math.Max(20, y.Length), cancellationToken: cancellationToken).Converged;
    }

    private static bool IsPositiveDefinite<T>(Tensor<T> matrix) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] factor = matrix.ToArray();
        return Kernels.CholeskyDecomposition.Factor<T>(factor, matrix.Shape[0]) < 0 && !factor.AsSpan().Contains(T.NaN);
    }
}

/// <summary>A + shift · 1.</summary>
internal sealed class ShiftedOperator<T>(LinearOperator<T> a, T shift) : LinearOperator<T>(a.InputShape, a.OutputShape) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override Tensor<T> Apply(Tensor<T> v) => shift == T.Zero ? a.Apply(v) : a.Apply(v) + (v * shift);

    public override Tensor<T> ApplyTransposed(Tensor<T> u) => shift == T.Zero ? a.ApplyTransposed(u) : a.ApplyTransposed(u) + (u * shift);
}

/// <summary>(A + A^T) / 2.</summary>
internal sealed class SymmetricPart<T>(LinearOperator<T> a) : LinearOperator<T>(a.InputShape, a.OutputShape) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override Tensor<T> Apply(Tensor<T> v) => (a.Apply(v) + a.ApplyTransposed(v)) * T.CreateChecked(0.5);

    public override Tensor<T> ApplyTransposed(Tensor<T> u) => Apply(u);
}
