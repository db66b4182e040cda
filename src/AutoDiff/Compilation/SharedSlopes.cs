using System.Numerics;
using System.Runtime.InteropServices;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>
/// Finds functions whose derivative at the same place is wanted as well (sin x and g · cos x, tanh x and g / cosh² x) and have a good part of their work in common: the derivative is computed along with the
/// function, and what multiplied by a function of x multiplies by it. The bits are the same.
/// </summary>
/// <remarks>Within a group the derivative lives in the nearest cache. Of few elements it may travel to another step; of many that would be memory written and read instead of work saved.</remarks>
internal static class SharedSlopes<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The derivatives that are computed along with functions from now on.</summary>
    public static List<Value<T>> Find(List<Step<T>> steps)
    {
        var slopes = new List<Value<T>>();
        if (!VectorMath.HasSlopes<T>())
        {
            return slopes;
        }

        var ofFewElements = new Dictionary<(Value<T> Root, int Start), List<Value<T>>>();
        foreach (Step<T> step in steps)
        {
            Dictionary<(Value<T> Root, int Start), List<Value<T>>> functions = step is Group<T> ? [] : ofFewElements;
            foreach (Value<T> value in step.Computed.ToArray())
            {
                if (value.Record is ElementwiseRecord<T> { WithSlope: not null } && (step is Group<T> || value.Length <= Group<T>.LeafLength))
                {
                    (CollectionsMarshal.GetValueRefOrAddDefault(functions, PlaceOf(value.Operands[0]), out _) ??= []).Add(value);
                }
                else if (value.Record is BinaryRecord<T> product && functions.TryGetValue(PlaceOf(value.Operands[1]), out List<Value<T>>? candidates)
                    && candidates.Find(function => ((ElementwiseRecord<T>)function.Record!).HasSlopeIn(product) && function.Shape.AsSpan().SequenceEqual(value.Operands[1].Shape)) is { } function)
                {
                    Share(function, value, step as Group<T>, slopes);
                }
            }
        }

        return slopes;
    }

    private static void Share(Value<T> function, Value<T> product, Group<T>? group, List<Value<T>> slopes)
    {
        if (function.Slope is null && group is not null && ProgramBuilder<T>.IsOne(product.Operands[0]) && function.Shape.AsSpan().SequenceEqual(product.Shape))
        {
            // The product with 1 is the derivative itself.
            group.Members.Remove(product);
            function.Slope = product;
            return;
        }

        if (function.Slope is null)
        {
            function.Slope = new Value<T>(function.Shape) { SlopeOf = function, Position = function.Position, Group = function.Group };
            slopes.Add(function.Slope);
        }

        product.Factor = function.Slope;
    }

    private static (Value<T> Root, int Start) PlaceOf(Value<T> x) => (x.Root, x.Start);
}
