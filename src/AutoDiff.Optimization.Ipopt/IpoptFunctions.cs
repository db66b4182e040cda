using System.Runtime.InteropServices;

namespace AutoDiff.Optimization;

/// <summary>
/// The functions of Ipopt that are used, as its C interface has them (IpStdCInterface.h). Its type Bool is an int up to version 3.13 and one byte of C from 3.14 on. What comes from there is therefore read as
/// its lowest byte, which both versions set, and what goes there is an int that is 0 or 1, of which both versions read what they look at. Indices are 32 bits long in all versions.
/// </summary>
internal static unsafe partial class IpoptFunctions
{
    /// <summary>The name under which the library is imported; <see cref="IpoptLibrary"/> says which file that is.</summary>
    public const string Library = "ipopt";

    [LibraryImport(Library)]
    public static partial nint CreateIpoptProblem(
        int n,
        double* lower,
        double* upper,
        int m,
        double* constraintLower,
        double* constraintUpper,
        int jacobianCount,
        int hessianCount,
        int firstIndex,
        delegate* unmanaged[Cdecl]<int, double*, byte, double*, nint, int> value,
        delegate* unmanaged[Cdecl]<int, double*, byte, int, double*, nint, int> constraints,
        delegate* unmanaged[Cdecl]<int, double*, byte, double*, nint, int> gradient,
        delegate* unmanaged[Cdecl]<int, double*, byte, int, int, int*, int*, double*, nint, int> jacobian,
        delegate* unmanaged[Cdecl]<int, double*, byte, double, int, double*, byte, int, int*, int*, double*, nint, int> hessian);

    [LibraryImport(Library)]
    public static partial void FreeIpoptProblem(nint problem);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial byte AddIpoptStrOption(nint problem, string keyword, string value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial byte AddIpoptNumOption(nint problem, string keyword, double value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial byte AddIpoptIntOption(nint problem, string keyword, int value);

    [LibraryImport(Library)]
    public static partial byte SetIntermediateCallback(nint problem, delegate* unmanaged[Cdecl]<int, int, double, double, double, double, double, double, double, double, int, nint, int> callback);

    [LibraryImport(Library)]
    public static partial int IpoptSolve(nint problem, double* x, double* constraints, double* value, double* multipliers, double* lowerMultipliers, double* upperMultipliers, nint userData);
}
