using System.Numerics;

namespace AutoDiff;

public static partial class Differentiate
{
    /// <summary>Records a function once, to be run again at other inputs: the same numbers in a fraction of the time, without garbage. Derivatives that f takes become a part of the program.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function. What it captures is a constant; it should read nothing that changes besides its input.</param>
    /// <param name="example">An input at which it is recorded. Its shape is fixed by that, its values are not.</param>
    /// <param name="options">How to compile; null for the defaults.</param>
    public static CompiledFunction<T> Compile<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> example, CompileOptions? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(Compile), nameof(f));
        Errors.NotNull(example, nameof(Compile), nameof(example));
        return Compile(xs => [f(xs[0])], [example], options);
    }

    /// <summary>Records a function of several tensors, with several results, to be run again at other inputs.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function. What it captures is a constant; it should read nothing that changes besides its inputs.</param>
    /// <param name="example">Inputs at which it is recorded. Their shapes are fixed by that, their values are not.</param>
    /// <param name="options">How to compile; null for the defaults.</param>
    public static CompiledFunction<T> Compile<T>(Func<Tensor<T>[], Tensor<T>[]> f, Tensor<T>[] example, CompileOptions? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(Compile), nameof(f));
        foreach (Tensor<T> x in Errors.NotNull(example, nameof(Compile), nameof(example)))
        {
            Errors.NotNull(x, nameof(Compile), nameof(example));
        }

        return new CompiledFunction<T>(f, example, (options ?? CompileOptions.Default).Checked(nameof(Compile)));
    }
}
