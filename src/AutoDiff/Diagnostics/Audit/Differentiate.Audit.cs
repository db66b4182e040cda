using System.Numerics;

namespace AutoDiff;

// How far the numbers can be trusted.
public static partial class Differentiate
{
    /// <summary>
    /// Audits the rounding of a program: it is followed in double-double (about 32 digits) beside the working precision. Tells how many digits of the value and of the gradient are right, and which operations
    /// lost the others.
    /// </summary>
    /// <remarks>
    /// Numbers in the program and the point itself are taken as they are. The path of the program is that of the working precision: branches, choices and comparisons are not taken again. Operations without a
    /// counterpart in double-double (<see cref="AuditReport.NotFollowed"/>) pass on, by their derivative, what was wrong with their operands. To audit a derivative of a function with several results, audit the
    /// function that computes it: <c>Audit(x => Differentiate.Jacobian(f, x), x)</c>.
    /// Where cancellation eats some thirty digits, twice the precision is not enough for the reference either; the report then says what is certain, that no digit is right.
    /// The arithmetic is that of Dekker (1971) and Knuth, in the form of Joldes, Muller and Popescu (2017).
    /// </remarks>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">The point.</param>
    /// <param name="cancellationToken">Looked at before every operation.</param>
    /// <returns>The right digits of the value and, where that has one element, of the gradient, and the operations by the digits that they lost.</returns>
    /// <exception cref="ArgumentNullException">f or x is null, or f gives null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    public static AuditReport Audit<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> x, CancellationToken cancellationToken = default) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Audit(OfOne(f), [Given(x)], cancellationToken);

    /// <summary>Audits the rounding of a program of several tensors: the right digits of the value and of the gradients, and which operations lost the others.</summary>
    /// <remarks>See <see cref="Audit{T}(Func{Tensor{T}, Tensor{T}}, Tensor{T}, CancellationToken)"/>.</remarks>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="xs">The point.</param>
    /// <param name="cancellationToken">Looked at before every operation.</param>
    /// <returns>The right digits of the value and, where that has one element, of the gradients, and the operations by the digits that they lost.</returns>
    /// <exception cref="ArgumentNullException">f or xs is null, or f gives null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    public static AuditReport Audit<T>(Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] xs, CancellationToken cancellationToken = default) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var scope = new FunctionScope<T>(nameof(Audit), f, xs);
        Tensor<T> y = scope.Output;
        Tensor<T>[] gradients = y.Length == 1 ? scope.RecordedGradient(cancellationToken) : [];
        return new AuditSweep<T>(scope.Tape, scope.Variables, cancellationToken).Run(y, gradients);
    }
}
