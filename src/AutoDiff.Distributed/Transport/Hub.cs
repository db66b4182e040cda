namespace AutoDiff.Distributed.Transport;

/// <summary>What the threads that are ranks of one communicator share: parcels that wait to be taken, and who has left.</summary>
internal sealed class Hub
{
    /// <summary>A parcel that has been sent.</summary>
    public sealed class Sent(Parcel parcel)
    {
        public Parcel Parcel => parcel;

        /// <summary>Whether the receiver copies it; the memory has to stay until it has.</summary>
        public bool IsBeingTaken { get; set; }

        public bool IsTaken { get; set; }
    }

    private readonly Dictionary<(int From, int To), LinkedList<Sent>> waiting = [];
    private readonly Dictionary<(int Call, int Color), Hub> parts = [];

    /// <param name="worldRanks">The ranks here, by their numbers among all threads.</param>
    /// <param name="reasons">Why a rank has left, by its number among all threads; null while it has not. Shared by all parts, and guarded by <see cref="Gate"/>.</param>
    /// <param name="gate">What guards everything, of all parts.</param>
    public Hub(int[] worldRanks, string?[] reasons, object gate) => (WorldRanks, Reasons, Gate) = (worldRanks, reasons, gate);

    public int[] WorldRanks { get; }

    public string?[] Reasons { get; }

    public object Gate { get; }

    public LinkedList<Sent> Between(int from, int to)
    {
        if (!waiting.TryGetValue((from, to), out LinkedList<Sent>? queue))
        {
            waiting[(from, to)] = queue = new LinkedList<Sent>();
        }

        return queue;
    }

    /// <summary>The hub of the ranks that gave a color at a call of Split, the same for all of them.</summary>
    public Hub Part(int call, int color, int[] worldRanks)
    {
        lock (Gate)
        {
            if (!parts.TryGetValue((call, color), out Hub? part))
            {
                parts[(call, color)] = part = new Hub(worldRanks, Reasons, Gate);
            }

            return part;
        }
    }
}
