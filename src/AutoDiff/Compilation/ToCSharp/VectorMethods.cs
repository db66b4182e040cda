using System.Globalization;
using System.Text;

namespace AutoDiff;

/// <summary>
/// The methods of generated code over rows: each is an overload, on registers, of the method that it is translated from. A method that cannot be translated, because its course depends on the numbers of a row
/// (pivoting, a series that ends when it is exact), is called for each row.
/// </summary>
internal sealed class VectorMethods
{
    private readonly CSharpHelpers helpers;
    private readonly Dictionary<string, VectorMethod?> known = [];
    private readonly SortedDictionary<string, string> texts = new(StringComparer.Ordinal);

    public VectorMethods(CSharpHelpers helpers, IEnumerable<string> parts)
    {
        this.helpers = helpers;
        Parts = [.. parts.Select(part => Translated(new VectorMethod(part)))];
    }

    /// <summary>The parts of the program over rows.</summary>
    public string[] Parts { get; }

    /// <summary>What the parts call, and what is called by that, in alphabetical order.</summary>
    public IEnumerable<string> Texts
    {
        get
        {
            var called = new HashSet<string>(Parts.Concat(texts.Values).SelectMany(static text => CSharpText.Names(text)).Select(static found => found.Name)) { "Load", "Store" };
            string[] all = [.. texts.Values, .. Tools.Where(tool => called.Contains(tool.Name)).Select(static tool => tool.Text)];
            return helpers.IsSingle ? Array.ConvertAll(all, CSharpSingle.Translated) : all;
        }
    }

    /// <summary>The method that calls another one for each row.</summary>
    public static string OfEachRow(string name) => $"{name}OfEachRow";

    /// <summary>Whether code over rows has a method, a parameter or a variable of this name, or uses a class of this name.</summary>
    public static bool IsKnown(string name) => name is "row" or "rows" or "Vector" or "InvokeRows" || Array.Exists(Tools, tool => tool.Name == name) || name.EndsWith("OfEachRow", StringComparison.Ordinal);

    /// <summary>The method of this name, which has an overload over rows then; null if there is none.</summary>
    private VectorMethod? Overload(string name)
    {
        if (known.TryGetValue(name, out VectorMethod? method))
        {
            return method;
        }

        known[name] = null;
        if (helpers.Text(name) is not { } text || (method = new VectorMethod(text)).IsWide)
        {
            return null;
        }

        texts[name] = (helpers.IsSingle ? CSharpHelpers.OverRows(name) : null) ?? Translated(method);
        return known[name] = method;
    }

    /// <summary>The overload of a method over rows: operation by operation, or a call for each row.</summary>
    private string Translated(VectorMethod method)
    {
        try
        {
            var translator = new VectorTranslator(method, Overload);
            string translated = translator.Translate();
            return translator.CallsEachRow ? translated + "\n" + EachRow(method, OfEachRow(method.Name)) : translated;
        }
        catch (VectorTranslator.UntranslatableException)
        {
            return EachRow(method, method.Name);
        }
    }

    /// <summary>A method over rows that calls the method itself for each of them.</summary>
    private static string EachRow(VectorMethod method, string name)
    {
        var text = new StringBuilder(method.Declaration(name)).Append("    {\n");
        string[] arguments = new string[method.Parameters.Length];
        (var before, var after, var end) = (new StringBuilder(), new StringBuilder(), new StringBuilder());
        for (int i = 0; i < arguments.Length; i++)
        {
            VectorParameter parameter = method.Parameters[i];
            string own = parameter.Name + "OfRow";
            switch (parameter.Kind)
            {
                case VectorKind.Numbers:
                    text.Append(CultureInfo.InvariantCulture, $"        double[] {own} = new double[{parameter.Name}.Length];\n");
                    before.Append(CultureInfo.InvariantCulture, $"            Take({parameter.Name}, row, {own});\n");
                    after.Append(parameter.Type.StartsWith("ReadOnly", StringComparison.Ordinal) ? "" : $"            Put({own}, row, {parameter.Name});\n");
                    arguments[i] = own;
                    break;
                case VectorKind.Number when parameter.Modifier == "out":
                    text.Append(CultureInfo.InvariantCulture, $"        Span<double> {own} = stackalloc double[Vector<double>.Count];\n");
                    end.Append(CultureInfo.InvariantCulture, $"        {parameter.Name} = new Vector<double>({own});\n");
                    arguments[i] = $"out {own}[row]";
                    break;
                default:
                    arguments[i] = parameter.Modifier == "out" ? throw new VectorTranslator.UntranslatableException() : parameter.Kind == VectorKind.Number ? $"{parameter.Name}[row]" : parameter.Name;
                    break;
            }
        }

        bool returns = VectorTranslator.KindOf(method.ReturnType) switch { VectorKind.Number => true, VectorKind.Nothing => false, _ => throw new VectorTranslator.UntranslatableException() };
        text.Append(returns ? "        Span<double> results = stackalloc double[Vector<double>.Count];\n" : "");
        text.Append("        for (int row = 0; row < Vector<double>.Count; row++)\n        {\n").Append(before);
        text.Append(CultureInfo.InvariantCulture, $"            {(returns ? "results[row] = " : "")}{method.Name}({string.Join(", ", arguments)});\n").Append(after).Append("        }\n\n").Append(end);
        return text.Append(returns ? "        return new Vector<double>(results);\n" : "").Append("    }\n").Replace("}\n\n    }\n", "}\n    }\n").ToString();
    }

