using System.Numerics;

namespace AutoDiff.Distributed.Ranks.Checks;

/// <summary>Values and derivatives of the collective operations, on the ranks of any communicator.</summary>
internal static class CollectiveChecks
{
    private static readonly RandomKey Key = new(31);

    /// <summary>An operation, whether its input and its output are the same on all ranks or each rank's own, and an input of it.</summary>
    private sealed record Case(string Name, Func<Communicator, Tensor<double>, Tensor<double>> Apply, bool SameIn, bool SameOut, Func<int, int[]> Shape);

    private static readonly Case[] Cases =
    [
        new("Replicate", (c, x) => c.Replicate(x), true, false, _ => [3, 2]),
        new("Sum", (c, x) => c.Sum(x), false, true, _ => [3, 2]),
        new("Sum of a scalar", (c, x) => c.Sum(x), false, true, _ => []),
        new("Sum of much", (c, x) => c.Sum(x), false, true, _ => [5003]),
        new("Sum of nothing", (c, x) => c.Sum(x), false, true, _ => [0]),
        new("Sum, fast", (c, x) => c.Sum(x, Summation.Fast), false, true, _ => [3, 2]),
        new("Gather", (c, x) => c.Gather(x), false, true, _ => [2, 3]),
        new("Gather of unequal lengths", (c, x) => c.Gather(x), false, true, rank => [rank % 3, 3]),
        new("Gather of scalars", (c, x) => c.Gather(x), false, true, _ => []),
        new("Part", (c, x) => c.Part(x), true, false, _ => [7, 2]),
        new("ReduceScatter", (c, x) => c.ReduceScatter(x), false, false, _ => [11, 2]),
        new("Broadcast", (c, x) => c.Broadcast(x), false, true, _ => [4]),
        new("Broadcast of the last", (c, x) => c.Broadcast(x, c.Size - 1), false, true, _ => [4]),
        new("Exchange around", (c, x) => c.Exchange(x, (c.Rank + 1) % c.Size, (c.Rank + c.Size - 1) % c.Size), false, false, _ => [2, 3]),
        new("Exchange along", (c, x) => c.Exchange(x, c.Rank + 1 < c.Size ? c.Rank + 1 : null, c.Rank > 0 ? c.Rank - 1 : null), false, false, _ => [2, 3]),
    ];

    public static void All(Communicator c)
    {
        Values(c);
        foreach (Case test in Cases)
        {
            Transposes(c, test);
            Orders(c, test);
            Batches(c, test);
            Compiled(c, test);
        }

        Pairs(c);
        Composed(c);
        Parts(c);
    }

    private static Tensor<double> Own(Communicator c, Case test, int stream) => Key.Derive(stream).Derive(test.SameIn ? 0 : c.Rank).Normal<double>(test.Shape(test.SameIn ? 0 : c.Rank));

    /// <summary>The inner product over all ranks: of what is the same it counts once.</summary>
    private static double Dot(Communicator c, Tensor<double> a, Tensor<double> b, bool same)
    {
        Tensor<double> dot = (a * b).Sum();
        return (same ? dot : c.Sum(dot)).ToScalar();
    }

    private static void Values(Communicator c)
    {
        Tensor<double>[] all = [.. Enumerable.Range(0, c.Size).Select(rank => Key.Derive(rank).Normal<double>(6, 3))];
        Tensor<double> own = all[c.Rank];
        Tensor<double> sum = all.Aggregate((a, b) => a + b);
        Expect.Near(c.Sum(own), sum, "Sum");
        Expect.Near(c.Sum(own, Summation.Fast), sum, "Sum, fast");
        Expect.Near(c.Sum(own.ConvertTo<float>()).ConvertTo<double>(), sum, "Sum of float", 1e-5);
        Expect.Bits(c.Gather(own), Tensor.Concat<double>(all), "Gather");
        Expect.Bits(c.Broadcast(own, c.Size - 1), all[^1], "Broadcast");
        Expect.Bits(c.Part(all[0]), all[0][(6 * c.Rank / c.Size)..(6 * (c.Rank + 1) / c.Size)], "Part");
        Expect.Near(c.ReduceScatter(own), sum[(6 * c.Rank / c.Size)..(6 * (c.Rank + 1) / c.Size)], "ReduceScatter");
        Expect.Bits(c.Exchange(own, (c.Rank + 1) % c.Size, (c.Rank + c.Size - 1) % c.Size), all[(c.Rank + c.Size - 1) % c.Size], "Exchange");
    }

