using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff;

// Forward mode without a tape: each operation's tangent is computed when the operation is, and nothing is kept for a sweep.
public sealed partial class Tape<T>
{
    /// <summary>Tensors that have a tangent instead of a record have an index from here on, in the order in which they were made.</summary>
    private const int Unrecorded = int.MinValue;

    /// <summary>Of a tape that passes tangents on, and records nothing until it has to; otherwise null.</summary>
    private readonly TangentPass? pass;

    /// <summary>Whether tensors with a tangent instead of a record may be used in an operation that is recorded here.</summary>
    private bool meetsTangents;

    private Tape(TangentPass pass) : this(temporary: true) => (this.pass, meetsTangents) = (pass, true);

    /// <summary>
    /// J v of a function at a point, in the memory of the function itself: a tensor carries its tangent, and both go when the program lets go of the tensor. From where the function takes derivatives
    /// itself, or meets a variable of a tape, its operations are recorded, and a sweep takes the tangents on. Null where everything has to be recorded: in another function of functions, and at a
    /// recorded point.
    /// </summary>
    internal static SweepVector<T>? PassTangents(string operation, Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] xs, ReadOnlySpan<SweepVector<T>> vs)
    {
        Tensor<T>[] vectors = ValuesOf(vs);
        foreach (Tensor<T> x in (ReadOnlySpan<Tensor<T>>)[.. xs, .. vectors])
        {
            if (Errors.NotNull(x, operation, nameof(xs)).RecordedOn is not null)
            {
                return null;
            }
        }

        if (Context<T>.Current.Tape is not null)
        {
            return null;
        }

        int[] batch = CheckVectors(xs, vs, operation, "tangents");
        Savepoint savepoint = Savepoint.Set();
        var pass = new TangentPass();
        var tape = new Tape<T>(pass);
        Context<T>.Around around = Context<T>.Enter(tape);
        bool completed = false;
        try
        {
            var variables = new Tensor<T>[xs.Length];
            for (int i = 0; i < xs.Length; i++)
            {
                variables[i] = xs[i].View(xs[i].Dimensions);
                variables[i].Attach(tape, Unrecorded + pass.Count++);
                variables[i].Tangent = new(vs[i]);
                pass.Hold(variables[i]);
            }

            Tensor<T> y = Errors.Result(f(variables), operation, nameof(f));
            if (y.RecordedOn is { } other)
            {
                // A captured tensor may be the result as it is.
                Join(tape, other, operation);
            }

            SweepVector<T> product = tape.TangentOf(y) is { IsZero: false } found ? found : Zero([.. batch, .. y.Shape]);
            product = ReferenceEquals(tape.Root, tape) ? product : new(tape.Root.Recorded(product.Values), product.Lanes);
            completed = true;
            return product;
        }
        finally
        {
            savepoint.End(completed);
            around.Dispose();
            tape.EndPass(pass, completed);
        }
    }

    /// <summary>From now on operations are recorded. A tensor that has a tangent already becomes a variable with that tangent when an operation first uses it.</summary>
    internal void KeepRecords()
    {
        if (pass is not null)
        {
            pass.Recording = true;
        }
    }

    /// <summary>Runs a function, and says whether it used, or gave, a tensor with a tangent that was there before and is not among those given.</summary>
    internal static (Tensor<T> Result, bool UsedOthers) Guarded(Tape<T>? tape, Tensor<T>[] given, Func<Tensor<T>> f)
    {
        Context<T> context = Context<T>.Current;
        var own = new InputGuard(context.Guard, tape, tape?.pass?.Count ?? 0, RecordingThread.Current.NextNumber(), given);
        context.Guard = own;
        try
        {
            Tensor<T> y = f();
            if (y is { Index: < 0, RecordedOn: { } source })
            {
                own.Check(source, y);
            }

            return (y, own.Violated);
        }
        finally
        {
            context.Guard = own.Outer;
        }
    }

    /// <summary>The tangent of what the function gave: its own, or that which a sweep finds from the tangents of the tensors that became variables.</summary>
    private SweepVector<T> TangentOf(Tensor<T> y)
    {
        Tape<T> root = Root;
        bool recorded = !ReferenceEquals(root, this);
        if (y.RecordedOn is null || root.IndexOf(y) < 0)
        {
            return ReferenceEquals(y.RecordedOn, this) && y.Tangent is { } t ? ForwardSweep<T>.Result(t.Value, recorded: false, keepLanes: true) : default;
        }

        Tensor<T>[] seeds = [.. pass!.Seeds];
        return seeds.Length == 0 ? default : ForwardSweep<T>.Run(root, [y], seeds, Array.ConvertAll(seeds, static seed => seed.Tangent!.Value), recorded, keepLanes: true)[0];
    }

    private void EndPass(TangentPass ended, bool completed)
    {
        if (joinedTo is not null && completed)
        {
            // What was recorded is a part of the other tape, and the collector takes the rest.
            return;
        }

        joinedTo = null;
        if (!Interlocked.Exchange(ref disposed, true))
        {
            ReleaseRecords();
        }

        if (MayReuse)
        {
            ended.Release();
        }
    }

    /// <summary>Takes an operation whose inputs may have tangents instead of records. Whether it passed the tangents on, so that the operation need not be recorded.</summary>
    private bool PassOn(Record<T> record)
    {
        if (pass is { Recording: false })
        {
            PassTangent(pass, record);
            return true;
        }

        for (int k = 0; k < record.InputCount; k++)
        {
            Tensor<T> x = record.Input(k);
            if (x.Index < 0 && x.RecordedOn is { pass: { } own } tape)
            {
                Context<T>.Current.Guard?.Check(tape, x);
                Reserve(1);
                x.KeepBuffer();
                var seed = new SeedRecord<T>(x, tape, x.Index, own);
                x.Attach(this, count);
                records[count++] = seed;
                if (x.Tangent is not null)
                {
                    own.Seeds.Add(x);
                }
            }
        }

        return false;
    }

    /// <summary>Takes an operation that has been computed, and computes its tangent.</summary>
    private void PassTangent(TangentPass pass, Record<T> record)
    {
        Tensor<T> y = record.Output;
        y.Attach(this, Unrecorded + pass.Count++);
        if (pass.HasRoom)
        {
            pass.Hold(y);
        }

        // A rule may be a user's, and come back here.
        var scratch = new Scratch<T>();
        using Context<T>.Around around = Context<T>.Enter(tape: null, scratch);
        try
        {
            var tangents = new SweepVector<T>[record.InputCount];
            for (int k = 0; k < tangents.Length; k++)
            {
                Tensor<T> x = record.Input(k);
                bool own = ReferenceEquals(x.RecordedOn, this);
                tangents[k] = own && x.Tangent is { } known ? known.Value : default;
                if (own)
                {
                    Context<T>.Current.Guard?.Check(this, x);
                }
            }

            if (Array.Exists(tangents, static t => !t.IsZero) && record.PushForward(tangents, new Operands<T>(record, recorded: false)) is { IsZero: false } t)
            {
                t.Values.KeepBuffer();
                t.Lanes?.KeepBuffer();
                y.Tangent = new(t);
                if (pass.HasRoom)
                {
                    pass.Hold(t.Values);
                }
            }
        }
        finally
        {
            scratch.ReleaseAll();
        }
    }

    /// <summary>The tensors with a tangent that a piece of code may use: those that it is given, and those made behind it.</summary>
    internal sealed class InputGuard(InputGuard? outer, Tape<T>? tape, int start, long born, Tensor<T>[] given)
    {
        public InputGuard? Outer => outer;

        public bool Violated { get; private set; }

        public void Check(Tape<T> source, Tensor<T> x)
        {
            bool before = ReferenceEquals(source, tape) ? x.Index < Unrecorded + start : source.born < born;
            Violated |= before && Array.IndexOf(given, x) < 0;
            outer?.Check(source, x);
        }
    }

    /// <summary>What a tape that passes tangents on has besides records.</summary>
    internal sealed class TangentPass
    {
        /// <summary>
        /// The bound on the bytes of the buffers that are returned to the pool in the end: with no record of who uses what, only then are they known to be free. Within the bound a function of large
        /// tensors runs in warm memory; what goes beyond it is left to the collector, which knows better what is still in use.
        /// </summary>
        private const long Bound = 256L << 20;

        private readonly List<Buffer<T>> held = [];
        private long bytes;

        public bool HasRoom => bytes < Bound;

        /// <summary>Whether operations are recorded, because something was asked for that only records can give.</summary>
        public bool Recording { get; set; }

        /// <summary>The number of tensors that have got a tangent instead of a record.</summary>
        public int Count { get; set; }

        /// <summary>The tensors with a tangent that have become variables.</summary>
        public List<Tensor<T>> Seeds { get; } = [];

        public void Hold(Tensor<T> tensor)
        {
            if (tensor.Buffer is { } buffer)
            {
                held.Add(buffer);
                bytes += (long)tensor.Length * Unsafe.SizeOf<T>();
            }
        }

        public void Release() => held.ForEach(static buffer => buffer.Release());
    }
}

/// <summary>A tensor that had a tangent instead of a record, as a variable. If it is taken back, the tensor is as it was before.</summary>
internal sealed class SeedRecord<T>(Tensor<T> x, Tape<T> tape, int index, Tape<T>.TangentPass pass) : VariableRecord<T>(x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Restore()
    {
        Output.Attach(tape, index);
        pass.Seeds.Remove(Output);
    }
}
