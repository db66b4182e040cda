using System.Numerics;

namespace AutoDiff;

/// <summary>The runs of a function over blocks of scenarios.</summary>
internal sealed class ScenarioMap<T>(Func<Lane<T>[], Lane<T>[], Lane<T>> f, Tensor<T> scenarios, Tensor<T> shared) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Tensor<T> Values { get; } = Tensor<T>.Allocate([scenarios.Shape[0]]);

    public Tensor<T> Gradients { get; } = Tensor<T>.AllocateZeros([scenarios.Shape[0], scenarios.Shape[1]]);

    public int Groups { get; private set; }

    /// <summary>Runs a block, group by group, and gives the gradient by what is shared, of the sum over its scenarios.</summary>
    public Tensor<T> Run(int start, int count)
    {
        var groups = new Queue<int[]>([[.. Enumerable.Range(start, count)]]);
        Tensor<T> sum = Tensor.Zeros<T>(shared.Length);
        while (groups.TryDequeue(out int[]? rows))
        {
            Groups++;
            sum += RunGroup(rows, groups);
        }

        return sum;
    }

    private Tensor<T> RunGroup(int[] rows, Queue<int[]> groups)
    {
        using var tape = new Tape<T>();
        int k = scenarios.Shape[1];
        Tensor<T>[] xs = [.. Enumerable.Range(0, k).Select(j => tape.Variable(scenarios[.., j].Take(rows)))];
        Tensor<T>[] ps = [.. Enumerable.Range(0, shared.Length).Select(j => tape.Variable(shared.At(j)))];
        var run = new ScenarioRun<T>(rows.Length);
        Tensor<T> y = run.Call(() => f([.. xs.Select(x => new Lane<T>(x))], [.. ps.Select(p => new Lane<T>(p))])).Tensor;
        foreach (List<int> left in run.Left)
        {
            groups.Enqueue([.. left.Select(i => rows[i])]);
        }

        int[] followed = [.. run.Following];
        Tensor<T> all = y.Rank == 1 ? y : y.StretchTo([rows.Length]);
        Tensor<T> kept = followed.Length == rows.Length ? all : all.Take(followed);
        ReadOnlySpan<T> values = kept.Values;
        Span<T> places = Values.Writable;
        for (int i = 0; i < followed.Length; i++)
        {
            places[rows[followed[i]]] = values[i];
        }

        if (kept.RecordedOn is null)
        {
            return Tensor.Zeros<T>(shared.Length);
        }

        Tensor<T>[] gradients = tape.Gradient(kept.Sum(), [.. xs, .. ps]);
        Span<T> own = Gradients.Writable;
        for (int j = 0; j < k; j++)
        {
            ReadOnlySpan<T> g = gradients[j].Values;
            foreach (int i in followed)
            {
                own[(rows[i] * k) + j] = g[i];
            }
        }

        return shared.Length == 0 ? shared : Tensor.Stack<T>(gradients.AsSpan(k)).Detach();
    }
}
