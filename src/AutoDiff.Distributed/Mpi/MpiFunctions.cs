using System.Runtime.InteropServices;

namespace AutoDiff.Distributed.Mpi;

/// <summary>
/// The functions of MPI that are used, as its C interface has them (MPI: A Message-Passing Interface Standard, version 3.1). Handles are nint: addresses in Open MPI and in the standard ABI, integers in the
/// lower half in MPICH and its kin. Each function returns an error code.
/// </summary>
internal static unsafe partial class MpiFunctions
{
    /// <summary>The name under which the library is imported; <see cref="MpiLibrary"/> says which file that is.</summary>
    public const string Library = "mpi";

    [LibraryImport(Library)]
    public static partial int MPI_Get_library_version(byte* version, int* length);

    [LibraryImport(Library)]
    public static partial int MPI_Initialized(int* flag);

    [LibraryImport(Library)]
    public static partial int MPI_Finalized(int* flag);

    [LibraryImport(Library)]
    public static partial int MPI_Init_thread(int* argc, byte*** argv, int required, int* provided);

    [LibraryImport(Library)]
    public static partial int MPI_Query_thread(int* provided);

    [LibraryImport(Library)]
    public static partial int MPI_Finalize();

    [LibraryImport(Library)]
    public static partial int MPI_Abort(nint communicator, int code);

    [LibraryImport(Library)]
    public static partial int MPI_Error_string(int code, byte* text, int* length);

    [LibraryImport(Library)]
    public static partial int MPI_Comm_set_errhandler(nint communicator, nint handler);

    [LibraryImport(Library)]
    public static partial int MPI_Comm_rank(nint communicator, int* rank);

    [LibraryImport(Library)]
    public static partial int MPI_Comm_size(nint communicator, int* size);

    [LibraryImport(Library)]
    public static partial int MPI_Comm_dup(nint communicator, nint* copy);

    [LibraryImport(Library)]
    public static partial int MPI_Comm_split(nint communicator, int color, int key, nint* part);

    [LibraryImport(Library)]
    public static partial int MPI_Isend(void* data, int count, nint type, int destination, int tag, nint communicator, nint* request);

    [LibraryImport(Library)]
    public static partial int MPI_Irecv(void* data, int count, nint type, int source, int tag, nint communicator, nint* request);

    [LibraryImport(Library)]
    public static partial int MPI_Test(nint* request, int* flag, void* status);

    [LibraryImport(Library)]
    public static partial int MPI_Get_count(void* status, nint type, int* count);

    [LibraryImport(Library)]
    public static partial int MPI_Ibarrier(nint communicator, nint* request);

    [LibraryImport(Library)]
    public static partial int MPI_Ibcast(void* data, int count, nint type, int root, nint communicator, nint* request);

    [LibraryImport(Library)]
    public static partial int MPI_Iallgather(void* own, int ownCount, nint ownType, void* all, int count, nint type, nint communicator, nint* request);

    [LibraryImport(Library)]
    public static partial int MPI_Allreduce(void* own, void* result, int count, nint type, nint operation, nint communicator);
}
