namespace AutoDiff;

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

    private PerAxis(int count, int first, int second = 0, int third = 0) => (this.count, this.first, this.second, this.third) = (count, first, second, third);

    /// <summary>The same number for all axes.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator PerAxis(int value) => new(1, value);

    /// <summary>One number for each of two axes.</summary>
    /// <param name="values">The numbers, the outer axis first.</param>
    public static implicit operator PerAxis((int First, int Second) values) => new(2, values.First, values.Second);

    /// <summary>One number for each of three axes.</summary>
    /// <param name="values">The numbers, the outermost axis first.</param>
    public static implicit operator PerAxis((int First, int Second, int Third) values) => new(3, values.First, values.Second, values.Third);

    /// <summary>The numbers of all axes, or the fallback for each where none was given; checked against the smallest that is allowed.</summary>
    internal int[] For(int axes, int? fallback, int least, string operation, string argument)
    {
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
