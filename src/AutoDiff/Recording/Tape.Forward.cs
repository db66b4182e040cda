using System.Runtime.CompilerServices;

namespace AutoDiff;

// Forward mode without a tape: each operation's tangent is computed when the operation is, and nothing is kept for a sweep.
public sealed partial class Tape<T>
{
    /// <summary>Of a tape that records nothing and passes tangents on instead; otherwise null.</summary>
    private readonly TangentPass? pass;

    private Tape(TangentPass pass) => this.pass = pass;

    /// <summary>
    /// J v of a function at a point, in the memory of the function itself: a tensor carries its tangent, and both go when the program lets go of the tensor. Null where that cannot be:
    /// where f takes derivatives itself, or meets a variable of a tape.
    /// </summary>
    internal static Tensor<T>? PassTangents(string operation, Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] xs, Tensor<T>[] vs)
    {
        foreach (Tensor<T> x in (ReadOnlySpan<Tensor<T>>)[.. xs, .. vs])
        {
            if (Errors.NotNull(x, operation, nameof(xs)).RecordedOn is not null)
            {
                return null;
            }
        }

        if (active is not null)
        {
            return null;
        }

        int[] batch = CheckVectors(xs, vs, operation, "tangents");
        Scratch<T>? outer = Scratch<T>.Current;
        var pass = new TangentPass();
        var tape = new Tape<T>(pass);
        active = tape;
        Scratch<T>.Current = null;
        try
        {
            var variables = new Tensor<T>[xs.Length];
            for (int i = 0; i < xs.Length; i++)
            {
                variables[i] = xs[i].View(xs[i].Dimensions);
                variables[i].Attach(tape, tape.count++);
                variables[i].Tangent = vs[i];
                pass.Hold(variables[i]);
            }

            Tensor<T> y = Errors.NotNull(f(variables), operation, "result of f");
            return pass.Abandoned ? null
                : ReferenceEquals(y.RecordedOn, tape) && y.Tangent is { } t ? ForwardSweep<T>.Result(t, recorded: false)
                : Tensor.Zeros<T>([.. batch, .. y.Shape]);
        }
        catch (Exception) when (pass.Abandoned)
        {
            return null;
        }
        finally
        {
            tape.disposed = true;
            if (tape.MayReuse)
            {
                pass.Release();
            }

            Scratch<T>.Current = outer;
            active = null;
        }
    }

    /// <summary>Called where records are needed: a tape that has none gives up, and the function runs again with one that has.</summary>
    internal void NeedRecords()
    {
        if (pass is not null && !disposed)
        {
            pass.Abandoned = true;
            throw new InvalidOperationException("The function needs a tape with records.");
        }
    }

    /// <summary>Takes an operation that has been computed, and computes its tangent.</summary>
    private Tensor<T> PassTangent(TangentPass pass, Record<T> record)
    {
        Tensor<T> y = record.Output;
        y.Attach(this, count++);
        if (pass.HasRoom)
        {
            pass.Hold(y);
        }

        // A rule may be a user's, and come back here.
        (Scratch<T>? outer, Tape<T>? outerActive, var scratch) = (Scratch<T>.Current, active, new Scratch<T>());
        Scratch<T>.Current = scratch;
        active = null;
        try
        {
            var tangents = new Tensor<T>?[record.InputCount];
            for (int k = 0; k < tangents.Length; k++)
            {
                tangents[k] = record.Input(k) is var x && ReferenceEquals(x.RecordedOn, this) ? x.Tangent : null;
            }

            if (Array.Exists(tangents, static t => t is not null) && record.PushForward(tangents, new Operands<T>(record, recorded: false)) is { } t)
            {
                t.Buffer?.Keep();
                t.Support?.Buffer?.Keep();
                y.Tangent = t;
                if (pass.HasRoom)
                {
                    pass.Hold(t);
                }
            }

            return y;
        }
        finally
        {
            scratch.ReleaseAll();
            Scratch<T>.Current = outer;
            active = outerActive;
        }
    }

    /// <summary>What a tape that passes tangents on has instead of records.</summary>
    private sealed class TangentPass
    {
        /// <summary>
        /// The bound on the bytes of the buffers that are returned to the pool in the end: with no record of who uses what, only then are they known to be free. Within the bound a function of large
        /// tensors runs in warm memory; what goes beyond it is left to the collector, which knows better what is still in use.
        /// </summary>
        private const long Bound = 256L << 20;

        private readonly List<Buffer<T>> held = [];
        private long bytes;

        public bool HasRoom => bytes < Bound;

        /// <summary>Whether something was asked for that only a tape with records can give.</summary>
        public bool Abandoned { get; set; }

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
