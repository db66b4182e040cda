using System.Globalization;
using System.Text;

namespace AutoDiff;

/// <content>Expressions: operators and calls of each row.</content>
internal sealed partial class VectorTranslator
{
    private const int Conditional = 1, Or = 2, And = 3, Equality = 7, Relational = 8, Shift = 9, Sums = 10, Products = 11, Sign = 12;

    private static readonly string[][] Operators =
        [[], [], ["||"], ["&&"], ["|"], ["^"], ["&"], ["==", "!="], ["<", ">", "<=", ">="], ["<<", ">>", ">>>"], ["+", "-"], ["*", "/", "%"]];

    private VectorTerm Expression()
    {
        VectorTerm condition = Operation(Or);
        if (!Accept("?"))
        {
            return condition;
        }

        VectorTerm first = Expression();
        Expect(":");
        VectorTerm second = Expression();
        VectorKind kind = first.Kind == second.Kind ? first.Kind : Common(first, second);
        if (condition.Kind == VectorKind.Mask)
        {
            kind = kind is VectorKind.Constant or VectorKind.Whole ? VectorKind.Number : kind == VectorKind.Truth ? VectorKind.Mask : kind;
            return kind is VectorKind.Number or VectorKind.Mask or VectorKind.Bits ? new($"Vector.ConditionalSelect({condition.Text}, {first.As(kind)}, {second.As(kind)})", kind) : throw new UntranslatableException();
        }

        VectorTerm choice = new($"{condition.Operand(Conditional + 1)} ? {first.Converted(kind).Operand(Conditional)} : {second.Converted(kind).Operand(Conditional)}", kind, Conditional);
        return condition.Kind == VectorKind.Truth ? choice : throw new UntranslatableException();
    }

    /// <summary>The kind that both operands are converted to.</summary>
    private static VectorKind Common(VectorTerm x, VectorTerm y) => (x.Kind, y.Kind) switch
    {
        (VectorKind.Number, _) or (_, VectorKind.Number) => VectorKind.Number,
        (VectorKind.Mask, _) or (_, VectorKind.Mask) => VectorKind.Mask,
        (VectorKind.Bits, _) or (_, VectorKind.Bits) => VectorKind.Bits,
        (VectorKind.Constant, _) or (_, VectorKind.Constant) => VectorKind.Constant,
        var (a, b) when a == b => a,
        _ => throw new UntranslatableException(),
    };

    private VectorTerm Operation(int precedence)
    {
        if (precedence >= Sign)
        {
            return Prefixed();
        }

        VectorTerm left = Operation(precedence + 1);
        while (Array.IndexOf(Operators[precedence], Peek()) >= 0)
        {
            string operation = Next();
            left = Combined(operation, precedence, left, Operation(precedence + 1));
        }

        return left;
    }

    private static VectorTerm Combined(string operation, int precedence, VectorTerm x, VectorTerm y)
    {
        if (x.IsUniform && y.IsUniform)
        {
            VectorKind kind = precedence is Or or And or Equality or Relational ? VectorKind.Truth : x.Kind == y.Kind ? x.Kind : Common(x, y);
            return new($"{x.Operand(precedence)} {operation} {y.Operand(precedence + 1)}", kind, precedence);
        }

        if (operation is "<<" or ">>" or ">>>")
        {
            return x.Kind == VectorKind.Bits && y.Kind == VectorKind.Whole ? new($"{x.Operand(Shift)} {operation} {y.Operand(Shift + 1)}", VectorKind.Bits, Shift) : throw new UntranslatableException();
        }

        VectorKind common = Common(x, y);
        (VectorTerm a, VectorTerm b) = (x.Converted(common), y.Converted(common));
        switch (operation)
        {
            case "==" or "!=" when common == VectorKind.Mask:
                return operation == "!=" ? new($"{a.Operand(5)} ^ {b.Operand(6)}", common, 5) : new($"~({a.Operand(5)} ^ {b.Operand(6)})", common, Sign);
            case "==":
                return new($"Vector.Equals({a.Text}, {b.Text})", VectorKind.Mask);
            case "!=":
                return new($"~Vector.Equals({a.Text}, {b.Text})", VectorKind.Mask, Sign);
            case "<" or ">" or "<=" or ">=" when common == VectorKind.Number:
                string comparison = operation switch { "<" => "LessThan", ">" => "GreaterThan", "<=" => "LessThanOrEqual", _ => "GreaterThanOrEqual" };
                return new($"Vector.{comparison}({a.Text}, {b.Text})", VectorKind.Mask);
            case "&&" or "||" when common == VectorKind.Mask:
                int own = operation == "&&" ? 6 : 4;
                return new($"{a.Operand(own)} {operation[..1]} {b.Operand(own + 1)}", common, own);
            case "|" or "^" or "&" when common is VectorKind.Mask or VectorKind.Bits:
            case "+" or "-" or "*" or "/" when common == VectorKind.Number:
            case "+" or "-" when common == VectorKind.Bits:
                return new($"{a.Operand(precedence)} {operation} {b.Operand(precedence + 1)}", common, precedence);
            case "%" when common == VectorKind.Number:
                return new($"EachRow(static (x, y) => x % y, {a.Text}, {b.Text})", common);
            default:
                throw new UntranslatableException();
        }
    }

