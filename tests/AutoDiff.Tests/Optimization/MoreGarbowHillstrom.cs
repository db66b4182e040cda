using System.Text.Json;

namespace AutoDiff.Tests.Optimization;

/// <summary>
/// The least-squares problems of Moré, Garbow and Hillstrom, "Testing unconstrained optimization software", ACM TOMS 7 (1981), with tensor operations; numbered as in the tests of MINPACK.
/// </summary>
internal static class MoreGarbowHillstrom
{
    private static readonly double[] Bard = [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.1, 4.39];
    private static readonly double[] KowalikV = [4, 2, 1, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625];
    private static readonly double[] KowalikY = [0.1957, 0.1947, 0.1735, 0.16, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246];
    private static readonly double[] Meyer = [34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820, 3307, 2872];
    private static readonly double[] Osborne1 =
    [
        0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881, 0.85, 0.818, 0.784, 0.751, 0.718, 0.685, 0.658, 0.628, 0.603, 0.58, 0.558, 0.538, 0.522, 0.506, 0.49, 0.478, 0.467, 0.457, 0.448, 0.438,
        0.431, 0.424, 0.42, 0.414, 0.411, 0.406,
    ];
    private static readonly double[] Osborne2 =
    [
        1.366, 1.191, 1.112, 1.013, 0.991, 0.885, 0.831, 0.847, 0.786, 0.725, 0.746, 0.679, 0.608, 0.655, 0.616, 0.606, 0.602, 0.626, 0.651, 0.724, 0.649, 0.649, 0.694, 0.644, 0.624, 0.661, 0.612,
        0.558, 0.533, 0.495, 0.5, 0.423, 0.395, 0.375, 0.372, 0.391, 0.396, 0.405, 0.428, 0.429, 0.523, 0.562, 0.607, 0.653, 0.672, 0.708, 0.633, 0.668, 0.645, 0.632, 0.591, 0.559, 0.597, 0.625,
        0.739, 0.71, 0.729, 0.72, 0.636, 0.581, 0.428, 0.292, 0.162, 0.098, 0.054,
    ];


    /// <summary>A point of the file that lies beside this one: residuals and Jacobian there, computed by MINPACK's own functions.</summary>
    public sealed record Sample(int Problem, int M, int N, double Factor, double[] X, double[] F, double[][] J);

    public static IReadOnlyList<Sample> Samples { get; } = ReadSamples();

    /// <summary>The residuals of a problem.</summary>
    public static Func<Tensor<double>, Tensor<double>> Residuals(int problem, int m, int n) => problem switch
    {
        1 => x => Tensor.Concat<double>([x, Tensor.Zeros<double>(m - n)]) - ((2.0 / m * x.Sum()) + 1),
        2 => x => (Count(m) * Count(n).Dot(x)) - 1,
        3 => x => (Tensor.Concat<double>([Tensor.Zeros<double>(1), Count(m - 2), Tensor.Zeros<double>(1)]) * (Count(n) * Inner(n)).Dot(x)) - 1,
        4 => x => Tensor.Stack<double>([10 * (x[1] - x[0].Square()), 1 - x[0]]),
        5 => x => Tensor.Stack<double>([10 * (x[2] - (10 * Angle(x[0], x[1]))), 10 * ((x[0].Square() + x[1].Square()).Sqrt() - 1), x[2]]),
        6 => x => Tensor.Stack<double>([x[0] + (10 * x[1]), Math.Sqrt(5) * (x[2] - x[3]), (x[1] - (2 * x[2])).Square(), Math.Sqrt(10) * (x[0] - x[3]).Square()]),
        7 => x => Tensor.Stack<double>([x[0] - 13 + ((((5 - x[1]) * x[1]) - 2) * x[1]), x[0] - 29 + ((((1 + x[1]) * x[1]) - 14) * x[1])]),
        8 => x => Tensor.Create<double>(Bard) - (x[0] + (Count(15) / ((x[1] * (16 - Count(15))) + (x[2] * Count(15).Minimum(16 - Count(15)))))),
        9 => x => Tensor.Create<double>(KowalikY) - (x[0] * KowalikQuotient(Tensor.Create<double>(KowalikV), x)),
        10 => x => (x[0] * (x[1] / ((5 * Count(16)) + 45 + x[2])).Exp()) - Tensor.Create<double>(Meyer),
        11 => Watson,
        12 => x => (-0.1 * Count(m) * x[0]).Exp() - (-0.1 * Count(m) * x[1]).Exp() + (((-Count(m)).Exp() - (-0.1 * Count(m)).Exp()) * x[2]),
        13 => x => 2 + (2 * Count(m)) - (Count(m) * x[0]).Exp() - (Count(m) * x[1]).Exp(),
        14 => x => (x[0] + (Count(m) / 5 * x[1]) - (Count(m) / 5).Exp()).Square() + (x[2] + ((Count(m) / 5).Sin() * x[3]) - (Count(m) / 5).Cos()).Square(),
        15 => x => Chebyquad(x, m),
        16 => x => Tensor.Concat<double>([x[..^1] + (x.Sum() - (n + 1)), (x.Prod() - 1).Reshape(1)]),
        17 => x => Tensor.Create<double>(Osborne1) - (x[0] + (x[1] * (-x[3] * Times(m, 10)).Exp()) + (x[2] * (-x[4] * Times(m, 10)).Exp())),
        18 => x => Tensor.Create<double>(Osborne2) - ((x[0] * (-x[4] * Times(m, 0.1)).Exp()) + Peak(x[1], x[5], x[8]) + Peak(x[2], x[6], x[9]) + Peak(x[3], x[7], x[10])),
        _ => throw new ArgumentOutOfRangeException(nameof(problem)),
    };

