using System.Globalization;

namespace AutoDiff.Optimization;

/// <summary>The value of an option of Ipopt: a word, a whole number or a real one. All convert by themselves, as in <c>["mu_strategy"] = "adaptive", ["max_soc"] = 0, ["mu_init"] = 1.0</c>.</summary>
/// <remarks>A number of the other kind than the option's is taken too, but Ipopt then writes on its standard output that it expected the other.</remarks>
public readonly record struct IpoptOption
{
    private readonly string? word;
    private readonly double number;
    private readonly bool whole;

    private IpoptOption(string? word, double number, bool whole) => (this.word, this.number, this.whole) = (word, number, whole);

    /// <summary>A word.</summary>
    /// <param name="word">The word.</param>
    /// <exception cref="ArgumentNullException">The word is null.</exception>
    /// <returns>The converted value.</returns>
    public static implicit operator IpoptOption(string word) => new(word ?? throw new ArgumentNullException(nameof(word)), 0, false);

    /// <summary>A whole number.</summary>
    /// <param name="number">The number.</param>
    /// <returns>The converted value.</returns>
    public static implicit operator IpoptOption(int number) => new(null, number, true);

    /// <summary>A real number.</summary>
    /// <param name="number">The number.</param>
    /// <returns>The converted value.</returns>
    public static implicit operator IpoptOption(double number) => new(null, number, false);

    /// <summary>The word, or the number.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => word ?? number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Hands an option over. Ipopt knows options of three kinds by their names.</summary>
    /// <exception cref="ArgumentException">There is no such option, or it has no such value.</exception>
    internal void AddTo(nint problem, string name)
    {
        bool fits = number == Math.Truncate(number) && Math.Abs(number) <= int.MaxValue;
        bool added = word is not null ? IpoptFunctions.AddIpoptStrOption(problem, name, word) != 0
            : whole ? IpoptFunctions.AddIpoptIntOption(problem, name, (int)number) != 0 || IpoptFunctions.AddIpoptNumOption(problem, name, number) != 0
            : IpoptFunctions.AddIpoptNumOption(problem, name, number) != 0 || (fits && IpoptFunctions.AddIpoptIntOption(problem, name, (int)number) != 0);
        if (!added)
        {
            throw Wrong($"Ipopt: the option {name} is not to be set to {this}. Expected an option that the installed Ipopt knows, with a value that it may have. "
                + "To fix it, look the option up in Ipopt's documentation.");
        }
    }

    private static ArgumentException Wrong(string message, string argument = nameof(Ipopt<>.Options)) => new(message, argument);
}
