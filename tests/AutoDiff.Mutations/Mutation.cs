using System.Globalization;

namespace AutoDiff.Mutations;

/// <summary>One deliberate mistake: in a file, a piece of code and what stands in its place.</summary>
/// <param name="Number">Its number in the list.</param>
/// <param name="File">The file, from the root of the repository.</param>
/// <param name="From">The code.</param>
/// <param name="To">What stands in its place.</param>
/// <param name="Tests">The tests that should notice: names of classes or methods, each with the rows of the table of operations that matter ("Class:Row,Row") or without.</param>
/// <param name="Equivalent">Why it changes no result, if it changes none; otherwise null.</param>
internal sealed record Mutation(int Number, string File, string From, string To, string[] Tests, string? Equivalent)
{
    /// <summary>
    /// Reads the list. A mutation begins with a line "@ file | tests"; lines that start with "-" are the code, lines that start with "+" what stands in its place, a line that starts with "=" says why no
    /// result changes. Everything else is a comment.
    /// </summary>
    public static Mutation[] Read(string path)
    {
        var mutations = new List<Mutation>();
        string[] lines = System.IO.File.ReadAllLines(path);
        for (int i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith('@'))
            {
                continue;
            }

            string[] head = lines[i][1..].Split('|', 2, StringSplitOptions.TrimEntries);
            string[] body = [.. lines[(i + 1)..].TakeWhile(static line => line.Length > 0 && line[0] is '-' or '+' or '=')];
            mutations.Add(new Mutation(mutations.Count + 1, head[0], Text(body, '-'), Text(body, '+'), head[1].Split(' ', StringSplitOptions.RemoveEmptyEntries),
                Text(body, '=') is { Length: > 0 } reason ? reason : null));
        }

        return [.. mutations];

        static string Text(string[] lines, char mark) => string.Join('\n', lines.Where(line => line[0] == mark).Select(static line => line[1..])).Trim();
    }

    /// <summary>What tells it from all others, whatever its number is.</summary>
    public string Key => string.Join('\n', File, From, To);

    /// <summary>What is wrong with the mutation, or null: its code must stand exactly once in its file.</summary>
    public string? Fault(string root)
    {
        string path = Path.Combine(root, File);
        int count = System.IO.File.Exists(path) ? System.IO.File.ReadAllText(path).Split(From).Length - 1 : 0;
        return count == 1 ? null : string.Create(CultureInfo.InvariantCulture, $"its code stands there {count} times");
    }

    public override string ToString() => $"{Number}: {File}\n    - {From.ReplaceLineEndings("\n      ")}\n    + {To.ReplaceLineEndings("\n      ")}";
}
