using System.Numerics;

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

    public override IEnumerable<Value<T>> Reads => value.Operands;

    public override IEnumerable<Value<T>> Writes => [value];

    public override BoundStep Bind(Tensor<T>[] tensors) => new Bound(value.Record!, Array.ConvertAll(value.Operands, x => tensors[x.Number]), tensors[value.Number]);

    private sealed class Bound(Record<T> record, Tensor<T>[] inputs, Tensor<T> output) : BoundStep
    {
        public override bool Run()
        {
            record.Compute(inputs, output);
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
