namespace AutoDiff;

/// <summary>A padding that follows from the window of a convolution.</summary>
public enum Padding
{
    /// <summary>No padding: windows lie inside the input.</summary>
    Valid,

    /// <summary>As many zeros as make the result ⌈n / stride⌉ long, which for a stride of 1 is the length of the input. Of an odd number, the last zero goes behind.</summary>
    Same,
}

/// <summary>
/// A number for each spatial axis of a window operation: one int stands for all axes, a tuple gives one for each, from the outermost on. Both convert by themselves: <c>stride: 2</c>,
/// <c>padding: (0, 1)</c>.
/// </summary>
public readonly record struct PerAxis
{
    private readonly int count;
    private readonly int first;
    private readonly int second;
    private readonly int third;

    /// <summary>The count of a padding that follows from the window.</summary>
    private const int OfWindow = -1;

    private PerAxis(int count, int first, int second = 0, int third = 0) => (this.count, this.first, this.second, this.third) = (count, first, second, third);

    /// <summary>The same number for all axes.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The converted value.</returns>
    public static implicit operator PerAxis(int value) => new(1, value);

    /// <summary>One number for each of two axes.</summary>
    /// <param name="values">The numbers, the outer axis first.</param>
    /// <returns>The converted value.</returns>
    public static implicit operator PerAxis((int First, int Second) values) => new(2, values.First, values.Second);

    /// <summary>One number for each of three axes.</summary>
    /// <param name="values">The numbers, the outermost axis first.</param>
    /// <returns>The converted value.</returns>
    public static implicit operator PerAxis((int First, int Second, int Third) values) => new(3, values.First, values.Second, values.Third);

    /// <summary>A padding that follows from the window, for convolutions: <c>padding: Padding.Same</c>.</summary>
    /// <param name="padding">The padding.</param>
    /// <returns>The converted value.</returns>
    public static implicit operator PerAxis(Padding padding) => padding == Padding.Same ? new(OfWindow, 0) : new(1, 0);

    /// <summary>One number for each of one to three axes.</summary>
    internal static PerAxis Of(ReadOnlySpan<int> values) => new(values.Length, values[0], values.Length > 1 ? values[1] : 0, values.Length > 2 ? values[2] : 0);

    /// <summary>Whether this is <see cref="Padding.Same"/>.</summary>
    internal bool IsSame => count == OfWindow;

    /// <summary>The numbers of all axes, or the fallback for each where none was given; checked against the smallest that is allowed.</summary>
    internal int[] For(int axes, int? fallback, int least, string operation, string argument)
    {
        if (IsSame)
        {
            throw Errors.Argument(operation, argument, $"{argument} is Padding.Same", "a number for each axis", "use Padding.Same for the padding of Conv1D, Conv2D and Conv3D, and a number here");
        }

        if (count > 1 && count != axes)
        {
            throw Errors.Argument(operation, argument, $"{argument} has {count} numbers for {axes} spatial axes", axes == 1 ? "one number" : $"one number, or {axes}",
                "give one number for all axes, or one for each");
        }

        var result = new int[axes];
        for (int axis = 0; axis < axes; axis++)
        {
            int value = count switch
            {
                0 when fallback is { } standard => standard,
                0 => throw Errors.Argument(operation, argument, $"{argument} is not given", $"a number of {least} or more", "give one number for all axes, or one for each"),
                1 => first,
                _ => axis == 0 ? first : axis == 1 ? second : third,
            };

            result[axis] = value >= least ? value
                : throw Errors.Argument(operation, argument, $"{argument} is {value} on spatial axis {axis}", $"{least} or more", "give a larger number");
        }

        return result;
    }
}
