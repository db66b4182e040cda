/*
 * The standard binary interface of MPI 5.0 (chapter 20 of that standard), as far as AutoDiff.Distributed uses it, over the MPI that it is compiled with: where no library of that interface is installed, the
 * package's third set of constants is tried with this one. What the package must not pass (a handle or a level of another interface) ends the program.
 *
 *     mpicc.mpich -shared -fPIC standard_abi.c -o libmpi_abi.so.1
 */
#include <mpi.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A function that is exported under the name of MPI's own, whose prototype in mpi.h has other types. */
#define EXPORT(name) __asm__(#name)

typedef struct Handle *Handle;

typedef struct {
    int source, tag, error;
    int internal[5];
} Status;

_Static_assert(sizeof(MPI_Status) <= sizeof(int[5]), "MPI's own status fits into what the interface leaves to the library");

static void *refuse(const char *what, Handle handle)
{
    fprintf(stderr, "standard_abi: 0x%lx is no %s\n", (long)(intptr_t)handle, what);
    abort();
}

/* Predefined handles are below 4096; others are MPI's own. */
static int is_own(Handle handle) { return (uintptr_t)handle >= 4096; }

static MPI_Comm comm(Handle h)
{
    return is_own(h) ? (MPI_Comm)(intptr_t)h : (intptr_t)h == 0x101 ? MPI_COMM_WORLD : (refuse("communicator", h), MPI_COMM_NULL);
}

static MPI_Datatype type(Handle h)
{
    switch ((intptr_t)h) {
    case 0x210: return MPI_FLOAT;
    case 0x214: return MPI_DOUBLE;
    case 0x247: return MPI_BYTE;
    default: return refuse("type", h), MPI_DATATYPE_NULL;
    }
}

static MPI_Op op(Handle h) { return (intptr_t)h == 0x21 ? MPI_SUM : (refuse("operation", h), MPI_OP_NULL); }

static MPI_Errhandler handler(Handle h) { return (intptr_t)h == 0x143 ? MPI_ERRORS_RETURN : (refuse("handler of errors that returns them", h), MPI_ERRHANDLER_NULL); }

static Handle give(intptr_t own) { return (Handle)(uintptr_t)(uint32_t)own; }

static int give_request(int code, MPI_Request own, Handle *request)
{
    *request = own == MPI_REQUEST_NULL ? (Handle)0x180 : give(own);
    return code;
}

static int give_comm(int code, MPI_Comm own, Handle *result)
{
    *result = own == MPI_COMM_NULL ? (Handle)0x100 : give(own);
    return code;
}

static int level(int own) { return own == MPI_THREAD_SINGLE ? 0 : own == MPI_THREAD_FUNNELED ? 1024 : own == MPI_THREAD_SERIALIZED ? 2048 : 4096; }

int get_library_version(char *, int *) EXPORT(MPI_Get_library_version);
int get_library_version(char *version, int *length)
{
    static const char prefix[] = "Standard ABI over ";
    int code = PMPI_Get_library_version(version + sizeof prefix - 1, length);
    memcpy(version, prefix, sizeof prefix - 1);
    *length += sizeof prefix - 1;
    return code;
}

int init_thread(int *, char ***, int, int *) EXPORT(MPI_Init_thread);
int init_thread(int *argc, char ***argv, int required, int *provided)
{
    int own, code;
    if (required != 1024 && required != 2048) {
        refuse("level of threads", (Handle)(intptr_t)required);
    }

    code = PMPI_Init_thread(argc, argv, required == 1024 ? MPI_THREAD_FUNNELED : MPI_THREAD_SERIALIZED, &own);
    *provided = level(own);
    return code;
}

int query_thread(int *) EXPORT(MPI_Query_thread);
int query_thread(int *provided)
{
    int own, code = PMPI_Query_thread(&own);
    *provided = level(own);
    return code;
}

int initialized(int *) EXPORT(MPI_Initialized);
int initialized(int *flag) { return PMPI_Initialized(flag); }

int finalized(int *) EXPORT(MPI_Finalized);
int finalized(int *flag) { return PMPI_Finalized(flag); }

/* Some libraries rarely do not return: here they do not where the environment says so. */
int finalize(void) EXPORT(MPI_Finalize);
int finalize(void)
{
    while (getenv("STANDARD_ABI_STUCK")) {
        sleep(1);
    }

    return PMPI_Finalize();
}

int end_all(Handle, int) EXPORT(MPI_Abort);
int end_all(Handle c, int code) { return PMPI_Abort(comm(c), code); }

