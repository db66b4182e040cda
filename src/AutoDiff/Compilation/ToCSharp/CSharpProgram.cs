using System.Globalization;
using System.Text;

namespace AutoDiff;

/// <summary>Where the numbers of a value are in generated code: an expression for each of a few, or an array from a place on.</summary>
internal sealed class CSharpPlace
{
    private CSharpPlace(string[]? elements, string? array, int offset, int length) => (Elements, Array, Offset, Length) = (elements, array, offset, length);

    public string[]? Elements { get; }

    public string? Array { get; }

    public int Offset { get; }

    public int Length { get; }

    public static CSharpPlace Of(string[] elements) => new(elements, null, 0, elements.Length);

    public static CSharpPlace Of(string array, int offset, int length) => new(null, array, offset, length);

    /// <summary>The element at a known place.</summary>
    public string this[int i] => Elements?[i] ?? $"{Array}[{CSharpText.Literal(Offset + i)}]";

    /// <summary>The element at a place that is an expression; of an array.</summary>
    public string At(string index) => Offset == 0 ? $"{Array}[{index}]" : $"{Array}[{CSharpText.Literal(Offset)} + {index}]";

    /// <summary>A span of the elements from a place that is an expression; of an array.</summary>
    public string Slice(string start, int length) => $"{Array}.Slice({(start == "0" ? CSharpText.Literal(Offset) : Offset == 0 ? start : $"{CSharpText.Literal(Offset)} + {start}")}, {CSharpText.Literal(length)})";

    /// <summary>A contiguous part.</summary>
    public CSharpPlace Part(int start, int length) => Elements is { } elements ? Of(elements[start..(start + length)]) : Of(Array!, Offset + start, length);
}

/// <summary>
/// The statements of generated code, in order, and the memory that they need. Numbers are variables with a name each; where the code is cut into several methods, variables that are read in another one
/// than where they are computed become elements of the memory.
/// </summary>
internal sealed class CSharpProgram
{
    /// <summary>The statements of a method. The compiler at run time gives up on methods of more than 60 kB of intermediate language.</summary>
    private const int StatementsOfMethod = 250;

    private const string PrefixOfPlaces = "Places", PrefixOfNumbers = "Numbers";

    private readonly List<string> statements = [];
    private readonly Dictionary<string, int> definitions = [];
    private readonly Dictionary<string, string> tables = [];
    private readonly Dictionary<string, string> tablesOfNumbers = [];
    private readonly Dictionary<string, string> loaded = [];
    private int memory;

    /// <summary>A variable for an expression; the expression itself if it is a name or a number.</summary>
    public string Define(string expression) => IsAtom(expression) ? expression : Define(string.Create(CultureInfo.InvariantCulture, $"t{definitions.Count}"), expression);

    private string Define(string name, string expression)
    {
        definitions[name] = statements.Count;
        statements.Add($"double {name} = {expression};");
        return name;
    }

    private static bool IsAtom(string expression) =>
        expression.All(static c => char.IsLetterOrDigit(c) || c is '_' or '.') || double.TryParse(expression, CultureInfo.InvariantCulture, out _);

    /// <summary>A variable for an element, which is read once; the element itself if it is a variable or a number. An element of an input is called after it.</summary>
    public string Load(string element)
    {
        if (!element.EndsWith(']'))
        {
            return element;
        }

        if (!loaded.TryGetValue(element, out string? name))
        {
            loaded[element] = name = element.StartsWith("m[", StringComparison.Ordinal) ? Define(element) : Define(element[..^1].Replace('[', '_'), element);
        }

        return name;
    }

    /// <summary>A part of the memory for an array.</summary>
    public CSharpPlace Allocate(int length)
    {
        CSharpPlace place = CSharpPlace.Of("m", memory, length);
        memory = checked(memory + length);
        return place;
    }

    public void Add(string statement) => statements.Add(statement);

    /// <summary>A table of integers, by name.</summary>
    public string Table(ReadOnlySpan<int> values) => Table(tables, PrefixOfPlaces, values.ToArray().Select(CSharpText.Literal));

    /// <summary>A table of numbers, by name.</summary>
    public string Table(IEnumerable<string> literals) => Table(tablesOfNumbers, PrefixOfNumbers, literals);

