namespace AutoDiff.Distributed.Transport;

/// <summary>Bytes that go to a rank, or come from one.</summary>
/// <param name="peer">The other rank.</param>
/// <param name="data">Where the bytes lie. They stay there until the call is over.</param>
/// <param name="length">How many.</param>
internal readonly unsafe struct Parcel(int peer, void* data, long length)
{
    public int Peer => peer;

    public byte* Data => (byte*)data;

    public long Length => length;
}
