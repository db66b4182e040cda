using System.Numerics;
using AutoDiff.Kernels;

namespace AutoDiff;

/// <summary>What a program does at one place of its schedule.</summary>
internal abstract class Step<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What the step reads, and what it computes.</summary>
    public abstract IEnumerable<Value<T>> Reads { get; }

    public abstract IEnumerable<Value<T>> Writes { get; }

    /// <summary>The step over the tensors of one run.</summary>
    /// <param name="tensors">The tensors, by the numbers of the values.</param>
    public abstract BoundStep Bind(Tensor<T>[] tensors);
}

/// <summary>A step over the memory of one run.</summary>
internal abstract class BoundStep
{
    /// <summary>Does its work. False where a guard finds other numbers than the function saw: the program does not hold.</summary>
    public abstract bool Run();
}

/// <summary>One operation, as its record computes it.</summary>
internal sealed class RecordStep<T>(Value<T> value) : Step<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Value<T> Value => value;

    public override IEnumerable<Value<T>> Reads => value.Reads;

    public override IEnumerable<Value<T>> Writes => value.Slope is { } slope ? [value, slope] : [value];

    public override BoundStep Bind(Tensor<T>[] tensors)
    {
        Record<T> record = value.Computation;
        Tensor<T>[] inputs = Array.ConvertAll(value.Reads, x => tensors[x.Number]);
        if (value.Slope is { } slope)
        {
            return new BoundWithSlope(((ElementwiseRecord<T>)record).WithSlope!, inputs[0], tensors[value.Number], tensors[slope.Number]);
        }

        if (!record.IsElementwise || value.Length > Group<T>.LeafLength || inputs.Length > 3)
        {
            return new Bound(record, inputs, tensors[value.Number]);
        }

        // Of few elements, finding out how an operand broadcasts would be a good part of the work: constants are spread now.
        for (int k = 0; k < inputs.Length; k++)
        {
            if (value.Reads[k] is { Root.Constant: not null } operand && operand.Length < value.Length)
            {
                inputs[k] = inputs[k].BroadcastTo(value.Shape);
            }
        }

        return Array.TrueForAll(inputs, x => x.Length == value.Length) ? new BoundBlock(record, inputs, tensors[value.Number]) : new Bound(record, inputs, tensors[value.Number]);
    }

    private sealed class Bound(Record<T> record, Tensor<T>[] inputs, Tensor<T> output) : BoundStep
    {
        public override bool Run()
        {
            record.Compute(inputs, output);
            return true;
        }
    }

    private sealed class BoundWithSlope(KernelWithSlope<T> kernel, Tensor<T> x, Tensor<T> output, Tensor<T> slope) : BoundStep
    {
        public override bool Run()
        {
            kernel(x.Writable, output.Writable, slope.Writable);
            return true;
        }
    }

    /// <summary>An elementwise operation on a few elements, none of which is spread.</summary>
    private sealed class BoundBlock(Record<T> record, Tensor<T>[] inputs, Tensor<T> output) : BoundStep
    {
        private readonly Tensor<T> x = inputs[0];
        private readonly Tensor<T>? y = inputs.Length > 1 ? inputs[1] : null;
        private readonly Tensor<T>? z = inputs.Length > 2 ? inputs[2] : null;

        public override bool Run()
        {
            record.ComputeBlock(x.Writable, y is null ? default : y.Writable, z is null ? default : z.Writable, output.Writable);
            return true;
        }
    }
}

/// <summary>A guard, as soon as what the function looked at is computed, and before anything that came after the look.</summary>
internal sealed class GuardStep<T>(Guard<T> guard) : Step<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Guard<T> Guard => guard;

    public override IEnumerable<Value<T>> Reads => [guard.Value];

    public override IEnumerable<Value<T>> Writes => [];

    public override BoundStep Bind(Tensor<T>[] tensors) => new Bound(guard, tensors[guard.Value.Number]);

    private sealed class Bound(Guard<T> guard, Tensor<T> x) : BoundStep
    {
        public override bool Run() => guard.Holds(x);
    }
}
