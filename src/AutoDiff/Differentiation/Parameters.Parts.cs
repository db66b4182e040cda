namespace AutoDiff;

// Parameters as vectors, their parts, and their memory.
public sealed partial class Parameters<T>
{
    /// <summary>The sums of the tensors of each name.</summary>
    /// <param name="left">The tensors on the left.</param>
    /// <param name="right">As many tensors of the same names, in the same order.</param>
    /// <exception cref="ArgumentException">The names differ, or shapes do not broadcast.</exception>
    /// <returns>The sum.</returns>
    public static Parameters<T> operator +(Parameters<T> left, Parameters<T> right) => Errors.NotNull(left, "+", nameof(left)).Zip(right, static (x, y) => x + y, "+", nameof(right));

    /// <summary>The differences of the tensors of each name.</summary>
    /// <param name="left">The tensors on the left.</param>
    /// <param name="right">As many tensors of the same names, in the same order.</param>
    /// <exception cref="ArgumentException">The names differ, or shapes do not broadcast.</exception>
    /// <returns>The difference.</returns>
    public static Parameters<T> operator -(Parameters<T> left, Parameters<T> right) => Errors.NotNull(left, "-", nameof(left)).Zip(right, static (x, y) => x - y, "-", nameof(right));

    /// <summary>Every tensor with its sign changed.</summary>
    /// <param name="parameters">The tensors.</param>
    /// <returns>The values with the sign changed.</returns>
    /// <exception cref="ArgumentNullException">parameters is null.</exception>
    public static Parameters<T> operator -(Parameters<T> parameters) => Errors.NotNull(parameters, "-", nameof(parameters)).Map(static x => -x);

    /// <summary>Every tensor times a number.</summary>
    /// <param name="parameters">The tensors.</param>
    /// <param name="factor">The number.</param>
    /// <returns>The product.</returns>
    /// <exception cref="ArgumentNullException">parameters is null.</exception>
    public static Parameters<T> operator *(Parameters<T> parameters, T factor) => Errors.NotNull(parameters, "*", nameof(parameters)).Map(x => x * factor);

    /// <summary>Every tensor times a number.</summary>
    /// <param name="factor">The number.</param>
    /// <param name="parameters">The tensors.</param>
    /// <returns>The product.</returns>
    /// <exception cref="ArgumentNullException">parameters is null.</exception>
    public static Parameters<T> operator *(T factor, Parameters<T> parameters) => parameters * factor;

    /// <summary>Every tensor divided by a number.</summary>
    /// <param name="parameters">The tensors.</param>
    /// <param name="divisor">The number.</param>
    /// <returns>The quotient.</returns>
    /// <exception cref="ArgumentNullException">parameters is null.</exception>
    public static Parameters<T> operator /(Parameters<T> parameters, T divisor) => Errors.NotNull(parameters, "/", nameof(parameters)).Map(x => x / divisor);

    /// <summary>The inner product with others of the same names: the sum over all elements of all tensors of the products.</summary>
    /// <param name="other">As many tensors of the same names and shapes, in the same order.</param>
    /// <returns>A scalar. With itself it is the square of the norm.</returns>
    /// <exception cref="ArgumentException">The names or the shapes differ.</exception>
    public Tensor<T> Dot(Parameters<T> other)
    {
        Parameters<T> products = Zip(other, static (x, y) => x.Flatten().Dot(y.Flatten()), nameof(Dot), nameof(other));
        return products.Count == 0 ? Tensor.Scalar(T.Zero) : Tensor.Stack<T>(products.values).Sum();
    }

    /// <summary>Applies a function to every tensor and its name.</summary>
    /// <param name="f">The function.</param>
    /// <returns>The results, under the same names.</returns>
    /// <exception cref="ArgumentNullException">The function is null, or returns null.</exception>
    public Parameters<T> Map(Func<string, Tensor<T>, Tensor<T>> f)
    {
        Errors.NotNull(f, nameof(Map), nameof(f));
        return WithValues(Savepoint.AllOrNothing<Tensor<T>[]>(() => [.. values.Select((value, i) => Errors.Result(f(names[i], value), nameof(Map), nameof(f)))]));
    }