    private VectorTerm Prefixed()
    {
        switch (Peek())
        {
            case "-" or "+" or "~":
                string sign = Next();
                VectorTerm x = Prefixed();
                return new($"{sign}{x.Operand(Sign)}", x.Kind, Sign);
            case "!":
                position++;
                VectorTerm truth = Prefixed();
                return truth.Kind == VectorKind.Mask ? new($"~{truth.Operand(Sign)}", VectorKind.Mask, Sign) : new($"!{truth.Operand(Sign)}", VectorKind.Truth, Sign);
            case "(" when Peek(1) is "double" or "float" or "int" or "long" && Peek(2) == ")":
                position++;
                string type = Next();
                position++;
                VectorTerm number = Prefixed();
                return number.IsUniform ? new($"({type}){number.Operand(Sign)}", type is "double" or "float" ? VectorKind.Constant : VectorKind.Whole, Sign)
                    : type == "double" && number.Kind == VectorKind.Number ? number : throw new UntranslatableException();
            default:
                return Primary();
        }
    }

    private VectorTerm Primary()
    {
        string token = Next();
        if (token[0] == CSharpSingle.Open)
        {
            return Kept();
        }

        if (token == "(")
        {
            VectorTerm inner = Expression();
            Expect(")");
            return inner with { Text = inner.Precedence < 13 ? $"({inner.Text})" : inner.Text, Precedence = 13 };
        }

        if (char.IsAsciiDigit(token[0]))
        {
            bool isNumber = token.AsSpan().IndexOfAny('.', 'e', 'E') >= 0 || token[^1] is 'f' or 'd';
            return new(token, isNumber ? VectorKind.Constant : VectorKind.Whole);
        }

        if (token is "stackalloc" or "new")
        {
            Expect("double");
            Expect("[");
            VectorTerm length = Expression();
            Expect("]");
            return new($"{token} Vector<double>[{length.As(VectorKind.Whole)}]", VectorKind.Numbers, token == "new" ? 13 : Sign);
        }

        return token switch
        {
            "true" or "false" => new(token, VectorKind.Truth),
            "Math" or "double" or "BitConverter" => Static(token),
            _ when Peek() == "(" => Call(token),
            _ when Peek() == "." && char.IsUpper(token[0]) && !names.ContainsKey(token) && !IsTable(token) => EachRow(token),
            _ => Named(token),
        };
    }

    private static bool IsTable(string name) => CSharpProgram.IsTable(name) || CSharpProgram.IsTableOfNumbers(name);

    /// <summary>A variable with what follows: an element, or a part.</summary>
    private VectorTerm Named(string name)
    {
        VectorTerm term = new(name, names.TryGetValue(name, out VectorKind kind) ? kind : CSharpProgram.IsTable(name) ? VectorKind.Wholes
            : CSharpProgram.IsTableOfNumbers(name) ? VectorKind.Constants : throw new UntranslatableException());
        while (true)
        {
            if (Accept("["))
            {
                VectorKind element = term.Kind switch { VectorKind.Numbers => VectorKind.Number, VectorKind.Constants => VectorKind.Constant, VectorKind.Wholes => VectorKind.Whole, _ => throw new UntranslatableException() };
                VectorTerm index = Expression();
                Expect("]");
                term = new($"{term.Text}[{index.As(VectorKind.Whole)}]", element);
            }
            else if (Accept("."))
            {
                term = Member(term, Next());
            }
            else
            {
                return term;
            }
        }
    }

