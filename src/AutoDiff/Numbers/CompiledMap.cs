using System.Numerics;

namespace AutoDiff;

/// <summary>
/// A function of numbers that was recorded, and runs from the record for any number of scenarios: the bits of <see cref="Differentiate.Map{T}"/>, in memory that is kept. Made by
/// <see cref="Differentiate.CompileMap{T}"/>.
/// </summary>
/// <remarks>
/// <para>What the function captures is a constant, with the value that it had when the course was recorded. A course is a path through the branches of the function: each scenario is run by its own. The courses that are
/// not known yet are recorded; once as many as <see cref="CompileOptions.MaxPrograms"/> are kept, one that the run has not taken makes room, and where there is none, the function is called.</para>
/// <para>It may be used by several threads at once. Each run goes on all threads, but calls the function on the thread that it was called by.</para>
/// </remarks>
/// <typeparam name="T">The element type, <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class CompiledMap<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Func<Lane<T>[], Lane<T>[], Lane<T>> f;
    private readonly CompileOptions options;
    private readonly ScenarioFunction<T> derivatives;
    private readonly ScenarioFunction<T> plain;
    private long runs;

    internal CompiledMap(Func<Lane<T>[], Lane<T>[], Lane<T>> f, int own, Tensor<T> scenarios, Tensor<T> shared, CompileOptions options, CancellationToken cancellationToken)
    {
        (this.f, this.options) = (f, options);
        derivatives = new ScenarioFunction<T>(f, own, shared.Length, differentiated: true, options.MaxPrograms, concurrent: false);
        plain = new ScenarioFunction<T>(f, own, shared.Length, differentiated: false, options.MaxPrograms, concurrent: false);
        derivatives.Prepare(scenarios, shared, cancellationToken);
    }

    /// <summary>How often the function was recorded: once or twice for each course that scenarios took, with and without derivatives, and for a number of scenarios that run at a time.</summary>
    public int Recordings => derivatives.Recordings + plain.Recordings;

    /// <summary>Runs the function for scenarios.</summary>
    /// <param name="scenarios">Any number of scenarios: a row for each, or a vector where each has one number.</param>
    /// <param name="shared">The shared numbers.</param>
    /// <param name="cancellationToken">Looked at before every block of scenarios.</param>
    /// <returns>The values in the order of the scenarios, and the derivatives, tensors of their own.</returns>
    /// <exception cref="ArgumentNullException">scenarios or shared is null.</exception>
    /// <exception cref="TensorShapeException">The scenarios or the shared numbers have not the shape of the example.</exception>
    /// <exception cref="TapeException">The scenarios or the shared numbers are recorded on a tape: the derivative would be lost.</exception>
    /// <exception cref="CompiledFunctionException">The check of <see cref="CompileOptions.VerifyEvery"/> found a difference.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    public ScenarioResult<T> Run(Tensor<T> scenarios, Tensor<T> shared, CancellationToken cancellationToken = default)
    {
        Check(nameof(Run), scenarios, shared);
        ScenarioResult<T> result = ScenarioResult<T>.Of(derivatives, scenarios, shared, cancellationToken);
        if (options.VerifyEvery is { } every && Interlocked.Increment(ref runs) % every == 0)
        {
            ScenarioResult<T> expected = Differentiate.Map(f, scenarios, shared, cancellationToken: cancellationToken);
            CompiledFunction<T>.Compare([expected.Values, expected.Gradients, expected.SharedGradient], [result.Values, result.Gradients, result.SharedGradient]);
        }

        return result;
    }

    /// <summary>Runs the function for scenarios, without derivatives. It is recorded for that at the first call.</summary>
    /// <param name="scenarios">Any number of scenarios: a row for each, or a vector where each has one number.</param>
    /// <param name="shared">The shared numbers.</param>
    /// <param name="cancellationToken">Looked at before every block of scenarios.</param>
    /// <returns>The values in the order of the scenarios.</returns>
    /// <exception cref="ArgumentNullException">scenarios or shared is null.</exception>
    /// <exception cref="TensorShapeException">The scenarios or the shared numbers have not the shape of the example.</exception>
    /// <exception cref="TapeException">The scenarios or the shared numbers are recorded on a tape: the derivative would be lost.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    public Tensor<T> Values(Tensor<T> scenarios, Tensor<T> shared, CancellationToken cancellationToken = default)
    {
        Check(nameof(Values), scenarios, shared);
        return ScenarioResult<T>.Of(plain, scenarios, shared, cancellationToken).Values;
    }

    /// <summary>A report on the programs of the courses, that which most scenarios take first.</summary>
    /// <returns>The report.</returns>
    public CompiledExplanation Explain() =>
        CompiledReport.Of("compiled map", Array.ConvertAll(derivatives.Courses, static course => course.Program), derivatives.Recordings, derivatives.Runs, derivatives.GivenUp);

    private void Check(string operation, Tensor<T> scenarios, Tensor<T> shared)
    {
        int own = ScenarioResult<T>.Check(operation, scenarios, shared);
        if (own != derivatives.Own || shared.Length != derivatives.Shared)
        {
            throw Errors.Shape(operation, $"scenarios of {own} numbers and {shared.Length} shared numbers were given", $"{derivatives.Own} and {derivatives.Shared}, as in the example",
                "compile another map for other numbers");
        }
    }
}
