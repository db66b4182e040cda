using System.Runtime.InteropServices;

namespace AutoDiff.Optimization;

/// <summary>The Ipopt of the machine, found by name when it is first needed.</summary>
public static class IpoptLibrary
{
    /// <summary>The environment variable that names the library to load, as a file name or a path.</summary>
    private const string Setting = "AUTODIFF_IPOPT";

    private static readonly Lazy<Search> Found = new(() => Search.Among(Candidates(Environment.GetEnvironmentVariable)));

    /// <summary>Whether an Ipopt is installed that can be used.</summary>
    public static bool IsInstalled => Found.Value.Name is not null;

    /// <summary>The name under which the library was found, such as libipopt.so.3; null where there is none. The environment variable AUTODIFF_IPOPT names another one, as a file name or a path.</summary>
    public static string? Name => Found.Value.Name;

    /// <summary>Loads the library.</summary>
    /// <exception cref="IpoptException">None is installed, or what was found cannot be used.</exception>
    internal static void Load()
    {
        if (Found.Value.Name is null)
        {
            throw new IpoptException(Found.Value.Problem);
        }
    }

    /// <summary>The libraries to try, in order: the newest first.</summary>
    internal static string[] Candidates(Func<string, string?> environment) =>
        environment(Setting) is { Length: > 0 } named ? [named]
        : OperatingSystem.IsWindows() ? ["ipopt-3.dll", "ipopt.dll", "libipopt-3.dll", "libipopt.dll"]
        : OperatingSystem.IsMacOS() ? ["libipopt.3.dylib", "libipopt.1.dylib", "libipopt.dylib", "/opt/homebrew/lib/libipopt.dylib", "/usr/local/lib/libipopt.dylib"]
        : ["libipopt.so.3", "libipopt.so.1", "libipopt.so"];

    /// <summary>What a search for the library found: a name, or in words what is missing.</summary>
    internal sealed record Search(string? Name, string Problem)
    {
        private static nint s_handle;

        public static Search Among(string[] names)
        {
            foreach (string name in names)
            {
                if (NativeLibrary.TryLoad(name, out nint handle))
                {
                    return Check(name, handle);
                }
            }

            return new Search(null, $"Ipopt: no library was found. Expected one of {string.Join(", ", names)}. "
                + $"To fix it, install Ipopt (on Debian and Ubuntu: apt-get install coinor-libipopt1v5, on macOS: brew install ipopt, on Windows: the libraries of a release, beside the program), or name the library in the environment variable {Setting}.");
        }

        private static unsafe Search Check(string name, nint handle)
        {
            if (!NativeLibrary.TryGetExport(handle, nameof(IpoptFunctions.CreateIpoptProblem), out _))
            {
                return new Search(null, $"Ipopt: the library {name} has no C interface. Expected the function {nameof(IpoptFunctions.CreateIpoptProblem)}. "
                    + $"To fix it, name another library in the environment variable {Setting}.");
            }

            s_handle = handle;
            NativeLibrary.SetDllImportResolver(typeof(IpoptFunctions).Assembly, static (library, _, _) => library == IpoptFunctions.Library ? s_handle : 0);
            return IsOfDouble() ? new Search(name, "") : new Search(null,
                $"Ipopt: the library {name} computes with numbers of 32 bits. Expected 64 bits. To fix it, build it without --with-precision=single, or name another library in the environment variable {Setting}.");
        }

        /// <summary>From 3.14 on Ipopt may be built for float. It then reads the lower half of a number, which here is one that a tolerance cannot be.</summary>
        private static unsafe bool IsOfDouble()
        {
            double zero = 0;
            nint problem = IpoptFunctions.CreateIpoptProblem(1, &zero, &zero, 0, null, null, 0, 0, 0,
                &IpoptRun.Value, &IpoptRun.Constraints, &IpoptRun.Gradient, &IpoptRun.Jacobian, &IpoptRun.Hessian);
            if (problem == 0)
            {
                return false;
            }

            double tolerance = BitConverter.Int64BitsToDouble((BitConverter.DoubleToInt64Bits(1e-8) & ~0xFFFFFFFFL) | BitConverter.SingleToUInt32Bits(-1f));
            bool accepted = IpoptFunctions.AddIpoptStrOption(problem, "sb", "yes") != 0 && IpoptFunctions.AddIpoptIntOption(problem, "print_level", 0) != 0
                && IpoptFunctions.AddIpoptNumOption(problem, "tol", tolerance) != 0;
            IpoptFunctions.FreeIpoptProblem(problem);
            return accepted;
        }
    }
}
