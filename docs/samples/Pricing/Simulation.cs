using AutoDiff;

namespace Pricing;

/// <summary>The average of a model over paths, plainly and with all sensitivities.</summary>
internal sealed class Simulation(IModel model, int paths, ulong seed)
{
    private readonly double[] normals = new RandomKey(seed).Normal<double>(paths, model.Normals).ToArray();
    private CompiledSum<double>? compiled;
    private CompiledMap<double>? map;

    /// <summary>The value in plain numbers.</summary>
    public double Value(double[] market)
    {
        double sum = 0;
        double[] path = new double[model.Normals];
        for (int i = 0; i < paths; i++)
        {
            normals.AsSpan(i * path.Length, path.Length).CopyTo(path);
            sum += model.Path(market, path);
        }

        return sum / paths;
    }

    /// <summary>Value and sensitivities by a tape that is rewound path by path: the memory of one path.</summary>
    public (double Value, double[] Gradient) ByActive(double[] market)
    {
        using var tape = new ActiveTape<double>();
        Active<double>[] x = tape.Variables(market), path = new Active<double>[model.Normals];
        int start = tape.Position;
        double sum = 0;
        double[] gradient = new double[x.Length], one = new double[x.Length];
        for (int i = 0; i < paths; i++)
        {
            tape.Rewind(start);
            for (int j = 0; j < path.Length; j++)
            {
                path[j] = normals[(i * path.Length) + j];
            }

            Active<double> y = model.Path(x, path);
            tape.Gradient(y, x, one);
            sum += y.Value;
            for (int j = 0; j < one.Length; j++)
            {
                gradient[j] += one[j];
            }
        }

        return (sum / paths, Array.ConvertAll(gradient, g => g / paths));
    }

    /// <summary>Value and sensitivities forward, eight at a time: for a model of a few parameters.</summary>
    public (double Value, double[] Gradient) ByChunks(double[] market)
    {
        double sum = 0;
        double[] gradient = new double[market.Length];
        var path = new DualChunk<double>[model.Normals];
        var x = new DualChunk<double>[market.Length];
        for (int first = 0; first < market.Length; first += DualChunk<double>.Count)
        {
            for (int j = 0; j < x.Length; j++)
            {
                x[j] = j >= first && j < first + DualChunk<double>.Count ? DualChunk<double>.Variable(market[j], j - first) : market[j];
            }

            sum = 0;
            for (int i = 0; i < paths; i++)
            {
                for (int j = 0; j < path.Length; j++)
                {
                    path[j] = normals[(i * path.Length) + j];
                }

                DualChunk<double> y = model.Path(x, path);
                sum += y.Value;
                for (int j = first; j < Math.Min(first + DualChunk<double>.Count, gradient.Length); j++)
                {
                    gradient[j] += y.Tangents[j - first];
                }
            }
        }

        return (sum / paths, Array.ConvertAll(gradient, g => g / paths));
    }

    /// <summary>Value and sensitivities by Map, in one line: it gives the value of each path as well, and the derivatives by the path's own numbers.</summary>
    public (double Value, double[] Gradient) ByMap(double[] market)
    {
        ScenarioResult<double> result = Differentiate.Map((z, p) => model.Path(p, z), Tensor.Create(normals, paths, model.Normals), Tensor.Create(market), new ScenarioOptions { Compiled = true });
        return (result.Values.Mean().ToScalar(), (result.SharedGradient / paths).ToArray());
    }

    /// <summary>The same, recorded once and kept.</summary>
    public (double Value, double[] Gradient) ByCompiledMap(double[] market)
    {
        (Tensor<double> scenarios, Tensor<double> shared) = (Tensor.Create(normals, paths, model.Normals), Tensor.Create(market));
        map ??= Differentiate.CompileMap((z, p) => model.Path(p, z), scenarios, shared);
        ScenarioResult<double> result = map.Run(scenarios, shared);
        return (result.Values.Mean().ToScalar(), (result.SharedGradient / paths).ToArray());
    }

    /// <summary>Value and sensitivities by lanes: the same function for a block of paths at a time, recorded once and compiled.</summary>
    public (double Value, double[] Gradient) ByLanes(double[] market)
    {
        Tensor<double>[] parameters = [.. market.Select(m => Tensor.Scalar(m))];
        Tensor<double> rows = Tensor.Create(normals, paths, model.Normals);
        compiled ??= Differentiate.CompileSum<double>(
            (p, rows) => model.Path<Lane<double>>([.. p.Select(p => new Lane<double>(p.BroadcastTo(rows[0].Shape[0])))], [.. Enumerable.Range(0, model.Normals).Select(j => new Lane<double>(rows[0][.., j]))]).Tensor.Sum(), parameters, [rows]);
        (double sum, Tensor<double>[] gradients) = compiled.ValueAndGradient(parameters, [rows]);
        return (sum / paths, [.. gradients.Select(g => g.ToScalar() / paths)]);
    }
}
