using System.Text;

namespace AutoDiff;

/// <summary>What a name or an expression of translated code stands for.</summary>
internal enum VectorKind
{
    /// <summary>A number of each row.</summary>
    Number,

    /// <summary>A truth value of each row: all bits or none.</summary>
    Mask,

    /// <summary>The bits of a number of each row.</summary>
    Bits,

    /// <summary>Numbers of each row, one after the other.</summary>
    Numbers,

    /// <summary>A number that is the same for all rows.</summary>
    Constant,

    /// <summary>A table of numbers that are the same for all rows.</summary>
    Constants,

    /// <summary>An integer, which is the same for all rows.</summary>
    Whole,

    /// <summary>A table of integers.</summary>
    Wholes,

    /// <summary>A truth value that is the same for all rows.</summary>
    Truth,

    /// <summary>Nothing: a call that returns none.</summary>
    Nothing,
}

/// <summary>A parameter of a method that can be translated.</summary>
internal readonly record struct VectorParameter(string Modifier, string Type, string Name)
{
    public VectorKind Kind => VectorTranslator.KindOf(Type);

    /// <summary>The declaration of the parameter in the method over rows.</summary>
    public string Declaration => $"{(Modifier.Length == 0 ? "" : Modifier + " ")}{VectorTranslator.TypeOf(Type)} {Name}";
}

/// <summary>A method of generated code, as it stands: its comments, a line that declares it, and its body.</summary>
internal sealed class VectorMethod
{
    private const string Beginning = "    private static ";

    public VectorMethod(string text)
    {
        // What is in double in a program of floats too is called for each row.
        IsKept = text.StartsWith(CSharpSingle.Open);
        if (IsKept)
        {
            text = text.Trim(CSharpSingle.Open, CSharpSingle.Close);
        }

        int start = text.StartsWith(Beginning, StringComparison.Ordinal) ? 0 : text.IndexOf("\n" + Beginning, StringComparison.Ordinal) + 1, end = text.IndexOf('\n', start);
        string declaration = text[(start + Beginning.Length)..end];
        IsWide = IsKept && declaration.Contains("double", StringComparison.Ordinal);
        declaration = IsKept ? declaration.Replace("float", "double", StringComparison.Ordinal) : declaration;
        int open = declaration.LastIndexOf('('), name = declaration.LastIndexOf(' ', open);
        (Comment, ReturnType, Name, Body) = (text[..start], declaration[..name], declaration[(name + 1)..open], text[(end + 1)..]);
        Parameters = [.. declaration[(open + 1)..declaration.LastIndexOf(')')].Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(static parameter => parameter.Split(' ') switch
        {
            [var modifier, var type, var own] => new VectorParameter(modifier, type, own),
            var words => new VectorParameter("", words[0], words[1]),
        })];
    }

    /// <summary>Whether the method is one of floats as it stands.</summary>
    public bool IsKept { get; }

    /// <summary>Whether a method of floats takes or gives doubles.</summary>
    public bool IsWide { get; }

    public string Name { get; }

    public string ReturnType { get; }

    public string Comment { get; }

    public string Body { get; }

    public VectorParameter[] Parameters { get; }

    /// <summary>The declaration of the method over rows, under a name.</summary>
    public string Declaration(string name) => $"{Beginning}{VectorTranslator.TypeOf(ReturnType)} {name}({string.Join(", ", Parameters.Select(static parameter => parameter.Declaration))})\n";
}

/// <summary>
/// Translates a method of generated code, which computes with numbers, into one that computes with registers of numbers, one for each row: the same operations in the same order, so that a row has the bits that
/// the method has. Loops and branches that depend on integers stay. A branch that depends on numbers becomes a choice, or, where it leaves the method, a call of the method for each row if any row takes it.
/// </summary>
internal sealed partial class VectorTranslator(VectorMethod method, Func<string, VectorMethod?> methods)
{
    private readonly string[] tokens = [.. Tokens(method.Body)];
    private readonly Dictionary<string, VectorKind> names = method.Parameters.ToDictionary(static parameter => parameter.Name, static parameter => parameter.Kind);
    private readonly StringBuilder text = new();
    private int position;

    /// <summary>Something has no counterpart: the method is called for each row.</summary>
    internal sealed class UntranslatableException : Exception;

    /// <summary>Whether a row may leave the common course, so that the method is called for each row.</summary>
    public bool CallsEachRow { get; private set; }

    /// <summary>The method over rows: an overload of the method.</summary>
    /// <exception cref="UntranslatableException">Something has no counterpart.</exception>
    public string Translate()
    {
        if (method.IsKept)
        {
            throw new UntranslatableException();
        }

        text.Clear().Append(method.Comment).Append(method.Declaration(method.Name));
        Block(4);
        return text.Replace("}\n\n    }\n", "}\n    }\n").ToString();
    }