    private VectorTerm Member(VectorTerm x, string member)
    {
        switch (member)
        {
            case "Length":
                return new($"{x.Text}.Length", VectorKind.Whole);
            case "IsEmpty":
                return new($"{x.Text}.IsEmpty", VectorKind.Truth);
        }

        List<VectorTerm> arguments = List();
        return (x.Kind, member) switch
        {
            (VectorKind.Numbers, "Slice") => new($"{x.Text}.Slice({string.Join(", ", arguments.Select(static a => a.As(VectorKind.Whole)))})", VectorKind.Numbers),
            (VectorKind.Numbers, "CopyTo") => new($"{x.Text}.CopyTo({arguments[0].As(VectorKind.Numbers)})", VectorKind.Nothing),
            (VectorKind.Constants, "CopyTo") => new($"Spread({x.Text}, {arguments[0].As(VectorKind.Numbers)})", VectorKind.Nothing),
            (VectorKind.Numbers, "Clear") => new($"{x.Text}.Clear()", VectorKind.Nothing),
            (VectorKind.Numbers, "ToArray") => new($"{x.Text}.ToArray()", VectorKind.Numbers),
            _ => throw new UntranslatableException(),
        };
    }

    /// <summary>(a, b, c), which are the arguments of a call or the parts of a tuple.</summary>
    private List<VectorTerm> List()
    {
        var terms = new List<VectorTerm>();
        Expect("(");
        while (!Accept(")"))
        {
            terms.Add(Expression());
            if (Peek() != ")")
            {
                Expect(",");
            }
        }

        return terms;
    }

    /// <summary>A member of Math, double or BitConverter.</summary>
    private VectorTerm Static(string type)
    {
        Expect(".");
        string member = Next();
        if (Peek() != "(")
        {
            return new($"{type}.{member}", VectorKind.Constant);
        }

        List<VectorTerm> arguments = List();
        if (arguments.TrueForAll(static argument => argument.IsUniform))
        {
            bool isWhole = member is "DoubleToInt64Bits" or "ILogB" || (member is "Min" or "Max" && arguments.TrueForAll(static a => a.Kind == VectorKind.Whole));
            VectorKind kind = member.StartsWith("Is", StringComparison.Ordinal) ? VectorKind.Truth : isWhole ? VectorKind.Whole : VectorKind.Constant;
            return new($"{type}.{member}({string.Join(", ", arguments.Select(static a => a.Text))})", kind);
        }

        if (member == "Int64BitsToDouble")
        {
            return new($"Vector.AsVectorDouble({arguments[0].As(VectorKind.Bits)})", VectorKind.Number);
        }

        string[] xs = [.. arguments.Select(static argument => argument.As(VectorKind.Number))];
        string all = string.Join(", ", xs);
        const string Infinity = "Vector.Create(double.PositiveInfinity)";
        return (type, member) switch
        {
            ("BitConverter", "DoubleToInt64Bits") => new($"Vector.AsVectorInt64({all})", VectorKind.Bits),
            ("Math", "Sqrt") => new($"Vector.SquareRoot({all})", VectorKind.Number),
            ("Math", "Abs" or "Floor" or "Ceiling" or "Truncate" or "FusedMultiplyAdd" or "Max" or "Min" or "CopySign") => new($"Vector.{member}({all})", VectorKind.Number),
            ("Math", "Round") when xs.Length == 1 => new($"Vector.Round({all})", VectorKind.Number),
            ("Math", "Clamp") => new($"Vector.Min(Vector.Max({xs[0]}, {xs[1]}), {xs[2]})", VectorKind.Number),
            ("double", "IsNaN") => new($"~Vector.Equals({all}, {all})", VectorKind.Mask, Sign),
            ("double", "IsInfinity") => new($"Vector.Equals(Vector.Abs({all}), {Infinity})", VectorKind.Mask),
            ("double", "IsPositiveInfinity") => new($"Vector.Equals({all}, {Infinity})", VectorKind.Mask),
            ("double", "IsNegativeInfinity") => new($"Vector.Equals({all}, Vector.Create(double.NegativeInfinity))", VectorKind.Mask),
            ("double", "IsFinite") => new($"Vector.LessThan(Vector.Abs({all}), {Infinity})", VectorKind.Mask),
            ("Math", "ILogB" or "Sign") => throw new UntranslatableException(),
            ("Math", _) or ("double", "Exp2" or "Exp10" or "SinPi" or "CosPi" or "Hypot") => OfEachRow($"{type}.{member}", arguments),
            _ => throw new UntranslatableException(),
        };
    }

