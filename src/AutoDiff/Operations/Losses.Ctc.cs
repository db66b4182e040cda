using System.Numerics;

namespace AutoDiff;

// Connectionist temporal classification.
public static partial class Loss
{
    /// <summary>How improbable a text is as the reading of a sequence, wherever in it the symbols stand: -log Σ Π_t e^(x_t at π_t) over all paths π that spell the target: symbols with repetitions, and blanks between them.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="prediction">The logarithms x of the probabilities, in the shape [time, N, C]; usually a LogSoftmax over the last axis.</param>
    /// <param name="targets">The symbols of all targets, one target after the other.</param>
    /// <param name="targetLengths">How many symbols each of the N targets has.</param>
    /// <param name="inputLengths">How many steps of time each sample has; all unless given.</param>
    /// <param name="blank">The class of the blank.</param>
    /// <param name="zeroInfinity">Whether the loss of a target that cannot be spelled in the time counts as 0, not ∞. Its derivative is 0 in either case.</param>
    /// <param name="reduction">What becomes of the samples' losses. Before the mean, each is divided by the length of its target (by 1 for an empty one).</param>
    /// <remarks>
    /// Graves et al., "Connectionist temporal classification" (2006), section 4.1: the forward recursion over the target with blanks around its symbols, here on logarithms. The derivatives of
    /// every order are those of the recursion.
    /// </remarks>
    /// <returns>The loss: a scalar, or one value for each element or sample if nothing is reduced.</returns>
    /// <exception cref="TensorShapeException">The shapes and lengths do not fit.</exception>
    /// <exception cref="ArgumentException">A symbol does not exist or is the blank, or a length is outside its range.</exception>
    public static Tensor<T> Ctc<T>(Tensor<T> prediction, ReadOnlySpan<int> targets, ReadOnlySpan<int> targetLengths, ReadOnlySpan<int> inputLengths = default, int blank = 0, bool zeroInfinity = false,
        Reduction reduction = Reduction.Mean) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckAlignment(prediction, targets, targetLengths, inputLengths, blank, reduction);
        (int time, int samples) = (prediction.Shape[0], prediction.Shape[1]);
        int longest = 0;
        foreach (int length in targetLengths)
        {
            longest = Math.Max(longest, length);
        }

        // State s of a sample is a blank for even s, symbol s / 2 for odd s. A path stays, moves on by one, or leaves out a blank between two symbols that differ.
        int states = (2 * longest) + 1;
        var symbols = new int[samples * states];
        Array.Fill(symbols, blank);
        Tensor<T> skips = Tensor.Zeros<T>(samples, states);
        Tensor<T> starts = Tensor.Zeros<T>(samples, states);
        for (int n = 0, place = 0; n < samples; place += targetLengths[n++])
        {
            for (int s = 1; s < (2 * targetLengths[n]) + 1; s += 2)
            {
                symbols[(n * states) + s] = targets[place + (s / 2)];
                skips.Writable[(n * states) + s] = s > 1 && targets[place + (s / 2)] != targets[place + (s / 2) - 1] ? T.One : T.Zero;
            }

            starts.Writable.Slice(n * states, Math.Min(2, states)).Fill(T.One);
        }

        Tensor<T> never = Tensor.Full(T.NegativeInfinity, samples, states);
        Tensor<T> EmissionsAt(int t) => prediction[t].Gather(symbols, [samples, states], 1);
        Tensor<T> Moved(Tensor<T> alpha, int by) => states <= by ? never : Tensor.Concat([never[.., ..by], alpha[.., ..(states - by)]], 1);

        Tensor<T> alpha = EmissionsAt(0).Choose(starts, never);
        for (int t = 1; t < time; t++)
        {
            Tensor<T> next = Tensor.Stack([alpha, Moved(alpha, 1), Moved(alpha, 2).Choose(skips, never)]).LogSumExp(0) + EmissionsAt(t);
            alpha = Running<T>(inputLengths, t, states, samples) is { } running ? next.Choose(running, alpha) : next;
        }