    public static VectorKind KindOf(string type) => type switch
    {
        "double" => VectorKind.Number,
        "bool" => VectorKind.Truth,
        "int" or "long" => VectorKind.Whole,
        "Span<double>" or "ReadOnlySpan<double>" or "double[]" => VectorKind.Numbers,
        "void" => VectorKind.Nothing,
        _ => throw new UntranslatableException(),
    };

    public static string TypeOf(string type) => KindOf(type) is VectorKind.Number or VectorKind.Numbers ? type.Replace("double", "Vector<double>", StringComparison.Ordinal) : type;

    private string Peek(int ahead = 0) => position + ahead < tokens.Length ? tokens[position + ahead] : "";

    private string Next() => tokens[position++];

    private bool Accept(string token)
    {
        bool isNext = Peek() == token;
        position += isNext ? 1 : 0;
        return isNext;
    }

    private void Expect(string token)
    {
        if (!Accept(token))
        {
            throw new UntranslatableException();
        }
    }

    private void Line(int indent, string line) => text.Append(' ', indent).Append(line).Append('\n');

    private void Block(int indent)
    {
        Expect("{");
        Line(indent, "{");
        while (!Accept("}"))
        {
            Statement(indent + 4);
        }

        Line(indent, "}");
    }

    private void Statement(int indent)
    {
        switch (Peek())
        {
            case "for":
                For(indent);
                break;
            case "foreach":
                ForEach(indent);
                break;
            case "if":
                If(indent);
                break;
            case "return":
                Return(indent);
                break;
            case "continue" or "break":
                Line(indent, $"{Next()};");
                Expect(";");
                break;
            case "throw":
                Line(indent, $"{Verbatim()};");
                break;
            default:
                Line(indent, $"{Simple()};");
                Expect(";");
                break;
        }
    }

    /// <summary>The tokens of a statement, as they stand.</summary>
    private string Verbatim()
    {
        var words = new StringBuilder(Next());
        for (string last = ""; Peek() != ";"; last = Next())
        {
            words.Append(last is "(" or "." || Peek() is "(" or ")" or "." or "," ? "" : " ").Append(Peek());
        }

        Expect(";");
        return words.ToString();
    }

    private void For(int indent)
    {
        Expect("for");
        Expect("(");
        string start = Peek() == ";" ? "" : Simple();
        Expect(";");
        VectorTerm condition = Expression();
        Expect(";");
        var steps = new List<string>();
        while (!Accept(")"))
        {
            steps.Add(Simple());
            Accept(",");
        }

        Line(indent, $"for ({start}; {Uniform(condition)}; {string.Join(", ", steps)})");
        Block(indent);
        text.Append('\n');
    }

    private void ForEach(int indent)
    {
        Expect("foreach");
        Expect("(");
        bool isReference = Accept("ref");
        Expect("double");
        string name = Next();
        names[name] = VectorKind.Number;
        Expect("in");
        VectorTerm source = Expression();
        Expect(")");
        Line(indent, $"foreach ({(isReference ? "ref " : "")}Vector<double> {name} in {source.As(VectorKind.Numbers)})");
        Block(indent);
        text.Append('\n');
    }

    private void If(int indent)
    {
        Expect("if");
        Expect("(");
        VectorTerm condition = Expression();
        Expect(")");
        if (condition.Kind == VectorKind.Mask)
        {
            Leave(condition, indent);
            return;
        }

        Line(indent, $"if ({Uniform(condition)})");
        Block(indent);
        if (Accept("else"))
        {
            Line(indent, "else");
            Block(indent);
        }

        text.Append('\n');
    }

    /// <summary>Where any row leaves: an exception for all, or a call for each row.</summary>
    private void Leave(VectorTerm condition, int indent)
    {
        int start = position, depth = 0;
        do
        {
            depth += Peek() == "{" ? 1 : Peek() == "}" ? -1 : 0;
            position++;
        }
        while (depth > 0);
        int end = position;
        string[] body = tokens[start..end];
        bool throws = body.Length > 1 && body[1] == "throw";
        int last = Array.LastIndexOf(body, "return");
        bool returns = last >= 0 && Array.IndexOf(body, ";", last) == body.Length - 2;
        if (Peek() == "else" || !(throws || returns))
        {
            throw new UntranslatableException();
        }

        Line(indent, $"if ({condition.Operand(7)} != Vector<long>.Zero)");
        Line(indent, "{");
        if (throws)
        {
            position = start + 1;
            Line(indent + 4, $"{Verbatim()};");
            position = end;
        }
        else
        {
            CallsEachRow = true;
            string call = $"{VectorMethods.OfEachRow(method.Name)}({string.Join(", ", method.Parameters.Select(static p => p.Modifier.Length == 0 ? p.Name : $"{p.Modifier} {p.Name}"))});";
            Line(indent + 4, method.ReturnType == "void" ? call : $"return {call}");
            if (method.ReturnType == "void")
            {
                Line(indent + 4, "return;");
            }
        }

        Line(indent, "}");
        text.Append('\n');
    }

