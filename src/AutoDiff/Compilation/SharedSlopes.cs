using System.Numerics;
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

        var ofFewElements = new Dictionary<Place, Value<T>>();
        foreach (Step<T> step in steps)
        {
            if (step is RecordStep<T> { Value: var single })
            {
                Look(single, null, ofFewElements, slopes);
            }
            else if (step is Group<T> group)
            {
                var ofGroup = new Dictionary<Place, Value<T>>();
                foreach (Value<T> value in group.Members.ToArray())
                {
                    Look(value, group, ofGroup, slopes);
                }
            }
        }

        return slopes;
    }

    /// <summary>Keeps a function that may be asked for its derivative, or asks one.</summary>
    private static void Look(Value<T> value, Group<T>? group, Dictionary<Place, Value<T>> functions, List<Value<T>> slopes)
    {
        if (value.Record is ElementwiseRecord<T> { WithSlope: not null, Times: { } times } && (group is not null || value.Length <= Group<T>.LeafLength))
        {
            functions.TryAdd(PlaceOf(value.Operands[0], times), value);
        }
        else if (value.Record is BinaryRecord<T> product && functions.Count > 0 && functions.TryGetValue(PlaceOf(value.Operands[1], product.Kernel), out Value<T>? function)
            && function.Shape.AsSpan().SequenceEqual(value.Operands[1].Shape))
        {
            Share(function, value, group, slopes);
        }
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

        product.MultiplyBy(function.Slope);
    }

    private static Place PlaceOf(Value<T> operand, BinaryKernel<T> times) => new(operand.Root, operand.Start, times);

    /// <summary>Where a function's operand lies, and what multiplies by the function's derivative there.</summary>
    private readonly record struct Place(Value<T> Root, int Start, BinaryKernel<T> Times);
}
