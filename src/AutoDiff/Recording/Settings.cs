using AutoDiff.Kernels;

namespace AutoDiff;

// What operations are told besides their operands, where a number or a tuple would not say which of two operations of one name it is.

/// <summary>A number that is the left operand: c - x and c / x, and not x - c and x / c.</summary>
internal readonly record struct Left<T>(T Value);

/// <summary>The bound of a value that is limited from below alone.</summary>
internal readonly record struct LowerBound<T>(T Value);

/// <summary>The bound of a value that is limited from above alone.</summary>
internal readonly record struct UpperBound<T>(T Value);

/// <summary>Which factors of a matrix product are transposed.</summary>
internal readonly record struct Transposition(bool OfX, bool OfY);

/// <summary>A trilinear form, and the slot that the operation fills.</summary>
internal readonly record struct OpenSlot<T>(TrilinearForm<T> Form, int Slot) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
{
    public bool Equals(OpenSlot<T> other) => Slot == other.Slot && Form.IsLike(other.Form);

    public override int GetHashCode() => Slot;
}

/// <summary>How rows are standardized: y = (x - mean) / √(variance + ε), or without the mean, x / √(mean square + ε).</summary>
internal readonly record struct Standardization<T>(T Epsilon, bool IsCentered);

/// <summary>How rows are standardized before they are scaled and shifted.</summary>
internal readonly record struct ScaledStandardization<T>(T Epsilon, bool IsCentered);

/// <summary>What is done with the places of the largest elements of windows.</summary>
internal enum PlacesUse
{
    /// <summary>The elements at the places are picked, -∞ where there is none.</summary>
    Pick,

    /// <summary>The elements at the places are picked, 0 where there is none.</summary>
    PickOrZero,

    /// <summary>Elements are added into the places.</summary>
    Put,
}

/// <summary>How attention reads its packed operand, the factor of the scores, and which operands, if any (0 for none), are the mask and what is added to the scores.</summary>
internal readonly record struct AttentionForm<T>(Attention.Extents Extents, T Scale, int MaskAt, int BiasAt);
