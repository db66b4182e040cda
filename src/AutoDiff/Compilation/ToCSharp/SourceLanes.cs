using System.Globalization;
using System.Text;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>
/// A register that holds no numbers but remembers what was done to it: a function of <see cref="VectorMath"/> that runs over it writes itself down as C# on one double. So the source that is generated
/// computes what the kernels compute, operation by operation, and no algorithm is written twice.
/// </summary>
internal readonly struct SourceLanes(SourceNode node) : ILanes<SourceLanes>
{
    private readonly SourceNode node = node;

    public static int Count => 1;

    public SourceNode Node => node;

    public static SourceLanes Create(double value) => new(SourceNode.Literal(value));

    public static SourceLanes FromBits(long bits) => new(SourceNode.Literal(BitConverter.Int64BitsToDouble(bits)));

    public static SourceLanes Load(ref readonly double source) => throw new NotSupportedException();

    public static SourceLanes Load(ref readonly float source) => throw new NotSupportedException();

    public static SourceLanes LoadDifference(ref readonly float x, float y) => throw new NotSupportedException();

    public static SourceLanes LoadProduct(ref readonly float x, ref readonly float y) => throw new NotSupportedException();

    public static void Store(SourceLanes value, ref double destination) => throw new NotSupportedException();

    public static void Store(SourceLanes value, ref float destination) => throw new NotSupportedException();

    public static double ToScalar(SourceLanes value) => throw new NotSupportedException();

    public static double SumOfHalves(SourceLanes a) => throw new NotSupportedException();

    public static SourceLanes operator +(SourceLanes a, SourceLanes b) => Number("{0} + {1}", a, b);

    public static SourceLanes operator -(SourceLanes a, SourceLanes b) => Number("{0} - {1}", a, b);

    public static SourceLanes operator -(SourceLanes a) => Number("-{0}", a);

    public static SourceLanes operator *(SourceLanes a, SourceLanes b) => Number("{0} * {1}", a, b);

    public static SourceLanes operator /(SourceLanes a, SourceLanes b) => Number("{0} / {1}", a, b);

    public static SourceLanes operator &(SourceLanes a, SourceLanes b) => (a.node.IsMask, b.node.IsMask) switch
    {
        (true, true) => Mask("{0} & {1}", a, b),
        (true, false) => Number("{0} ? {1} : 0.0", a, b),
        (false, true) => Number("{1} ? {0} : 0.0", a, b),
        _ => Number("BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits({0}) & BitConverter.DoubleToInt64Bits({1}))", a, b),
    };

    public static SourceLanes operator |(SourceLanes a, SourceLanes b) => a.node.IsMask && b.node.IsMask ? Mask("{0} | {1}", a, b)
        : Number("BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits({0}) | BitConverter.DoubleToInt64Bits({1}))", a, b);

    public static SourceLanes operator ^(SourceLanes a, SourceLanes b) => a.node.IsMask && b.node.IsMask ? Mask("{0} ^ {1}", a, b)
        : Number("BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits({0}) ^ BitConverter.DoubleToInt64Bits({1}))", a, b);

    public static SourceLanes Fma(SourceLanes a, SourceLanes b, SourceLanes c) => Number("Math.FusedMultiplyAdd({0}, {1}, {2})", a, b, c);

    public static SourceLanes MultiplyAdd(SourceLanes a, SourceLanes b, SourceLanes c) => Fma(a, b, c);

    public static SourceLanes Sqrt(SourceLanes a) => Number("Math.Sqrt({0})", a);

    public static SourceLanes Abs(SourceLanes a) => Number("Math.Abs({0})", a);

    public static SourceLanes Truncate(SourceLanes a) => Number("Math.Truncate({0})", a);

    public static SourceLanes AtLeast(SourceLanes a, double limit) => Number("Math.Max({0}, {1})", a, Create(limit));

    public static SourceLanes AtMost(SourceLanes a, double limit) => Number("Math.Min({0}, {1})", a, Create(limit));

    public static SourceLanes Equal(SourceLanes a, SourceLanes b) => Mask("{0} == {1}", a, b);

    public static SourceLanes Less(SourceLanes a, SourceLanes b) => Mask("{0} < {1}", a, b);

    public static SourceLanes LessOrEqual(SourceLanes a, SourceLanes b) => Mask("{0} <= {1}", a, b);

    public static SourceLanes Select(SourceLanes mask, SourceLanes a, SourceLanes b) => a.node.IsMask || b.node.IsMask ? Mask("{0} ? {1} : {2}", AsMask(mask), AsMask(a), AsMask(b))
        : Number("{0} ? {1} : {2}", AsMask(mask), a, b);

    /// <summary>Lanes that take another way are left to the caller.</summary>
    public static bool Any(SourceLanes mask) => false;

    public static bool None(SourceLanes mask) => false;

    public static SourceLanes AddBits(SourceLanes a, SourceLanes b) => Number("BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits({0}) + BitConverter.DoubleToInt64Bits({1}))", a, b);

    public static SourceLanes ShiftLeft(SourceLanes a, int count) => Number($"BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits({{0}}) << {count})", a);

    public static SourceLanes ShiftRight(SourceLanes a, int count) => Number($"BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits({{0}}) >>> {count})", a);

    public static SourceLanes TestBit(SourceLanes a, int bit) => Mask($"(BitConverter.DoubleToInt64Bits({{0}}) & {1L << bit}L) != 0", a);

    public static SourceLanes Scale(SourceLanes a, SourceLanes n) => Lanes.ScaleInTwoSteps(a, n);

    /// <summary>A lane of ones or zeros that was made as a number.</summary>
    private static SourceLanes AsMask(SourceLanes mask) => mask.node.IsMask ? mask : Mask("BitConverter.DoubleToInt64Bits({0}) != 0", mask);

    private static SourceLanes Number(string format, params ReadOnlySpan<SourceLanes> operands) => new(new SourceNode(format, Nodes(operands), isMask: false));

    private static SourceLanes Mask(string format, params ReadOnlySpan<SourceLanes> operands) => new(new SourceNode(format, Nodes(operands), isMask: true));

    private static SourceNode[] Nodes(ReadOnlySpan<SourceLanes> operands)
    {
        var nodes = new SourceNode[operands.Length];
        for (int i = 0; i < nodes.Length; i++)
        {
            nodes[i] = operands[i].node;
        }

        return nodes;
    }
}