    private static readonly (string Name, string Text)[] Tools =
    [
        ("EachRow", """
                // Functions without a vector form that keeps the bits: called for the number of each row.
                private static Vector<double> EachRow(Func<double, double> f, Vector<double> x)
                {
                    Span<double> y = stackalloc double[Vector<double>.Count];
                    for (int row = 0; row < y.Length; row++)
                    {
                        y[row] = f(x[row]);
                    }

                    return new Vector<double>(y);
                }

                private static Vector<double> EachRow(Func<double, double, double> f, Vector<double> a, Vector<double> b)
                {
                    Span<double> y = stackalloc double[Vector<double>.Count];
                    for (int row = 0; row < y.Length; row++)
                    {
                        y[row] = f(a[row], b[row]);
                    }

                    return new Vector<double>(y);
                }

                private static Vector<double> EachRow(Func<double, double, double, double> f, Vector<double> a, Vector<double> b, Vector<double> c)
                {
                    Span<double> y = stackalloc double[Vector<double>.Count];
                    for (int row = 0; row < y.Length; row++)
                    {
                        y[row] = f(a[row], b[row], c[row]);
                    }

                    return new Vector<double>(y);
                }

            """),
        ("Load", """
                // The elements of an input in as many rows as a register has numbers. Where rows end, the last of them fills it.
                private static void Load(ReadOnlySpan<double> x, int row, int rows, Span<Vector<double>> block)
                {
                    Span<double> last = stackalloc double[Vector<double>.Count];
                    for (int i = 0; i < block.Length; i++)
                    {
                        if (x.Length == block.Length)
                        {
                            block[i] = Vector.Create(x[i]);
                        }
                        else if (rows - row >= Vector<double>.Count)
                        {
                            block[i] = new Vector<double>(x.Slice(i * rows + row));
                        }
                        else
                        {
                            for (int k = 0; k < last.Length; k++)
                            {
                                last[k] = x[i * rows + Math.Min(row + k, rows - 1)];
                            }

                            block[i] = new Vector<double>(last);
                        }
                    }
                }

            """),
        ("Put", """
                private static void Put(ReadOnlySpan<double> numbers, int row, Span<Vector<double>> x)
                {
                    for (int i = 0; i < x.Length; i++)
                    {
                        x[i] = x[i].WithElement(row, numbers[i]);
                    }
                }

            """),
        ("Spread", """
                private static void Spread(ReadOnlySpan<double> numbers, Span<Vector<double>> x)
                {
                    for (int i = 0; i < numbers.Length; i++)
                    {
                        x[i] = Vector.Create(numbers[i]);
                    }
                }

            """),
        ("Store", """
                private static void Store(ReadOnlySpan<Vector<double>> block, int row, int rows, Span<double> y)
                {
                    for (int i = 0; i < block.Length; i++)
                    {
                        if (rows - row >= Vector<double>.Count)
                        {
                            block[i].CopyTo(y.Slice(i * rows + row));
                            continue;
                        }

                        for (int k = row; k < rows; k++)
                        {
                            y[i * rows + k] = block[i][k - row];
                        }
                    }
                }

            """),
        ("Take", """
                private static void Take(ReadOnlySpan<Vector<double>> x, int row, Span<double> numbers)
                {
                    for (int i = 0; i < x.Length; i++)
                    {
                        numbers[i] = x[i][row];
                    }
                }

            """),
    ];
}
