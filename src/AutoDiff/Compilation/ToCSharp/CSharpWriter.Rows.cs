using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <content>Operations on rows and on matrices: a loop that calls a method for each.</content>
internal sealed partial class CSharpWriter<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>An operation on rows or matrices, by name and by what it is told; null for what is not written.</summary>
    private CSharpPlace? OfRows(Value<T> value, CSharpPlace[] xs) => (value.Record!.Name, CSharpSingle.Widened(value.Record.Parameters)) switch
    {
        ("Softmax" or "LogSoftmax", null) => Rows(value, xs, value.Record.Name),
        ("SoftmaxProduct" or "LogSoftmaxProduct", null) => Rows(value, xs, value.Record.Name),
        (_, Standardization<T> { Epsilon: var epsilon, IsCentered: var centered }) => value.Record.Name == "InverseDeviations"
            ? Numbers(value, xs[0], "InverseDeviation", CSharpText.Literal(double.CreateTruncating(epsilon)), Flag(centered))
            : Rows(value, xs, xs.Length == 1 ? "Standardize" : "StandardizeProduct", CSharpText.Literal(double.CreateTruncating(epsilon)), Flag(centered)),
        (_, ScaledStandardization<T> how) => Scaled(value, xs, CSharpText.Literal(double.CreateTruncating(how.Epsilon)), Flag(how.IsCentered)),
        ("Divide", double order) when xs.Length == 2 => Normalized(value, xs, order),
        ("CrossEntropyGradient", null) => EntropyGradient(value, xs),
        ("CrossEntropy", null) => Entropies(value, xs),
        ("LogSumExp" or "LogMeanExp", null) => Numbers(value, xs[0], value.Record.Name),
        ("Variance" or "StandardDeviation" or "Norm", double number) => Numbers(value, xs[0], value.Record.Name, CSharpText.Literal(number)),
        ("CumProd" or "LinearRecurrence", bool reverse) when xs.Length == 2 => Recurrence(value, xs, reverse),
        (_, LineOrder order) => Choice(value, order, xs[0]),
        (_, LineRank rank) => Choice(value, rank, xs[0]),
        (_, QuantileShares shares) => Whole(value, "QuantileShares", xs[0], value.Operands[0].Shape[1], CSharpText.Literal(shares.Fraction), (int)shares.Interpolation, shares.IgnoresNaN),
        ("ProdPlaces", null) => Whole(value, "PlacesByMagnitude", xs[0], value.Operands[0].Shape[1]),
        ("LogCumSumExp" or "LogCumSumExpWeights" or "LogCumSumExpFactors", bool reverse) => Whole(value, "LogCumSumExp", xs[0], value.Shape[^1], reverse,
            value.Record.Name switch { "LogCumSumExp" => 0, "LogCumSumExpFactors" => 1, _ => 2 }),
        ("Sparsemax", null) => Rows(value, xs, "Sparsemax"),
        _ => OfMatrices(value, xs) ?? OfMethod(value, xs),
    };

    /// <summary>Places that the order of elements along an axis tells, as numbers.</summary>
    private CSharpPlace Choice(Value<T> value, LineOrder order, CSharpPlace x)
    {
        int[] shape = value.Operands[0].Shape;
        CSharpPlace result = code.Allocate(value.Length), source = InArray(x);
        if (value.Length > 0)
        {
            string method = order.Kind switch { LineChoiceKind.InOrder => "PlacesInOrder", LineChoiceKind.First => "PlacesOfExtremes", _ => "PlacesOfRunningExtremes" };
            string count = order.Kind == LineChoiceKind.InOrder ? $"{value.Shape[order.Axis]}, " : "";
            code.Add($"{helpers.Use(method)}({source.Slice("0", source.Length)}, {shape[order.Axis]}, {Shapes.Length(shape.AsSpan(order.Axis + 1))}, {count}{Flag(order.IsLargest)}, {result.Slice("0", value.Length)});");
        }

        return result;
    }

    /// <summary>Places of elements of a rank along an axis.</summary>
    private CSharpPlace Choice(Value<T> value, LineRank rank, CSharpPlace x)
    {
        int[] shape = value.Operands[0].Shape;
        (int n, int inner) = (shape[rank.Axis], Shapes.Length(shape.AsSpan(rank.Axis + 1)));
        return rank.Kind switch
        {
            LineRankKind.Kth => Whole(value, "PlacesOfKth", x, n, inner, (int)rank.Parameter),
            LineRankKind.Median => Whole(value, "PlacesOfMedians", x, n, inner, rank.IgnoresNaN),
            LineRankKind.Mode => Whole(value, "PlacesOfModes", x, n, inner),
            _ => Whole(value, "PlacesOfQuantiles", x, n, inner, CSharpText.Literal(rank.Parameter), rank.IgnoresNaN),
        };
    }

    /// <summary>Slices at places that are values of the program, or added into them.</summary>
    private CSharpPlace Pick(Value<T> value, PickMap<T> map)
    {
        CSharpPlace result = code.Allocate(value.Length);
        if (!map.FillsTarget && value.Length > 0)
        {
            code.Add($"{result.Slice("0", value.Length)}.Clear();");
        }

        Pick(map, PlaceOf(value.Operands[0]), PlaceOf(value.Operands[1]), result, adds: !map.FillsTarget);
        return result;
    }

    private void Pick(PickMap<T> map, CSharpPlace piece, CSharpPlace own, CSharpPlace result, bool adds)
    {
        if (result.Length > 0)
        {
            (CSharpPlace x, CSharpPlace places) = (InArray(piece), InArray(own));
            string method = helpers.Use((map.IsTransposed, adds) switch { (false, false) => "Pick", (false, true) => "AddPicked", (true, false) => "PutBack", _ => "AddBack" });
            code.Add($"{method}({x.Slice("0", x.Length)}, {places.Slice("0", places.Length)}, {map.Extents.Extent}, {map.Extents.Inner}, {result.Slice("0", result.Length)});");
        }
    }

    private CSharpPlace? OfMatrices(Value<T> value, CSharpPlace[] xs)
    {
        int[] shape = value.Operands[0].Shape;
        if (shape.Length < 2 || shape[^1] >= Blocked.Smallest)
        {
            return null;
        }

        int n = shape[^1], size = n * n;
        switch (value.Record!.Name, value.Record.Parameters)
        {
            case ("Cholesky", null):
                return EachMatrix(value, size, (i, y) => $"{helpers.Use("Cholesky")}({Matrix(InArray(xs[0]), i, size)}, {n}, {Matrix(y, i, size)});");
            case ("TriangularSolve", (bool upper, bool transposed, bool unitDiagonal)):
                return Solution(value, xs[1], (i, y, k) => $"{helpers.Use("SolveTriangular")}({Matrix(InArray(xs[0]), Repeated(i, xs[0], size), size)}, {n}, {y}, {k}, {Flag(upper)}, {Flag(transposed)}, {Flag(unitDiagonal)});");
            default:
                return null;
        }

        // The matrices of a smaller batch are used again.
        static string Repeated(string i, CSharpPlace matrices, int length) => $"({i} % {Math.Max(matrices.Length / length, 1)})";
    }

    /// <summary>An operation whose value a method of the kernels computes, which comes as it stands.</summary>
    private CSharpPlace? OfMethod(Value<T> value, CSharpPlace[] xs)
    {
        if (value.Record is not GeneralRecord<T> { Method: { } method })
        {
            return null;
        }

        CSharpPlace result = code.Allocate(value.Length);
        if (value.Length > 0)
        {
            CSharpPlace[] read = method.TakesDirections ? [xs[0], Directions(value, xs)] : method.Inputs is { } inputs ? Array.ConvertAll(inputs, i => xs[i]) : xs;
            IEnumerable<string> spans = read.Select(x => InArray(x)).Select(static x => x.Slice("0", x.Length)), told = method.Arguments.Select(Told);
            code.Add($"{helpers.Use(method, read.Length)}({string.Join(", ", [.. spans, .. told, result.Slice("0", value.Length)])});");
        }

        return result;

        static string Told(object argument) => argument switch
        {
            bool holds => Flag(holds),
            int whole => CSharpText.Literal(whole),
            _ => CSharpText.Literal(double.CreateTruncating((T)argument)),
        };
    }

    /// <summary>The directions of a derivative, those of each matrix one behind the other.</summary>
    private CSharpPlace Directions(Value<T> value, CSharpPlace[] xs)
    {
        int size = value.Shape[^1] * value.Shape[^2], own = size * (xs.Length - 1), count = value.Length / size;
        CSharpPlace ends = code.Allocate(own * count);
        for (int k = 1; k < xs.Length; k++)
        {
            CSharpPlace x = InArray(xs[k]);
            Each(count, $"{x.Slice(x.Length < value.Length ? $"i * {size} % {x.Length}" : $"i * {size}", size)}.CopyTo({ends.Slice($"i * {own} + {(k - 1) * size}", size)});");
        }

        return ends;
    }

    private static string Flag(bool holds) => holds ? "true" : "false";

    private static string Matrix(CSharpPlace x, string i, int size) => x.Slice($"{i} * {size}", size);

    /// <summary>A loop over the matrices, or the numbers, of the result.</summary>
    private CSharpPlace EachMatrix(Value<T> value, int length, Func<string, CSharpPlace, string> statement)
    {
        CSharpPlace result = code.Allocate(value.Length);
        Each(length == 0 ? 0 : value.Length / length, statement("i", result));
        return result;
    }

    /// <summary>The right-hand sides, which a method overwrites with the solutions.</summary>
    private CSharpPlace Solution(Value<T> value, CSharpPlace b, Func<string, string, int, string> solve)
    {
        (int n, int k) = (value.Shape[^2], value.Shape[^1]);
        CSharpPlace result = code.Allocate(value.Length), source = InArray(b);
        if (value.Length > 0)
        {
            code.Add($"{source.Slice("0", value.Length)}.CopyTo({result.Slice("0", value.Length)});");
            Each(value.Length / (n * k), solve("i", result.Slice($"i * {n * k}", n * k), k));
        }

        return result;
    }

    private void Each(int count, string statement)
    {
        if (count > 0)
        {
            code.Add($"for (int i = 0; i < {count}; i++)\n{{\n    {statement}\n}}\n");
        }
    }

    /// <summary>Rows standardized, scaled and shifted, and the products with the derivatives of that.</summary>
    private CSharpPlace Scaled(Value<T> value, CSharpPlace[] xs, string epsilon, string centered) => value.Record!.Name.EndsWith("Products", StringComparison.Ordinal)
        ? Whole(value, "ScaledProducts", xs[0], xs[1], xs[2], epsilon, centered)
        : Rows(value, xs, xs.Length > 2 ? "StandardizeScaleAndShift" : "StandardizeAndScale", epsilon, centered);

    /// <summary>A row of the result for a row of each operand; those of an operand with fewer rows are used again.</summary>
    private CSharpPlace Rows(Value<T> value, CSharpPlace[] xs, string method, params string[] more)
    {
        int columns = value.Shape[^1];
        CSharpPlace result = code.Allocate(value.Length);
        if (value.Length > 0)
        {
            string[] rows = [.. xs.Select(x => InArray(x).Slice(x.Length < value.Length ? $"i % {x.Length / columns} * {columns}" : $"i * {columns}", columns))];
            Each(value.Length / columns, $"{helpers.Use(method)}({string.Join(", ", [.. rows, .. more, result.Slice($"i * {columns}", columns)])});");
        }

        return result;
    }

    /// <summary>A number for each row.</summary>
    private CSharpPlace Numbers(Value<T> value, CSharpPlace x, string method, params string[] more)
    {
        int columns = value.Operands[0].Shape[1];
        CSharpPlace result = code.Allocate(value.Length);
        CSharpPlace source = InArray(x);
        Each(value.Length, $"{result.At("i")} = {helpers.Use(method)}({string.Join(", ", [source.Slice($"i * {columns}", columns), .. more])});");
        return result;
    }

    private CSharpPlace Normalized(Value<T> value, CSharpPlace[] xs, double order)
    {
        int columns = value.Shape[^1];
        CSharpPlace result = code.Allocate(value.Length), rows = InArray(xs[0]), norms = InArray(xs[1]);
        Each(columns == 0 ? 0 : value.Length / columns, $"{helpers.Use("Normalize")}({rows.Slice($"i * {columns}", columns)}, {norms.At("i")}, {CSharpText.Literal(order)}, {result.Slice($"i * {columns}", columns)});");
        return result;
    }

    private CSharpPlace Entropies(Value<T> value, CSharpPlace[] xs)
    {
        int columns = value.Operands[0].Shape[1];
        CSharpPlace result = code.Allocate(value.Length), x = InArray(xs[0]), q = InArray(xs[1]);
        Each(value.Length, $"{result.At("i")} = {helpers.Use("CrossEntropy")}({x.Slice($"i * {columns}", columns)}, {q.Slice($"i * {columns}", columns)});");
        return result;
    }

    private CSharpPlace EntropyGradient(Value<T> value, CSharpPlace[] xs)
    {
        int columns = value.Shape[^1];
        CSharpPlace result = code.Allocate(value.Length), g = InArray(xs[0]), x = InArray(xs[1]), q = InArray(xs[2]);
        Each(columns == 0 ? 0 : value.Length / columns,
            $"{helpers.Use("CrossEntropyGradient")}({g.At("i")}, {x.Slice($"i * {columns}", columns)}, {q.Slice($"i * {columns}", columns)}, {result.Slice($"i * {columns}", columns)});");
        return result;
    }

    private CSharpPlace Recurrence(Value<T> value, CSharpPlace[] xs, bool reverse)
    {
        CSharpPlace result = code.Allocate(value.Length);
        if (value.Length > 0)
        {
            code.Add($"{helpers.Use("Recurrence")}({InArray(xs[0]).Slice("0", value.Length)}, {InArray(xs[1]).Slice("0", value.Length)}, {value.Shape[^1]}, {Flag(reverse)}, {result.Slice("0", value.Length)});");
        }

        return result;
    }

    private CSharpPlace CumulativeSum(Value<T> value, CumulativeSumMap<T> map, CSharpPlace x)
    {
        CSharpPlace result = code.Allocate(value.Length);
        if (value.Length > 0)
        {
            code.Add($"{helpers.Use("CumSum")}({InArray(x).Slice("0", value.Length)}, {map.Count}, {map.Inner}, {Flag(map.IsReverse)}, {result.Slice("0", value.Length)});");
        }

        return result;
    }
}
