using System.Numerics;

namespace AutoDiff.Onnx;

/// <summary>
/// Files of ONNX models (onnx.ai). A function on tensors is written as the model of what it computes, so that ONNX Runtime, phones, browsers and databases can run it; a model is read as a function on
/// tensors, which can be differentiated like any other.
/// </summary>
/// <remarks>
/// <para>A function is recorded at an example. What it captures is a constant of the model; derivatives that it takes are part of it. Constants are folded and what leads to no result is left out, as in
/// <see cref="Differentiate.Compile{T}(Func{Tensor{T}, Tensor{T}}, Tensor{T}, CompileOptions?, CancellationToken)"/>.</para>
/// <para>An operation without a counterpart in ONNX is composed of others, or refused by name with an <see cref="OnnxException"/>. So is a function that looks at values.</para>
/// </remarks>
public static class OnnxFile
{
    /// <summary>Writes a function of one tensor as a model.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="f">The function.</param>
    /// <param name="example">An input at which the function is recorded. Its shape is that of the model's input, but for the axis of the batch.</param>
    /// <param name="options">Names, version, free axes.</param>
    /// <exception cref="ArgumentNullException">f or example is null.</exception>
    /// <exception cref="OnnxException">The function cannot be written.</exception>
    /// <exception cref="ArgumentException">An option does not fit the function.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write<T>(string path, Func<Tensor<T>, Tensor<T>> f, Tensor<T> example, OnnxOptions? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(Write), nameof(f));
        Write(path, xs => [f(xs[0])], [Errors.NotNull(example, nameof(Write), nameof(example))], options);
    }

    /// <summary>Writes a function of several tensors with several results as a model.</summary>
    /// <inheritdoc cref="Write{T}(string, Func{Tensor{T}, Tensor{T}}, Tensor{T}, OnnxOptions?)"/>
    public static void Write<T>(string path, Func<Tensor<T>[], Tensor<T>[]> f, Tensor<T>[] example, OnnxOptions? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(path, nameof(Write), nameof(path));
        File.WriteAllBytes(path, ToBytes(f, example, options));
    }

    /// <summary>Writes a compiled function as a model: at the shapes of its example, or at those and free lengths of the batch.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="function">The compiled function. It is called once or twice.</param>
    /// <param name="options">Names, version, free axes.</param>
    /// <exception cref="ArgumentNullException">function is null.</exception>
    /// <exception cref="OnnxException">The function cannot be written.</exception>
    /// <exception cref="ArgumentException">An option does not fit the function.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write<T>(string path, CompiledFunction<T> function, OnnxOptions? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(function, nameof(Write), nameof(function));
        Write(path, function.Call, Array.ConvertAll(function.InputShapes, static shape => Tensor.Ones<T>(shape)), options);
    }

    /// <summary>The model of a function as the bytes of a file.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="example">Inputs at which the function is recorded.</param>
    /// <param name="options">Names, version, free axes.</param>
    /// <returns>The bytes of the file.</returns>
    /// <exception cref="ArgumentNullException">f or example is null.</exception>
    /// <exception cref="OnnxException">The function cannot be written.</exception>
    /// <exception cref="ArgumentException">An option does not fit the function.</exception>
    public static byte[] ToBytes<T>(Func<Tensor<T>[], Tensor<T>[]> f, Tensor<T>[] example, OnnxOptions? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(f, nameof(Write), nameof(f));
        Errors.NotNull(example, nameof(Write), nameof(example));
        foreach (Tensor<T> x in example)
        {
            Errors.NotNull(x, nameof(Write), nameof(example));
        }

        return OnnxModelWriter.Write(FunctionWriter<T>.Write(f, example, options ?? new OnnxOptions()));
    }

    /// <summary>Reads a model as a function on tensors.</summary>
    /// <typeparam name="T">The element type; numbers of the model are converted to it.</typeparam>
    /// <param name="path">The file.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ArgumentNullException">path is null.</exception>
    /// <exception cref="OnnxException">The file is no model, or has an operation that is not known here.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static OnnxModel<T> Read<T>(string path) where T : unmanaged, IBinaryFloatingPointIeee754<T> => FromBytes<T>(File.ReadAllBytes(Errors.NotNull(path, nameof(Read), nameof(path))));

    /// <summary>Reads a model from the bytes of a file as a function on tensors.</summary>
    /// <typeparam name="T">The element type; numbers of the model are converted to it.</typeparam>
    /// <param name="bytes">The file.</param>
    /// <returns>The model.</returns>
    /// <exception cref="OnnxException">The bytes are no model, or have an operation that is not known here.</exception>
    public static OnnxModel<T> FromBytes<T>(ReadOnlySpan<byte> bytes) where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(OnnxModelReader.Read(bytes));
}