    private static string Table(Dictionary<string, string> tables, string prefix, IEnumerable<string> literals)
    {
        string text = string.Join(", ", literals);
        if (!tables.TryGetValue(text, out string? name))
        {
            tables[text] = name = string.Create(CultureInfo.InvariantCulture, $"{prefix}{tables.Count}");
        }

        return name;
    }

    /// <summary>Whether a name is that of a table of integers.</summary>
    public static bool IsTable(string name) => CSharpText.IsNumbered(name, PrefixOfPlaces);

    /// <summary>Whether a name is that of a table of numbers.</summary>
    public static bool IsTableOfNumbers(string name) => CSharpText.IsNumbered(name, PrefixOfNumbers);

    /// <summary>The whole text of a class.</summary>
    public string ToText(string className, string summary, (string Name, string Description, int Length, bool IsResult)[] parameters, CSharpHelpers helpers,
        (string Name, int[] Values)[] publicTables, bool hasRows)
    {
        if (!helpers.IsSingle)
        {
            Join(helpers);
        }

        int methods = Math.Max(1, (statements.Count + StatementsOfMethod - 1) / StatementsOfMethod);
        string[] bodies = Bodies(methods);
        var text = new StringBuilder();
        text.Append("// <auto-generated>\n");
        foreach (string line in summary.Split('\n'))
        {
            text.Append("// ").Append(line).Append('\n');
        }

        if (helpers.HasLargeMatrices)
        {
            text.Append("// Large matrices are decomposed block by block, by pointers: the project has to say <AllowUnsafeBlocks>true</AllowUnsafeBlocks>.\n");
        }

        text.Append("// </auto-generated>\n#pragma warning disable CS0219, CS1718 // Numbers that an operation does not need, and operands that are the same.\nusing System;\n");
        int usings = text.Length;
        text.Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"public static class {className}\n{{\n");
        string declared = string.Join(", ", parameters.Select(static p => $"{(p.IsResult ? "Span" : "ReadOnlySpan")}<double> {p.Name}"));
        string passed = string.Join(", ", parameters.Select(static p => p.Name).Append("m"));
        foreach ((string name, string description, _, bool isResult) in parameters)
        {
            text.Append(CultureInfo.InvariantCulture, $"    // {(isResult ? "Result" : "Input")} {name}: {description}, row-major.\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"    public static void Invoke({declared})\n    {{\n");
        foreach ((string name, _, int length, bool isResult) in parameters)
        {
            text.Append(CultureInfo.InvariantCulture, $"        Require({name}.Length {(isResult ? ">=" : "==")} {length}, \"{name} has to have {length} elements.\", nameof({name}));\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"        Span<double> m = {(memory <= 512 ? $"stackalloc double[{Math.Max(memory, 1)}]" : $"new double[{memory}]")};\n");
        for (int i = 0; i < methods; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"        Part{i}({passed});\n");
        }

        text.Append("    }\n");
        foreach ((string name, int[] values) in publicTables)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n    public static ReadOnlySpan<int> {name} => [{string.Join(", ", values.Select(CSharpText.Literal))}];\n");
        }

        string[] parts = [.. bodies.Select((body, i) => string.Create(CultureInfo.InvariantCulture, $"    private static void Part{i}({declared}, Span<double> m)\n    {{\n{body}    }}\n"))];
        VectorMethods? rows = hasRows ? new VectorMethods(helpers, parts) : null;
        if (rows is not null)
        {
            AppendRows(text, parameters, methods, helpers.IsSingle ? CSharpSingle.Kept("L") : "L");
        }

        foreach (string part in parts.Concat(rows?.Parts ?? []))
        {
            text.Append('\n').Append(part);
        }

        text.Append("""

                private static void Require(bool holds, string message, string name)
                {
                    if (!holds)
                    {
                        throw new ArgumentException(message, name);
                    }
                }

            """);
        foreach ((string values, string name) in tables)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n    private static ReadOnlySpan<int> {name} => [{values}];\n");
        }

        foreach ((string values, string name) in tablesOfNumbers)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n    private static ReadOnlySpan<double> {name} => [{values}];\n");
        }

        if (helpers.IsSingle)
        {
            string translated = CSharpSingle.Translated(text.ToString());
            text.Clear().Append(translated);
            usings = translated.IndexOf("using System;\n", StringComparison.Ordinal) + "using System;\n".Length;
        }

        string[] overloads = [.. rows?.Texts ?? []], methodsOfHelpers = [.. helpers.Texts(statements, overloads)];
        IEnumerable<string> namespaces = methodsOfHelpers.SelectMany(CSharpSources.Namespaces).Concat(hasRows ? ["System.Numerics"] : []).Distinct().Order(StringComparer.Ordinal);
        text.Insert(usings, string.Concat(namespaces.Select(static name => $"using {name};\n")));
        foreach (string helper in methodsOfHelpers)
        {
            text.Append('\n').Append(helper.TrimEnd('\n')).Append('\n');
        }

        return text.Append("}\n").ToString();
    }

    /// <summary>The method over rows: as many at a time as a register has numbers, from and to columns.</summary>
    private void AppendRows(StringBuilder text, (string Name, string Description, int Length, bool IsResult)[] parameters, int methods, string suffixOfLong)
    {
        string declared = string.Join(", ", parameters.Select(static p => $"{(p.IsResult ? "Span" : "ReadOnlySpan")}<double> {p.Name}"));
        text.Append("\n    // The same for many rows. An input has a column for each of its elements, one after the other: element i of row r is at i * rows + r; or it is the same for all rows, and given once.\n");
        text.Append(CultureInfo.InvariantCulture, $"    public static void InvokeRows(int rows, {declared})\n    {{\n        Require(rows >= 0, \"rows must not be negative.\", nameof(rows));\n");
        foreach ((string name, _, int length, bool isResult) in parameters)
        {
            string condition = isResult ? $"{name}.Length >= {length}{suffixOfLong} * rows" : $"{name}.Length == {length}{suffixOfLong} * rows || {name}.Length == {length}";
            text.Append(CultureInfo.InvariantCulture, $"        Require({condition}, \"{name} has to have {length} {(length == 1 ? "element" : "elements")} for each row{(isResult ? "" : ", or for all rows")}.\", nameof({name}));\n");
        }

        (int total, var slices) = (memory, new List<string>());
        foreach ((_, _, int length, _) in parameters)
        {
            slices.Add($"m.Slice({CSharpText.Literal(total)}, {CSharpText.Literal(length)})");
            total = checked(total + length);
        }

        text.Append(CultureInfo.InvariantCulture, $"        Span<Vector<double>> m = {(total <= 256 ? $"stackalloc Vector<double>[{Math.Max(total, 1)}]" : $"new Vector<double>[{total}]")};\n");
        text.Append("        for (int row = 0; row < rows; row += Vector<double>.Count)\n        {\n");
        foreach (((string name, _, _, bool isResult), string slice) in parameters.Zip(slices))
        {
            text.Append(isResult ? "" : $"            Load({name}, row, rows, {slice});\n");
        }

        string passed = string.Join(", ", slices.Append($"m.Slice(0, {CSharpText.Literal(memory)})"));
        for (int i = 0; i < methods; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"            Part{i}({passed});\n");
        }

        foreach (((string name, _, _, bool isResult), string slice) in parameters.Zip(slices))
        {
            text.Append(isResult ? $"            Store({slice}, row, rows, {name});\n" : "");
        }

        text.Append("        }\n    }\n");
    }

