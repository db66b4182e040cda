using System.Numerics;
using AutoDiff.Optimization;

namespace AutoDiff.Distributed;

/// <summary>Training checkpoints of many ranks (<see cref="TrainingCheckpoint"/>): rank 0 writes and reads the file, and a run goes on from it with the same bits, on any number of ranks.</summary>
public static class Checkpoint
{
    /// <summary>Rank 0 writes a checkpoint, the others wait until it is on the disk. The file is replaced as a whole: a crash at any time leaves the old one or the new one.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="communicator">The ranks.</param>
    /// <param name="path">The file.</param>
    /// <param name="parameters">The parameters; those of rank 0 count.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="key">The key from which further draws are derived.</param>
    /// <exception cref="ArgumentNullException">communicator, path, parameters or optimizer is null.</exception>
    /// <exception cref="CommunicatorException">Rank 0 could not write the file (on all ranks; on rank 0 with the exception of the file as its cause), or another rank has left.</exception>
    public static void Save<T>(Communicator communicator, string path, Parameters<T> parameters, GradientOptimizer<T> optimizer, RandomKey key = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(communicator, nameof(Save), nameof(communicator));
        Errors.NotNull(path, nameof(Save), nameof(path));
        Errors.NotNull(parameters, nameof(Save), nameof(parameters));
        Errors.NotNull(optimizer, nameof(Save), nameof(optimizer));
        communicator.OnRoot(nameof(Save), () =>
        {
            TrainingCheckpoint.Write(path, parameters, optimizer, key);
            return [];
        });
    }

    /// <summary>Rank 0 reads a checkpoint; all get what it holds, and set their optimizers to what they were.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="communicator">The ranks.</param>
    /// <param name="path">The file.</param>
    /// <param name="like">Parameters of the names and shapes that are expected, such as those before training.</param>
    /// <param name="optimizer">An optimizer of the same kind and settings as the one that was saved. Its number of steps is that of the run.</param>
    /// <returns>The parameters and the key, or null where there is no file: the run begins.</returns>
    /// <exception cref="ArgumentNullException">communicator, path, like or optimizer is null.</exception>
    /// <exception cref="ArrayFileException">The file is damaged, or no checkpoint of these parameters and this optimizer.</exception>
    /// <exception cref="CommunicatorException">Rank 0 could not read the file (on all ranks), or another rank has left.</exception>
    public static TrainingState<T>? Load<T>(Communicator communicator, string path, Parameters<T> like, GradientOptimizer<T> optimizer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Errors.NotNull(communicator, nameof(Load), nameof(communicator));
        Errors.NotNull(path, nameof(Load), nameof(path));
        Errors.NotNull(like, nameof(Load), nameof(like));
        Errors.NotNull(optimizer, nameof(Load), nameof(optimizer));
        byte[] bytes = communicator.OnRoot(nameof(Load), () => File.Exists(path) ? File.ReadAllBytes(path) : []);
        return bytes.Length == 0 ? null : TrainingCheckpoint.Read(new MemoryStream(bytes, writable: false), like, optimizer);
    }
}