    /// <summary>⟨u, A t⟩ = ⟨Aᵀ u, t⟩, and A t is A of t, for the map is linear.</summary>
    private static void Transposes(Communicator c, Case test)
    {
        (Tensor<double> x, Tensor<double> t) = (Own(c, test, 1), Own(c, test, 2));
        using var tape = new Tape<double>();
        Tensor<double> v = tape.Variable(x);
        Tensor<double> y = test.Apply(c, v);
        Tensor<double> u = Key.Derive(3).Derive(test.SameOut ? 0 : c.Rank).Normal<double>(y.Shape);
        Tensor<double> pushed = tape.Jvp(y, v, t);
        Expect.Near(pushed, test.Apply(c, t), $"{test.Name}: Jvp");
        Expect.Near(Dot(c, u, pushed, test.SameOut), Dot(c, tape.Vjp(y, u, v), t, test.SameIn), $"{test.Name}: transpose");
    }

    /// <summary>Derivatives of the second and the third order, of L = Σ_r Σ y³ for one's own and Σ y³ for the same, against ⟨t, H t⟩ = Σ 6 y (A t)² and Σ 6 (A t)³.</summary>
    private static void Orders(Communicator c, Case test)
    {
        (Tensor<double> x, Tensor<double> t) = (Own(c, test, 4), Own(c, test, 5));
        Tensor<double> Loss(Tensor<double> x)
        {
            Tensor<double> y = test.Apply(c, x);
            Tensor<double> cubes = (y * y * y).Sum();
            return test.SameOut ? cubes : c.Sum(cubes);
        }

        (Tensor<double> ax, Tensor<double> at) = (test.Apply(c, x), test.Apply(c, t));
        Expect.Near(Dot(c, Differentiate.Gradient(Loss, x), t, test.SameIn), Dot(c, 3.0 * ax * ax, at, test.SameOut), $"{test.Name}: gradient", 1e-10);
        Expect.Near(Dot(c, Differentiate.Hvp(Loss, x, t), t, test.SameIn), Dot(c, 6.0 * ax * at, at, test.SameOut), $"{test.Name}: second order", 1e-10);
        Tensor<double> third = Differentiate.Gradient(x => Inner(c, Differentiate.Gradient(x => Inner(c, Differentiate.Gradient(Loss, x), t, test.SameIn), x), t, test.SameIn), x);
        Expect.Near(Dot(c, third, t, test.SameIn), Dot(c, 6.0 * at * at, at, test.SameOut), $"{test.Name}: third order", 1e-10);
    }

    private static Tensor<double> Inner(Communicator c, Tensor<double> a, Tensor<double> b, bool same) => same ? (a * b).Sum() : c.Sum((a * b).Sum());

    /// <summary>Several vectors in one sweep are several sweeps.</summary>
    private static void Batches(Communicator c, Case test)
    {
        Tensor<double> x = Own(c, test, 6);
        using var tape = new Tape<double>();
        Tensor<double> v = tape.Variable(x);
        Tensor<double> y = test.Apply(c, v);
        Tensor<double> us = Key.Derive(7).Derive(test.SameOut ? 0 : c.Rank).Normal<double>([2, .. y.Shape]);
        Tensor<double> all = tape.Vjp(y, us, v);
        for (int k = 0; k < 2; k++)
        {
            Expect.Near(all[k], tape.Vjp(y, us[k], v), $"{test.Name}: a batch of cotangents");
        }

        Tensor<double> ts = Tensor.Stack<double>([Own(c, test, 8), Own(c, test, 9)]);
        Tensor<double> pushed = tape.Jvp(y, v, ts);
        for (int k = 0; k < 2; k++)
        {
            Expect.Near(pushed[k], test.Apply(c, ts[k]), $"{test.Name}: a batch of tangents");
        }
    }

    private static void Compiled(Communicator c, Case test)
    {
        Tensor<double>[] F(Tensor<double>[] xs)
        {
            (Tensor<double> value, Tensor<double>[] gradients) = Differentiate.ValueAndGradient(p =>
            {
                Tensor<double> y = test.Apply(c, p[0].Sin()).Exp().Sum();
                return test.SameOut ? y : c.Sum(y);
            }, xs);
            return [value, .. gradients];
        }

        CompiledFunction<double> compiled = Differentiate.Compile(F, [Own(c, test, 10)]);
        for (int k = 0; k < 2; k++)
        {
            Tensor<double> x = Own(c, test, 11 + k);
            (Tensor<double>[] found, Tensor<double>[] expected) = (compiled.Invoke([x]), F([x]));
            if (!test.Name.Contains("fast", StringComparison.Ordinal))
            {
                Expect.Bits(found[0], expected[0], $"{test.Name}: compiled value");
                Expect.Bits(found[1], expected[1], $"{test.Name}: compiled gradient");
            }

            Expect.Near(found[1], expected[1], $"{test.Name}: compiled gradient");
        }
    }

