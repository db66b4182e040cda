using System.Numerics;

namespace AutoDiff;

public static partial class Differentiate
{
    /// <summary>
    /// Runs a function of numbers for every scenario, many at a time, with the derivatives by what is each scenario's own and by what all share. Scenarios that disagree on a branch run each by their own.
    /// </summary>
    /// <remarks>
    /// Each scenario is computed by itself, what it computes of shared numbers alone too, and has the same bits in whatever company it is. A lane's <see cref="Lane{T}.Tensor"/> holds whatever scenarios run
    /// together: operations on it have to go element by element.
    /// </remarks>
    /// <typeparam name="T">The element type, <see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="f">The function, of the numbers of a scenario and of the shared numbers. It is called at least once for each block of scenarios and each course that one of them takes (once or twice for each
    /// course where it is compiled), by one thread at a time unless the options allow more, and must do the same every time.</param>
    /// <param name="scenarios">The scenarios: a row for each, or a vector where each has one number.</param>
    /// <param name="shared">The shared numbers, a vector.</param>
    /// <param name="options">Whether the function is compiled, and may be called by several threads at once; null for neither. The results have the same bits.</param>
    /// <param name="cancellationToken">Looked at before every block of scenarios.</param>
    /// <returns>The values in the order of the scenarios, and the derivatives. The gradient by what is shared is that of the sum of all values: the derivatives of the scenarios, summed by a tree that depends on
    /// their number alone.</returns>
    /// <exception cref="ArgumentNullException">f, scenarios or shared is null.</exception>
    /// <exception cref="TensorShapeException">The scenarios are no vector or matrix, or the shared numbers no vector; or f returns a vector of another length than it was given.</exception>
    /// <exception cref="TapeException">The scenarios or the shared numbers are recorded on a tape, or f uses a tensor that is: its derivative would be lost.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    public static ScenarioResult<T> Map<T>(Func<Lane<T>[], Lane<T>[], Lane<T>> f, Tensor<T> scenarios, Tensor<T> shared, ScenarioOptions? options = null,
        CancellationToken cancellationToken = default) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(Map), nameof(f));
        int own = ScenarioResult<T>.Check(nameof(Map), scenarios, shared);
        options ??= ScenarioOptions.Default;
        var function = new ScenarioFunction<T>(f, own, shared.Length, differentiated: true, options.Compiled ? CompileOptions.ForMap.MaxPrograms : 0, options.Concurrent);
        return ScenarioResult<T>.Of(function, scenarios, shared, cancellationToken);
    }

    /// <summary>
    /// Compiles a function of numbers, to be run for any number of scenarios again and again: values and derivatives with the bits of
    /// <see cref="Map{T}(Func{Lane{T}[], Lane{T}[], Lane{T}}, Tensor{T}, Tensor{T}, ScenarioOptions?, CancellationToken)"/>, in a fraction of the time, in memory that is kept.
    /// </summary>
    /// <remarks>
    /// It is recorded once for each course that scenarios take through its branches, and what it captures is a constant of the record. A lane's <see cref="Lane{T}.Tensor"/> holds whatever scenarios run
    /// together: operations on it have to go element by element.
    /// </remarks>
    /// <typeparam name="T">The element type, <see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="f">The function, of the numbers of a scenario and of the shared numbers.</param>
    /// <param name="scenarios">Scenarios at which it is recorded: a row for each, or a vector where each has one number. How many numbers a scenario has is fixed by them, how many scenarios there are is not.</param>
    /// <param name="shared">Shared numbers at which it is recorded, a vector. Its length is fixed by that.</param>
    /// <param name="options">How to compile; null for the defaults, with 32 programs: the courses that are kept.</param>
    /// <param name="cancellationToken">Looked at before f is called, and while a program is made of what it recorded.</param>
    /// <returns>The compiled function.</returns>
    /// <exception cref="ArgumentNullException">f, scenarios or shared is null.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="TensorShapeException">The scenarios are no vector or matrix, or the shared numbers no vector; or f returns a vector of another length than it was given.</exception>
    /// <exception cref="TapeException">The scenarios or the shared numbers are recorded on a tape, or f uses a tensor that is: its derivative would be lost.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <example>
    /// <code>
    /// CompiledMap&lt;double> call = Differentiate.CompileMap((z, p) => Lane&lt;double>.Max(p[0] * Lane&lt;double>.Exp(p[1] * z[0]) - 100.0, 0.0), Tensor.Zeros(1), Tensor.Create(100, 0.2));
    /// Console.WriteLine(call.Run(Tensor.Create(-1, 1), Tensor.Create(100, 0.2)).Values.ToString("0.00")); // => [0.00, 22.14]
    /// </code>
    /// </example>
    public static CompiledMap<T> CompileMap<T>(Func<Lane<T>[], Lane<T>[], Lane<T>> f, Tensor<T> scenarios, Tensor<T> shared, CompileOptions? options = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(CompileMap), nameof(f));
        int own = ScenarioResult<T>.Check(nameof(CompileMap), scenarios, shared);
        return new CompiledMap<T>(f, own, scenarios, shared, (options ?? CompileOptions.ForMap).Checked(nameof(CompileMap)), cancellationToken);
    }
}
