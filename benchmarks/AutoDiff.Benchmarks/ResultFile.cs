using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AutoDiff.Benchmarks;

/// <summary>
/// What one benchmark found, where, when and by which command: a file of benchmarks/results, of which the tables of docs/performance.md are made. A table follows a line
/// <c>&lt;!-- results: NAME --&gt;</c>.
/// </summary>
internal sealed record ResultFile(string Machine, string Date, string Command, string[] Columns, string[][] Rows)
{
    private const string Marker = "<!-- results: ";

    private static readonly JsonSerializerOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A file of this machine and day.</summary>
    public static ResultFile Here(string command, string[] columns, IEnumerable<string[]> rows) =>
        new(DescribeMachine(), DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), command, columns, [.. rows]);

    /// <exception cref="FormatException">The text is not that of such a file.</exception>
    public static ResultFile Parse(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        JsonElement root = document.RootElement;
        string[] columns = Strings(root.GetProperty("columns"));
        string[][] rows = [.. root.GetProperty("rows").EnumerateArray().Select(Strings)];
        if (rows.FirstOrDefault(row => row.Length != columns.Length) is { } odd)
        {
            throw new FormatException($"A row has {odd.Length} cells for {columns.Length} columns: {string.Join(", ", odd)}.");
        }

        return new(Text("machine"), Text("date"), Text("command"), columns, rows);

        string Text(string name) => root.GetProperty(name).GetString() is { Length: > 0 } value ? value : throw new FormatException($"The file does not say its {name}.");
    }

    /// <summary>The file, one row a line.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("{\n");
        text.Append(CultureInfo.InvariantCulture, $"  \"machine\": {Json(Machine)},\n  \"date\": {Json(Date)},\n  \"command\": {Json(Command)},\n  \"columns\": {Json(Columns)},\n  \"rows\": [\n    ");
        return text.AppendJoin(",\n    ", Rows.Select(Json)).Append("\n  ]\n}\n").ToString();

        static string Json<T>(T value) => JsonSerializer.Serialize(value, s_readable).Replace("\",\"", "\", \"", StringComparison.Ordinal);
    }

    /// <summary>Writes the file into benchmarks/results below the current folder, the repository's.</summary>
    public void Save(string name)
    {
        string path = PathOf(Directory.GetCurrentDirectory(), name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, ToString());
        Console.WriteLine($"written to {path}");
    }

    /// <summary>Writes these rows in place of those of the same first cell in the file that is there, and leaves the others: of a long table one part after another can be measured.</summary>
    public void SaveInto(string name)
    {
        string path = PathOf(Directory.GetCurrentDirectory(), name);
        (File.Exists(path) ? Over(Parse(File.ReadAllText(path))) : this).Save(name);
    }

    /// <summary>This file's rows in place of those of the same first cell in another, whose other rows and command stay.</summary>
    public ResultFile Over(ResultFile before)
    {
        ILookup<string, string[]> measured = Rows.ToLookup(static row => row[0]);
        HashSet<string> known = [.. before.Rows.Select(static row => row[0])];
        IEnumerable<string[]> rows = before.Rows.GroupBy(static row => row[0]).SelectMany(group => measured.Contains(group.Key) ? measured[group.Key] : group);
        return this with { Command = before.Command, Rows = [.. rows, .. Rows.Where(row => !known.Contains(row[0]))] };
    }

    /// <summary>Where the file of a name is in a checkout.</summary>
    public static string PathOf(string repository, string name) => Path.Combine(repository, "benchmarks", "results", name + ".json");

    /// <summary>The table in Markdown. The forms of a workload that is compared with another library stand side by side.</summary>
    public string ToMarkdown()
    {
        (string[] columns, string[][] rows) = Array.IndexOf(Columns, "form") < 0 ? (Columns, Rows) : FormsSideBySide();
        var text = new StringBuilder();
        foreach (string[] row in (string[][])[columns, [.. columns.Select(static _ => "---")], .. rows])
        {
            text.Append("| ").AppendJoin(" | ", row).Append(" |\n");
        }

        return text.ToString();
    }

    /// <summary>A page with the tables that its files give, each with the machine and the day before it.</summary>
    /// <param name="page">The page in Markdown.</param>
    /// <param name="read">Gives the file of a name.</param>
    public static string WithTables(string page, Func<string, ResultFile> read)
    {
        string[] lines = page.Split('\n');
        var text = new StringBuilder();
        for (int i = 0; i < lines.Length; i++)
        {
            text.Append(lines[i]).Append(i < lines.Length - 1 ? "\n" : "");
            if (!lines[i].StartsWith(Marker, StringComparison.Ordinal))
            {
                continue;
            }

            ResultFile file = read(lines[i][Marker.Length..lines[i].IndexOf(" -->", StringComparison.Ordinal)]);
            text.Append(CultureInfo.InvariantCulture, $"*{file.Machine}; {file.Date}*\n\n{file.ToMarkdown()}");

            // What stands there now: machine and day, an empty line, the table.
            i += Count(i + 1, static line => line is ['*', .., '*']);
            int blank = Count(i + 1, static line => line.Length == 0);
            int table = Count(i + 1 + blank, static line => line is ['|', ..]);
            i += table > 0 ? blank + table : 0;
        }

        int Count(int from, Func<string, bool> isSuch) => lines.Skip(from).TakeWhile(isSuch).Count();

        return text.ToString();
    }

    private (string[] Columns, string[][] Rows) FormsSideBySide()
    {
        string[] forms = ["disposed", "left", "compiled"];
        int Column(string name) => Array.IndexOf(Columns, name);
        (int workload, int form, int threads, int theirs, int ratio) = (Column("workload"), Column("form"), Column("threads"), Column("TorchSharp"), Column("ratio"));
        return (["workload", "threads", "TorchSharp", .. forms], [.. Rows.GroupBy(row => (row[workload], row[threads])).Select(group => (string[])
        [
            group.Key.Item1, group.Key.Item2, string.Join(" / ", group.Select(row => row[theirs]).Distinct()),
            .. forms.Select(name => group.FirstOrDefault(row => row[form] == name)?[ratio] ?? ""),
        ])]);
    }

    /// <summary>The processor and what it can do, the system, and the version of .NET.</summary>
    public static string DescribeMachine()
    {
        const string Information = "/proc/cpuinfo";
        string? model = File.Exists(Information) ? File.ReadLines(Information).FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() : null;
        string width = Vector512.IsHardwareAccelerated ? "AVX-512" : Avx2.IsSupported ? "AVX2" : "no AVX2";
        return $"{model ?? RuntimeInformation.ProcessArchitecture.ToString()} ({width}), {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";
    }

    private static string[] Strings(JsonElement list) => [.. list.EnumerateArray().Select(static item => item.GetString() ?? throw new FormatException("A cell is not text."))];
}
