using System.Numerics;

namespace AutoDiff;

/// <summary>A look of the program at numbers of a recorded tensor: its further course may depend on them.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="Start">The first element that was read.</param>
/// <param name="Count">The number of elements that were read.</param>
/// <param name="RecordsBefore">How many records there were then.</param>
internal readonly record struct TapeRead<T>(Tensor<T> Tensor, int Start, int Count, int RecordsBefore) where T : unmanaged, IBinaryFloatingPointIeee754<T>;
