using System.Globalization;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>
/// As <see cref="SourceLanes"/> for functions that have code of their own for floats. It is written down as code on doubles, with which it has the operations in common, and translated with the rest
/// (<see cref="CSharpSingle"/>).
/// </summary>
internal readonly struct SourceFloatLanes(SourceNode node) : IFloatLanes<SourceFloatLanes>
{
    private const string ToBits = "BitConverter.DoubleToInt64Bits", ToNumber = "BitConverter.Int64BitsToDouble";

    private readonly SourceNode node = node;

    public static int Count => 1;

    public SourceNode Node => node;

    public static SourceFloatLanes Create(float value) => new(SourceNode.Literal(value));

    public static SourceFloatLanes FromBits(int bits) => new(new SourceNode(string.Create(CultureInfo.InvariantCulture, $"{ToNumber}({bits})"), [], isMask: false));

    public static SourceFloatLanes Load(ref readonly float source) => throw new NotSupportedException();

    public static void Store(SourceFloatLanes value, ref float destination) => throw new NotSupportedException();

    public static SourceFloatLanes operator +(SourceFloatLanes a, SourceFloatLanes b) => Number("{0} + {1}", a, b);

    public static SourceFloatLanes operator -(SourceFloatLanes a, SourceFloatLanes b) => Number("{0} - {1}", a, b);

    public static SourceFloatLanes operator -(SourceFloatLanes a) => Number("-{0}", a);

    public static SourceFloatLanes operator *(SourceFloatLanes a, SourceFloatLanes b) => Number("{0} * {1}", a, b);

    public static SourceFloatLanes operator /(SourceFloatLanes a, SourceFloatLanes b) => Number("{0} / {1}", a, b);

    public static SourceFloatLanes operator &(SourceFloatLanes a, SourceFloatLanes b) => (a.node.IsMask, b.node.IsMask) switch
    {
        (true, true) => Mask("{0} & {1}", a, b),
        (true, false) => Number("{0} ? {1} : 0.0", a, b),
        (false, true) => Number("{1} ? {0} : 0.0", a, b),
        _ => Number($"{ToNumber}({ToBits}({{0}}) & {ToBits}({{1}}))", a, b),
    };

    public static SourceFloatLanes operator |(SourceFloatLanes a, SourceFloatLanes b) => a.node.IsMask && b.node.IsMask ? Mask("{0} | {1}", a, b) : Number($"{ToNumber}({ToBits}({{0}}) | {ToBits}({{1}}))", a, b);

    public static SourceFloatLanes operator ^(SourceFloatLanes a, SourceFloatLanes b) => a.node.IsMask && b.node.IsMask ? Mask("{0} ^ {1}", a, b) : Number($"{ToNumber}({ToBits}({{0}}) ^ {ToBits}({{1}}))", a, b);

    public static SourceFloatLanes Fma(SourceFloatLanes a, SourceFloatLanes b, SourceFloatLanes c) => Number("Math.FusedMultiplyAdd({0}, {1}, {2})", a, b, c);

    public static SourceFloatLanes Abs(SourceFloatLanes a) => Number("Math.Abs({0})", a);

    public static SourceFloatLanes AtLeast(SourceFloatLanes a, float limit) => Number("Math.Max({0}, {1})", a, Create(limit));

    public static SourceFloatLanes AtMost(SourceFloatLanes a, float limit) => Number("Math.Min({0}, {1})", a, Create(limit));

    public static SourceFloatLanes Equal(SourceFloatLanes a, SourceFloatLanes b) => Mask("{0} == {1}", a, b);

    public static SourceFloatLanes Less(SourceFloatLanes a, SourceFloatLanes b) => Mask("{0} < {1}", a, b);

    public static SourceFloatLanes Select(SourceFloatLanes mask, SourceFloatLanes a, SourceFloatLanes b) => a.node.IsMask || b.node.IsMask ? Mask("{0} ? {1} : {2}", AsMask(mask), AsMask(a), AsMask(b))
        : Number("{0} ? {1} : {2}", AsMask(mask), a, b);

    /// <summary>Lanes that take another way are left to the caller.</summary>
    public static bool Any(SourceFloatLanes mask) => false;

    public static bool None(SourceFloatLanes mask) => false;

    public static SourceFloatLanes AddBits(SourceFloatLanes a, SourceFloatLanes b) => Number($"{ToNumber}({ToBits}({{0}}) + {ToBits}({{1}}))", a, b);

    public static SourceFloatLanes ShiftLeft(SourceFloatLanes a, int count) => Number($"{ToNumber}({ToBits}({{0}}) << {count})", a);

    public static SourceFloatLanes ShiftRight(SourceFloatLanes a, int count) => Number($"{ToNumber}({ToBits}({{0}}) >>> {count})", a);

    public static SourceFloatLanes TestBit(SourceFloatLanes a, int bit) => Mask($"({ToBits}({{0}}) & {1 << bit}) != 0", a);

    public static SourceFloatLanes Scale(SourceFloatLanes a, SourceFloatLanes n) => FloatLanes.ScaleInTwoSteps(a, n);

    /// <summary>A lane of ones or zeros that was made as a number.</summary>
    private static SourceFloatLanes AsMask(SourceFloatLanes mask) => mask.node.IsMask ? mask : Mask($"{ToBits}({{0}}) != 0", mask);

    private static SourceFloatLanes Number(string format, params ReadOnlySpan<SourceFloatLanes> operands) => new(new SourceNode(format, Nodes(operands), isMask: false));

    private static SourceFloatLanes Mask(string format, params ReadOnlySpan<SourceFloatLanes> operands) => new(new SourceNode(format, Nodes(operands), isMask: true));

    private static SourceNode[] Nodes(ReadOnlySpan<SourceFloatLanes> operands)
    {
        var nodes = new SourceNode[operands.Length];
        for (int i = 0; i < nodes.Length; i++)
        {
            nodes[i] = operands[i].node;
        }

        return nodes;
    }
}
