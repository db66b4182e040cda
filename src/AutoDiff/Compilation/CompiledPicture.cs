using System.Globalization;
using System.Net;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace AutoDiff;

/// <summary>The program of a compiled function as one HTML page that needs nothing else: its steps, with those that run in one pass over the cache, and which values share memory.</summary>
internal static class CompiledPicture
{
    /// <summary>Of longer programs the rest is counted.</summary>
    private const int MostSteps = 400;
    private const int MostPlaces = 2000;
    private const double Width = 560;
    private const double Height = 320;
    private const double Margin = 18;

    public static string Write<T>(CompiledFunction<T> function, string title) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CompiledProgram<T>? program = function.Programs.FirstOrDefault();
        Value<T>[] kept = program is null ? [] : [.. program.Steps.SelectMany(step => step.Writes).Where(value => value.Offset >= 0).OrderBy(value => value.Position).ThenBy(value => value.Offset)];
        return HtmlPage.Fill("CompiledPage.html",
        [
            ("{title}", Encode(title)), ("{heading}", Encode(title)), ("{facts}", Facts(function, program)), ("{steps}", program is null ? $"<li>{Encode(function.GivenUp ?? "")}</li>" : Steps(program)),
            ("{saving}", Saving(program, kept)), ("{drawing}", program is null ? "" : Drawing(program, kept)), ("{places}", Places<T>(kept)),
        ]);
    }

    private static string Facts<T>(CompiledFunction<T> function, CompiledProgram<T>? program) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var facts = new List<(string, string)> { Counted(function.Recordings, "recording"), Counted(function.Runs, "run"), Counted(function.Programs.Length, "program") };
        if (program is not null)
        {
            facts.AddRange([Counted(program.Statistics.Recorded, "record"), Counted(program.Steps.Length, "step"), Counted(program.Steps.Count(step => step is Group<T>), "group"),
                (Printable.Count(program.Statistics.Folded), "constants folded"), (Printable.Count(program.Statistics.Merged), "merged"), (Bytes<T>(program.ArenaLength), "of memory")]);
        }

        return HtmlPage.Facts(facts);

        static (string, string) Counted(long count, string what) => (Printable.Count(count), count == 1 ? what : what + "s");
    }

    private static string Steps<T>(CompiledProgram<T> program) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var listed = new HashSet<int>(program.Sequences.SelectMany(sequence => Enumerable.Range(sequence.First, sequence.Count)));
        var text = new StringBuilder();
        for (int i = 0; i < Math.Min(program.Steps.Length, MostSteps); i++)
        {
            text.Append(program.Steps[i] switch
            {
                Group<T> group => $"<li class=\"group\">{string.Join(" ", group.Members.Select(value => Operation(value, !value.IsInternal)))}<small>step {Printable.Count(i)}: one pass over {Printable.Count(group.Length)} elements</small></li>",
                RecordStep<T> single => $"<li{(listed.Contains(i) ? " class=\"list\"" : "")}>{Operation(single.Value, true)}<small>step {Printable.Count(i)}{(single.Value.Record!.IsOpaque ? ": code of its own" : "")}</small></li>",
                GuardStep<T> guard => $"<li>{Encode($"guard: {Printable.Count(guard.Guard.Count)} numbers of {guard.Guard.Value}")}<small>step {Printable.Count(i)}</small></li>",
                _ => "",
            });
        }

        return text.Append(program.Steps.Length <= MostSteps ? "" : $"<li>… and {Printable.Count(program.Steps.Length - MostSteps)} more</li>").ToString();
    }

    private static string Saving<T>(CompiledProgram<T>? program, Value<T>[] kept) where T : unmanaged, IBinaryFloatingPointIeee754<T> => program is null
        ? "The function is called as it is: there is no memory plan."
        : $"{Printable.Count(kept.Length)} values with {Bytes<T>(kept.Sum(value => (long)value.Length))} take turns in {Bytes<T>(program.ArenaLength)}. Steps go to the right, memory goes down: a box is a value from the step that computes it to the last one that reads it.";

    private static string Drawing<T>(CompiledProgram<T> program, Value<T>[] kept) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double across = (Width - Margin) / Math.Max(program.Steps.Length, 1), down = (Height - Margin) / Math.Max(program.ArenaLength, 1);
        var svg = new StringBuilder(Invariant($"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"Which values share memory\"><text x=\"{Margin}\" y=\"12\">steps →</text><text x=\"12\" y=\"{Margin + 4}\" transform=\"rotate(90 8 {Margin + 4})\">bytes →</text>"));
        for (int i = 0; i < Math.Min(kept.Length, MostPlaces); i++)
        {
            Value<T> value = kept[i];
            int last = Math.Min(value.LastUse, program.Steps.Length - 1);
            (double x, double y) = (Margin + (value.Position * across), Margin + (value.Offset * down));
            (double width, double height) = (Math.Max((Math.Max(last - value.Position, 0) + 1) * across, 1), Math.Max(value.Length * down, 1));
            svg.Append(Invariant($"<rect x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\" rx=\"2\" fill=\"hsl({i * 137 % 360} 55% 58%)\"><title>{Encode($"{value}, {Life(value)}, {Range(value)}")}</title></rect>"));
        }

        return svg.Append("</svg>").ToString();
    }

    /// <summary>The places that several values have, one after the other.</summary>
    private static string Places<T>(Value<T>[] kept) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        IGrouping<long, Value<T>>[] shared = [.. kept.GroupBy(value => value.Offset).Where(place => place.Count() > 1).OrderBy(place => place.Key)];
        return string.Concat(shared.Take(MostSteps).Select(place => $"<tr><td>{Range(place.First())}</td><td>{string.Join(", ", place.Select(value => Encode($"{value} ({Life(value)})")))}</td></tr>"))
            + (shared.Length == 0 ? "<tr><td>—</td><td>no two values share a place</td></tr>" : shared.Length > MostSteps ? $"<tr><td>…</td><td>and {Printable.Count(shared.Length - MostSteps)} more places</td></tr>" : "");
    }

    private static string Operation<T>(Value<T> value, bool kept) where T : unmanaged, IBinaryFloatingPointIeee754<T> => $"<code{(kept ? " class=\"kept\"" : "")}>{Encode(value.ToString())}</code>";

    private static string Life<T>(Value<T> value) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        value.LastUse == int.MaxValue ? $"step {value.Position} to the end" : value.LastUse <= value.Position ? $"step {value.Position}" : $"steps {value.Position} to {value.LastUse}";

    private static string Range<T>(Value<T> value) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        $"{Printable.Count(value.Offset * Unsafe.SizeOf<T>())} to {Printable.Count((value.Offset + value.Length) * Unsafe.SizeOf<T>())}";

    private static string Bytes<T>(long elements) => Printable.Bytes(elements * Unsafe.SizeOf<T>());

    private static string Encode(string text) => WebUtility.HtmlEncode(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(Printable.Line(text))));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
