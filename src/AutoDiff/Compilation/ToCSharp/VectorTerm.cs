namespace AutoDiff;

/// <summary>A translated expression.</summary>
/// <param name="Text">The text.</param>
/// <param name="Kind">What it stands for.</param>
/// <param name="Precedence">How tightly its operator binds: from 1, the conditional operator, to 13, a name.</param>
internal readonly record struct VectorTerm(string Text, VectorKind Kind, int Precedence = 13)
{
    /// <summary>Whether it is the same for all rows.</summary>
    public bool IsUniform => Kind is VectorKind.Constant or VectorKind.Whole or VectorKind.Truth;

    /// <summary>The text as an operand of an operator.</summary>
    public string Operand(int precedence) => Precedence < precedence ? $"({Text})" : Text;

    /// <summary>The text as a value of a kind.</summary>
    public string As(VectorKind kind) => Kind == kind ? Text : (Kind, kind) switch
    {
        (VectorKind.Constant or VectorKind.Whole, VectorKind.Number) => Text == "0.0" ? "Vector<double>.Zero" : Kind == VectorKind.Whole ? $"Vector.Create((double){Operand(12)})" : $"Vector.Create({Text})",
        (VectorKind.Whole, VectorKind.Bits) => Text == "0" ? "Vector<long>.Zero" : $"Vector.Create({Text})",
        (VectorKind.Whole, VectorKind.Constant) => $"(double){Operand(12)}",
        (VectorKind.Truth, VectorKind.Mask) => $"({Text} ? Vector<long>.AllBitsSet : Vector<long>.Zero)",
        _ => throw new VectorTranslator.UntranslatableException(),
    };

    /// <summary>The term as a value of a kind, which may be an operand.</summary>
    public VectorTerm Converted(VectorKind kind) => Kind == kind ? this : new(As(kind), kind);
}
