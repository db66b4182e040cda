using System.Numerics;

namespace AutoDiff;

public static partial class Differentiate
{
    /// <summary>
    /// Runs a function of numbers for every scenario, many at a time, with the derivatives by what is each scenario's own and by what all share. Scenarios that disagree on a branch run each by their own.
    /// </summary>
    /// <typeparam name="T">The element type, <see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="f">The function, of the numbers of a scenario and of the shared numbers. It is called at least once for each block of scenarios and each course that one of them takes (fewer times where it
    /// is compiled), by one thread at a time unless the options allow more, and must do the same every time.</param>
    /// <param name="scenarios">The scenarios: a row for each, or a vector where each has one number.</param>
    /// <param name="shared">The shared numbers, a vector.</param>
    /// <param name="options">Whether the function is compiled, and may be called by several threads at once; null for neither. The results have the same bits.</param>
    /// <param name="cancellationToken">Looked at before every block of scenarios.</param>
    /// <returns>The values in the order of the scenarios, and the derivatives. The gradient by what is shared is that of the sum of all values: the sums of blocks of scenarios are joined by a tree that
    /// depends on their number alone.</returns>
    /// <exception cref="ArgumentNullException">f, scenarios or shared is null.</exception>
    /// <exception cref="TensorShapeException">The scenarios are no vector or matrix, or the shared numbers no vector; or f returns a vector of another length than it was given.</exception>
    /// <exception cref="TapeException">The scenarios or the shared numbers are recorded on a tape, or f uses a tensor that is: its derivative would be lost.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    public static ScenarioResult<T> Map<T>(Func<Lane<T>[], Lane<T>[], Lane<T>> f, Tensor<T> scenarios, Tensor<T> shared, ScenarioOptions? options = null,
        CancellationToken cancellationToken = default) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(Map), nameof(f));
        Errors.NotNull(scenarios, nameof(Map), nameof(scenarios));
        Errors.NotNull(shared, nameof(Map), nameof(shared));
        if (scenarios.Rank is not (1 or 2) || shared.Rank != 1)
        {
            throw Errors.Shape(nameof(Map), $"scenarios of shape {Shapes.Format(scenarios.Shape)} and shared numbers of shape {Shapes.Format(shared.Shape)} were given", "a row for each scenario, and a vector",
                "Reshape them");
        }

        if (scenarios.RecordedOn is not null || shared.RecordedOn is not null)
        {
            throw Errors.Tape(nameof(Map), "the scenarios or the shared numbers are recorded on a tape, and the derivatives would be lost", "constants", "Detach() them");
        }

        var map = new ScenarioMap<T>(f, scenarios.Rank == 1 ? scenarios.Reshape(-1, 1) : scenarios, shared, options ?? ScenarioOptions.Default, cancellationToken);
        Tensor<T> sum = Savepoint.AllOrNothing(map.Run);
        return new ScenarioResult<T>(map.Values, scenarios.Rank == 1 ? map.Gradients.Reshape(-1) : map.Gradients, sum, map.Groups);
    }
}
