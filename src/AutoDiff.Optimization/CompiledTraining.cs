using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>
/// A training step as one compiled program: the loss, its gradients and the update of the parameters, in memory that is kept. Made by
/// <see cref="GradientOptimizer{T}.Compile(Func{Tensor{T}[], Tensor{T}[], Tensor{T}}, Tensor{T}[], Tensor{T}[])"/>. The numbers are those of
/// <see cref="Differentiate.ValueAndGradient{T}(Func{Tensor{T}[], Tensor{T}}, Tensor{T}[])"/> and <see cref="GradientOptimizer{T}.Step(Tensor{T}[], Tensor{T}[])"/>, bit for bit.
/// </summary>
/// <remarks>For one thread at a time.</remarks>
/// <typeparam name="T">The element type.</typeparam>
public sealed class CompiledTraining<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly GradientOptimizer<T> optimizer;
    private readonly GradientOptimizer<T>.Memory memory;
    private readonly CompiledFunction<T> function;
    private readonly Workspace<T> workspace;
    private readonly int[][] shapes;
    private readonly int count;

    internal CompiledTraining(GradientOptimizer<T> optimizer, Func<Tensor<T>[], Tensor<T>[], Tensor<T>> loss, Tensor<T>[] parameters, Tensor<T>[] batch)
    {
        this.optimizer = optimizer;
        count = parameters.Length;
        shapes = [.. parameters.Concat(batch).Select(static x => x.Shape.ToArray())];
        memory = new GradientOptimizer<T>.Memory(parameters);
        function = Differentiate.Compile(all =>
        {
            (Tensor<T> value, Tensor<T>[] gradients) = Differentiate.ValueAndGradient(p => loss(p, all[count..]) ?? throw new ArgumentNullException(nameof(loss), "Compile: the result of loss is null. Expected a value."), all[..count]);
            return [value, .. gradients];
        }, [.. parameters, .. batch]);
        workspace = function.CreateWorkspace();
        for (int i = 0; i < count; i++)
        {
            parameters[i].AsSpan().CopyTo(workspace.Input(i));
        }
    }

    /// <summary>How many steps have been taken.</summary>
    public int Steps => memory.Steps;

    /// <summary>The parameters as they are now, tensors of their own.</summary>
    public Tensor<T>[] Parameters
    {
        get
        {
            var parameters = new Tensor<T>[count];
            for (int i = 0; i < count; i++)
            {
                parameters[i] = Tensor.Create<T>(workspace.Input(i), shapes[i]);
            }

            return parameters;
        }
    }

    /// <summary>Takes one step.</summary>
    /// <param name="batch">The data of the step, in the shapes of the example.</param>
    /// <returns>The loss before the step.</returns>
    /// <exception cref="ArgumentException">The data have other shapes than the example.</exception>
    public T Step(params ReadOnlySpan<Tensor<T>> batch)
    {
        if (batch.Length != shapes.Length - count)
        {
            throw new ArgumentException($"Step: {batch.Length} tensors of data were given. Expected {shapes.Length - count}, as in the example. To fix it, give the data of one step.", nameof(batch));
        }

        for (int k = 0; k < batch.Length; k++)
        {
            ArgumentNullException.ThrowIfNull(batch[k], nameof(batch));
            if (!batch[k].Shape.SequenceEqual(shapes[count + k]))
            {
                throw new ArgumentException($"Step: tensor {k} of the data has shape [{string.Join(", ", batch[k].Shape.ToArray())}]. Expected [{string.Join(", ", shapes[count + k])}], "
                    + "as in the example. To fix it, compile another step for other shapes.", nameof(batch));
            }

            batch[k].AsSpan().CopyTo(workspace.Input(count + k));
        }

        workspace.Run();
        T loss = workspace.Output(0)[0];
        optimizer.StepInPlace(memory, workspace);
        return loss;
    }

    /// <summary>A report on the compiled loss and its gradients.</summary>
    /// <returns>The report.</returns>
    public CompiledExplanation Explain() => function.Explain();

    /// <summary>Releases the memory.</summary>
    public void Dispose() => workspace.Dispose();
}
