using System.Text;
using System.Text.RegularExpressions;

namespace AutoDiff.Mutations;

/// <summary>One deliberate mistake: in a file, a piece of code and what stands in its place; and the tests that should notice, as an expression over their names.</summary>
internal sealed record Mutation(int Number, string File, string From, string To, Regex Tests)
{
    /// <summary>Whether the piece is made of whole statements; otherwise it is an expression.</summary>
    private bool IsStatement => From[^1] is ';' or '}';

    /// <summary>
    /// Reads the list. A mutation begins with a line "@ file | tests"; lines that start with "-" are the code, lines that start with "+" what stands in its place; "#" starts a comment.
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

            string[] head = lines[i][1..].Split('|', 2);
            int start = i + 1;
            while (i + 1 < lines.Length && lines[i + 1].Length > 0 && lines[i + 1][0] is '-' or '+')
            {
                i++;
            }

            string[] body = lines[start..(i + 1)];
            mutations.Add(new Mutation(mutations.Count + 1, head[0].Trim(), Text(body, '-'), Text(body, '+'), new Regex(head[1].Trim(), RegexOptions.CultureInvariant)));
        }

        return [.. mutations];

        static string Text(string[] lines, char mark) => string.Join('\n', lines.Where(line => line[0] == mark).Select(line => line[1..])).Trim();
    }

    /// <summary>What is wrong with the mutation, or null: its code must stand exactly once in its file.</summary>
    public string? Fault(string root)
    {
        string path = Path.Combine(root, File);
        if (!System.IO.File.Exists(path))
        {
            return "there is no such file";
        }

        int count = System.IO.File.ReadAllText(path).Split(From).Length - 1;
        return count == 1 ? null : $"its code stands there {count} times";
    }

    /// <summary>The text of a file in which the mistake is made when this mutation is the active one.</summary>
    public string Weave(string text)
    {
        var woven = new StringBuilder();
        if (IsStatement)
        {
            woven.Append($"if (global::AutoDiff.Mutant.Is({Number})) {{ {To} }} else {{ {From} }}");
        }
        else
        {
            woven.Append($"(global::AutoDiff.Mutant.Is({Number}) ? {To} : {From})");
        }

        return text.Replace(From, woven.ToString());
    }

    public override string ToString() => $"{Number}: {File}\n    - {From.ReplaceLineEndings("\n      ")}\n    + {To.ReplaceLineEndings("\n      ")}";
}
