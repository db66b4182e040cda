using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff;

/// <summary>Reads a tape as a graph to draw.</summary>
internal sealed class GraphBuilder<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tape<T> tape;
    private readonly TapePictureOptions options;
    private readonly int[] chosen;
    private readonly List<Repeat> repeats;

    /// <summary>For each operation the one that is drawn for it: of a chain that is repeated, that of the first pass.</summary>
    private readonly int[] drawnFor;

    /// <summary>For each operation that is drawn, the innermost chain around it that is repeated.</summary>
    private readonly Repeat?[] repeatOf;
    private readonly GraphNode[] nodeOf;
    private readonly SweepVector<T>[]? cotangents;
    private readonly List<GraphNode> nodes = [];
    private readonly HashSet<(GraphNode From, GraphNode To)> edges = [];
    private readonly GraphScope root = new(null, null);

    private GraphBuilder(Tape<T> tape, Tensor<T>? y, TapePictureOptions options, bool fold)
    {
        (this.tape, this.options) = (tape, options);
        bool[] ancestors = Ancestry.Of(tape, y);
        chosen = [.. Enumerable.Range(0, ancestors.Length).Where(i => ancestors[i])];
        repeats = fold ? RepeatSearch<T>.Run(tape, chosen) : [];
        drawnFor = [.. Enumerable.Range(0, chosen.Length)];
        repeatOf = new Repeat?[chosen.Length];
        nodeOf = new GraphNode[chosen.Length];
        foreach (Repeat repeat in repeats)
        {
            for (int i = repeat.First; i < repeat.End; i++)
            {
                drawnFor[i] = drawnFor[repeat.First + ((i - repeat.First) % repeat.Length)];
                repeatOf[i] ??= repeat;
            }
        }

        if (options.Cotangents)
        {
            cotangents = ReverseSweep<T>.Run(tape, [y!], [new(Tensor.Ones<T>(y!.Shape))], Array.ConvertAll(chosen, i => tape[i].Output), recorded: false, keepLanes: true);
        }
    }

    /// <summary>The operations that <paramref name="y"/> depends on, or all. Beyond a number of nodes the middle is left out, and one node stands for it.</summary>
    public static TapeGraph Build(Tape<T> tape, Tensor<T>? y, int maxNodes, TapePictureOptions options, bool fold)
    {
        var builder = new GraphBuilder<T>(tape, y, options, fold);
        builder.AddOperations(maxNodes);
        builder.AddEdges();
        if (options.Constants)
        {
            builder.AddConstants();
        }

        if (options.StubsAbove is { } most)
        {
            builder.AddStubs(most);
        }

        return new TapeGraph(builder.nodes, builder.root, builder.chosen.Length, builder.repeats.Count > 0);
    }

    private void AddOperations(int maxNodes)
    {
        int[] drawn = [.. Enumerable.Range(0, chosen.Length).Where(i => drawnFor[i] == i)];
        int left = Math.Max(drawn.Length - maxNodes, 0);
        int begin = left == 0 ? drawn.Length : (maxNodes - 1) / 2;
        int end = left == 0 ? begin : begin + left + 1;
        int leftOut = left == 0 ? 0 : drawnFor.Count(i => i >= drawn[begin] && i < drawn[end]);
        GraphScope open = root;
        for (int d = 0; d < drawn.Length; d++)
        {
            if (d > begin && d < end)
            {
                nodeOf[drawn[d]] = nodes[^1];
                continue;
            }

            bool elision = d == begin;
            int i = drawn[d];
            Record<T> record = tape[chosen[i]];
            open = open.MoveTo(elision ? [] : PathOf(record.Scope, repeatOf[i]));
            nodeOf[i] = elision
                ? new GraphNode(nodes.Count, open, null) { LeftOut = leftOut }
                : new GraphNode(nodes.Count, open, TapeOperation.Of(tape, chosen[i]))
                {
                    Kind = KindOf(record),
                    Flops = FlopEstimate.Of(record),
                    Bytes = (long)record.Output.Length * Unsafe.SizeOf<T>(),
                    Shape = Shapes.Format(record.Output.Shape),
                    Values = ValueSummary.Of(record.Output.Values),
                    Cotangent = cotangents is null ? null : cotangents[i].IsZero ? new ValueSummary(record.Output.Length, 0, 0, 0, 0) : ValueSummary.Of(cotangents[i].Values.Values),
                };
            nodes.Add(nodeOf[i]);
            open.Children.Add(nodeOf[i]);
        }

        for (int i = 0; i < chosen.Length; i++)
        {
            nodeOf[i] = nodeOf[drawnFor[i]];
        }
    }

    /// <summary>The edges of all passes, those that are folded included. What a pass takes from one before it enters as a stub: an edge would turn back.</summary>
    private void AddEdges()
    {
        var placeOf = new Dictionary<int, int>(chosen.Select((place, i) => KeyValuePair.Create(place, i)));
        var carried = new HashSet<(GraphNode From, GraphNode To)>();
        for (int i = 0; i < chosen.Length; i++)
        {
            Record<T> record = tape[chosen[i]];
            for (int k = 0; k < record.InputCount; k++)
            {
                if (!placeOf.TryGetValue(tape.IndexOf(record.Input(k)), out int operand))
                {
                    continue;
                }

                (GraphNode source, GraphNode target) = (nodeOf[operand], nodeOf[i]);
                if (!IsCarried(operand, i))
                {
                    Connect(source, target);
                }
                else if (target.Kind != GraphNodeKind.LeftOut && source.Kind != GraphNodeKind.LeftOut && carried.Add((source, target)))
                {
                    Connect(Above(target, id => new GraphNode(id, target.Parent!, null) { Kind = GraphNodeKind.Stub, StubOf = source, IsCarried = true }), target);
                }
            }
        }
    }

    private void Connect(GraphNode source, GraphNode target)
    {
        if (!ReferenceEquals(source, target) && edges.Add((source, target)))
        {
            target.Sources.Add(source);
        }
    }

    /// <summary>Adds a node to the scope of another one, in front of it.</summary>
    private GraphNode Above(GraphNode target, Func<int, GraphNode> make)
    {
        GraphNode node = make(nodes.Count);
        nodes.Add(node);
        target.Parent!.Children.Insert(target.Parent.Children.IndexOf(target), node);
        return node;
    }

    /// <summary>Whether an operation takes an operand from an earlier pass through a chain that is repeated.</summary>
    private bool IsCarried(int operand, int target)
    {
        var around = new Stack<Repeat>();
        for (Repeat? repeat = repeatOf[drawnFor[target]]; repeat is not null; repeat = repeat.Outer)
        {
            around.Push(repeat);
        }

        foreach (Repeat repeat in around)
        {
            if (operand < repeat.First || operand >= repeat.End)
            {
                return false;
            }

            ((int pass, operand), (int own, target)) = (Math.DivRem(operand - repeat.First, repeat.Length), Math.DivRem(target - repeat.First, repeat.Length));
            if (pass != own)
            {
                return true;
            }

            (operand, target) = (operand + repeat.First, target + repeat.First);
        }

        return false;
    }

    /// <summary>Operands that are on no tape, one node for each in a scope; numbers stand at each use.</summary>
    private void AddConstants()
    {
        var known = new Dictionary<(Tensor<T>, GraphScope), GraphNode>();
        foreach (GraphNode target in nodes.Where(node => node.Operation is not null).ToArray())
        {
            Record<T> record = tape[target.Operation!.Index];
            for (int k = 0; k < record.InputCount; k++)
            {
                Tensor<T> x = record.Input(k);
                if (tape.IndexOf(x) >= 0)
                {
                    continue;
                }

                if (!known.TryGetValue((x, target.Parent!), out GraphNode? node) || x.Rank == 0)
                {
                    known[(x, target.Parent!)] = node = Above(target, id => new GraphNode(id, target.Parent!, null)
                    {
                        Kind = GraphNodeKind.Constant,
                        Bytes = (long)x.Length * Unsafe.SizeOf<T>(),
                        Shape = Shapes.Format(x.Shape),
                        Values = x.Storage is null ? default : ValueSummary.Of(x.Values),
                    });
                }

                Connect(node, target);
            }

            if (record.Parameters is T number)
            {
                Connect(Above(target, id => new GraphNode(id, target.Parent!, null) { Kind = GraphNodeKind.Constant, Shape = "[]", Values = ValueSummary.Of<T>([number]) }), target);
            }
        }
    }

    /// <summary>Replaces the edges of what is used more often than so many times by stubs.</summary>
    private void AddStubs(int most)
    {
        var uses = nodes.SelectMany(node => node.Sources).GroupBy(source => source).Where(group => group.Count() > most && group.Key.Kind != GraphNodeKind.LeftOut).Select(group => group.Key).ToHashSet();
        foreach (GraphNode target in nodes.ToArray())
        {
            for (int s = 0; s < target.Sources.Count && target.Kind != GraphNodeKind.LeftOut; s++)
            {
                GraphNode source = target.Sources[s];
                if (uses.Contains(source))
                {
                    target.Sources[s] = Above(target, id => new GraphNode(id, target.Parent!, null) { Kind = GraphNodeKind.Stub, StubOf = source });
                }
            }
        }
    }

    /// <summary>The scopes and the repeated chains around an operation, outermost first. A chain is directly inside the innermost scope that all its passes share.</summary>
    private static List<object> PathOf(TapeScope? scope, Repeat? repeat)
    {
        var path = new List<object>();
        while (scope is not null || repeat is not null)
        {
            if (repeat is not null && ReferenceEquals(repeat.Scope, scope))
            {
                path.Add(repeat);
                repeat = repeat.Outer;
            }
            else
            {
                path.Add(scope!);
                scope = scope!.Parent;
            }
        }

        path.Reverse();
        return path;
    }

    private static GraphNodeKind KindOf(Record<T> record) => record switch
    {
        VariableRecord<T> => GraphNodeKind.Variable,
        LinearRecord<T> { Map: SumMap<T> } => GraphNodeKind.Reduction,
        LinearRecord<T> or AssembleRecord<T> => GraphNodeKind.Movement,
        OuterRecord<T> => GraphNodeKind.Outer,
        { Name: "MatMul" or "Conv1D" or "Conv2D" or "Conv3D" } => GraphNodeKind.Product,
        _ => Enumerable.Range(0, record.InputCount).Any(k => record.MatchingAxes(k) is { } axes && axes.Contains(-1)) ? GraphNodeKind.Reduction : GraphNodeKind.Elementwise,
    };
}
