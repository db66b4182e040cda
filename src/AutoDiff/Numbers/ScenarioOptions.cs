namespace AutoDiff;

/// <summary>How <see cref="Differentiate.Map{T}"/> runs its function. The results are the same, bit for bit, whatever is chosen.</summary>
public sealed class ScenarioOptions
{
    /// <summary>
    /// Whether the function is compiled: recorded for each course that scenarios take, with its derivatives, and run from the records, on all threads. Of more than 32 courses, the others are run by calling the function.
    /// Where the same function is run again and again, <see cref="Differentiate.CompileMap{T}"/> keeps the records.
    /// </summary>
    /// <remarks>
    /// Off by default, because no guard can see what a function does besides its result: what it captures has the value of the call that was recorded, and it no longer counts, draws or prints for every block. It pays
    /// from some thousand scenarios on. Operations that run somebody's code (<see cref="CustomOperation{T}"/>, say) call that code on several threads.
    /// </remarks>
    public bool Compiled { get; init; }

    /// <summary>Whether the function may be called by several threads at once, each for blocks of its own. Off by default: what it writes to, besides its result, would have to be made for that.</summary>
    public bool Concurrent { get; init; }

    internal static ScenarioOptions Default { get; } = new();
}
