using System.Globalization;
using System.Numerics;

namespace AutoDiff.Optimization;

/// <summary>
/// Training in one file: the parameters, what the optimizers remember, the random key, and whatever else a program keeps. Training that is resumed from it goes on bit for bit as if it had not been
/// interrupted. The file is a safetensors file: the parameters lie in it under their names, and other programs can read them.
/// </summary>
public static class TrainingCheckpoint
{
    private const string Format = "AutoDiff training 1";

    /// <summary>Writes a checkpoint. The file is replaced as a whole, so that an interruption leaves the one before.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="optimizers">The optimizers, in an order that is kept.</param>
    /// <param name="key">The key from which further draws are derived.</param>
    /// <param name="notes">What else is to be known, such as the number of the epoch.</param>
    /// <exception cref="ArgumentNullException">path, parameters or optimizers is null.</exception>
    /// <exception cref="ArgumentException">A parameter has a name that begins with "optimizer.".</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write<T>(string path, Parameters<T> parameters, IReadOnlyList<GradientOptimizer<T>> optimizers, RandomKey key = default, IReadOnlyDictionary<string, string>? notes = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException($"TrainingCheckpoint: the path {(path.Length == 0 ? "is empty" : "contains the null character")}. Expected the name of a file. To fix it, give one.", nameof(path));
        }

        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(optimizers);
        if (parameters.Keys.FirstOrDefault(name => name.StartsWith("optimizer.", StringComparison.Ordinal)) is { } taken)
        {
            throw new ArgumentException($"TrainingCheckpoint: a parameter is named '{taken}'. Expected names that do not begin with 'optimizer.', which the checkpoint keeps. To fix it, rename it.", nameof(parameters));
        }

        var arrays = new List<KeyValuePair<string, StoredArray>>();
        var metadata = new List<KeyValuePair<string, string>> { new("format", Format), new("key", key.Seed.ToString(CultureInfo.InvariantCulture)), new("optimizers", optimizers.Count.ToString(CultureInfo.InvariantCulture)) };
        arrays.AddRange(parameters.Select(pair => KeyValuePair.Create(pair.Key, StoredArray.Create(pair.Value))));
        for (int i = 0; i < optimizers.Count; i++)
        {
            ArgumentNullException.ThrowIfNull(optimizers[i], nameof(optimizers));
            string prefix = string.Create(CultureInfo.InvariantCulture, $"optimizer.{i}");
            metadata.Add(new(prefix, optimizers[i].GetType().Name));
            if (optimizers[i].Rate is ReduceOnPlateau plateau)
            {
                metadata.Add(new($"{prefix}.rate", plateau.State));
            }

            optimizers[i].Save(prefix, arrays, metadata);
        }

        metadata.AddRange((notes ?? new Dictionary<string, string>()).Select(note => KeyValuePair.Create("note." + note.Key, note.Value)));
        string partial = path + ".partial";
        using (FileStream stream = File.Create(partial))
        {
            SafeTensorsFile.Write(stream, arrays, metadata);
            stream.Flush(flushToDisk: true);
        }

        File.Move(partial, path, overwrite: true);
    }

    /// <summary>Writes a checkpoint with one optimizer.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="key">The key from which further draws are derived.</param>
    /// <param name="notes">What else is to be known, such as the number of the epoch.</param>
    /// <exception cref="ArgumentException">A parameter has a name that begins with "optimizer.".</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write<T>(string path, Parameters<T> parameters, GradientOptimizer<T> optimizer, RandomKey key = default, IReadOnlyDictionary<string, string>? notes = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Write(path, parameters, [NotNull(optimizer)], key, notes);

    /// <summary>Reads a checkpoint, and sets optimizers to what they were.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="like">Parameters of the names and shapes that are expected, such as those before training.</param>
    /// <param name="optimizers">Optimizers of the same kinds and settings as those that were written, in the same order. They are changed only where the whole file can be read.</param>
    /// <returns>The parameters, the key and the notes.</returns>
    /// <exception cref="ArgumentNullException">path is null.</exception>
    /// <exception cref="ArrayFileException">The file is no checkpoint, is damaged, or was written with other parameters or optimizers.</exception>
    /// <exception cref="ArgumentException">path is none that a file can have.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TrainingState<T> Read<T>(string path, Parameters<T> like, IReadOnlyList<GradientOptimizer<T>> optimizers) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Read(SafeTensorsFile.Read(path), like, optimizers);

    /// <summary>Reads a checkpoint from a stream, and sets an optimizer to what it was.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="stream">A stream that can be read and sought.</param>
    /// <param name="like">Parameters of the names and shapes that are expected, such as those before training.</param>
    /// <param name="optimizer">An optimizer of the same kind and settings as the one that was written.</param>
    /// <returns>The parameters, the key and the notes.</returns>
    /// <exception cref="ArgumentNullException">stream is null.</exception>
    /// <exception cref="ArrayFileException">The stream holds no checkpoint, a damaged one, or one of other parameters or another optimizer.</exception>
    /// <exception cref="ArgumentException">The stream cannot be read, or cannot seek, or has been closed.</exception>
    public static TrainingState<T> Read<T>(Stream stream, Parameters<T> like, GradientOptimizer<T> optimizer) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Read(SafeTensorsFile.Read(stream), like, [NotNull(optimizer)]);

    private static GradientOptimizer<T> NotNull<T>(GradientOptimizer<T> optimizer) where T : unmanaged, IBinaryFloatingPointIeee754<T> => optimizer ?? throw new ArgumentNullException(nameof(optimizer));

    private static TrainingState<T> Read<T>(SafeTensors file, Parameters<T> like, IReadOnlyList<GradientOptimizer<T>> optimizers) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(optimizers);
        Parameters<T> parameters = file.ToParameters(like);
        string Text(string name) => file.Metadata.TryGetValue(name, out string? text) ? text
            : throw new ArrayFileException($"The checkpoint says nothing of '{name}'. Expected a file that TrainingCheckpoint.Write has written.");
        if (Text("format") != Format)
        {
            throw new ArrayFileException($"The checkpoint has the format '{Text("format")}'. Expected '{Format}'.");
        }

        if (Text("optimizers") != optimizers.Count.ToString(CultureInfo.InvariantCulture) || !ulong.TryParse(Text("key"), NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed))
        {
            throw new ArrayFileException($"The checkpoint holds {Text("optimizers")} optimizers and the key '{Text("key")}'. Expected {optimizers.Count} optimizers and a number as key.");
        }

        var changes = new List<Action>();
        for (int i = 0; i < optimizers.Count; i++)
        {
            ArgumentNullException.ThrowIfNull(optimizers[i], nameof(optimizers));
            string prefix = string.Create(CultureInfo.InvariantCulture, $"optimizer.{i}");
            if (Text(prefix) != optimizers[i].GetType().Name)
            {
                throw new ArrayFileException($"Optimizer {i} of the checkpoint is of the type {Text(prefix)}. Expected {optimizers[i].GetType().Name}.");
            }

            if (optimizers[i].Rate is ReduceOnPlateau plateau)
            {
                string state = Text($"{prefix}.rate");
                changes.Add(() => plateau.State = state);
            }

            changes.Add(optimizers[i].Load(prefix, file));
        }

        changes.ForEach(change => change());
        return new TrainingState<T>
        {
            Parameters = parameters,
            Key = new RandomKey(seed),
            Notes = file.Metadata.Where(pair => pair.Key.StartsWith("note.", StringComparison.Ordinal)).ToDictionary(pair => pair.Key["note.".Length..], pair => pair.Value, StringComparer.Ordinal),
        };
    }

    /// <summary>Reads a checkpoint with one optimizer, and sets it to what it was.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="like">Parameters of the names and shapes that are expected, such as those before training.</param>
    /// <param name="optimizer">An optimizer of the same kind and settings as the one that was written.</param>
    /// <returns>The parameters, the key and the notes.</returns>
    /// <exception cref="ArgumentNullException">path or optimizer is null.</exception>
    /// <exception cref="ArrayFileException">The file is no checkpoint, is damaged, or was written with other parameters or another optimizer.</exception>
    /// <exception cref="ArgumentException">path is none that a file can have.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <example>
    /// <code>
    /// string path = Path.GetTempFileName();
    /// var model = new Parameters&lt;double>(("x", Tensor.Create(1, 2)));
    /// TrainingCheckpoint.Write(path, model, new Adam&lt;double>(0.1), new RandomKey(7));
    /// TrainingState&lt;double> state = TrainingCheckpoint.Read(path, model, new Adam&lt;double>(0.1));
    /// Console.WriteLine(state.Parameters["x"]); // => [1, 2]
    /// Console.WriteLine(state.Key); // => RandomKey { Seed = 7 }
    /// </code>
    /// </example>
    public static TrainingState<T> Read<T>(string path, Parameters<T> like, GradientOptimizer<T> optimizer) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Read(path, like, [NotNull(optimizer)]);
}

/// <summary>What a checkpoint holds beside the state of the optimizers.</summary>
/// <typeparam name="T">The element type.</typeparam>
public sealed class TrainingState<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The parameters.</summary>
    public required Parameters<T> Parameters { get; init; }

    /// <summary>The key from which further draws are derived.</summary>
    public required RandomKey Key { get; init; }

    /// <summary>What else was written.</summary>
    public required IReadOnlyDictionary<string, string> Notes { get; init; }
}
