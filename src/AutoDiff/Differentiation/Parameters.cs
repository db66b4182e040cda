using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace AutoDiff;

/// <summary>
/// Named tensors of any shapes, in a fixed order: the parameters of a model, or their gradients. Immutable. Differentiating with respect to all of them keeps the names.
/// </summary>
/// <remarks>
/// Sums, differences and multiples are taken tensor by tensor: <c>parameters - (gradients * rate)</c>. Parts are taken by <see cref="Where"/> and <see cref="Under"/>, and put together by
/// <see cref="Merge"/> and <see cref="WithPrefix"/>.
/// </remarks>
/// <typeparam name="T">The element type.</typeparam>
[SuppressMessage("Naming", "CA1710", Justification = "Parameters is the field's word; a dictionary is one of the things that they are.")]
public sealed partial class Parameters<T> : IReadOnlyDictionary<string, Tensor<T>>, IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly string[] names;
    private readonly Tensor<T>[] values;
    private readonly Dictionary<string, int> places;

    /// <summary>Holds the given tensors under the given names.</summary>
    /// <param name="entries">Names and tensors, in the order that is kept.</param>
    /// <exception cref="ArgumentException">A name is given twice.</exception>
    /// <exception cref="ArgumentNullException">A name or a tensor is null.</exception>
    /// <example>
    /// <code>
    /// var model = new Parameters&lt;double>(("weight", Tensor.Zeros(3, 2)), ("bias", Tensor.Zeros(2)));
    /// Console.WriteLine(model.Length); // => 8
    /// </code>
    /// </example>
    public Parameters(params ReadOnlySpan<(string Name, Tensor<T> Value)> entries)
    {
        names = new string[entries.Length];
        values = new Tensor<T>[entries.Length];
        places = new Dictionary<string, int>(entries.Length, StringComparer.Ordinal);
        for (int i = 0; i < entries.Length; i++)
        {
            names[i] = Errors.NotNull(entries[i].Name, nameof(Parameters<>), nameof(entries));
            values[i] = Errors.NotNull(entries[i].Value, nameof(Parameters<>), nameof(entries));
            if (!places.TryAdd(names[i], i))
            {
                throw Errors.Argument(nameof(Parameters<>), nameof(entries), $"the name '{names[i]}' is given twice", "each name once", "rename one of them");
            }
        }
    }

    private Parameters(Parameters<T> like, Tensor<T>[] values)
    {
        names = like.names;
        places = like.places;
        this.values = values;
    }

    /// <summary>The number of tensors.</summary>
    public int Count => values.Length;

    /// <summary>The number of elements in all tensors together.</summary>
    /// <exception cref="TensorShapeException">There are more than one tensor can have.</exception>
    public int Length => Shapes.Extent(values.Sum(value => (long)value.Length), nameof(Parameters<>));

    /// <summary>The names, in order.</summary>
    public IEnumerable<string> Keys => names;

    /// <summary>The tensors, in order.</summary>
    public IEnumerable<Tensor<T>> Values => values;

    /// <summary>The tensor of a name.</summary>
    /// <param name="key">The name.</param>
    /// <exception cref="ArgumentNullException">key is null.</exception>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public Tensor<T> this[string key] => TryGetValue(key, out Tensor<T>? value) ? value
        : throw new KeyNotFoundException($"Parameters: there is no tensor named '{key}'. The names are: {string.Join(", ", names)}.");

    /// <summary>Whether there is a tensor of a name.</summary>
    /// <param name="key">The name.</param>
    /// <returns>True if so, otherwise false.</returns>
    /// <exception cref="ArgumentNullException">key is null.</exception>
    public bool ContainsKey(string key) => places.ContainsKey(Errors.NotNull(key, nameof(ContainsKey), nameof(key)));

    /// <summary>Looks for the tensor of a name.</summary>
    /// <param name="key">The name.</param>
    /// <param name="value">The tensor, if there is one.</param>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="ArgumentNullException">key is null.</exception>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Tensor<T> value)
    {
        bool found = places.TryGetValue(Errors.NotNull(key, nameof(TryGetValue), nameof(key)), out int place);
        value = found ? values[place] : null;
        return found;
    }

    /// <summary>The same names with other tensors, of any shapes.</summary>
    /// <param name="newValues">One tensor for each name, in order.</param>
    /// <returns>New parameters; these stay as they are.</returns>
    /// <exception cref="ArgumentNullException">newValues is null.</exception>
    /// <exception cref="ArgumentException">There are more or fewer tensors than names.</exception>
    public Parameters<T> WithValues(params Tensor<T>[] newValues)
    {
        Errors.NotNull(newValues, nameof(WithValues), nameof(newValues));
        if (newValues.Length != values.Length)
        {
            throw Errors.Argument(nameof(WithValues), nameof(newValues), $"{newValues.Length} tensors were given for {values.Length} names", "one tensor for each name", "give them in the order of Keys");
        }

        return new Parameters<T>(this, Array.ConvertAll(newValues, value => Errors.NotNull(value, nameof(WithValues), nameof(newValues))));
    }

    /// <summary>The same names and tensors, but for one.</summary>
    /// <param name="key">The name.</param>
    /// <param name="value">The new tensor of that name.</param>
    /// <returns>New parameters; these stay as they are.</returns>
    /// <exception cref="ArgumentNullException">value is null.</exception>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public Parameters<T> With(string key, Tensor<T> value)
    {
        _ = this[key];
        var changed = (Tensor<T>[])values.Clone();
        changed[places[key]] = Errors.NotNull(value, nameof(With), nameof(value));
        return new Parameters<T>(this, changed);
    }

    /// <summary>Applies a function to every tensor.</summary>
    /// <param name="f">The function.</param>
    /// <returns>The results, under the same names.</returns>
    /// <exception cref="ArgumentNullException">The function is null, or returns null.</exception>
    public Parameters<T> Map(Func<Tensor<T>, Tensor<T>> f)
    {
        Errors.NotNull(f, nameof(Map), nameof(f));
        return WithValues(Savepoint.AllOrNothing(() => Array.ConvertAll(values, value => Errors.Result(f(value), nameof(Map), nameof(f)))));
    }

    /// <summary>Applies a function to the tensors of the same place here and elsewhere, such as parameters and gradients.</summary>
    /// <param name="other">As many tensors, in the same order.</param>
    /// <param name="f">The function.</param>
    /// <returns>The results, under the names of this.</returns>
    /// <exception cref="ArgumentNullException">f is null.</exception>
    /// <exception cref="ArgumentException">The names differ.</exception>
    public Parameters<T> Zip(Parameters<T> other, Func<Tensor<T>, Tensor<T>, Tensor<T>> f)
    {
        Errors.NotNull(f, nameof(Zip), nameof(f));
        return Savepoint.AllOrNothing(() => Zip(other, f, nameof(Zip), nameof(other)));
    }

    private Parameters<T> Zip(Parameters<T> other, Func<Tensor<T>, Tensor<T>, Tensor<T>> f, string operation, string argument)
    {
        Errors.NotNull(other, operation, argument);
        if (!names.AsSpan().SequenceEqual(other.names))
        {
            throw Errors.Argument(operation, argument, $"the names are {string.Join(", ", names)} here and {string.Join(", ", other.names)} there", "the same names in the same order",
                "build both from the same parameters");
        }

        return WithValues([.. values.Select((value, i) => Errors.Result(f(value, other.values[i]), operation, nameof(f)))]);
    }

    /// <summary>All elements as one vector, tensor after tensor, each row-major. Recorded where a tensor is.</summary>
    /// <returns>A vector of length <see cref="Length"/>.</returns>
    public Tensor<T> Flatten() => values.Length == 0 ? Tensor.Zeros<T>(0) : Tensor.Concat<T>(Array.ConvertAll(values, value => value.Flatten()));

    /// <summary>The inverse of <see cref="Flatten"/>: cuts a vector into tensors of the shapes of these. Recorded where the vector is.</summary>
    /// <param name="flat">A vector of <see cref="Length"/> elements.</param>
    /// <returns>Tensors of the same names and shapes.</returns>
    /// <exception cref="ArgumentNullException">flat is null.</exception>
    /// <exception cref="TensorShapeException">The vector has another length.</exception>
    public Parameters<T> Unflatten(Tensor<T> flat)
    {
        Errors.NotNull(flat, nameof(Unflatten), nameof(flat));
        if (flat.Rank != 1 || flat.Length != Length)
        {
            throw Errors.Shape(nameof(Unflatten), $"the tensor has shape {Shapes.Format(flat.Shape)}", $"[{Length}], the number of all elements", "give what Flatten made, or a vector of that length");
        }

        var parts = new Tensor<T>[values.Length];
        int first = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            int end = first + values[i].Length;
            parts[i] = flat[first..end].Reshape(values[i].Shape);
            first = end;
        }

        return new Parameters<T>(this, parts);
    }

    /// <summary>Names and tensors, in order.</summary>
    /// <returns>An enumerator.</returns>
    public IEnumerator<KeyValuePair<string, Tensor<T>>> GetEnumerator()
    {
        for (int i = 0; i < names.Length; i++)
        {
            yield return new KeyValuePair<string, Tensor<T>>(names[i], values[i]);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Names and shapes, one a line.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Join('\n', names.Select((name, i) => $"{name} {Shapes.Format(values[i].Shape)}"));
}
