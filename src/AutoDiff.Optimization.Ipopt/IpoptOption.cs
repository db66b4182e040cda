using System.Globalization;

namespace AutoDiff.Optimization;

/// <summary>The value of an option of Ipopt: a word or a number. Both convert by themselves, as in <c>["mu_strategy"] = "adaptive"</c>.</summary>
public readonly record struct IpoptOption
{
    private readonly string? word;
    private readonly double number;

    private IpoptOption(string? word, double number) => (this.word, this.number) = (word, number);

    /// <summary>A word.</summary>
    /// <param name="word">The word.</param>
    /// <exception cref="ArgumentNullException">The word is null.</exception>
    public static implicit operator IpoptOption(string word) => new(word ?? throw new ArgumentNullException(nameof(word)), 0);

    /// <summary>A number, whole or not.</summary>
    /// <param name="number">The number.</param>
    public static implicit operator IpoptOption(double number) => new(null, number);

    /// <summary>The word, or the number.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => word ?? number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Hands an option over. Ipopt knows options of three kinds by their names; a whole number may be of two of them.</summary>
    /// <exception cref="ArgumentException">There is no such option, or it has no such value.</exception>
    internal void AddTo(nint problem, string name)
    {
        bool added = word is not null ? IpoptFunctions.AddIpoptStrOption(problem, name, word) != 0
            : (number == Math.Truncate(number) && Math.Abs(number) <= int.MaxValue && IpoptFunctions.AddIpoptIntOption(problem, name, (int)number) != 0)
                || IpoptFunctions.AddIpoptNumOption(problem, name, number) != 0;
        if (!added)
        {
            throw Wrong($"Ipopt: the option {name} is not to be set to {this}. Expected an option that the installed Ipopt knows, with a value that it may have. "
                + "To fix it, look the option up in Ipopt's documentation.");
        }
    }

    private static ArgumentException Wrong(string message, string argument = nameof(Ipopt<>.Options)) => new(message, argument);
}
