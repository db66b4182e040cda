namespace AutoDiff.Plain;

// One thread: results are the same for any number.
internal static class Threading
{
    public static int ThreadsFor(long work, long grain) => 1;

    public static void For(int chunks, Action<int> body) => For(chunks, body, static (chunk, body) => body(chunk));

    public static void For<TState>(int chunks, TState state, Action<int, TState> body)
    {
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            body(chunk, state);
        }
    }
}