    /// <summary>Two functions of one variable that have operations in common, as a sine and its derivative, become one call, where the first of them is needed.</summary>
    private void Join(CSharpHelpers helpers)
    {
        foreach ((string first, string second) in CSharpHelpers.Pairs)
        {
            var needed = new Dictionary<string, (int Statement, bool First, bool Second)>();
            for (int i = 0; i < statements.Count; i++)
            {
                foreach ((string function, string argument, _) in Calls(statements[i], first, second))
                {
                    (int statement, bool isFirst, bool isSecond) = needed.GetValueOrDefault(argument, (i, false, false));
                    needed[argument] = (statement, isFirst | function == first, isSecond | function == second);
                }
            }

            var results = new Dictionary<string, (string First, string Second)>();
            var before = new Dictionary<int, List<string>>();
            foreach ((string argument, (int statement, _, _)) in needed.Where(static pair => pair.Value is { First: true, Second: true }).OrderBy(static pair => pair.Value.Statement))
            {
                (string x, string y) = (NextName(), NextName());
                results[argument] = (x, y);
                if (!before.TryGetValue(statement, out List<string>? calls))
                {
                    before[statement] = calls = [];
                }

                calls.Add($"{helpers.Use(first + second)}({argument}, out double {x}, out double {y});");

                string NextName()
                {
                    string name = string.Create(CultureInfo.InvariantCulture, $"t{definitions.Count}");
                    definitions[name] = statement;
                    return name;
                }
            }

            if (results.Count > 0)
            {
                Replace(first, second, results, before);
            }
        }
    }