        // A path may end in the last symbol or in the blank behind it.
        var places = new int[2 * samples];
        Tensor<T> endsInSymbol = Tensor.Zeros<T>(samples);
        Tensor<T> factors = Tensor.Ones<T>(samples);
        for (int n = 0; n < samples; n++)
        {
            int last = (n * states) + (2 * targetLengths[n]);
            (places[n], places[samples + n]) = (last, Math.Max(last - 1, n * states));
            endsInSymbol.Writable[n] = targetLengths[n] > 0 ? T.One : T.Zero;
            factors.Writable[n] = T.One / T.CreateChecked(Math.Max(1, targetLengths[n]));
        }

        Tensor<T> ends = Picked(alpha, places, places.Length);
        Tensor<T> losses = -ends[..samples].LogAddExp(ends[samples..].Choose(endsInSymbol, Tensor.Full(T.NegativeInfinity, samples)));
        Tensor<T> possible = losses.Pointwise(static x => T.IsPositiveInfinity(x) ? T.Zero : T.One, name: "IsPossible");
        losses = losses.Choose(possible, Tensor.Full(zeroInfinity ? T.Zero : T.PositiveInfinity, samples));
        return Reduce(reduction == Reduction.Mean ? losses * factors : losses, reduction);
    }

    /// <summary>1 in the rows of the samples that have a step t, 0 in those that ended before; null where all have it.</summary>
    private static Tensor<T>? Running<T>(ReadOnlySpan<int> inputLengths, int t, int states, int samples) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T> running = Tensor.Zeros<T>(samples, states);
        bool all = true;
        for (int n = 0; n < inputLengths.Length; n++)
        {
            running.Writable.Slice(n * states, states).Fill(t < inputLengths[n] ? T.One : T.Zero);
            all &= t < inputLengths[n];
        }

        return all ? null : running;
    }

    private static void CheckAlignment<T>(Tensor<T> prediction, ReadOnlySpan<int> targets, ReadOnlySpan<int> targetLengths, ReadOnlySpan<int> inputLengths, int blank, Reduction reduction)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(nameof(Ctc), reduction, prediction);
        if (prediction.Rank != 3 || prediction.Shape[0] == 0)
        {
            throw Errors.Shape(nameof(Ctc), $"the prediction has shape {Shapes.Format(prediction.Shape)}", "[time, N, C], with at least one step of time", "insert an axis of length 1 for a single sample");
        }

        (int time, int samples, int classes) = (prediction.Shape[0], prediction.Shape[1], prediction.Shape[2]);
        int total = 0;
        foreach (int length in targetLengths)
        {
            total += length >= 0 ? length : throw Errors.Argument(nameof(Ctc), nameof(targetLengths), $"a target has the length {length}", "lengths of 0 or more", "check the lengths");
        }

        if (targetLengths.Length != samples || total != targets.Length || (!inputLengths.IsEmpty && inputLengths.Length != samples))
        {
            throw Errors.Shape(nameof(Ctc), $"{targets.Length} symbols, {targetLengths.Length} target lengths of sum {total} and {inputLengths.Length} input lengths were given for {samples} samples",
                "one length for each sample, and as many symbols as the target lengths add up to", "check the lengths");
        }

        foreach (int length in inputLengths)
        {
            if (length < 1 || length > time)
            {
                throw Errors.Argument(nameof(Ctc), nameof(inputLengths), $"an input has the length {length}", $"lengths from 1 to {time}", "check the lengths");
            }
        }

        CheckClass(nameof(Ctc), blank, classes, nameof(blank));
        foreach (int symbol in targets)
        {
            CheckClass(nameof(Ctc), symbol, classes, nameof(targets));
            if (symbol == blank)
            {
                throw Errors.Argument(nameof(Ctc), nameof(targets), $"a target holds the blank {blank}", "symbols other than the blank", "take the blanks out: the loss puts them in");
            }
        }
    }
}
