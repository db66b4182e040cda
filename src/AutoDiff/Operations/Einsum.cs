using System.Numerics;

namespace AutoDiff;

/// <summary>
/// Sums of products over labeled axes. Operands are contracted in pairs, the pair whose result is smallest against its operands first; each pair is one batched matrix product. All that is
/// recorded are diagonals, sums, permutations and products, whose derivatives are of the same kind.
/// </summary>
internal static class Contraction<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A tensor, and the label of each of its axes.</summary>
    private readonly record struct Term(Tensor<T> X, int[] Labels);

    /// <summary>The tensor with the axes of the output, summed over all other labels. Axes of one label have one length, or length 1, which stretches.</summary>
    public static Tensor<T> Run(string operation, ReadOnlySpan<Tensor<T>> operands, int[][] labels, int[] output)
    {
        Dictionary<int, int> extents = Extents(operation, operands, labels);
        foreach (int label in output)
        {
            if (!extents.ContainsKey(label))
            {
                throw Errors.Argument(operation, "equation", "the output has a label that no operand has", "labels of the operands", "check the labels of the output");
            }
        }

        Shapes.Length([.. output.Select(label => extents[label])], operation, operands);
        Tensor<T>.TapeOf(operands, operation);
        List<Term> terms = [];
        for (int i = 0; i < labels.Length; i++)
        {
            terms.Add(Simplify(operands[i], labels[i], extents));
        }

        // What neither the output nor another term has is summed over first.
        var order = new ContractionOrder(terms.Select(term => term.Labels), output, extents);
        for (int i = 0; i < terms.Count; i++)
        {
            terms[i] = SumOut(terms[i], order);
        }

        order = new ContractionOrder(terms.Select(term => term.Labels), output, extents);
        while (terms.Count > 1)
        {
            (int first, int second) = order.Next();
            (Term x, Term y) = (terms[first], terms[second]);
            terms.Add(Contract(x, y, order));
            order.Add(terms[^1].Labels);
            foreach (int index in (ReadOnlySpan<int>)[second, first])
            {
                terms.RemoveAt(index);
                order.RemoveAt(index);
            }
        }

        return Arrange(terms[0], output, out _);
    }

    private static Dictionary<int, int> Extents(string operation, ReadOnlySpan<Tensor<T>> operands, int[][] labels)
    {
        var extents = new Dictionary<int, int>();
        for (int i = 0; i < labels.Length; i++)
        {
            for (int axis = 0; axis < labels[i].Length; axis++)
            {
                int own = operands[i].Shape[axis];
                int known = extents.GetValueOrDefault(labels[i][axis], 1);
                if (own != 1 && known != 1 && own != known)
                {
                    throw Errors.Shape(operation, $"axis {axis} of operand {i}, of shape {Shapes.Format(operands[i].Shape)}, has the same label as an axis of length {known}",
                        "equal lengths, or a length of 1, for axes of one label", "check the labels");
                }

                extents[labels[i][axis]] = own == 1 ? known : own;
            }
        }

        return extents;
    }

    /// <summary>Takes the diagonal of axes that share a label, and drops axes of length 1 that others stretch.</summary>
    private static Term Simplify(Tensor<T> x, int[] labels, Dictionary<int, int> extents)
    {
        int[] strides = Shapes.Strides(x.Shape);
        var walk = new Dictionary<int, int>();
        for (int axis = 0; axis < labels.Length; axis++)
        {
            if (x.Shape[axis] != 1)
            {
                walk[labels[axis]] = walk.GetValueOrDefault(labels[axis]) + strides[axis];
            }
            else if (extents[labels[axis]] == 1)
            {
                walk.TryAdd(labels[axis], 0);
            }
        }

        int[] kept = [.. walk.Keys];
        int[] shape = [.. kept.Select(label => extents[label])];
        return kept.Length == labels.Length ? new(x, labels)
            : new(x.Linear(new StridedMap<T>(x.Dimensions, shape, shape, [.. walk.Values], 0, Shapes.Strides(shape), 0, fillsSource: Shapes.Length(shape) == x.Length, fillsTarget: true), "Diagonal"), kept);
    }

    /// <summary>Sums over the labels that neither the output nor another term has.</summary>
    private static Term SumOut(Term term, ContractionOrder order)
    {
        int[] axes = [.. Enumerable.Range(0, term.Labels.Length).Where(axis => !order.IsKept(term.Labels[axis], 1))];
        return axes.Length == 0 ? term : new(term.X.Sum(axes), [.. term.Labels.Where((_, axis) => !axes.Contains(axis))]);
    }

    /// <summary>The product of two terms, summed over the labels that are needed no more: a batched matrix product.</summary>
    private static Term Contract(Term x, Term y, ContractionOrder order)
    {
        int[] shared = [.. x.Labels.Intersect(y.Labels)];
        int[] batch = [.. shared.Where(label => order.IsKept(label, 2))];
        int[] summed = [.. shared.Except(batch)];
        int[] rows = [.. x.Labels.Except(shared)];
        int[] columns = [.. y.Labels.Except(shared)];
        int[] labels = [.. batch, .. rows, .. columns];
        Tensor<T> left = Arrange(x, batch, rows, summed, out bool transposeX);
        Tensor<T> right = Arrange(y, batch, summed, columns, out bool transposeY);
        int[] shape = [.. labels.Select(label => x.Labels.Contains(label) ? x.X.Shape[Array.IndexOf(x.Labels, label)] : y.X.Shape[Array.IndexOf(y.Labels, label)])];
        Tensor<T> z = summed.Length > 0 ? Tensor<T>.Product(left, right, transposeX, transposeY)
            : (transposeX ? left.Transpose() : left) * (transposeY ? right.Transpose() : right);
        return new(z.Reshape(shape), labels);
    }

    /// <summary>A term as a batch of matrices with the given rows and columns; where it lies the other way round in memory it is left so, to be transposed by the product.</summary>
    private static Tensor<T> Arrange(Term term, int[] batch, int[] rows, int[] columns, out bool transposed)
    {
        transposed = rows.Length > 0 && columns.Length > 0 && term.Labels.AsSpan().SequenceEqual([.. batch, .. columns, .. rows]);
        int[] order = transposed ? term.Labels : [.. batch, .. rows, .. columns];
        Tensor<T> moved = Arrange(term, order, out Func<int[], int> size);
        return transposed ? moved.Reshape(size(batch), size(columns), size(rows)) : moved.Reshape(size(batch), size(rows), size(columns));
    }

    /// <summary>The axes in the order of labels.</summary>
    private static Tensor<T> Arrange(Term term, int[] labels, out Func<int[], int> size)
    {
        size = group => group.Aggregate(1, (product, label) => product * term.X.Shape[Array.IndexOf(term.Labels, label)]);
        int[] axes = [.. labels.Select(label => Array.IndexOf(term.Labels, label))];
        return term.X.Permute(axes);
    }
}

