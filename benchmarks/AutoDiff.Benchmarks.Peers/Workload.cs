using System.Numerics;
using TorchSharp;

namespace AutoDiff.Benchmarks.Peers;

/// <summary>The two libraries computed different results.</summary>
internal sealed class DifferentResultsException(string message) : Exception(message);

/// <summary>One way to compute a workload with AutoDiff.</summary>
/// <param name="Name">disposed: the tape and all results; left: through Differentiate, nothing is disposed, as most users write it; compiled: in a workspace.</param>
/// <param name="Wanted">The largest ratio of times that is wanted; null where there is no such figure.</param>
/// <param name="Run">Computes it once.</param>
internal sealed record Form(string Name, double? Wanted, Action Run);

/// <summary>The same computation in both libraries.</summary>
/// <param name="Name">What is computed.</param>
/// <param name="Forms">The ways in which AutoDiff computes it.</param>
/// <param name="Theirs">Computes with TorchSharp and frees what it made.</param>
/// <param name="Compare">Computes with both and throws unless the results are the same.</param>
internal sealed record Workload(string Name, Form[] Forms, Action Theirs, Action Compare)
{
    /// <summary>The multiplications and additions of one call, where the rate is of interest.</summary>
    public double? Operations { get; init; }

    /// <summary>A workload from two functions that return the same results in the same order, usually a value and its gradients.</summary>
    public static Workload Of<T>(string name, double? wanted, Func<Tensor<T>[]> ours, Func<torch.Tensor[]> theirs) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Form disposed = new("disposed", wanted, () =>
        {
            foreach (Tensor<T> result in ours())
                result.Dispose();
        });
        return new(name, [disposed, new Form("left", null, () => ours())], Scoped(theirs), () => CompareResults(name, ours, theirs));
    }

    /// <summary>A workload of the value and the gradients of a function, in all forms.</summary>
    public static Workload OfGradients<T>(string name, double? wanted, double? compiledWanted, Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] xs, Func<torch.Tensor[]> theirs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Lazy<CompiledFunction<T>> compiled = new(() => Differentiate.Compile(p =>
        {
            (Tensor<T> value, Tensor<T>[] gradients) = Differentiate.ValueAndGradient(f, p);
            return [value, .. gradients];
        }, xs));
        Lazy<Workspace<T>> workspace = new(() => compiled.Value.CreateWorkspace());
        Workload plain = Of(name, wanted, () => OnTape(f, xs), theirs);
        return plain with
        {
            Forms = [plain.Forms[0], new Form("left", null, () => Differentiate.ValueAndGradient(f, xs)), new Form("compiled", compiledWanted, () => workspace.Value.Run(xs))],
            Compare = () =>
            {
                plain.Compare();
                CompareResults($"{name}, compiled", () => compiled.Value.Invoke(xs), theirs);
            },
        };
    }

    /// <summary>Value and gradients with a tape that is disposed.</summary>
    private static Tensor<T>[] OnTape<T>(Func<Tensor<T>[], Tensor<T>> f, Tensor<T>[] xs) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var tape = new Tape<T>();
        Tensor<T>[] variables = Array.ConvertAll(xs, tape.Variable);
        Tensor<T> y = f(variables);
        return [y.Detach(), .. tape.Gradient(y, variables)];
    }

    private static Action Scoped(Func<torch.Tensor[]> theirs) => () =>
    {
        using DisposeScope scope = torch.NewDisposeScope();
        theirs();
    };

    /// <summary>Throws unless two functions return the same results in the same order.</summary>
    public static void CompareResults<T>(string name, Func<Tensor<T>[]> ours, Func<torch.Tensor[]> theirs) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor<T>[] our = ours();
        torch.Tensor[] their = theirs();
        if (our.Length != their.Length)
            throw new DifferentResultsException($"{name}: {our.Length} results of AutoDiff, {their.Length} of TorchSharp.");
        for (int i = 0; i < our.Length; i++)
            SameNumbers($"{name}, result {i}", our[i], their[i]);
    }

    /// <summary>Throws unless the differences are small beside the largest element: below 100 units of rounding of single precision, 10,000 of double precision (10⁻⁵ and 2 · 10⁻¹²).</summary>
    private static void SameNumbers<T>(string what, Tensor<T> our, torch.Tensor their) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!their.shape.SequenceEqual(our.Shape.ToArray().Select(extent => (long)extent)))
            throw new DifferentResultsException($"{what}: the shapes differ, [{string.Join(", ", our.Shape.ToArray())}] and [{string.Join(", ", their.shape)}].");

        double[] a = [.. our.ToArray().Select(double.CreateChecked)];
        double[] b = [.. their.contiguous().data<T>().ToArray().Select(double.CreateChecked)];
        double largest = b.Max(Math.Abs);
        double allowed = largest * (typeof(T) == typeof(float) ? 1e-5 : 2e-12);
        if (!(largest > 0))
            throw new DifferentResultsException($"{what}: nothing but {largest}, which shows nothing.");
        for (int i = 0; i < a.Length; i++)
        {
            if (!(Math.Abs(a[i] - b[i]) <= allowed))
                throw new DifferentResultsException($"{what}: element {i} of {a.Length} is {a[i]:G9} with AutoDiff, {b[i]:G9} with TorchSharp; at most {allowed:G2} apart is allowed.");
        }
    }
}
