using System.Globalization;
using System.Numerics;
using AutoDiff.Optimization;

namespace AutoDiff.Distributed;

/// <summary>The state of a run, from which another goes on with the same bits.</summary>
/// <typeparam name="T">The element type.</typeparam>
/// <param name="Step">How many steps have been taken.</param>
/// <param name="Parameters">The parameters.</param>
/// <param name="Optimizer">What the optimiser remembers (<see cref="GradientOptimizer{T}.SaveState"/>).</param>
/// <param name="Key">The key of the random numbers of the run.</param>
public sealed record Checkpoint<T>(int Step, Tensor<T>[] Parameters, OptimizerState<T> Optimizer, RandomKey Key) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>Saves and loads <see cref="Checkpoint{T}"/>, as safetensors files.</summary>
public static class Checkpoint
{
    private const string Format = "AutoDiff.Distributed checkpoint 1";

    /// <summary>What tests do in the middle of a write.</summary>
    internal static Action? BeforeReplacing { get; set; }

    /// <summary>Rank 0 writes a checkpoint, the others wait until it is on the disk. It is written beside the file and then put in its place: a crash at any time leaves the old one or the new one.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="communicator">The ranks.</param>
    /// <param name="path">The file.</param>
    /// <param name="checkpoint">What is saved; that of rank 0 counts.</param>
    /// <exception cref="CommunicatorException">Rank 0 could not write the file (on all ranks; on rank 0 with the exception of the file as its cause), or another rank has left.</exception>
    public static void Save<T>(Communicator communicator, string path, Checkpoint<T> checkpoint) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(communicator, nameof(Save), nameof(communicator));
        Errors.NotNull(path, nameof(Save), nameof(path));
        Errors.NotNull(checkpoint, nameof(Save), nameof(checkpoint));
        communicator.OnRoot(nameof(Save), () =>
        {
            Write(path, checkpoint);
            return [];
        });
    }

    /// <summary>Rank 0 reads a checkpoint, and all get it.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="communicator">The ranks.</param>
    /// <param name="path">The file.</param>
    /// <returns>The checkpoint, or null where there is no file: the run begins.</returns>
    /// <exception cref="ArrayFileException">The file is damaged, or no checkpoint.</exception>
    /// <exception cref="CommunicatorException">Rank 0 could not read the file (on all ranks), or another rank has left.</exception>
    public static Checkpoint<T>? Load<T>(Communicator communicator, string path) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(communicator, nameof(Load), nameof(communicator));
        Errors.NotNull(path, nameof(Load), nameof(path));
        byte[] bytes = communicator.OnRoot(nameof(Load), () => File.Exists(path) ? File.ReadAllBytes(path) : []);
        return bytes.Length == 0 ? null : Read<T>(new MemoryStream(bytes, writable: false), path);
    }

    private static void Write<T>(string path, Checkpoint<T> checkpoint) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        IEnumerable<KeyValuePair<string, StoredArray>> Named(string name, Tensor<T>[] tensors) =>
            tensors.Select((tensor, i) => KeyValuePair.Create(Text.Of($"{name}.{i}"), StoredArray.Create(tensor.Detach())));
        Dictionary<string, string> metadata = new()
        {
            ["format"] = Format,
            ["step"] = checkpoint.Step.ToString(CultureInfo.InvariantCulture),
            ["optimizer.steps"] = checkpoint.Optimizer.Steps.ToString(CultureInfo.InvariantCulture),
            ["key"] = checkpoint.Key.Seed.ToString(CultureInfo.InvariantCulture),
            ["parameters"] = checkpoint.Parameters.Length.ToString(CultureInfo.InvariantCulture),
            ["optimizer"] = checkpoint.Optimizer.First.Length.ToString(CultureInfo.InvariantCulture),
        };
        string unfinished = path + ".unfinished";
        using (FileStream stream = File.Create(unfinished))
        {
            SafeTensorsFile.Write(stream, [.. Named("parameters", checkpoint.Parameters), .. Named("first", checkpoint.Optimizer.First), .. Named("second", checkpoint.Optimizer.Second)], metadata);
            stream.Flush(flushToDisk: true);
        }

        BeforeReplacing?.Invoke();
        File.Move(unfinished, path, overwrite: true);
    }

    private static Checkpoint<T> Read<T>(Stream stream, string path) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SafeTensors file = SafeTensorsFile.Read(stream);
        (IReadOnlyDictionary<string, StoredArray> arrays, IReadOnlyDictionary<string, string> metadata) = (file.Arrays, file.Metadata);
        if (!metadata.TryGetValue("format", out string? format) || format != Format)
        {
            throw Errors.File($"The file '{path}' is no checkpoint: its metadata do not say '{Format}'.");
        }

        TNumber Number<TNumber>(string name) where TNumber : IParsable<TNumber> => metadata.TryGetValue(name, out string? text) && TNumber.TryParse(text, CultureInfo.InvariantCulture, out TNumber? value) ? value
            : throw Errors.File($"The checkpoint '{path}' is damaged: it has no number '{name}'.");
        Tensor<T>[] Named(string name, int count) =>
            [.. Enumerable.Range(0, count).Select(i => arrays.TryGetValue(Text.Of($"{name}.{i}"), out StoredArray? array) ? array.ToTensor<T>() : throw Errors.File($"The checkpoint '{path}' is damaged: it has no tensor '{name}.{i}'."))];
        int kept = Number<int>("optimizer");
        return new Checkpoint<T>(Number<int>("step"), Named("parameters", Number<int>("parameters")), new OptimizerState<T>(Number<int>("optimizer.steps"), Named("first", kept), Named("second", kept)),
            new RandomKey(Number<ulong>("key")));
    }
}