public static partial class Tensor
{
    /// <summary>Sums of products by Einstein's convention: <c>Einsum("ij,jk->ik", a, b)</c> is the matrix product.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="equation">
    /// A letter for each axis of each operand, the operands separated by commas, then an arrow and the axes of the result; the rest is summed over. A letter twice in one operand takes the
    /// diagonal. Three dots stand for leading axes without letters, which broadcast. Without an arrow the result has the axes of the dots and then, in order, the letters that occur once.
    /// </param>
    /// <param name="operands">The operands.</param>
    /// <returns>The sums, with the axes of the result.</returns>
    /// <remarks>The derivative by one operand is the product with all others. Axes of one letter have one length, or length 1, which stretches.</remarks>
    /// <exception cref="ArgumentException">The equation is not well formed, or has another number of operands.</exception>
    /// <exception cref="TensorShapeException">An operand has another rank than its letters, or axes of one letter differ in length.</exception>
    /// <example>
    /// <code>
    /// Tensor&lt;double> a = Tensor.Create([[1.0, 2.0], [3.0, 4.0]]);
    /// Console.WriteLine(Tensor.Einsum("ij,j->i", a, Tensor.Create(1, 1))); // => [3, 7]
    /// </code>
    /// </example>
    public static Tensor<T> Einsum<T>(string equation, params ReadOnlySpan<Tensor<T>> operands) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(equation, nameof(Einsum), nameof(equation));
        string compact = string.Concat(equation.Where(c => !char.IsWhiteSpace(c)));
        string[] sides = compact.Split("->");
        string[] inputs = sides[0].Split(',');
        if (sides.Length > 2 || inputs.Length != operands.Length)
        {
            throw BadEquation(equation, $"it names {inputs.Length} operands and {operands.Length} were given", "as many operands as there are, and one arrow at most");
        }

        int dots = 0;
        var ranks = new int[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            int rank = Errors.NotNull(operands[i], nameof(Einsum), nameof(operands)).Rank;
            int letters = inputs[i].Count(char.IsAsciiLetter);
            ranks[i] = rank - letters;
            dots = Math.Max(dots, ranks[i]);
            if (ranks[i] < 0 || (ranks[i] > 0 && !inputs[i].Contains("...", StringComparison.Ordinal)))
            {
                throw Errors.Shape(nameof(Einsum), $"operand {i} has shape {Shapes.Format(operands[i].Shape)} and {letters} letters in \"{equation}\"", "a letter for each axis",
                    "name every axis, or write ... for leading ones");
            }
        }

        int[][] labels = [.. inputs.Select((input, i) => Labels(equation, input, ranks[i]))];
        int[] output;
        if (sides.Length == 2)
        {
            output = Labels(equation, sides[1], dots);
        }
        else
        {
            int[] all = [.. labels.SelectMany(own => own)];
            output = [.. Enumerable.Range(-dots, dots), .. all.Where(label => label >= 0 && all.Count(other => other == label) == 1).Order()];
        }

        return output.Distinct().Count() == output.Length ? Contraction<T>.Run(nameof(Einsum), operands, labels, output)
            : throw BadEquation(equation, "a letter occurs twice in the result", "each letter of the result once");
    }

    /// <summary>The labels of one operand: its letters, and -1, -2, ... for the axes of the dots, counted from the last.</summary>
    private static int[] Labels(string equation, string text, int dots)
    {
        int place = text.IndexOf("...", StringComparison.Ordinal);
        string letters = place < 0 ? text : text.Remove(place, 3);
        if (!letters.All(char.IsAsciiLetter))
        {
            throw BadEquation(equation, $"\"{text}\" is not made of letters", "letters a-z and A-Z, and three dots once at most for each operand");
        }

        List<int> labels = [.. letters.Select(letter => (int)letter)];
        if (place >= 0)
        {
            labels.InsertRange(place, Enumerable.Range(-dots, dots));
        }

        return labels.ToArray();
    }

    private static ArgumentException BadEquation(string equation, string problem, string expected) =>
        Errors.Argument(nameof(Einsum), nameof(equation), $"in \"{equation}\" {problem}", expected, "write an equation such as \"ij,jk->ik\"");
}
