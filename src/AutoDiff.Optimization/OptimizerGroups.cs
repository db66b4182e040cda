using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>
/// An optimizer for each group of parameters: no weight decay for biases, a smaller rate for the first layers. Each parameter belongs to the first group whose condition it meets; those that meet none
/// stay as they are.
/// </summary>
/// <typeparam name="T">The element type.</typeparam>
public sealed class OptimizerGroups<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly (Func<string, Tensor<T>, bool> Condition, GradientOptimizer<T> Optimizer)[] groups;

    /// <summary>Makes the groups.</summary>
    /// <param name="groups">For each group which parameters belong to it, by name and tensor, and its optimizer.</param>
    /// <exception cref="ArgumentException">There is no group, or an optimizer has two of them.</exception>
    public OptimizerGroups(params ReadOnlySpan<(Func<string, Tensor<T>, bool> Condition, GradientOptimizer<T> Optimizer)> groups)
    {
        this.groups = groups.ToArray();
        foreach ((Func<string, Tensor<T>, bool> condition, GradientOptimizer<T> optimizer) in groups)
        {
            ArgumentNullException.ThrowIfNull(condition, nameof(groups));
            ArgumentNullException.ThrowIfNull(optimizer, nameof(groups));
        }

        if (groups.Length == 0 || this.groups.DistinctBy(group => group.Optimizer).Count() < groups.Length)
        {
            throw new ArgumentException("OptimizerGroups: there is no group, or an optimizer has two of them. Expected an optimizer for each group. To fix it, make an optimizer of its own for each.", nameof(groups));
        }
    }

    /// <summary>The optimizers, in the order of the groups.</summary>
    public IReadOnlyList<GradientOptimizer<T>> Optimizers => Array.ConvertAll(groups, group => group.Optimizer);

    /// <summary>Takes one step in every group.</summary>
    /// <param name="parameters">The parameters; they are left as they are.</param>
    /// <param name="gradients">The gradients, under the same names.</param>
    /// <returns>The new parameters.</returns>
    /// <exception cref="ArgumentNullException">parameters or gradients is null.</exception>
    /// <exception cref="ArgumentException">The gradients do not have the names and shapes of the parameters, or the parameters not the shapes of the steps before.</exception>
    public Parameters<T> Step(Parameters<T> parameters, Parameters<T> gradients)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(gradients);
        Parameters<T> next = parameters;
        for (int i = 0; i < groups.Length; i++)
        {
            Parameters<T> part = parameters.Where((name, value) => GroupOf(name, value) == i);
            if (part.Count > 0)
            {
                next = next.With(groups[i].Optimizer.Step(part, gradients.Where((name, _) => part.ContainsKey(name))));
            }
        }

        return next;
    }

    private int GroupOf(string name, Tensor<T> value) => Array.FindIndex(groups, group => group.Condition(name, value));
}
