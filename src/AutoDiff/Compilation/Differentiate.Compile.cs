using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutoDiff;

public static partial class Differentiate
{
    /// <summary>Records a function once, to be run again at other inputs: the same numbers in a fraction of the time, in memory that is kept. Derivatives that f takes become a part of the program.</summary>
    /// <remarks><see cref="CompiledFunction{T}.Invoke(Tensor{T})"/> allocates its result and nothing else of its size; a <see cref="Workspace{T}"/> allocates nothing.</remarks>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function. What it captures is a constant; it should read nothing that changes besides its input.</param>
    /// <param name="example">An input at which it is recorded. Its shape is fixed by that, its values are not.</param>
    /// <param name="options">How to compile; null for the defaults.</param>
    /// <param name="cancellationToken">Looked at before f is called, and while a program is made of what it recorded.</param>
    /// <returns>The compiled function.</returns>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <example>
    /// <code>
    /// CompiledFunction&lt;double> f = Differentiate.Compile(x => Differentiate.Gradient(y => y.Exp().Sum(), x), Tensor.Zeros(2));
    /// Console.WriteLine($"{f.Invoke(Tensor.Create(0, 1)):0.000}"); // => [1.000, 2.718]
    /// </code>
    /// </example>
    public static CompiledFunction<T> Compile<T>(Func<Tensor<T>, Tensor<T>> f, Tensor<T> example, CompileOptions? options = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(Compile), nameof(f));
        Errors.NotNull(example, nameof(Compile), nameof(example));
        return Compile(xs => [f(xs[0])], [example], options, cancellationToken);
    }

    /// <summary>Records a function of a vector once, at an array of numbers, to be run again at other inputs.</summary>
    /// <param name="f">The function. What it captures is a constant; it should read nothing that changes besides its input.</param>
    /// <param name="example">An input at which it is recorded. Its length is fixed by that, its values are not.</param>
    /// <param name="options">How to compile; null for the defaults.</param>
    /// <param name="cancellationToken">Looked at before f is called, and while a program is made of what it recorded.</param>
    /// <returns>The compiled function.</returns>
    /// <exception cref="ArgumentNullException">f or example is null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    [OverloadResolutionPriority(-1)]
    public static CompiledFunction<double> Compile(Func<Tensor<double>, Tensor<double>> f, double[] example, CompileOptions? options = null, CancellationToken cancellationToken = default) =>
        Compile(f, Tensor.Create(Errors.NotNull(example, nameof(Compile), nameof(example))), options, cancellationToken);

    /// <summary>Records a function of a vector once, at a sequence of numbers, to be run again at other inputs.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function. What it captures is a constant; it should read nothing that changes besides its input.</param>
    /// <param name="example">An input at which it is recorded. Its length is fixed by that, its values are not.</param>
    /// <param name="options">How to compile; null for the defaults.</param>
    /// <param name="cancellationToken">Looked at before f is called, and while a program is made of what it recorded.</param>
    /// <returns>The compiled function.</returns>
    /// <exception cref="ArgumentNullException">f or example is null.</exception>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    [OverloadResolutionPriority(-2)]
    public static CompiledFunction<T> Compile<T>(Func<Tensor<T>, Tensor<T>> f, IEnumerable<T> example, CompileOptions? options = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Compile(f, Tensor.Create(Errors.NotNull(example, nameof(Compile), nameof(example))), options, cancellationToken);

    /// <summary>Records a function of several tensors, with several results, to be run again at other inputs.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function. What it captures is a constant; it should read nothing that changes besides its inputs.</param>
    /// <param name="example">Inputs at which it is recorded. Their shapes are fixed by that, their values are not.</param>
    /// <param name="options">How to compile; null for the defaults.</param>
    /// <param name="cancellationToken">Looked at before f is called, and while a program is made of what it recorded.</param>
    /// <returns>The compiled function.</returns>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static CompiledFunction<T> Compile<T>(Func<Tensor<T>[], Tensor<T>[]> f, Tensor<T>[] example, CompileOptions? options = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(Compile), nameof(f));
        foreach (Tensor<T> x in Errors.NotNull(example, nameof(Compile), nameof(example)))
        {
            Errors.NotNull(x, nameof(Compile), nameof(example));
        }

        return new CompiledFunction<T>(f, example, (options ?? CompileOptions.Default).Checked(nameof(Compile)), cancellationToken);
    }

    /// <summary>
    /// Records a sum over rows once, to be run block of rows by block of rows: values and gradients for any number of rows in the memory of a block, on all threads, the same bits for any number of them.
    /// </summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">
    /// From parameters and some of the rows to the sum over those rows, a scalar. It must be a sum: f of all rows is f of some plus f of the others. (For a mean, divide the result by the number of rows.)
    /// </param>
    /// <param name="parameters">Parameters at which it is recorded.</param>
    /// <param name="rows">Rows at which it is recorded, one or more; all tensors share the length of the first axis.</param>
    /// <param name="options">How to compile; null for the defaults.</param>
    /// <param name="cancellationToken">Looked at before f is called, and while a program is made of what it recorded.</param>
    /// <returns>The compiled sum.</returns>
    /// <exception cref="OperationCanceledException">The caller asked to stop.</exception>
    /// <exception cref="TensorShapeException">There are no rows, their numbers differ, or f does not return a scalar.</exception>
    public static CompiledSum<T> CompileSum<T>(
        Func<Tensor<T>[], Tensor<T>[], Tensor<T>> f, Tensor<T>[] parameters, Tensor<T>[] rows, CompileOptions? options = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        CompileSum(f, parameters, Array.ConvertAll(Errors.NoneNull(rows, nameof(CompileSum), nameof(rows)), RowSource.Of), options, cancellationToken);

    /// <summary>Records a sum over rows once, some of which may be drawn when they are needed.</summary>
    /// <inheritdoc cref="CompileSum{T}(Func{Tensor{T}[], Tensor{T}[], Tensor{T}}, Tensor{T}[], Tensor{T}[], CompileOptions?, CancellationToken)"/>
    public static CompiledSum<T> CompileSum<T>(
        Func<Tensor<T>[], Tensor<T>[], Tensor<T>> f, Tensor<T>[] parameters, RowSource<T>[] rows, CompileOptions? options = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(CompileSum), nameof(f));
        Errors.NotNull(rows, nameof(CompileSum), nameof(rows));
        foreach (Tensor<T> p in Errors.NotNull(parameters, nameof(CompileSum), nameof(parameters)))
        {
            Errors.NotNull(p, nameof(CompileSum), nameof(parameters));
        }

        return new CompiledSum<T>(f, parameters, rows, (options ?? CompileOptions.Default).Checked(nameof(CompileSum)), cancellationToken);
    }
}