    /// <summary>A method of a class that comes as it stands.</summary>
    private VectorTerm EachRow(string type)
    {
        Expect(".");
        string member = Next();
        List<VectorTerm> arguments = List();
        string plain = $"{type}.{member}({string.Join(", ", arguments.Select(static a => a.Text))})";
        return arguments.TrueForAll(static argument => argument.IsUniform) ? new(plain, VectorKind.Constant) : OfEachRow($"{type}.{member}", arguments);
    }

    /// <summary>An expression of floats that is computed in double, for the number of each row.</summary>
    private VectorTerm Kept()
    {
        var (words, numbers) = (new StringBuilder(), new List<string>());
        while (Peek()[0] != CSharpSingle.Close)
        {
            if (!names.ContainsKey(Peek()))
            {
                // A cast is followed by its operand, a point by a member.
                words.Append(words.Length > 0 && char.IsLetterOrDigit(words[^1]) && char.IsLetterOrDigit(Peek()[0]) ? " " : "").Append(Peek() is "?" or ":" or "," ? Peek() + " " : Peek());
                position++;
                continue;
            }

            VectorTerm term = Named(Next());
            int known = numbers.IndexOf(term.As(VectorKind.Number));
            if (known < 0)
            {
                known = numbers.Count;
                numbers.Add(term.Text);
            }

            words.Append(known switch { 0 => "x", 1 => "y", 2 => "z", _ => throw new UntranslatableException() });
        }

        position++;
        string[] own = [.. ((string[])["x", "y", "z"]).Take(numbers.Count)];
        return numbers.Count == 0 ? new($"{CSharpSingle.Open}{words}{CSharpSingle.Close}", VectorKind.Constant)
            : new($"EachRow(static {(own.Length == 1 ? own[0] : $"({string.Join(", ", own)})")} => {CSharpSingle.Open}{words}{CSharpSingle.Close}, {string.Join(", ", numbers)})", VectorKind.Number);
    }

    /// <summary>A function that has no counterpart, called for the number of each row. What is the same for all rows has to be written in the function.</summary>
    private static VectorTerm OfEachRow(string function, List<VectorTerm> arguments)
    {
        string[] parameters = [.. Enumerable.Range(0, arguments.Count).Select(static i => i == 0 ? "x" : i == 1 ? "y" : string.Create(CultureInfo.InvariantCulture, $"z{i}"))];
        string[] passed = [.. arguments.Select((argument, i) => !argument.IsUniform ? parameters[i] : IsWritten(argument.Text) ? argument.Text : throw new UntranslatableException())];
        string[] own = [.. parameters.Where((_, i) => !arguments[i].IsUniform)];
        string numbers = string.Join(", ", arguments.Where(static argument => !argument.IsUniform).Select(static argument => argument.As(VectorKind.Number)));
        return new($"EachRow(static {(own.Length == 1 ? own[0] : $"({string.Join(", ", own)})")} => {function}({string.Join(", ", passed)}), {numbers})", VectorKind.Number);
    }

    /// <summary>Whether an expression has no variables.</summary>
    private static bool IsWritten(string expression) => CSharpText.Names(expression).All(static found => char.IsAsciiDigit(found.Name[0]) || found.Name is "double" or "Math" or "BitConverter" or "true" or "false");

    /// <summary>A method of the generated class.</summary>
    private VectorTerm Call(string name)
    {
        Expect("(");
        var arguments = new List<VectorTerm>();
        var outputs = new List<string?>();
        while (!Accept(")"))
        {
            if (Accept("out"))
            {
                bool declares = Peek() is "double" or "int";
                VectorKind kind = declares ? KindOf(Next()) : VectorKind.Number;
                string variable = Next();
                if (declares)
                {
                    names[variable] = kind;
                    outputs.Add($"out {(kind == VectorKind.Number ? "Vector<double>" : "int")} {variable}");
                    arguments.Add(new(variable, kind));
                }
                else
                {
                    position--;
                    VectorTerm place = Named(Next());
                    outputs.Add($"out {place.Text}");
                    arguments.Add(place);
                }
            }
            else
            {
                arguments.Add(Expression());
                outputs.Add(null);
            }

            if (Peek() != ")")
            {
                Expect(",");
            }
        }

        VectorMethod called = methods(name) ?? throw new UntranslatableException();
        if (called.Parameters.Length != arguments.Count)
        {
            throw new UntranslatableException();
        }

        string text = string.Join(", ", arguments.Select((argument, i) => outputs[i] ?? argument.As(called.Parameters[i].Kind)));
        return new($"{name}({text})", KindOf(called.ReturnType));
    }
}
