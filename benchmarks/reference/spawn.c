// vfork, execve, waitid: the floor of starting a program. Also what starts the peers' programs, so that their figures
// hold nothing of whoever measures.
//
//     spawn COUNT PROGRAM [ARGUMENT...]
//     spawn serve                          each request: program and arguments, separated by tabs
//     spawn serve-cpu                      the same; tells the program's CPU time instead of the time until exec
#include "serve.h"

#include <stdbool.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

extern char **environ;

static bool tells_cpu;

static double microseconds(struct timeval time) { return (double)time.tv_sec * 1e6 + (double)time.tv_usec; }

static struct figures start(char **arguments)
{
    double before = now();
    pid_t child = vfork();
    if (child == 0) {
        execve(arguments[0], arguments, environ);
        _exit(127);
    }
    check(child, "vfork");
    double exec = now();

    siginfo_t info;
    struct rusage usage;
    check((int)syscall(SYS_waitid, P_PID, child, &info, WEXITED, &usage), "waitid");
    double reaped = now();

    int code = info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
    double first = tells_cpu ? microseconds(usage.ru_utime) + microseconds(usage.ru_stime) : exec - before;
    return (struct figures){ first, reaped - before, code };
}

static struct figures start_request(char *request)
{
    char *arguments[256];
    int count = 0;
    for (char *word = strtok(request, "\t"); word && count < 255; word = strtok(NULL, "\t"))
        arguments[count++] = word;
    arguments[count] = NULL;
    return start(arguments);
}

int main(int argc, char **argv)
{
    tells_cpu = argc == 2 && strcmp(argv[1], "serve-cpu") == 0;
    if (tells_cpu || (argc == 2 && strcmp(argv[1], "serve") == 0)) {
        serve(start_request);
        return 0;
    }
    if (argc < 3) {
        fprintf(stderr, "usage: spawn COUNT PROGRAM [ARGUMENT...] | spawn serve | spawn serve-cpu\n");
        return 2;
    }
    for (int left = atoi(argv[1]); left > 0; left--)
        answer(stdout, start(argv + 2));
    return 0;
}