/// <summary>One operation of a function that is written down.</summary>
internal sealed class SourceNode(string format, SourceNode[] operands, bool isMask)
{
    /// <summary>Whether it is a truth value: a lane of ones or zeros.</summary>
    public bool IsMask => isMask;

    /// <summary>The name of a parameter, or the text of a number.</summary>
    private string? Text { get; init; }

    public static SourceNode Parameter(string name) => new("", [], isMask: false) { Text = name };

    public static SourceNode Literal(double value) => new("", [], isMask: false) { Text = CSharpText.Literal(value) };

    /// <summary>A method that computes the node: a line for each operation, in the order of evaluation.</summary>
    public string ToMethod(string name, params string[] parameters)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"    private static double {name}({string.Join(", ", parameters.Select(static p => $"double {p}"))})\n    {{\n");
        string[] results = Append(text, [this]);
        return text.Append(CultureInfo.InvariantCulture, $"        return {results[0]};\n    }}\n").ToString();
    }

    /// <summary>A method of x that computes two nodes, and what they have in common once.</summary>
    public static string ToMethod(string name, SourceNode first, SourceNode second)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"    private static void {name}(double x, out double first, out double second)\n    {{\n");
        string[] results = Append(text, [first, second]);
        return text.Append(CultureInfo.InvariantCulture, $"        first = {results[0]};\n        second = {results[1]};\n    }}\n").ToString();
    }

    /// <summary>Writes the operations of nodes, each once, and returns the names of the results.</summary>
    private static string[] Append(StringBuilder text, SourceNode[] nodes)
    {
        var names = new Dictionary<SourceNode, string>(ReferenceEqualityComparer.Instance);
        var known = new Dictionary<string, string>();
        // A function has some hundred operations, one of which may be the operand of many: they are visited without recursion.
        var open = new Stack<SourceNode>(nodes.Reverse());
        while (open.TryPeek(out SourceNode? node))
        {
            SourceNode[] missing = names.ContainsKey(node) ? [] : [.. node.Operands.Where(operand => !names.ContainsKey(operand))];
            if (missing.Length > 0)
            {
                foreach (SourceNode operand in missing)
                {
                    open.Push(operand);
                }

                continue;
            }

            open.Pop();
            if (names.ContainsKey(node))
            {
                continue;
            }

            if (node.Text is { } own)
            {
                names[node] = own;
                continue;
            }

            string expression = string.Format(CultureInfo.InvariantCulture, node.Format, [.. node.Operands.Select(operand => (object)Operand(names[operand]))]);
            if (!known.TryGetValue(expression, out string? result))
            {
                result = string.Create(CultureInfo.InvariantCulture, $"{(node.IsMask ? 'b' : 't')}{known.Count}");
                known[expression] = result;
                text.Append(CultureInfo.InvariantCulture, $"        {(node.IsMask ? "bool" : "double")} {result} = {expression};\n");
            }

            names[node] = result;
        }

        return Array.ConvertAll(nodes, node => names[node]);
    }

    private string Format => format;

    private SourceNode[] Operands => operands;

    /// <summary>A negative number keeps its sign to itself.</summary>
    private static string Operand(string name) => name.StartsWith('-') ? $"({name})" : name;
}
