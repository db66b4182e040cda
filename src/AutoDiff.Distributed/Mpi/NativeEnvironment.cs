using System.Runtime.InteropServices;

namespace AutoDiff.Distributed.Mpi;

/// <summary>The environment as native libraries see it. On Unix that of .NET is a copy of its own, and what is set there does not reach them.</summary>
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

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnv(string name, string value, int overwrite);
}
