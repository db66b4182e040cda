namespace AutoDiff;

/// <content>The nonzeros of a Jacobian as C#.</content>
public sealed partial class SparseJacobian<T>
{
    /// <summary>
    /// The function and the nonzeros of its Jacobian as C#: a file that needs nothing of this library (see <see cref="CompiledFunction{T}.ToCSharp(string, CSharpOptions?)"/>). Its method Invoke takes the input, and spans for the
    /// result and for the nonzeros, row by row; RowOffsets and ColumnIndices are their places, as in <see cref="SparsityPattern"/>.
    /// </summary>
    /// <param name="className">The name of the class.</param>
    /// <param name="example">An input, whose shape the file is for.</param>
    /// <param name="options">The names: one input, and two results, the value and the nonzeros.</param>
    /// <param name="cancellationToken">Looked at while pattern and coloring are looked for.</param>
    /// <returns>The text of the file.</returns>
    /// <remarks>For a sparse Hessian, give the gradient as the function.</remarks>
    /// <exception cref="ArgumentNullException">example is null.</exception>
    /// <exception cref="NotSupportedException">An operation is not written as C#, which the message names.</exception>
    /// <exception cref="ArgumentException">A name is none.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    public string ToCSharp(string className, Tensor<T> example, CSharpOptions? options = null, CancellationToken cancellationToken = default)
    {
        SparsityPattern? pattern = null;
        CompiledFunction<T> compiled = Differentiate.Compile<T>(xs =>
        {
            using var scope = new FunctionScope<T>(nameof(ToCSharp), x => f(x[0]), [xs[0]]);
            (Tensor<T> y, Tensor<T> x) = (scope.Output, scope.Variables[0]);
            ColoredPlan<T> plan = ColoredPlan<T>.Jacobian(scope.Tape, y, x, this.options, cancellationToken);
            pattern = plan.Pattern;
            return scope.Completed<Tensor<T>[]>([y, scope.Result(plan.RecordedValues(scope.Tape, y, x))]);
        }, [Errors.NotNull(example, nameof(ToCSharp), nameof(example))], null, cancellationToken);
        CSharpOptions names = options ?? new CSharpOptions { ResultNames = ["y", "nonzeros"] };
        return compiled.ToCSharp(className, names, [("RowOffsets", pattern!.RowOffsets.ToArray()), ("ColumnIndices", pattern.ColumnIndices.ToArray())]);
    }
}