    private void Return(int indent)
    {
        Expect("return");
        Line(indent, Peek() == ";" ? "return;" : $"return {Expression().As(KindOf(method.ReturnType))};");
        Expect(";");
    }

    /// <summary>A declaration, an assignment or a call.</summary>
    private string Simple()
    {
        if (Peek() is "double" or "int" or "bool" or "long" or "Span" or "ReadOnlySpan" && Peek(1) != ".")
        {
            return Declaration();
        }

        if (Peek() == "(" && Deconstruction() is { } deconstruction)
        {
            return deconstruction;
        }

        VectorTerm target = Expression();
        string operation = Peek();
        if (operation is "++" or "--")
        {
            position++;
            return $"{target.As(VectorKind.Whole)}{operation}";
        }

        if (operation is "=" or "+=" or "-=" or "*=" or "/=" or ">>=")
        {
            position++;
            return $"{target.Text} {operation} {Expression().As(target.Kind)}";
        }

        return target.Kind == VectorKind.Nothing || operation == ";" ? target.Text : throw new UntranslatableException();
    }

    /// <summary>(a, b) = (x, y); null, with nothing read, for anything else that begins with a parenthesis.</summary>
    private string? Deconstruction()
    {
        int start = position;
        List<VectorTerm> targets = List();
        if (targets.Count < 2 || !Accept("="))
        {
            position = start;
            return null;
        }

        List<VectorTerm> values = List();
        return values.Count != targets.Count ? throw new UntranslatableException()
            : $"({string.Join(", ", targets.Select(static target => target.Text))}) = ({string.Join(", ", values.Select((value, i) => value.As(targets[i].Kind)))})";
    }

    private string Declaration()
    {
        string type = Next();
        if (Accept("<"))
        {
            type += $"<{Next()}>";
            Expect(">");
        }

        if (Accept("["))
        {
            Expect("]");
            type += "[]";
        }

        // A truth value is of each row if the first that is assigned is.
        VectorKind kind = KindOf(type);
        var parts = new List<string>();
        do
        {
            string name = Next();
            if (!Accept("="))
            {
                names[name] = kind;
                parts.Add(name);
                continue;
            }

            VectorTerm value = Expression();
            kind = kind == VectorKind.Truth && value.Kind == VectorKind.Mask ? VectorKind.Mask : kind;
            names[name] = kind;
            parts.Add($"{name} = {value.As(kind)}");
        }
        while (Accept(","));
        return $"{(kind == VectorKind.Mask ? "Vector<long>" : TypeOf(type))} {string.Join(", ", parts)}";
    }

    private static string Uniform(VectorTerm condition) => condition.As(VectorKind.Truth);

    private static readonly string[] Signs = [">>>", ">>=", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "++", "--", "+=", "-=", "*=", "/=", "=>"];

    /// <summary>The words, numbers, texts and signs of a body, without its comments.</summary>
    private static IEnumerable<string> Tokens(string body)
    {
        for (int i = 0, end; i < body.Length; i = end)
        {
            end = i + 1;
            if (body.AsSpan(i).StartsWith("//", StringComparison.Ordinal))
            {
                end = body.IndexOf('\n', i);
            }
            else if (body[i] == '"')
            {
                end = body.IndexOf('"', i + 1) + 1;
                yield return body[i..end];
            }
            else if (char.IsLetterOrDigit(body[i]) || body[i] == '_')
            {
                // The point of a number belongs to it, and so does the sign of its exponent.
                bool isNumber = char.IsAsciiDigit(body[i]);
                while (end < body.Length && (char.IsLetterOrDigit(body[end]) || body[end] == '_' || (isNumber && (body[end] == '.' || (body[end] is '+' or '-' && body[end - 1] is 'e' or 'E')))))
                {
                    end++;
                }

                yield return body[i..end];
            }
            else if (!char.IsWhiteSpace(body[i]))
            {
                string sign = Array.Find(Signs, own => string.CompareOrdinal(body, i, own, 0, own.Length) == 0) ?? body[i..end];
                end = i + sign.Length;
                yield return sign;
            }
        }
    }
}
