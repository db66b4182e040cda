using System.Text;
using AutoDiff.Tests.Operations;

namespace AutoDiff.Tests.Stress;

/// <summary>
/// One step of a random program: which operation, how many values back its operands stand, and a number that decides everything else about it (axes, places, constants).
/// </summary>
internal readonly record struct RandomStep(int Operation, int X, int Y, int Z, int Choice);

/// <summary>
/// A program that is put together at random from a seed: operations of every kind on tensors of any shape, with fan-out, views, and the same tensor twice in one operation. Any list of steps is a
/// program, for an operation fits its operands to the shapes that it needs: so a program that fails can be made shorter by leaving steps out.
/// </summary>
internal sealed record RandomProgram(int Seed, int[][] Shapes, RandomStep[] Steps)
{
    /// <summary>The program of a seed: the same for ever, on every machine.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="branches">Whether the program may branch on values: then it is another function on each side, and its steps run or not.</param>
    /// <param name="mostSteps">The largest number of steps.</param>
    /// <param name="mostElements">The largest number of elements of an input.</param>
    public static RandomProgram Create(int seed, bool branches = false, int mostSteps = 60, int mostElements = 20_000)
    {
        var random = new Random(seed);

        // Most programs are small; one in twelve crosses the threshold of the pool, one in sixty that of threads.
        int most = Math.Min(mostElements, random.Next(60) switch { 0 => 20_000, < 6 => 2_500, < 20 => 120, _ => 24 });
        int[][] shapes = new int[random.Next(1, 4)][];
        for (int i = 0; i < shapes.Length; i++)
        {
            int[] shape = new int[random.Next(4)];
            int left = i == 0 ? most : random.Next(1, most + 1);
            for (int axis = 0; axis < shape.Length; axis++)
            {
                shape[axis] = axis == shape.Length - 1 ? random.Next((left / 2) + 1, left + 1) : random.Next(1, Math.Min(left, 9) + 1);
                left = Math.Max(1, left / shape[axis]);
            }

            shapes[i] = shape;
        }

        var steps = new RandomStep[random.Next(5, Math.Max(6, Math.Min(mostSteps, random.Next(4) == 0 ? 60 : 25) + 1))];
        int operations = branches ? RandomOperations.Count : RandomOperations.CountWithoutBranches;
        for (int i = 0; i < steps.Length; i++)
        {
            // One step in four is a row of the table of operations.
            int operation = random.Next(4) == 0 ? operations + random.Next(RandomOperations.Rows.Count) : random.Next(operations);
            operation = operation < operations ? operation : operation - operations + RandomOperations.Count;
            steps[i] = new RandomStep(operation, Back(), Back(), Back(), random.Next(1 << 20));
        }

        return new RandomProgram(seed, shapes, steps);

        // Mostly the latest values, so that little of the program is for nothing, now and then any.
        int Back() => random.Next(5) == 0 ? random.Next(1 << 16) : random.Next(3) * random.Next(2);
    }

    /// <summary>Inputs at which the program may run, of a seed of their own.</summary>
    public Tensor<double>[] Inputs(int point = 0)
    {
        var random = new Random((Seed * 31) + point);
        return Array.ConvertAll(Shapes, shape => Numbers(random, shape));
    }

    /// <summary>Random numbers of the shape of the inputs: tangents.</summary>
    public Tensor<double>[] Directions(int number) => Inputs(1_000 + number);

    /// <summary>Whether the program leaves out a part of the derivative on purpose, so that finite differences see another.</summary>
    public bool Detaches => Array.Exists(Steps, static step => RandomOperations.Detaches(step.Operation));

    /// <summary>The function that the program is. Its result may have any shape; that depends on the shapes of the inputs alone.</summary>
    public Tensor<double> Run(params Tensor<double>[] inputs) => Run(inputs, null);

    /// <summary>A program that still fails and none of whose steps can be left out, nor its shapes be shorter, without its passing.</summary>
    public RandomProgram Shrink(Func<RandomProgram, bool> fails)
    {
        RandomProgram current = this;
        for (bool shorter = true; shorter;)
        {
            shorter = false;
            for (int length = Math.Max(1, current.Steps.Length / 2); length >= 1; length /= 2)
            {
                for (int start = current.Steps.Length - length; start >= 0; start--)
                {
                    RandomProgram without = current with { Steps = [.. current.Steps[..start], .. current.Steps[(start + length)..]] };
                    if (fails(without))
                    {
                        (current, shorter) = (without, true);
                        start = Math.Min(start, current.Steps.Length - length + 1);
                    }
                }
            }

            for (int i = 0; i < current.Shapes.Length; i++)
            {
                for (int axis = 0; axis < current.Shapes[i].Length; axis++)
                {
                    foreach (int extent in (int[])[1, 2, current.Shapes[i][axis] / 2])
                    {
                        int[][] shapes = Array.ConvertAll(current.Shapes, shape => (int[])shape.Clone());
                        shapes[i][axis] = extent;
                        RandomProgram smaller = current with { Shapes = shapes };
                        if (extent > 0 && extent < current.Shapes[i][axis] && fails(smaller))
                        {
                            (current, shorter) = (smaller, true);
                        }
                    }
                }
            }
        }

        return current;
    }

    /// <summary>What the program does, step by step, with the shapes of the results.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"seed {Seed}");
        Tensor<double>[] inputs = Inputs();
        for (int i = 0; i < inputs.Length; i++)
        {
            text.Append($"\n  v{i}: input of shape {Text(inputs[i])}");
        }

        try
        {
            Run(inputs, line => text.Append($"\n  {line}"));
        }
#pragma warning disable CA1031 // The text of a program that throws says how far it got.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            text.Append($"\n  {exception.GetType().Name}: {exception.Message}");
        }

        return text.ToString();
    }

    private static string Text(Tensor<double> x) => $"[{string.Join(", ", x.Shape.ToArray())}]";

    internal static Tensor<double> Numbers(Random random, ReadOnlySpan<int> shape)
    {
        double[] values = new double[Plain.Count(shape.ToArray())];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (2 * random.NextDouble()) - 1;
        }

        return Tensor.Create<double>(values, shape);
    }

    private Tensor<double> Run(Tensor<double>[] inputs, Action<string>? log)
    {
        List<Tensor<double>> values = [.. inputs];
        foreach (RandomStep step in Steps)
        {
            int x = Place(step.X), y = Place(step.Y), z = Place(step.Z);
            Tensor<double> result = RandomOperations.Apply(step.Operation, values[x], values[y], values[z], step.Choice);
            log?.Invoke($"v{values.Count} = {RandomOperations.Name(step.Operation)}(v{x}, v{y}, v{z}; {step.Choice}) of shape {Text(result)}");
            values.Add(result);
        }

        return values[^1];

        int Place(int back) => values.Count - 1 - (back % values.Count);
    }
}
