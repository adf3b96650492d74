// cgroup v2 from C: the floor of what a client of it can do.
//
//     cgroup serve WORK MOUNT PAUSE     each request: the work once, below the mount point; tells the CPU time and the time that it took
//
// Works: stat, reopen, create, remove, freeze, kill. PAUSE is a program that stays until it is killed. The answers' first
// figure is microseconds of CPU time. What makes room for the next time is not counted.
#include "serve.h"

#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { READS = 1000, CGROUPS = 100, LOOKS = 50 };

static int mount, cgroup, stat_file, events;
static const char *pause_program;
static char name[64];
static pid_t child;
static volatile unsigned long long sink;

static double cpu(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static void write_file(const char *file, const char *value)
{
    int fd = check(openat(cgroup, file, O_WRONLY | O_CLOEXEC), file);
    check((int)write(fd, value, strlen(value)), file);
    close(fd);
}

static void stat_kept(void)
{
    char text[4096];
    for (int i = 0; i < READS; i++)
        sink += (unsigned)check((int)pread(stat_file, text, sizeof text, 0), "cpu.stat");
}

static void stat_reopened(void)
{
    char text[4096];
    for (int i = 0; i < READS; i++) {
        int fd = check(openat(cgroup, "cpu.stat", O_RDONLY | O_CLOEXEC), "cpu.stat");
        sink += (unsigned)check((int)read(fd, text, sizeof text), "cpu.stat");
        close(fd);
    }
}

static void create_all(void)
{
    char child_name[16];
    for (int i = 0; i < CGROUPS; i++) {
        snprintf(child_name, sizeof child_name, "c%d", i);
        check(mkdirat(cgroup, child_name, 0755), "mkdirat");
        // The library opens what it makes.
        close(check(openat(cgroup, child_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC), child_name));
    }
}

static void remove_all(void)
{
    char child_name[16];
    for (int i = 0; i < CGROUPS; i++) {
        snprintf(child_name, sizeof child_name, "c%d", i);
        check(unlinkat(cgroup, child_name, AT_REMOVEDIR), "unlinkat");
    }
}

static bool says(const char *line)
{
    char text[256];
    ssize_t length = check((int)pread(events, text, sizeof text - 1, 0), "cgroup.events");
    text[length] = 0;
    return strstr(text, line) != NULL;
}

// The kernel tells changes at most every 10 ms: so first looks again.
static void wait_for(const char *line)
{
    for (int i = 0; i < LOOKS; i++) {
        if (says(line))
            return;
        sched_yield();
    }
    while (!says(line))
        poll(&(struct pollfd){ .fd = events, .events = POLLPRI }, 1, 1000);
}

static void freeze(void)
{
    write_file("cgroup.freeze", "1");
    wait_for("frozen 1");
}

static void thaw(void)
{
    write_file("cgroup.freeze", "0");
    wait_for("frozen 0");
}

static void start_child(void)
{
    child = check(fork(), "fork");
    if (child == 0) {
        write_file("cgroup.procs", "0");
        execl(pause_program, pause_program, (char *)NULL);
        _exit(127);
    }
    wait_for("populated 1");
    usleep(15000); // The next change is told at once.
}

static void kill_all(void)
{
    write_file("cgroup.kill", "1");
    wait_for("populated 0");
}

static void reap(void) { check(waitpid(child, NULL, 0), "waitpid"); }

static void rest(void)
{
    thaw();
    usleep(15000);
}

static const struct work {
    const char *name;
    void (*before)(void), (*run)(void), (*after)(void);
    bool needs_child;
} works[] = {
    { "stat", NULL, stat_kept, NULL, false },
    { "reopen", NULL, stat_reopened, NULL, false },
    { "create", NULL, create_all, remove_all, false },
    { "remove", create_all, remove_all, NULL, false },
    { "freeze", NULL, freeze, rest, true },
    { "kill", start_child, kill_all, reap, false },
};

static const struct work *work;

static struct figures serve_once(char *request)
{
    (void)request;
    if (work->before)
        work->before();
    double start = now(), cpu_start = cpu();
    work->run();
    double elapsed = now() - start, cpu_elapsed = cpu() - cpu_start;
    if (work->after)
        work->after();
    return (struct figures){ cpu_elapsed, elapsed, 0 };
}

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 5 && i < sizeof works / sizeof *works; i++) {
        if (!strcmp(argv[1], "serve") && !strcmp(argv[2], works[i].name))
            work = &works[i];
    }
    if (!work) {
        fprintf(stderr, "usage: cgroup serve WORK MOUNT PAUSE\n");
        return 2;
    }
    pause_program = argv[4];
    mount = check(open(argv[3], O_RDONLY | O_DIRECTORY | O_CLOEXEC), argv[3]);
    snprintf(name, sizeof name, "isolation-bench-c-%d", (int)getpid());
    check(mkdirat(mount, name, 0755), name);
    cgroup = check(openat(mount, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC), name);
    stat_file = check(openat(cgroup, "cpu.stat", O_RDONLY | O_CLOEXEC), "cpu.stat");
    events = check(openat(cgroup, "cgroup.events", O_RDONLY | O_CLOEXEC), "cgroup.events");
    if (work->needs_child)
        start_child();
    serve(serve_once);
    if (work->needs_child) {
        kill_all();
        reap();
    }
    check(unlinkat(mount, name, AT_REMOVEDIR), name);
    return 0;
}
