// What the reference programs share: the clock, the end, and running on request.
//
// A comparison takes its contenders in turn, so each reference lives as long as the comparison and answers every line
// of its standard input with the figures of one start:
//
//     microseconds until exec, microseconds until reaped, exit code
#ifndef SERVE_H
#define SERVE_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct figures {
    double exec, reaped;
    int code;
};

static inline double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static inline _Noreturn void die(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

static inline int check(int result, const char *what)
{
    if (result < 0)
        die(what);
    return result;
}

static inline void answer(FILE *to, struct figures figures)
{
    fprintf(to, "%.1f %.1f %d\n", figures.exec, figures.reaped, figures.code);
    fflush(to);
}

// Calls `start` with each line of standard input. Children get the null device instead of the requests and answers.
static inline void serve(struct figures (*start)(char *request))
{
    FILE *requests = fdopen(check(fcntl(0, F_DUPFD_CLOEXEC, 3), "dup"), "r");
    FILE *answers = fdopen(check(fcntl(1, F_DUPFD_CLOEXEC, 3), "dup"), "w");
    int null = check(open("/dev/null", O_RDWR | O_CLOEXEC), "/dev/null");
    check(dup2(null, 0), "dup2");
    check(dup2(null, 1), "dup2");

    static char request[1 << 16];
    while (fgets(request, sizeof request, requests)) {
        request[strcspn(request, "\n")] = 0;
        answer(answers, start(request));
    }
}

#endif
