using System.Numerics;

namespace AutoDiff;

/// <summary>A look of the program at numbers of a recorded tensor: its further course may depend on them.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="Start">The first element that was read.</param>
/// <param name="Count">The number of elements that were read.</param>
/// <param name="RecordsBefore">How many records there were then.</param>
/// <param name="ByLane">Whether each element is the answer of a scenario by itself, of which those that disagree part.</param>
internal readonly record struct TapeRead<T>(Tensor<T> Tensor, int Start, int Count, int RecordsBefore, bool ByLane) where T : unmanaged, IBinaryFloatingPointIeee754<T>;
