using System.Text.Json;

namespace AutoDiff.Mutations;

/// <summary>What was found out so far, kept in a file, so that a run may be interrupted and go on later.</summary>
internal sealed class Results
{
    private readonly string path;
    private State state = new([], false, false, []);

    /// <param name="path">The file.</param>
    /// <param name="resume">Whether to go on from what is in it; otherwise it starts anew.</param>
    public Results(string path, bool resume)
    {
        this.path = path;
        if (resume && File.Exists(path))
        {
            state = JsonSerializer.Deserialize<State>(File.ReadAllText(path))!;
        }
    }

    /// <summary>Whether all tests pass without a mistake, or at least all that are named.</summary>
    public bool IsSound(bool onlyNamed) => state.IsSound || (onlyNamed && state.IsNamedSound);

    /// <summary>Whether a mutation has been looked at; then the test that noticed it, or null where none did.</summary>
    public bool Knows(Mutation mutation, out string? killer) => state.Killers.TryGetValue(mutation.Key, out killer);

    /// <summary>Why a mutation could not be made a part of what was built; null where it could.</summary>
    public string? Unfit(Mutation mutation) => state.Unfit.GetValueOrDefault(mutation.Key);

    public void Note(Mutation mutation, string? killer)
    {
        state.Killers[mutation.Key] = killer;
        Save(state);
    }

    /// <summary>Notes that all tests pass without a mistake, or at least all that are named.</summary>
    public void NoteSound(bool onlyNamed) => Save(state with { IsSound = !onlyNamed, IsNamedSound = true });

    /// <summary>Notes what could not be made a part of what was built anew, and why.</summary>
    public void NoteUnfit(IEnumerable<(Mutation Mutation, string Reason)> unfit) => Save(state with { IsSound = false, IsNamedSound = false, Unfit = unfit.ToDictionary(static place => place.Mutation.Key, static place => place.Reason) });

    private void Save(State changed)
    {
        state = changed;
        File.WriteAllText(path, JsonSerializer.Serialize(state));
    }

    private sealed record State(Dictionary<string, string?> Killers, bool IsSound, bool IsNamedSound, Dictionary<string, string> Unfit);
}