    /// <summary>Puts results in the place of calls, and the statements that compute them before the first of these.</summary>
    private void Replace(string first, string second, Dictionary<string, (string First, string Second)> results, Dictionary<int, List<string>> before)
    {
        var rewritten = new List<string>(statements.Count + results.Count);
        var places = new int[statements.Count];
        for (int i = 0; i < statements.Count; i++)
        {
            // A statement and those before it that compute two numbers each: all of them are where the first is.
            rewritten.AddRange(before.GetValueOrDefault(i, []));
            places[i] = rewritten.Count;
            string statement = statements[i];
            foreach ((string function, string argument, int start) in Calls(statement, first, second).Reverse())
            {
                if (results.TryGetValue(argument, out (string First, string Second) result))
                {
                    statement = statement[..start] + (function == first ? result.First : result.Second) + statement[(start + function.Length + argument.Length + 2)..];
                }
            }

            rewritten.Add(statement);
        }

        foreach (string name in definitions.Keys.ToArray())
        {
            definitions[name] = places[definitions[name]];
        }

        for (int i = 0; i < rewritten.Count; i++)
        {
            foreach ((string name, _) in rewritten[i].Contains("out double ", StringComparison.Ordinal) ? Names(rewritten[i]).Skip(1) : [])
            {
                definitions[name] = i;
            }
        }

        statements.Clear();
        statements.AddRange(rewritten);
    }

    /// <summary>The calls of two functions of a variable in a statement, and where they are.</summary>
    private IEnumerable<(string Function, string Argument, int Start)> Calls(string statement, string first, string second)
    {
        foreach ((string name, int start) in CSharpText.Names(statement))
        {
            int open = start + name.Length;
            if ((name == first || name == second) && open < statement.Length && statement[open] == '(')
            {
                int end = statement.IndexOf(')', open);
                string argument = statement[(open + 1)..end];
                if (definitions.ContainsKey(argument))
                {
                    yield return (name, argument, start);
                }
            }
        }
    }

    private string[] Bodies(int methods)
    {
        // Which variables are read in another method than their own.
        var shared = new Dictionary<string, string>();
        for (int i = 0; i < statements.Count; i++)
        {
            foreach ((string name, _) in Names(statements[i]))
            {
                if (definitions.TryGetValue(name, out int defined) && defined / StatementsOfMethod != i / StatementsOfMethod && !shared.ContainsKey(name))
                {
                    shared[name] = $"m[{CSharpText.Literal(memory++)}]";
                }
            }
        }

        var bodies = new StringBuilder[methods];
        for (int i = 0; i < methods; i++)
        {
            bodies[i] = new StringBuilder();
        }

        for (int i = 0; i < statements.Count; i++)
        {
            StringBuilder body = bodies[i / StatementsOfMethod];
            foreach (string line in Rewritten(statements[i], shared).Split('\n'))
            {
                body.Append("        ").Append(line).Append('\n');
            }
        }

        return Array.ConvertAll(bodies, static body => body.ToString());
    }

    private string Rewritten(string statement, Dictionary<string, string> shared)
    {
        if (shared.Count == 0)
        {
            return statement;
        }

        var text = new StringBuilder();
        int last = 0;
        foreach ((string name, int start) in Names(statement))
        {
            if (shared.TryGetValue(name, out string? place))
            {
                text.Append(statement, last, start - last).Append(place);
                last = start + name.Length;
            }
        }

        string result = text.Append(statement, last, statement.Length - last).ToString();
        result = result.Replace("out double m[", "out m[", StringComparison.Ordinal);
        return result.StartsWith("double m[", StringComparison.Ordinal) ? result["double ".Length..] : result;
    }

    /// <summary>The variables in a statement, and where they are.</summary>
    private IEnumerable<(string Name, int Start)> Names(string statement) => CSharpText.Names(statement).Where(found => definitions.ContainsKey(found.Name));
}
