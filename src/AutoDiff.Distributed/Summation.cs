namespace AutoDiff.Distributed;

/// <summary>In what order the numbers of ranks are added.</summary>
public enum Summation
{
    /// <summary>Along a fixed tree: the same bits every time, and of shards the same bits for any number of ranks.</summary>
    Ordered,

    /// <summary>As MPI_Allreduce of the library does it: as fast as that is, with last digits that depend on the library, the network and the number of ranks.</summary>
    Fast,
}
