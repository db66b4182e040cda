using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace AutoDiff.Distributed.Mpi;

/// <summary>The MPI library of the machine, found when it is first needed: by name, and told apart by what it says of itself.</summary>
internal sealed class MpiLibrary
{
    /// <summary>The environment variable that names the library to load, as a file name or a path.</summary>
    public const string Setting = "AUTODIFF_MPI";

    private static readonly string[] MpichAndKin = ["MPICH", "Intel(R) MPI", "MVAPICH", "Microsoft MPI", "MS-MPI"];
    private static readonly Lock Gate = new();
    private static MpiLibrary? s_current;
    private static nint s_handle;

    private MpiLibrary(string name, string version, MpiFamily family, MpiConstants constants) => (Name, Version, Family, Constants) = (name, version, family, constants);

    /// <summary>The name under which the library was found.</summary>
    public string Name { get; }

    /// <summary>What the library says of itself, its first line.</summary>
    public string Version { get; }

    public MpiFamily Family { get; }

    public MpiConstants Constants { get; }

    /// <summary>The library, loaded.</summary>
    /// <exception cref="CommunicatorException">None is installed, or what was found is of no family that is known.</exception>
    public static MpiLibrary Load()
    {
        lock (Gate)
        {
            return s_current ??= Find();
        }
    }

    /// <summary>The text of an error code.</summary>
    public static unsafe string ErrorText(int code)
    {
        byte* text = stackalloc byte[MpiConstants.LongestText];
        int length = 0;
        return MpiFunctions.MPI_Error_string(code, text, &length) == 0 ? Encoding.UTF8.GetString(text, length) : Text.Of($"error {code}");
    }

    /// <summary>The libraries to try, in order: that of the launcher that started the process first, for a machine may have several.</summary>
    public static IEnumerable<string> Candidates(Func<string, string?> environment)
    {
        if (environment(Setting) is { Length: > 0 } named)
        {
            return [named];
        }

        if (OperatingSystem.IsWindows())
        {
            return ["msmpi.dll", "impi.dll", "mpi_abi.dll"];
        }

        bool mac = OperatingSystem.IsMacOS();
        string[] openMpi = mac ? ["libmpi.40.dylib", "libmpi.80.dylib"] : ["libmpi.so.40", "libmpi.so.80"];
        string[] mpich = mac ? ["libmpi.12.dylib", "libmpich.12.dylib", "libpmpi.12.dylib"] : ["libmpich.so.12", "libmpi.so.12", "libmpi_cray.so.12"];

        // Version 1 of the interface is what the standard defines; releases of MPICH up to 5.0.1 call it 0.
        string[] standard = mac ? ["libmpi_abi.1.dylib", "libmpi_abi.0.dylib"] : ["libmpi_abi.so.1", "libmpi_abi.so.0"];
        return environment("OMPI_COMM_WORLD_SIZE") is not null ? [.. openMpi, .. standard]
            : environment("PMI_SIZE") is not null ? [.. mpich, .. standard, .. openMpi]
            : [.. standard, .. openMpi, .. mpich];
    }

    /// <summary>The number of ranks that the launcher started, where it says so.</summary>
    public static int? LaunchedRanks(Func<string, string?> environment) =>
        int.TryParse(environment("OMPI_COMM_WORLD_SIZE") ?? environment("PMI_SIZE"), out int ranks) ? ranks : null;

    private static MpiLibrary Find()
    {
        // UCX, which comes with many libraries, would catch SIGSEGV and its kin, by which .NET learns of null references. It reads its settings as it is loaded.
        NativeEnvironment.SetDefault("UCX_ERROR_SIGNALS", "");
        var tried = new List<string>();
        foreach (string name in Candidates(Environment.GetEnvironmentVariable))
        {
            tried.Add(name);
            if (NativeLibrary.TryLoad(name, out s_handle))
            {
                NativeLibrary.SetDllImportResolver(typeof(MpiFunctions).Assembly, Resolve);
                return Describe(name);
            }
        }

        throw new CommunicatorException("FromMpi", Text.Of($"FromMpi: no MPI library was found. Expected one of {string.Join(", ", tried)}. To fix it, install Open MPI or MPICH ")
            + $"(on Debian and Ubuntu: apt-get install openmpi-bin, or mpich), or name the library in the environment variable {Setting}.");
    }

    private static nint Resolve(string library, Assembly assembly, DllImportSearchPath? path) => library == MpiFunctions.Library ? s_handle : 0;

    private static unsafe MpiLibrary Describe(string name)
    {
        byte* text = stackalloc byte[MpiConstants.LongestText];
        int length = 0;
        _ = MpiFunctions.MPI_Get_library_version(text, &length);
        string version = Encoding.UTF8.GetString(text, length);
        MpiFamily family = FamilyOf(name, version)
            ?? throw new CommunicatorException("FromMpi", $"FromMpi: the library {name} calls itself '{FirstLine(version)}', which is not known. Expected Open MPI, MPICH or one with its binary interface, or libmpi_abi. "
                + $"To fix it, name another library in the environment variable {Setting}.");
        return new MpiLibrary(name, FirstLine(version), family, MpiConstants.Of(family, s_handle));
    }

    /// <summary>The family of a library, by its name and what it says of itself.</summary>
    public static MpiFamily? FamilyOf(string name, string version) =>
        name.Contains("mpi_abi", StringComparison.Ordinal) ? MpiFamily.StandardAbi
        : version.Contains("Open MPI", StringComparison.OrdinalIgnoreCase) ? MpiFamily.OpenMpi
        : MpichAndKin.Any(kin => version.Contains(kin, StringComparison.OrdinalIgnoreCase)) ? MpiFamily.Mpich
        : null;

    private static string FirstLine(string text) => string.Join(' ', text.Trim('\0', '\n').Split('\n')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
