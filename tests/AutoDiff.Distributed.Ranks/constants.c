/* Prints what src/AutoDiff.Distributed/Mpi/MpiConstants.cs states, from the header of an MPI library. */
#include <mpi.h>
#include <stdio.h>

int main(void)
{
#ifdef OPEN_MPI
    /* Handles are addresses of what the library exports: that the names exist, the program in .NET finds out. */
    printf("addresses\n");
#else
    printf("%lx %lx %lx %lx %lx %lx\n", (long)MPI_COMM_WORLD, (long)MPI_BYTE, (long)MPI_FLOAT, (long)MPI_DOUBLE, (long)MPI_SUM, (long)MPI_ERRORS_RETURN);
#endif
    printf("%d %d\n", MPI_THREAD_FUNNELED, MPI_THREAD_SERIALIZED);
    return sizeof(MPI_Status) <= 64 && MPI_MAX_ERROR_STRING <= 8192 && MPI_MAX_LIBRARY_VERSION_STRING <= 8192 ? 0 : 1;
}