    /// <summary>A chain of ranks, each of which applies a layer to what the one before sends: the gradient of each layer is that of the whole chain in one process.</summary>
    private static void Pairs(Communicator c)
    {
        Tensor<double> Layer(int rank) => Key.Derive(40 + rank).Normal<double>(3, 3) * 0.5;
        Tensor<double> input = Key.Derive(39).Normal<double>(3);
        Tensor<double>[] layers = [.. Enumerable.Range(0, c.Size).Select(Layer)];
        Tensor<double> Whole(Tensor<double>[] w) => w.Aggregate(input, (h, layer) => layer.MatMul(h).Tanh()).Square().Sum();
        Tensor<double> Own(Tensor<double> w)
        {
            Tensor<double> h = c.Rank == 0 ? input : c.Receive(w, c.Rank - 1, 3);
            Tensor<double> y = w.MatMul(h).Tanh();
            return c.Rank + 1 < c.Size ? c.Send(y, c.Rank + 1) : y.Square().Sum();
        }

        Tensor<double> ByExchange(Tensor<double> w)
        {
            // Tick by tick; in tick k the rank k does what counts.
            Tensor<double> h = input;
            Tensor<double> loss = Tensor.Scalar(0.0);
            for (int tick = 0; tick < c.Size; tick++)
            {
                Tensor<double> y = w.MatMul(h).Tanh();
                loss = tick == c.Size - 1 && c.Rank == tick ? y.Square().Sum() : (y * 0.0).Sum();
                h = c.Exchange(y, c.Rank + 1 < c.Size ? c.Rank + 1 : null, c.Rank > 0 ? c.Rank - 1 : null);
            }

            return c.Sum(loss + (h * 0.0).Sum());
        }

        Tensor<double> expected = Differentiate.Gradient(Whole, layers)[c.Rank];
        Expect.Near(Differentiate.Gradient(Own, layers[c.Rank]), expected, "a chain by Send and Receive");
        Expect.Near(Differentiate.Gradient(ByExchange, layers[c.Rank]), expected, "a chain by Exchange");
        CompiledFunction<double> compiled = Differentiate.Compile(w => Differentiate.Gradient(Own, w), layers[c.Rank] * 0.9);
        Expect.Near(compiled.Invoke(layers[c.Rank]), expected, "a compiled chain by Send and Receive");
        Tensor<double> t = Key.Derive(60 + c.Rank).Normal<double>(3, 3);
        Tensor<double>[] ts = [.. Enumerable.Range(0, c.Size).Select(rank => Key.Derive(60 + rank).Normal<double>(3, 3))];
        Expect.Near(Differentiate.Hvp(Own, layers[c.Rank], t), Differentiate.Hvp(Whole, layers, ts)[c.Rank], "a chain by Send and Receive, second order", 1e-10);
    }

    /// <summary>Rows on ranks and parameters on all: the gradient and the Hessian are those of one process that has all rows.</summary>
    private static void Composed(Communicator c)
    {
        Tensor<double> x = Key.Derive(70).Normal<double>(24, 3);
        Tensor<double> y = x[.., 0].Sin();
        Tensor<double> w = Key.Derive(71).Normal<double>(3);
        Tensor<double> Plain(Tensor<double> w, Tensor<double> x, Tensor<double> y) => (x.MatMul(w).Tanh() - y).Square().Sum();
        Tensor<double> Dealt(Tensor<double> w) => c.Sum(Plain(c.Replicate(w), c.Part(x), c.Part(y)));
        Expect.Near(Dealt(w), Plain(w, x, y), "a loss over dealt rows");
        Expect.Near(Differentiate.Gradient(Dealt, w), Differentiate.Gradient(w => Plain(w, x, y), w), "a gradient over dealt rows");
        Expect.Near(Differentiate.Hessian(Dealt, w), Differentiate.Hessian(w => Plain(w, x, y), w), "a Hessian over dealt rows");
        Expect.Near(Differentiate.Jacobian(w => c.Gather(c.Part(x).MatMul(c.Replicate(w)).Tanh()), w), Differentiate.Jacobian(w => x.MatMul(w).Tanh(), w), "a Jacobian of gathered rows");
    }

    private static void Parts(Communicator c)
    {
        Communicator half = c.Split(c.Rank % 2, -c.Rank);
        int[] members = [.. Enumerable.Range(0, c.Size).Where(rank => rank % 2 == c.Rank % 2).Reverse()];
        Expect.True(half.Size == members.Length && members[half.Rank] == c.Rank, "Split numbers by key");
        Expect.Near(half.Sum(Tensor.Scalar((double)c.Rank)).ToScalar(), members.Sum(), "Sum of a part");
        Expect.True(half.Gather(Tensor.Scalar((double)c.Rank)).ToArray().SequenceEqual(members.Select(rank => (double)rank)), "Gather of a part");
        half.Barrier();
        c.Barrier();
    }
}
