using System.Runtime.InteropServices;

namespace AutoDiff.Distributed.Mpi;

/// <summary>The process as native libraries see it. On Unix the environment of .NET is a copy of its own, and what is set there does not reach them.</summary>
internal static partial class NativeEnvironment
{
    /// <summary>Sets a variable unless the user has.</summary>
    public static void SetDefault(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is null)
        {
            Environment.SetEnvironmentVariable(name, value);
            if (!OperatingSystem.IsWindows())
            {
                _ = SetEnv(name, value, 1);
            }
        }
    }

    /// <summary>Ends the process at once with its exit code. Native libraries that still run are not asked to clear up; Windows does not ask them either way.</summary>
    public static void EndProcess()
    {
        Console.Out.Flush();
        Console.Error.Flush();
        if (!OperatingSystem.IsWindows())
        {
            Exit(Environment.ExitCode);
        }
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnv(string name, string value, int overwrite);
}
