using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

// Losses of scores of classes. The classes lie along axis 1 (along axis 0 for a vector, which is one sample); every other axis counts samples.
public static partial class Loss
{
    /// <summary>How little probability scores give to the right classes: the cross-entropy Σ_c q_c (log Σ e^x - x_c), with q = 1 - ε on the class of the target and ε / C spread over all. dL = (softmax(x) Σ q - q) dx.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="prediction">The scores x (logits), in the shape [C], [N, C] or [N, C, ...].</param>
    /// <param name="classes">The class of each sample, row-major.</param>
    /// <param name="weight">The weights of the classes, a vector of length C; ones unless given. The mean is taken with the weights of the targets.</param>
    /// <param name="labelSmoothing">How much of the target is spread over all classes, ε.</param>
    /// <param name="ignoreIndex">The class of samples to leave out; null for none.</param>
    /// <param name="reduction">What becomes of the samples' losses.</param>
    /// <returns>One number; for no reduction, a tensor of the shape without the axis of classes.</returns>
    /// <remarks>The logarithm of the softmax is not formed by itself, so that nothing overflows or cancels. With all samples left out the mean is NaN, and its derivative 0.</remarks>
    /// <exception cref="TensorShapeException">The prediction is a scalar, or the number of classes given is not the number of samples, or the weight is not of length C.</exception>
    /// <exception cref="ArgumentException">A class does not exist, or the smoothing is outside [0, 1].</exception>
    /// <example>
    /// <code>
    /// Tensor&lt;double> scores = Tensor.Create([[5.0, 0.0, 0.0], [0.0, 5.0, 0.0]]);
    /// Console.WriteLine($"{Loss.CrossEntropy(scores, [0, 1]):0.0000}"); // => 0.0134
    /// </code>
    /// </example>
    public static Tensor<T> CrossEntropy<T>(Tensor<T> prediction, ReadOnlySpan<int> classes, Tensor<T>? weight = null, T labelSmoothing = default, int? ignoreIndex = null,
        Reduction reduction = Reduction.Mean) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckClasses(nameof(CrossEntropy), reduction, prediction, classes, ignoreIndex, weight);
        CheckSmoothing(labelSmoothing);
        return CrossEntropyOfClasses(prediction, Indices<T>.Constant(classes), weight, labelSmoothing, ignoreIndex is { } left && classes.Contains(left) ? ignoreIndex : null, reduction);
    }

    /// <summary>The cross-entropy of scores and classes that may change from run to run of a compiled function.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="prediction">The scores x (logits), in the shape [C], [N, C] or [N, C, ...].</param>
    /// <param name="classes">The class of each sample, row-major.</param>
    /// <param name="weight">The weights of the classes, a vector of length C; ones unless given. The mean is taken with the weights of the targets.</param>
    /// <param name="labelSmoothing">How much of the target is spread over all classes, ε.</param>
    /// <param name="ignoreIndex">The class of samples to leave out; null for none.</param>
    /// <param name="reduction">What becomes of the samples' losses.</param>
    /// <returns>One number; for no reduction, a tensor of the shape without the axis of classes.</returns>
    /// <exception cref="ArgumentNullException">classes is null.</exception>
    /// <exception cref="TensorShapeException">The prediction is a scalar, or the number of classes given is not the number of samples, or the weight is not of length C.</exception>
    /// <exception cref="ArgumentException">A class does not exist, or is not a whole number, or the smoothing is outside [0, 1].</exception>
    public static Tensor<T> CrossEntropy<T>(Tensor<T> prediction, Indices<T> classes, Tensor<T>? weight = null, T labelSmoothing = default, int? ignoreIndex = null,
        Reduction reduction = Reduction.Mean) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckClassCount(nameof(CrossEntropy), reduction, prediction, Errors.NotNull(classes, nameof(CrossEntropy), nameof(classes)).Length, weight, classes.Carrier);
        CheckSmoothing(labelSmoothing);
        return CrossEntropyOfClasses(prediction, classes, weight, labelSmoothing, ignoreIndex, reduction);
    }

    /// <summary>How far the probabilities that scores give to classes are from wanted ones: the cross-entropy Σ_c q_c (log Σ e^x - x_c), with q = (1 - ε) t + ε / C. dL = (softmax(x) Σ q - q) dx + (1 - ε) Σ_c (log Σ e^x - x_c) dt_c.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="prediction">The scores x (logits), in the shape [C], [N, C] or [N, C, ...].</param>
    /// <param name="target">The probabilities t of the classes, in the same shape.</param>
    /// <param name="weight">The weights of the classes, a vector of length C; ones unless given.</param>
    /// <param name="labelSmoothing">How much of the target is spread over all classes, ε.</param>
    /// <param name="reduction">What becomes of the samples' losses. The mean is over the samples, whatever the weights.</param>
    /// <returns>One number; for no reduction, a tensor of the shape without the axis of classes.</returns>
    /// <exception cref="TensorShapeException">The shapes differ, the prediction is a scalar, or the weight is not of length C.</exception>
    /// <exception cref="ArgumentException">The smoothing is outside [0, 1].</exception>
    public static Tensor<T> CrossEntropy<T>(Tensor<T> prediction, Tensor<T> target, Tensor<T>? weight = null, T labelSmoothing = default, Reduction reduction = Reduction.Mean)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(nameof(CrossEntropy), reduction, prediction, target);
        CheckClassWeight(nameof(CrossEntropy), prediction, weight);
        CheckSmoothing(labelSmoothing);
        (Tensor<T> rows, int[] samples) = Rows(prediction);
        Tensor<T> q = Rows(target).Rows;
        q = labelSmoothing == T.Zero ? q : (q * (T.One - labelSmoothing)) + (labelSmoothing / T.CreateChecked(rows.Dimensions[1]));
        return Reduce(CrossEntropyOfRows(rows, weight is null ? q : q * weight).Reshape(samples), reduction);
    }

    /// <summary>How little probability is given to the right classes: -x at the class of the target, for logarithms x of probabilities. dL = -dx there.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="prediction">The logarithms x of the probabilities, in the shape [C], [N, C] or [N, C, ...].</param>
    /// <param name="classes">The class of each sample, row-major.</param>
    /// <param name="weight">The weights of the classes, a vector of length C; ones unless given. The mean is taken with the weights of the targets.</param>
    /// <param name="ignoreIndex">The class of samples to leave out; null for none.</param>
    /// <param name="reduction">What becomes of the samples' losses.</param>
    /// <returns>One number; for no reduction, a tensor of the shape without the axis of classes.</returns>
    /// <exception cref="TensorShapeException">The prediction is a scalar, or the number of classes given is not the number of samples, or the weight is not of length C.</exception>
    /// <exception cref="ArgumentException">A class does not exist.</exception>
    public static Tensor<T> NegativeLogLikelihood<T>(Tensor<T> prediction, ReadOnlySpan<int> classes, Tensor<T>? weight = null, int? ignoreIndex = null, Reduction reduction = Reduction.Mean)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckClasses(nameof(NegativeLogLikelihood), reduction, prediction, classes, ignoreIndex, weight);
        return LikelihoodOfClasses(prediction, Indices<T>.Constant(classes), weight, ignoreIndex is { } left && classes.Contains(left) ? ignoreIndex : null, reduction);
    }

    /// <summary>The negative log-likelihood of classes that may change from run to run of a compiled function.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="prediction">The logarithms x of the probabilities, in the shape [C], [N, C] or [N, C, ...].</param>
    /// <param name="classes">The class of each sample, row-major.</param>
    /// <param name="weight">The weights of the classes, a vector of length C; ones unless given. The mean is taken with the weights of the targets.</param>
    /// <param name="ignoreIndex">The class of samples to leave out; null for none.</param>
    /// <param name="reduction">What becomes of the samples' losses.</param>
    /// <returns>One number; for no reduction, a tensor of the shape without the axis of classes.</returns>
    /// <exception cref="ArgumentNullException">classes is null.</exception>
    /// <exception cref="TensorShapeException">The prediction is a scalar, or the number of classes given is not the number of samples, or the weight is not of length C.</exception>
    /// <exception cref="ArgumentException">A class does not exist, or is not a whole number.</exception>
    public static Tensor<T> NegativeLogLikelihood<T>(Tensor<T> prediction, Indices<T> classes, Tensor<T>? weight = null, int? ignoreIndex = null, Reduction reduction = Reduction.Mean)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(classes, nameof(NegativeLogLikelihood), nameof(classes));
        CheckClassCount(nameof(NegativeLogLikelihood), reduction, prediction, classes.Length, weight, classes.Carrier);
        return LikelihoodOfClasses(prediction, classes, weight, ignoreIndex, reduction);
    }

    /// <summary>How far the scores of other classes come within a margin of that of the right one: Σ_c max(0, m - x_y + x_c)^p w_y / C over the classes c other than that of the target, y.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="prediction">The scores x, in the shape [C], [N, C] or [N, C, ...].</param>
    /// <param name="classes">The class of each sample, row-major.</param>
    /// <param name="squared">Whether the exponent p is 2; else it is 1.</param>
    /// <param name="margin">The margin m; 1 unless given.</param>
    /// <param name="weight">The weights of the classes, a vector of length C; ones unless given.</param>
    /// <param name="reduction">What becomes of the samples' losses.</param>
    /// <returns>One number; for no reduction, a tensor of the shape without the axis of classes.</returns>
    /// <remarks>Where a margin is just kept the derivative is 0.</remarks>
    /// <exception cref="TensorShapeException">The prediction is a scalar, or the number of classes given is not the number of samples, or the weight is not of length C.</exception>
    /// <exception cref="ArgumentException">A class does not exist.</exception>
    public static Tensor<T> MultiMargin<T>(Tensor<T> prediction, ReadOnlySpan<int> classes, bool squared = false, T? margin = null, Tensor<T>? weight = null, Reduction reduction = Reduction.Mean)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckClasses(nameof(MultiMargin), reduction, prediction, classes, null, weight);
        (Tensor<T> rows, int[] samples) = Rows(prediction);
        int columns = rows.Dimensions[1];
        ReadOnlySpan<T> weights = weight is null ? default : weight.Detach().AsSpan();
        Tensor<T> others = Tensor.Ones<T>(rows.Dimensions);
        Tensor<T> factors = Tensor.Zeros<T>(classes.Length, 1);
        var places = new int[classes.Length];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = (i * columns) + classes[i];
            others.Writable[places[i]] = T.Zero;
            factors.Writable[i] = WeightOf(weights, classes[i]) / T.CreateChecked(columns);
        }

        Tensor<T> missing = (rows - Picked(rows, places, classes.Length).Reshape(classes.Length, 1) + (margin ?? T.One)).Relu().Select(others);
        return Reduce(((squared ? missing.Square() : missing) * factors).Sum([1]).Reshape(samples), reduction);
    }

    /// <summary>How far the scores of wrong classes come within a margin of those of the right ones: Σ max(0, 1 - (x_j - x_c)) / C over the classes j of the targets and the classes c that are not among them.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="prediction">The scores x, in the shape [C] or [N, C].</param>
    /// <param name="classes">For each sample the classes that it belongs to, as many as there are: <c>[[0, 2], [], [1]]</c>.</param>
    /// <param name="reduction">What becomes of the samples' losses.</param>
    /// <returns>One number; for no reduction, one for each sample.</returns>
    /// <remarks>Where a margin is just kept the derivative is 0.</remarks>
    /// <exception cref="ArgumentNullException">prediction, classes or the classes of a sample are null.</exception>
    /// <exception cref="TensorShapeException">The rank of the prediction is neither 1 nor 2, or there are more or fewer lists of classes than samples.</exception>
    /// <exception cref="ArgumentException">A class, or the reduction, does not exist.</exception>
    /// <example>
    /// <code>
    /// Tensor&lt;double> scores = Tensor.Create([[3.0, 0.0, 2.0], [0.0, 1.0, 0.5]]);
    /// Console.WriteLine(Loss.MultiLabelMargin(scores, [[0, 2], [1]])); // => 0.08333333
    /// </code>
    /// </example>
    public static Tensor<T> MultiLabelMargin<T>(Tensor<T> prediction, int[][] classes, Reduction reduction = Reduction.Mean) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(nameof(MultiLabelMargin), reduction, prediction);
        Errors.NoneNull(classes, nameof(MultiLabelMargin), nameof(classes));
        int count = prediction.Rank == 1 ? 1 : prediction.Rank == 2 ? prediction.Shape[0] : 0;
        if (prediction.Rank is not (1 or 2) || classes.Length != count)
        {
            throw Errors.Shape(nameof(MultiLabelMargin), $"the classes of {classes.Length} samples were given for scores of shape {Shapes.Format(prediction.Shape)}",
                "scores of shape [C] or [N, C], and a list of classes for each sample", "give an empty list where a sample belongs to no class");
        }

        int columns = prediction.Shape[^1];
        var (wanted, unwanted, owners) = (new List<int>(), new List<int>(), new List<int>());
        for (int i = 0; i < count; i++)
        {
            foreach (int label in classes[i])
            {
                CheckClass(nameof(MultiLabelMargin), label, columns);
                for (int c = 0; c < columns; c++)
                {
                    if (!classes[i].AsSpan().Contains(c))
                    {
                        wanted.Add((i * columns) + label);
                        unwanted.Add((i * columns) + c);
                        owners.Add(i);
                    }
                }
            }
        }

        (Tensor<T> rows, int[] samples) = Rows(prediction);
        Tensor<T> missing = (Picked(rows, unwanted.ToArray(), wanted.Count) - Picked(rows, wanted.ToArray(), wanted.Count) + T.One).Relu();
        Tensor<T> sums = missing.Linear(new PutMap<T>([wanted.Count], [count], 1, count, 1, owners.ToArray()), nameof(MultiLabelMargin));
        return Reduce((sums / T.CreateChecked(columns)).Reshape(samples), reduction);
    }

    /// <summary>How far the scores of wrong classes come within a margin of those of the right ones, for classes as PyTorch keeps them: lists that are filled up to the number of classes, and end at the first -1.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="prediction">The scores x, in the shape [C] or [N, C].</param>
    /// <param name="classes">For each sample the classes that it belongs to, in the shape of the scores, row-major; what comes behind the first -1 of a row is not looked at.</param>
    /// <param name="reduction">What becomes of the samples' losses.</param>
    /// <returns>One number; for no reduction, one for each sample.</returns>
    /// <remarks>Where a margin is just kept the derivative is 0.</remarks>
    /// <exception cref="ArgumentNullException">prediction is null.</exception>
    /// <exception cref="TensorShapeException">The rank of the prediction is neither 1 nor 2, or the number of classes given is not the length of the prediction.</exception>
    /// <exception cref="ArgumentException">A class, or the reduction, does not exist.</exception>
    public static Tensor<T> MultiLabelMargin<T>(Tensor<T> prediction, ReadOnlySpan<int> classes, Reduction reduction = Reduction.Mean) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(nameof(MultiLabelMargin), reduction, prediction);
        if (prediction.Rank is not (1 or 2) || classes.Length != prediction.Length)
        {
            throw Errors.Shape(nameof(MultiLabelMargin), $"{classes.Length} classes were given for scores of shape {Shapes.Format(prediction.Shape)}", "scores of shape [C] or [N, C], and as many classes",
                "end short lists with -1, and fill up the row; or give an array of the classes for each sample");
        }

        int columns = prediction.Shape[^1];
        var lists = new int[prediction.Rank == 1 ? 1 : prediction.Shape[0]][];
        for (int i = 0; i < lists.Length; i++)
        {
            ReadOnlySpan<int> row = classes.Slice(i * columns, columns);
            lists[i] = [.. row.Contains(-1) ? row[..row.IndexOf(-1)] : row];
        }

        return MultiLabelMargin(prediction, lists, reduction);
    }

    /// <summary>The mean over the classes of the cross-entropies of σ(x): -(t log σ(x) + (1 - t) log σ(-x)).</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="prediction">The logits x, with the classes along the last axis.</param>
    /// <param name="target">The targets t, from 0 to 1, in the same shape.</param>
    /// <param name="weight">The weights of the classes, in a shape that stretches to that of the logits; ones unless given.</param>
    /// <param name="reduction">What becomes of the samples' losses.</param>
    /// <returns>The loss: a scalar, or one value for each element or sample if nothing is reduced.</returns>
    /// <exception cref="ArgumentNullException">prediction or target is null.</exception>
    /// <exception cref="TensorShapeException">The shapes differ, the prediction is a scalar, or the weight does not stretch to it.</exception>
    /// <exception cref="ArgumentException">There is no such reduction.</exception>
    public static Tensor<T> MultiLabelSoftMargin<T>(Tensor<T> prediction, Tensor<T> target, Tensor<T>? weight = null, Reduction reduction = Reduction.Mean)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(nameof(MultiLabelSoftMargin), reduction, prediction, target);
        CheckWeight(nameof(MultiLabelSoftMargin), weight, prediction);
        if (prediction.Rank == 0)
        {
            throw NoClasses(nameof(MultiLabelSoftMargin), prediction);
        }

        Tensor<T> losses = LogitsLoss(prediction, target, null);
        return Reduce((weight is null ? losses : losses * weight).Mean(-1), reduction);
    }

    /// <summary>The cross-entropy of classes. What depends on their numbers are operations on them, computed (and checked) before anything else is recorded.</summary>
    private static Tensor<T> CrossEntropyOfClasses<T>(Tensor<T> prediction, Indices<T> classes, Tensor<T>? weight, T labelSmoothing, int? ignoreIndex, Reduction reduction)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int columns = prediction.Shape[prediction.Rank == 1 ? 0 : 1];
        int[] shape = [classes.Length, columns];
        Tensor<T>[] weights = weight is null ? [] : [weight.Detach()];
        Tensor<T> target = classes.Operation("CrossEntropyTarget", nameof(CrossEntropy), shape, (labels, others, q) =>
        {
            ReadOnlySpan<T> weights = others.IsEmpty ? default : others[0].Values;
            T spread = labelSmoothing / T.CreateChecked(columns);
            q.Writable.Clear();
            for (int i = 0; i < labels.Length; i++)
            {
                if (labels[i] == ignoreIndex)
                {
                    continue;
                }

                CheckClass(nameof(CrossEntropy), labels[i], columns);
                Span<T> row = q.Writable.Slice(i * columns, columns);
                for (int c = 0; c < columns && spread != T.Zero; c++)
                {
                    row[c] = spread * WeightOf(weights, c);
                }

                row[labels[i]] += (T.One - labelSmoothing) * WeightOf(weights, labels[i]);
            }
        }, weights);
        Tensor<T>? total = reduction == Reduction.Mean ? TotalWeight(nameof(CrossEntropy), classes, weights, ignoreIndex) : null;
        Tensor<T>? kept = ignoreIndex is null ? null : classes.Operation("CrossEntropyKept", nameof(CrossEntropy), shape, (labels, _, y) =>
        {
            for (int i = 0; i < labels.Length; i++)
            {
                y.Writable.Slice(i * columns, columns).Fill(labels[i] == ignoreIndex ? T.Zero : T.One);
            }
        });
        (Tensor<T> rows, int[] samples) = Rows(prediction);
        Tensor<T> losses = CrossEntropyOfRows(kept is null ? rows : rows.Select(kept), target).Reshape(samples);
        return total is null ? Reduce(losses, reduction) : losses.Sum() / total;
    }

    private static Tensor<T> LikelihoodOfClasses<T>(Tensor<T> prediction, Indices<T> classes, Tensor<T>? weight, int? ignoreIndex, Reduction reduction)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int columns = prediction.Shape[prediction.Rank == 1 ? 0 : 1];
        Tensor<T>[] weights = weight is null ? [] : [weight.Detach()];
        int[] shape = [classes.Length];
        Tensor<T> places = classes.Operation("NegativeLogLikelihoodPlaces", nameof(NegativeLogLikelihood), shape, (labels, _, y) =>
        {
            Span<int> places = y.NewIntegers();
            for (int i = 0; i < labels.Length; i++)
            {
                bool ignored = labels[i] == ignoreIndex;
                if (!ignored)
                {
                    CheckClass(nameof(NegativeLogLikelihood), labels[i], columns);
                }

                places[i] = (i * columns) + (ignored ? 0 : labels[i]);
            }
        });
        Tensor<T> factors = classes.Operation("NegativeLogLikelihoodFactors", nameof(NegativeLogLikelihood), shape, (labels, others, y) =>
        {
            ReadOnlySpan<T> weights = others.IsEmpty ? default : others[0].Values;
            for (int i = 0; i < labels.Length; i++)
            {
                y.Writable[i] = -(labels[i] == ignoreIndex ? T.Zero : WeightOf(weights, labels[i]));
            }
        }, weights);
        Tensor<T>? total = reduction == Reduction.Mean ? TotalWeight(nameof(NegativeLogLikelihood), classes, weights, ignoreIndex) : null;
        Tensor<T>? kept = ignoreIndex is null ? null : classes.Operation("NegativeLogLikelihoodKept", nameof(NegativeLogLikelihood), shape, (labels, _, y) =>
        {
            for (int i = 0; i < labels.Length; i++)
            {
                y.Writable[i] = labels[i] == ignoreIndex ? T.Zero : T.One;
            }
        });
        (Tensor<T> rows, int[] samples) = Rows(prediction);
        Tensor<T> picked = rows.Linear(new PickMap<T>(rows.Dimensions, shape, 1, rows.Length, 1, places), "Gather");
        Tensor<T> losses = ((kept is null ? picked : picked.Select(kept)) * factors).Reshape(samples);
        return total is null ? Reduce(losses, reduction) : losses.Sum() / total;
    }

    /// <summary>The sum of the weights of classes that are not left out, a scalar.</summary>
    private static Tensor<T> TotalWeight<T>(string operation, Indices<T> classes, Tensor<T>[] weights, int? ignoreIndex) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        weights.Length == 0 && ignoreIndex is null ? Tensor.Scalar(T.CreateTruncating((double)classes.Length))
        : classes.Operation($"{operation}Total", operation, [], (labels, others, y) =>
        {
            ReadOnlySpan<T> weights = others.IsEmpty ? default : others[0].Values;
            double total = 0.0;
            foreach (int label in labels)
            {
                total += label == ignoreIndex ? 0.0 : double.CreateTruncating(WeightOf(weights, label));
            }

            y.Writable[0] = T.CreateTruncating(total);
        }, weights);

    /// <summary>A column of Σ_c q_c (log Σ e^x - x_c), one number for each row of x and q, as one operation.</summary>
    private static Tensor<T> CrossEntropyOfRows<T>(Tensor<T> x, Tensor<T> q) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        return Tensor<T>.General(nameof(CrossEntropy), [x, q], [x.Dimensions[0], 1],
            value: null, rows: static (x, q, _, columns, losses) => Entropies.CrossEntropyRows(x, q, losses.Length, columns, losses),
            vjp: static (g, i, operands) => i == 0 && g.Rank == 2 ? Pull(g, operands[0], operands[1]) : g.TimesLocal(Gradient(i, operands[0], operands[1])),
            jvp: static (t, i, operands) => operands.Times(t, Gradient(i, operands[0], operands[1])).Sum([-1], keepDims: true),
            axes: static _ => [0, -1], slices: Slices<T>.Rows);

        static Tensor<T> Pull(Tensor<T> g, Tensor<T> x, Tensor<T> q) => Tensor<T>.Fused("CrossEntropyGradient", [g, x, q], x.Dimensions,
            kernel: null, rows: static (g, x, q, columns, z) => Entropies.CrossEntropyGradient(g, x, q, g.Length, columns, z),
            composition: static xs => xs[0].TimesLocal(Gradient(0, xs[1], xs[2])),
            axes: static _ => [0, -1], slices: Slices<T>.Rows);

        static Tensor<T> Gradient(int i, Tensor<T> x, Tensor<T> q) => i == 0 ? (x.Softmax(-1) * q.Sum([-1], keepDims: true)) - q : -x.LogSoftmax(-1);
    }

    /// <summary>The scores as a matrix with a row for each sample, and the shape of the samples.</summary>
    private static (Tensor<T> Rows, int[] Samples) Rows<T>(Tensor<T> prediction) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int axis = prediction.Rank == 1 ? 0 : 1;
        int[] shape = prediction.Dimensions;
        int[] samples = [.. shape[..axis], .. shape[(axis + 1)..]];
        int[] order = [.. Enumerable.Range(0, shape.Length).Where(a => a != axis), axis];
        return (prediction.Permute(order).Reshape(Shapes.Length(samples), shape[axis]), samples);
    }

    /// <summary>The elements at numbered places of a matrix, as a vector.</summary>
    private static Tensor<T> Picked<T>(Tensor<T> rows, int[] places, int count) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        rows.Linear(new TakeMap<T>(rows.Dimensions, [count], 1, rows.Length, 1, places), "Gather");

    private static T WeightOf<T>(ReadOnlySpan<T> weights, int c) where T : unmanaged, IBinaryFloatingPointIeee754<T> => weights.IsEmpty ? T.One : weights[c];

    private static void CheckClasses<T>(string operation, Reduction reduction, Tensor<T> prediction, ReadOnlySpan<int> classes, int? ignoreIndex, Tensor<T>? weight)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckClassCount(operation, reduction, prediction, classes.Length, weight);
        int count = prediction.Shape[prediction.Rank == 1 ? 0 : 1];
        foreach (int label in classes)
        {
            if (label != ignoreIndex)
            {
                CheckClass(operation, label, count);
            }
        }
    }

    private static void CheckClassCount<T>(string operation, Reduction reduction, Tensor<T> prediction, int classes, Tensor<T>? weight, Tensor<T>? carrier = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(operation, reduction, prediction);
        CheckClassWeight(operation, prediction, weight);
        int axis = prediction.Rank == 1 ? 0 : 1;
        int samples = Shapes.Length([.. prediction.Shape[..axis], .. prediction.Shape[(axis + 1)..]]);
        if (classes != samples)
        {
            throw Errors.Shape(operation, $"{classes} classes were given for scores of shape {Shapes.Format(prediction.Shape)}", $"{samples}, one for each sample",
                "give the classes row-major, with axis 1 of the scores as the axis of classes");
        }

        Tensor<T>.TapeOf([prediction, weight, carrier], operation);
    }

    private static void CheckClassWeight<T>(string operation, Tensor<T> prediction, Tensor<T>? weight) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (prediction.Rank == 0)
        {
            throw NoClasses(operation, prediction);
        }

        int count = prediction.Shape[prediction.Rank == 1 ? 0 : 1];
        if (weight is not null && (weight.Rank != 1 || weight.Length != count))
        {
            throw Errors.Shape(operation, $"the weight has shape {Shapes.Format(weight.Shape)}", $"a vector of length {count}, one weight for each class", "give one weight for each class");
        }

        Tensor<T>.TapeOf([prediction, weight ?? prediction], operation);
    }

    private static void CheckClass(string operation, int label, int count, string argument = "classes")
    {
        if ((uint)label >= (uint)count)
        {
            throw Errors.Argument(operation, argument, $"class {label} does not exist", $"a class from 0 to {count - 1}", "check the classes, and the axis of the scores");
        }
    }

    private static void CheckSmoothing<T>(T labelSmoothing) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!(labelSmoothing >= T.Zero && labelSmoothing <= T.One))
        {
            throw Errors.Argument(nameof(CrossEntropy), nameof(labelSmoothing), $"the label smoothing is {labelSmoothing}", "a number from 0 to 1", "give 0 for none");
        }
    }

    private static TensorShapeException NoClasses<T>(string operation, Tensor<T> prediction) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Errors.Shape(operation, $"the scores have shape {Shapes.Format(prediction.Shape)}", "an axis of classes", "give a vector of scores, or a batch of them");
}