    /// <summary>Those of the tensors that a condition holds for, in the same order: the ones to train, or to decay.</summary>
    /// <param name="condition">The condition, of a name and its tensor.</param>
    /// <returns>New parameters; these stay as they are.</returns>
    /// <exception cref="ArgumentNullException">The condition is null.</exception>
    /// <example>
    /// <code>
    /// var model = new Parameters&lt;double>(("weight", Tensor.Zeros(3, 2)), ("bias", Tensor.Zeros(2)));
    /// Console.WriteLine(model.Where((name, _) => name == "bias").Length); // => 2
    /// </code>
    /// </example>
    public Parameters<T> Where(Func<string, Tensor<T>, bool> condition)
    {
        Errors.NotNull(condition, nameof(Where), nameof(condition));
        return new Parameters<T>(Savepoint.AllOrNothing<(string, Tensor<T>)[]>(() => [.. Entries().Where(entry => condition(entry.Name, entry.Value))]));
    }

    /// <summary>These tensors, and after them others of other names.</summary>
    /// <param name="other">The others.</param>
    /// <returns>New parameters; these stay as they are.</returns>
    /// <exception cref="ArgumentNullException">other is null.</exception>
    /// <exception cref="ArgumentException">A name is in both.</exception>
    public Parameters<T> Merge(Parameters<T> other)
    {
        Errors.NotNull(other, nameof(Merge), nameof(other));
        return Array.Find(other.names, places.ContainsKey) is { } twice
            ? throw Errors.Argument(nameof(Merge), nameof(other), $"the name '{twice}' is in both", "different names", "set one of them apart by WithPrefix, or replace values by With")
            : new Parameters<T>([.. Entries(), .. other.Entries()]);
    }

    /// <summary>The same names, with the tensors of others where those have the name: a model whose trained part has changed.</summary>
    /// <param name="changed">Tensors of some of the names.</param>
    /// <returns>New parameters; these stay as they are.</returns>
    /// <exception cref="ArgumentNullException">changed is null.</exception>
    /// <exception cref="KeyNotFoundException">There is none of a name.</exception>
    public Parameters<T> With(Parameters<T> changed)
    {
        Errors.NotNull(changed, nameof(With), nameof(changed));
        var replaced = (Tensor<T>[])values.Clone();
        for (int i = 0; i < changed.names.Length; i++)
        {
            _ = this[changed.names[i]];
            replaced[places[changed.names[i]]] = changed.values[i];
        }

        return new Parameters<T>(this, replaced);
    }

    /// <summary>The same tensors, with every name after a prefix: the parameters of a layer in a model.</summary>
    /// <param name="prefix">What is put before each name, such as <c>"encoder."</c>.</param>
    /// <returns>New parameters; these stay as they are.</returns>
    /// <exception cref="ArgumentNullException">prefix is null.</exception>
    public Parameters<T> WithPrefix(string prefix)
    {
        Errors.NotNull(prefix, nameof(WithPrefix), nameof(prefix));
        return new Parameters<T>([.. Entries().Select(entry => (prefix + entry.Name, entry.Value))]);
    }

    /// <summary>The tensors whose names start with a prefix, under the rest of their names: the inverse of <see cref="WithPrefix"/>.</summary>
    /// <param name="prefix">What the names start with.</param>
    /// <returns>New parameters; these stay as they are.</returns>
    /// <exception cref="ArgumentNullException">prefix is null.</exception>
    /// <exception cref="KeyNotFoundException">No name starts with it.</exception>
    public Parameters<T> Under(string prefix)
    {
        Errors.NotNull(prefix, nameof(Under), nameof(prefix));
        var part = new Parameters<T>([.. Entries().Where(entry => entry.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(entry => (entry.Name[prefix.Length..], entry.Value))]);
        return part.Count > 0 ? part : throw new KeyNotFoundException($"Parameters: no name starts with '{prefix}'. The names are: {string.Join(", ", names)}.");
    }

    /// <summary>The same values as constants: no derivative flows through them.</summary>
    /// <returns>New parameters; these stay as they are.</returns>
    public Parameters<T> Detach() => Map(static x => x.Detach());

    /// <summary>Returns the memory of all tensors for reuse, early, as <see cref="Tensor{T}.Dispose"/> does. There is no need to.</summary>
    /// <exception cref="TapeException">A tensor is recorded on a tape: its values belong to the tape. None has been disposed then.</exception>
    public void Dispose()
    {
        foreach (Tensor<T> value in values.OrderBy(value => value.Tape is null))
        {
            // Recorded ones first: they refuse.
            value.Dispose();
        }
    }

    private IEnumerable<(string Name, Tensor<T> Value)> Entries() => names.Zip(values);
}
