// The mount table as util-linux reads it: what findmnt(8) does, without the start of a process. Needs Debian's libmount-dev.
//
//     libmount COUNT     each request: the table of this namespace once, which has so many mounts at least
#include "serve.h"

#include <libmount/libmount.h>

static int count;

static double cpu(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static struct figures serve_once(char *request)
{
    (void)request;
    double start = now(), cpu_start = cpu();
    struct libmnt_table *table = mnt_new_table_from_file("/proc/self/mountinfo");
    if (!table || mnt_table_get_nents(table) < count)
        die("mnt_new_table_from_file");
    mnt_unref_table(table);
    double elapsed = now() - start, cpu_elapsed = cpu() - cpu_start;
    return (struct figures){ cpu_elapsed, elapsed, 0 };
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: libmount COUNT\n");
        return 2;
    }
    count = atoi(argv[1]);
    serve(serve_once);
    return 0;
}