int error_string(int, char *, int *) EXPORT(MPI_Error_string);
int error_string(int code, char *text, int *length) { return PMPI_Error_string(code, text, length); }

int set_handler(Handle, Handle) EXPORT(MPI_Comm_set_errhandler);
int set_handler(Handle c, Handle h) { return PMPI_Comm_set_errhandler(comm(c), handler(h)); }

int comm_rank(Handle, int *) EXPORT(MPI_Comm_rank);
int comm_rank(Handle c, int *rank) { return PMPI_Comm_rank(comm(c), rank); }

int comm_size(Handle, int *) EXPORT(MPI_Comm_size);
int comm_size(Handle c, int *size) { return PMPI_Comm_size(comm(c), size); }

int comm_dup(Handle, Handle *) EXPORT(MPI_Comm_dup);
int comm_dup(Handle c, Handle *copy)
{
    MPI_Comm own = MPI_COMM_NULL;
    int code = PMPI_Comm_dup(comm(c), &own);
    return give_comm(code, own, copy);
}

int comm_split(Handle, int, int, Handle *) EXPORT(MPI_Comm_split);
int comm_split(Handle c, int color, int key, Handle *part)
{
    MPI_Comm own = MPI_COMM_NULL;
    int code = PMPI_Comm_split(comm(c), color, key, &own);
    return give_comm(code, own, part);
}

int isend(const void *, int, Handle, int, int, Handle, Handle *) EXPORT(MPI_Isend);
int isend(const void *data, int count, Handle t, int destination, int tag, Handle c, Handle *request)
{
    MPI_Request own = MPI_REQUEST_NULL;
    int code = PMPI_Isend(data, count, type(t), destination, tag, comm(c), &own);
    return give_request(code, own, request);
}

int irecv(void *, int, Handle, int, int, Handle, Handle *) EXPORT(MPI_Irecv);
int irecv(void *data, int count, Handle t, int source, int tag, Handle c, Handle *request)
{
    MPI_Request own = MPI_REQUEST_NULL;
    int code = PMPI_Irecv(data, count, type(t), source, tag, comm(c), &own);
    return give_request(code, own, request);
}

int test(Handle *, int *, Status *) EXPORT(MPI_Test);
int test(Handle *request, int *flag, Status *status)
{
    MPI_Request own = is_own(*request) ? (MPI_Request)(intptr_t)*request : (intptr_t)*request == 0x180 ? MPI_REQUEST_NULL : (refuse("request", *request), MPI_REQUEST_NULL);
    MPI_Status result = {0};
    int code = PMPI_Test(&own, flag, &result);
    status->source = result.MPI_SOURCE;
    status->tag = result.MPI_TAG;
    status->error = result.MPI_ERROR;
    memcpy(status->internal, &result, sizeof result);
    return give_request(code, own, request);
}

int get_count(const Status *, Handle, int *) EXPORT(MPI_Get_count);
int get_count(const Status *status, Handle t, int *count)
{
    MPI_Status own;
    memcpy(&own, status->internal, sizeof own);
    return PMPI_Get_count(&own, type(t), count);
}

int ibarrier(Handle, Handle *) EXPORT(MPI_Ibarrier);
int ibarrier(Handle c, Handle *request)
{
    MPI_Request own = MPI_REQUEST_NULL;
    int code = PMPI_Ibarrier(comm(c), &own);
    return give_request(code, own, request);
}

int ibcast(void *, int, Handle, int, Handle, Handle *) EXPORT(MPI_Ibcast);
int ibcast(void *data, int count, Handle t, int root, Handle c, Handle *request)
{
    MPI_Request own = MPI_REQUEST_NULL;
    int code = PMPI_Ibcast(data, count, type(t), root, comm(c), &own);
    return give_request(code, own, request);
}

int iallgather(const void *, int, Handle, void *, int, Handle, Handle, Handle *) EXPORT(MPI_Iallgather);
int iallgather(const void *from, int own_count, Handle own_type, void *to, int count, Handle t, Handle c, Handle *request)
{
    MPI_Request own = MPI_REQUEST_NULL;
    int code = PMPI_Iallgather(from, own_count, type(own_type), to, count, type(t), comm(c), &own);
    return give_request(code, own, request);
}

int allreduce(const void *, void *, int, Handle, Handle, Handle) EXPORT(MPI_Allreduce);
int allreduce(const void *from, void *to, int count, Handle t, Handle o, Handle c) { return PMPI_Allreduce(from, to, count, type(t), op(o), comm(c)); }
