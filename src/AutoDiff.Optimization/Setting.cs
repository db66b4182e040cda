using System.Globalization;

namespace AutoDiff.Optimization;

/// <summary>The settings of the methods, checked where they are set: each function gives the value back, or says what was given, what is expected and what to do.</summary>
internal static class Setting
{
    /// <summary>A finite number, 0 or more: rates, decays.</summary>
    public static double NotNegative(double value, string owner, string name) =>
        value >= 0 && double.IsFinite(value) ? value : throw Wrong(value, owner, name, "a finite number, 0 or more", "give such a number");

    /// <summary>A number above 0, infinity included where it stands for no bound.</summary>
    public static double Positive(double value, string owner, string name, bool infinite = false) =>
        value > 0 && (infinite || double.IsFinite(value)) ? value
            : throw Wrong(value, owner, name, infinite ? "a number above 0" : "a finite number above 0", infinite ? "give such a number, or positive infinity for no bound" : "give such a number");

    /// <summary>The part of a running mean that is kept, from 0 to below 1.</summary>
    public static double Part(double value, string owner, string name) =>
        value is >= 0 and < 1 ? value : throw Wrong(value, owner, name, "the part that is kept, from 0 to below 1", "give a part such as 0.9, or 0 to keep nothing");

    /// <summary>What counts as zero: 0 for nothing but zero itself.</summary>
    public static double Tolerance(double value, string name) =>
        value >= 0 ? value : throw Wrong(value, nameof(StoppingCriteria), name, "a number, 0 or more", "give 0 to switch the criterion off");

    /// <summary>A whole number with a least value.</summary>
    public static int AtLeast(int least, int value, string owner, string name) =>
        value >= least ? value : throw Wrong(value, owner, name, string.Create(CultureInfo.InvariantCulture, $"{least} or more"), "give such a number");

    /// <summary>The value stands in the text only: what the exception itself makes of it depends on the culture.</summary>
    private static ArgumentOutOfRangeException Wrong<TValue>(TValue value, string owner, string name, string expected, string remedy) where TValue : struct =>
        new(name, string.Create(CultureInfo.InvariantCulture, $"{owner}: {name} is {value}. Expected {expected}. To fix it, {remedy}."));
}
