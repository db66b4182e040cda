using System.Runtime.InteropServices;

namespace AutoDiff.Distributed.Mpi;

/// <summary>The families of MPI libraries, which differ in the values of their constants.</summary>
internal enum MpiFamily
{
    /// <summary>Open MPI: handles are the addresses of objects that the library exports.</summary>
    OpenMpi,

    /// <summary>MPICH and what has its binary interface: Intel MPI, MVAPICH, Cray MPICH, Microsoft MPI. Handles are integers.</summary>
    Mpich,

    /// <summary>The standard binary interface of MPI 5.0 (chapter 20 of that standard).</summary>
    StandardAbi,
}

/// <summary>The constants of mpi.h that are used. A program in C, compiled against the header of each library, prints the same ones (tests/AutoDiff.Distributed.Ranks/constants.c).</summary>
/// <param name="World">MPI_COMM_WORLD.</param>
/// <param name="Byte">MPI_BYTE.</param>
/// <param name="Float">MPI_FLOAT.</param>
/// <param name="Double">MPI_DOUBLE.</param>
/// <param name="Sum">MPI_SUM.</param>
/// <param name="ErrorsReturn">MPI_ERRORS_RETURN.</param>
/// <param name="Funneled">MPI_THREAD_FUNNELED.</param>
/// <param name="Serialized">MPI_THREAD_SERIALIZED.</param>
internal sealed record MpiConstants(nint World, nint Byte, nint Float, nint Double, nint Sum, nint ErrorsReturn, int Funneled, int Serialized)
{
    /// <summary>At least the bytes of MPI_MAX_ERROR_STRING and MPI_MAX_LIBRARY_VERSION_STRING, in every library.</summary>
    public const int LongestText = 8192;

    /// <summary>At least the bytes of an MPI_Status, in every library (20 to 32).</summary>
    public const int StatusBytes = 64;

    /// <summary>The constants of a family.</summary>
    /// <param name="family">The family.</param>
    /// <param name="library">The library, in which Open MPI's objects are looked up.</param>
    public static MpiConstants Of(MpiFamily family, nint library) => family switch
    {
        MpiFamily.OpenMpi => new MpiConstants(
            NativeLibrary.GetExport(library, "ompi_mpi_comm_world"),
            NativeLibrary.GetExport(library, "ompi_mpi_byte"),
            NativeLibrary.GetExport(library, "ompi_mpi_float"),
            NativeLibrary.GetExport(library, "ompi_mpi_double"),
            NativeLibrary.GetExport(library, "ompi_mpi_op_sum"),
            NativeLibrary.GetExport(library, "ompi_mpi_errors_return"), 1, 2),
        MpiFamily.Mpich => new MpiConstants(0x44000000, 0x4c00010d, 0x4c00040a, 0x4c00080b, 0x58000003, 0x54000001, 1, 2),
        _ => new MpiConstants(0x101, 0x247, 0x210, 0x214, 0x21, 0x143, 1024, 2048),
    };
}