    /// <summary>The least sum of squares that the paper gives, from the standard start; of the linear problems by its formulas.</summary>
    public static double? Optimum(int problem, int m, int n) => (problem, n) switch
    {
        (1, _) => m - n,
        (2, _) => m * (m - 1) / (2.0 * ((2 * m) + 1)),
        (3, _) => ((m * m) + (3 * m) - 6) / (2.0 * ((2 * m) - 3)),
        (4 or 5 or 6 or 12, _) => 0,
        (7, _) => 48.9842,
        (8, _) => 8.21487e-3,
        (9, _) => 3.07505e-4,
        (10, _) => 87.9458,
        (11, 6) => 2.28767e-3,
        (11, 9) => 1.39976e-6,
        (11, 12) => 4.72238e-10,
        (13, _) => 124.362,
        (14, _) => 85822.2,
        (15, 8) => 3.51687e-3,
        (15, 9) => 0,
        (15, 10) => 6.50395e-3,
        (16, 10) => 0,
        (17, _) => 5.46489e-5,
        (18, _) => 4.01377e-2,
        _ => null,
    };

    /// <summary>1, 2, ..., n.</summary>
    private static Tensor<double> Count(int n) => Tensor.Range<double>(n) + 1;

    /// <summary>0, step, 2 step, ...</summary>
    private static Tensor<double> Times(int n, double step) => Tensor.Range<double>(n) * step;

    /// <summary>Ones, but zeros at both ends.</summary>
    private static Tensor<double> Inner(int n) => Tensor.Ones<double>(n - 2).Pad([(1, 1)]);

    /// <summary>The angle of the helical valley, in turns.</summary>
    private static Tensor<double> Angle(Tensor<double> x, Tensor<double> y) => x.ToScalar() == 0
        ? (Math.CopySign(0.25, y.ToScalar()) + (0 * x))
        : ((y / x).Atan() / (2 * Math.PI)) + (x.ToScalar() < 0 ? 0.5 : 0);

    private static Tensor<double> KowalikQuotient(Tensor<double> v, Tensor<double> x) => v * (v + x[1]) / ((v * (v + x[2])) + x[3]);

    private static Tensor<double> Watson(Tensor<double> x)
    {
        int n = x.Length;
        Tensor<double> powers = Tensor.Create<double>([.. Enumerable.Range(0, 29 * n).Select(k => Math.Pow(((k / n) + 1) / 29.0, k % n))], 29, n);
        Tensor<double> slopes = powers[.., ..^1].MatMul(x[1..] * Count(n - 1));
        return Tensor.Concat<double>([slopes - powers.MatMul(x).Square() - 1, x[..1], (x[1] - x[0].Square() - 1).Reshape(1)]);
    }

    private static Tensor<double> Chebyquad(Tensor<double> x, int m)
    {
        Tensor<double> u = (2 * x) - 1;
        var rows = new List<Tensor<double>>();
        (Tensor<double> before, Tensor<double> last) = (Tensor.Ones<double>(x.Length), u);
        for (int i = 1; i <= m; i++)
        {
            rows.Add(last.Mean() + (i % 2 == 0 ? 1.0 / ((i * i) - 1) : 0));
            (before, last) = (last, (2 * u * last) - before);
        }

        return Tensor.Stack<double>(rows.ToArray());
    }

    private static Tensor<double> Peak(Tensor<double> height, Tensor<double> width, Tensor<double> center) => height * (-width * (Times(65, 0.1) - center).Square()).Exp();

    private static List<Sample> ReadSamples()
    {
        using Stream stream = typeof(MoreGarbowHillstrom).Assembly.GetManifestResourceStream("MoreGarbowHillstrom.jsonl")!;
        using var reader = new StreamReader(stream);
        var samples = new List<Sample>();
        while (reader.ReadLine() is { } line)
        {
            using JsonDocument json = JsonDocument.Parse(line);
            JsonElement root = json.RootElement;
            samples.Add(new Sample(root.GetProperty("problem").GetInt32(), root.GetProperty("m").GetInt32(), root.GetProperty("n").GetInt32(), root.GetProperty("factor").GetDouble(),
                Numbers(root.GetProperty("x")), Numbers(root.GetProperty("f")), [.. root.GetProperty("J").EnumerateArray().Select(Numbers)]));
        }

        return samples;
    }

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetDouble())];
}
