using System.Globalization;
using AutoDiff.GradBench.Problems;

namespace AutoDiff.GradBench.Suites;

/// <summary>Reads the problems of ADBench from the text of its files.</summary>
internal static class AdBenchFiles
{
    /// <summary>The mixture with the sign that ADBench gives the prior, and α, μ, q, l.</summary>
    public static (GaussianMixture Problem, Tensor<double>[] Parameters) Mixture(string text)
    {
        var file = new Numbers(text);
        (int d, int k, int n) = (file.Integer(), file.Integer(), file.Integer());
        Tensor<double> alpha = file.Tensor(k);
        Tensor<double> mu = file.Tensor(k, d);
        Tensor<double> factors = file.Tensor(k, d * (d + 1) / 2);
        Tensor<double> x = file.Tensor(n, d);
        (double gamma, int m) = (file.Next(), file.Integer());
        return (new GaussianMixture(x, k, gamma, m, correctPrior: false), [alpha, mu, factors[.., ..d], factors[.., d..]]);
    }

    /// <summary>The bundle whose cameras, points and observations are all alike, and its input.</summary>
    public static (BundleAdjustment Problem, Tensor<double> X) Bundle(string text)
    {
        var file = new Numbers(text);
        (int n, int m, int p) = (file.Integer(), file.Integer(), file.Integer());
        return Inputs.Replicated(n, m, p, file.Many(11), file.Many(3), file.Next(), file.Many(2));
    }

    /// <summary>The states and the sequence, and both groups of parameters.</summary>
    public static (LongShortTermMemory Problem, Tensor<double> Main, Tensor<double> Extra) Memory(string text)
    {
        var file = new Numbers(text);
        (int l, int c, int b) = (file.Integer(), file.Integer(), file.Integer());
        Tensor<double> main = file.Tensor(2 * l, 4 * b);
        Tensor<double> extra = file.Tensor(3, b);
        Tensor<double> state = file.Tensor(2 * l, b);
        return (new LongShortTermMemory(state, file.Tensor(c, b)), main, extra);
    }

    /// <summary>The hand (of a folder) with its measured points, the places in triangles (null in the simple problem) and θ.</summary>
    public static (HandTracking Problem, Tensor<double>? Us, Tensor<double> Theta) Hand(string model, string text, bool complicated)
    {
        var file = new Numbers(text);
        (int n, int angles) = (file.Integer(), file.Integer());
        var correspondences = new int[n];
        var points = new double[3 * n];
        for (int i = 0; i < n; i++)
        {
            correspondences[i] = file.Integer();
            file.Many(3).CopyTo(points, 3 * i);
        }

        Tensor<double>? us = complicated ? file.Tensor(n, 2) : null;
        return (new HandTracking(HandModel(model), correspondences, Tensor.Create<double>(points, n, 3), complicated), us, file.Tensor(angles));
    }

    private static HandModel HandModel(string folder)
    {
        string[][] bones = Split(Path.Combine(folder, "bones.txt"));
        string[][] vertices = Split(Path.Combine(folder, "vertices.txt"));
        double[][] weights = Array.ConvertAll(vertices, fields =>
        {
            var row = new double[bones.Length];
            for (int i = 9; i + 1 < fields.Length; i += 2)
            {
                row[int.Parse(fields[i], CultureInfo.InvariantCulture)] += Parse(fields[i + 1]);
            }

            return row;
        });
        return new HandModel(
            Array.ConvertAll(bones, fields => int.Parse(fields[1], CultureInfo.InvariantCulture)),
            Tensor.Create<double>([.. bones.SelectMany(fields => fields[2..18].Select(Parse))], bones.Length, 4, 4),
            Tensor.Create<double>([.. bones.SelectMany(fields => fields[18..34].Select(Parse))], bones.Length, 4, 4),
            Array.ConvertAll(vertices, fields => Array.ConvertAll(fields[..3], Parse)),
            weights,
            Array.ConvertAll(Split(Path.Combine(folder, "triangles.txt")), fields => Array.ConvertAll(fields, field => int.Parse(field, CultureInfo.InvariantCulture))));
    }

    private static string[][] Split(string path) => [.. File.ReadLines(path).Where(line => line.Length > 0).Select(line => line.TrimEnd(':', ' ').Split(':'))];

    private static double Parse(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>The numbers of a file, one after the other.</summary>
    private sealed class Numbers(string text)
    {
        private readonly string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        private int next;

        public double Next() => Parse(words[next++]);

        public int Integer() => int.Parse(words[next++], CultureInfo.InvariantCulture);

        public double[] Many(int count)
        {
            var numbers = new double[count];
            for (int i = 0; i < count; i++)
            {
                numbers[i] = Next();
            }

            return numbers;
        }

        public Tensor<double> Tensor(params int[] shape) => AutoDiff.Tensor.Create<double>(Many(shape.Aggregate(1, (product, extent) => product * extent)), shape);
    }
}
