namespace AutoDiff.Distributed.Summing;

/// <summary>A place in the tree along which shards are joined: at level l and index i it stands for the shards from i 2^l on, as many as 2^l, as far as there are.</summary>
/// <param name="Level">The level; that of a shard is 0.</param>
/// <param name="Index">The number within the level.</param>
internal readonly record struct TreeNode(int Level, int Index);

/// <summary>
/// The fixed tree along which the sums of shards are joined: neighbors in pairs, pairs in fours. It depends on the number of shards alone, not on who holds which. It is the tree along which
/// <see cref="CompiledSum{T}"/> joins its chunks.
/// </summary>
/// <typeparam name="TSum">What a sum is.</typeparam>
/// <param name="shards">The number of shards.</param>
/// <param name="join">Adds a right sum to a left one.</param>
internal sealed class ShardTree<TSum>(int shards, Func<TSum, TSum, TSum> join)
{
    private readonly List<(TreeNode Node, TSum Sum)> nodes = [];

    /// <summary>What has been joined so far, from left to right.</summary>
    public IReadOnlyList<(TreeNode Node, TSum Sum)> Nodes => nodes;

    /// <summary>Adds the sum of the shards of a place that lies to the right of all before, and joins what can be joined.</summary>
    public void Add(TreeNode node, TSum sum)
    {
        while (true)
        {
            if ((node.Index & 1) == 0)
            {
                // Without a right neighbor a place is that above it; the root is the last.
                if (node.Index == 0 || ((long)(node.Index + 1) << node.Level) < shards)
                {
                    break;
                }
            }
            else if (nodes.Count > 0 && nodes[^1].Node == new TreeNode(node.Level, node.Index - 1))
            {
                sum = join(nodes[^1].Sum, sum);
                nodes.RemoveAt(nodes.Count - 1);
            }
            else
            {
                break;
            }

            node = new TreeNode(node.Level + 1, node.Index / 2);
        }

        nodes.Add((node, sum));
    }

    /// <summary>The places that remain of consecutive shards, when all that can be joined is.</summary>
    public static TreeNode[] PlacesOf(int shards, int start, int end)
    {
        var tree = new ShardTree<int>(shards, static (_, _) => 0);
        for (int shard = start; shard < end; shard++)
        {
            tree.Add(new TreeNode(0, shard), 0);
        }

        return [.. tree.Nodes.Select(static pair => pair.Node)];
    }
}
