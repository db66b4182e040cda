using System.Globalization;

namespace AutoDiff.Onnx;

/// <summary>A number that is known when the model is written, or depends on the length n of the batch: Factor · n + Constant.</summary>
internal readonly record struct Size(long Factor, long Constant)
{
    public bool IsKnown => Factor == 0;

    public static implicit operator Size(long known) => new(0, known);

    public override string ToString() => IsKnown ? Constant.ToString(CultureInfo.InvariantCulture) : $"{Factor} n + {Constant}";
}

/// <summary>
/// The lengths of the batch at which a function was recorded: one, or two of them. What differs between the two recordings depends on the batch, and two points tell how, if it does so linearly.
/// </summary>
internal readonly record struct BatchLengths(int First, int? Second)
{
    public Size Size(long first, long second, string operation)
    {
        if (Second is not { } other || first == second)
        {
            return first;
        }

        long factor = (second - first) / (other - First);
        return (second - first) % (other - First) == 0 ? new Size(factor, first - (factor * First))
            : throw OnnxException.OfOperation(operation, $"a number in it is {first} for {First} rows and {second} for {other}, which is not linear", "leave the batch axis fixed");
    }

    public Size[] Sizes(ReadOnlySpan<int> first, ReadOnlySpan<int> second, string operation)
    {
        if (first.Length != second.Length)
        {
            throw Differs(operation);
        }

        var sizes = new Size[first.Length];
        for (int i = 0; i < sizes.Length; i++)
        {
            sizes[i] = Size(first[i], second[i], operation);
        }

        return sizes;
    }

    /// <summary>The function does something else for another length of the batch.</summary>
    public static OnnxException Differs(string operation) =>
        OnnxException.OfOperation(operation, "what the function does depends on the length of the batch in a way that a model cannot follow", "leave the batch axis fixed, or write the function so that its rows are treated alike");
}
