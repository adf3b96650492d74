// A container, written out as the system calls it takes: the floor of the library's full start.
//
//     container [-u single|range] [-b THREADS] [-t] COUNT|serve ROOT PROGRAM
//
// -u  in a user namespace too: one id, mapped by the child itself, or 65,536 ids, mapped by a helper thread
// -b  while so many threads of the process are busy: what a loaded machine costs, whatever loads it
// -t  print where the time goes, a line a system call, instead of the totals
//
// ROOT holds an empty folder `proc` and PROGRAM, which is named as seen from inside.
#include "serve.h"

#include <limits.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <net/if.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum user { USER_NONE, USER_SINGLE, USER_RANGE };

static const char *root, *program;
static enum user user;
static bool trace;
static int busy_threads;
static char *stack_top;
static uid_t uid;  // outside: inside, an id without a map reads as 65534
static gid_t gid;

// Shared by parent, child (CLONE_VM) and helper thread.
static pid_t child_pid;
static atomic_uint gate;    // 0 shut, 1 the child waits for its maps, 2 open
static atomic_uint helper;  // counts the starts that need the helper
static atomic_uint busy;    // whether the busy threads are
static const char *failed;

static struct mark {
    const char *name;
    double time;
} marks[64];
static int mark_count;

static void mark(const char *name)
{
    if (trace)
        marks[mark_count++] = (struct mark){ name, now() };
}

static int step(int result, const char *name)
{
    if (result < 0) {
        failed = name;
        _exit(127);
    }
    mark(name);
    return result;
}

static void futex_wait(atomic_uint *word, unsigned value)
{
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
}

static void futex_wake(atomic_uint *word)
{
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

static int write_file(const char *path, const char *text)
{
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0)
        return -1;
    ssize_t written = write(file, text, strlen(text));
    close(file);
    return written < 0 ? -1 : 0;
}

static void map_ids(void)
{
    char map[32];
    if (user == USER_SINGLE) {
        // user_namespaces(7): setgroups must be denied before gid_map is written without privilege.
        step(write_file("/proc/self/setgroups", "deny"), "setgroups");
        snprintf(map, sizeof map, "0 %u 1", uid);
        step(write_file("/proc/self/uid_map", map), "uid_map");
        snprintf(map, sizeof map, "0 %u 1", gid);
        step(write_file("/proc/self/gid_map", map), "gid_map");
    } else {
        atomic_store(&gate, 1);
        atomic_fetch_add(&helper, 1);
        futex_wake(&helper);
        while (atomic_load(&gate) != 2)
            futex_wait(&gate, 1);
        mark("gate");
    }
}

static void *write_maps(void *unused)
{
    (void)unused;
    for (unsigned seen = 0;; seen++) {
        while (atomic_load(&helper) == seen)
            futex_wait(&helper, seen);
        char path[64];
        snprintf(path, sizeof path, "/proc/%d/uid_map", child_pid);
        check(write_file(path, "0 0 65536"), "uid_map");
        snprintf(path, sizeof path, "/proc/%d/gid_map", child_pid);
        check(write_file(path, "0 0 65536"), "gid_map");
        atomic_store(&gate, 2);
        futex_wake(&gate);
    }
    return NULL;
}

static void *be_busy(void *unused)
{
    (void)unused;
    for (;;)
        while (!atomic_load(&busy))
            futex_wait(&busy, 0);
    return NULL;
}

static int child(void *unused)
{
    (void)unused;
    mark("clone3");

    struct rlimit limit;
    step(getrlimit(RLIMIT_CORE, &limit), "getrlimit");
    step(setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, limit.rlim_max }), "setrlimit");
    if (user != USER_NONE) {
        map_ids();
        step(setresgid(0, 0, 0), "setresgid");
        step(setresuid(0, 0, 0), "setresuid");
    }
    step(setsid(), "setsid");

    step(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "mount private");
    int tree = step(open_tree(AT_FDCWD, root, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE), "open_tree");
    step(move_mount(tree, "", AT_FDCWD, root, MOVE_MOUNT_F_EMPTY_PATH), "move_mount root");

    int context = step(fsopen("proc", FSOPEN_CLOEXEC), "fsopen");
    step(fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0), "fsconfig");
    int proc = step(fsmount(context, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC), "fsmount");
    step(move_mount(proc, "", tree, "proc", MOVE_MOUNT_F_EMPTY_PATH), "move_mount proc");

    // pivot_root(2): "." twice stacks the old root on the new one, so no folder is needed to put it in.
    step(fchdir(tree), "fchdir");
    step((int)syscall(SYS_pivot_root, ".", "."), "pivot_root");
    step(umount2(".", MNT_DETACH), "umount2");
    step(chdir("/"), "chdir");

    step(sethostname("bench", 5), "sethostname");
    int control = step(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket");
    struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
    step(ioctl(control, SIOCSIFFLAGS, &lo), "lo up");

    sigset_t none;
    sigemptyset(&none);
    step(sigprocmask(SIG_SETMASK, &none, NULL), "sigprocmask");
    step(setrlimit(RLIMIT_CORE, &limit), "setrlimit");
    step((int)syscall(SYS_close_range, 3, ~0u, CLOSE_RANGE_CLOEXEC), "close_range");

    char *arguments[] = { (char *)program, NULL };
    char *environment[] = { NULL };
    step(execve(program, arguments, environment), "execve");
    return 127;
}

// clone3 with a stack of the child's own: the child calls `entry` on it and never comes back.
static long clone3_call(struct clone_args *arguments, int (*entry)(void *))
{
#if defined(__x86_64__)
    long result;
    __asm__ volatile("syscall\n\t"
                     "test %%rax, %%rax\n\t"
                     "jnz 1f\n\t"
                     "xor %%ebp, %%ebp\n\t"
                     "xor %%edi, %%edi\n\t"
                     "call *%%rdx\n\t"
                     "hlt\n"
                     "1:"
                     : "=a"(result)
                     : "a"(SYS_clone3), "D"(arguments), "S"(sizeof *arguments), "d"(entry)
                     : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register long number __asm__("x8") = SYS_clone3;
    register long result __asm__("x0") = (long)arguments;
    register long size __asm__("x1") = sizeof *arguments;
    register long call __asm__("x2") = (long)entry;
    __asm__ volatile("svc #0\n\t"
                     "cbnz x0, 1f\n\t"
                     "mov x29, #0\n\t"
                     "blr x2\n\t"
                     "brk #1\n"
                     "1:"
                     : "+r"(result)
                     : "r"(number), "r"(size), "r"(call)
                     : "memory");
    return result;
#endif
}

static struct figures start(char *unused)
{
    (void)unused;
    int pidfd = -1;
    struct clone_args arguments = {
        .flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD | CLONE_PARENT_SETTID | CLONE_CLEAR_SIGHAND | CLONE_NEWNS
               | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWCGROUP,
        .pidfd = (uintptr_t)&pidfd,
        .parent_tid = (uintptr_t)&child_pid,
        .exit_signal = SIGCHLD,
        .stack = (uintptr_t)stack_top - (64 << 10),
        .stack_size = 64 << 10,
    };
    if (user != USER_NONE)
        arguments.flags |= CLONE_NEWUSER;
    atomic_store(&gate, 0);
    mark_count = 0;
    failed = NULL;

    if (busy_threads > 0) {
        atomic_store(&busy, 1);
        futex_wake(&busy);
        usleep(1000);
    }

    double before = now();
    mark("start");
    sigset_t all, old;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &old);
    long pid = clone3_call(&arguments, child);
    sigprocmask(SIG_SETMASK, &old, NULL);
    if (pid < 0) {
        errno = (int)-pid;
        die("clone3");
    }
    mark("execve");
    double exec = now();

    siginfo_t info;
    check(waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED), "waitid");
    close(pidfd);
    mark("exit, waitid");
    double reaped = now();
    atomic_store(&busy, 0);

    if (failed)
        die(failed);
    if (trace)
        for (int i = 1; i < mark_count; i++)
            printf("%.1f\t%s\n", marks[i].time - marks[i - 1].time, marks[i].name);
    int code = info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
    return (struct figures){ exec - before, reaped - before, code };
}

int main(int argc, char **argv)
{
    for (int option; (option = getopt(argc, argv, "tb:u:")) != -1;) {
        if (option == 't')
            trace = true;
        else if (option == 'b')
            busy_threads = atoi(optarg);
        else if (option == 'u')
            user = strcmp(optarg, "single") == 0 ? USER_SINGLE : USER_RANGE;
        else
            return 2;
    }
    if (argc - optind != 3) {
        fprintf(stderr, "usage: container [-u single|range] [-b THREADS] [-t] COUNT|serve ROOT PROGRAM\n");
        return 2;
    }
    root = argv[optind + 1];
    program = argv[optind + 2];
    uid = getuid();
    gid = getgid();

    stack_top = mmap(NULL, 64 << 10, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stack_top == MAP_FAILED)
        die("mmap");
    stack_top += 64 << 10;
    pthread_t thread;
    if (user == USER_RANGE && pthread_create(&thread, NULL, write_maps, NULL) != 0)
        die("pthread_create");
    for (int i = 0; i < busy_threads; i++)
        if (pthread_create(&thread, NULL, be_busy, NULL) != 0)
            die("pthread_create");

    if (strcmp(argv[optind], "serve") == 0) {
        serve(start);
        return 0;
    }
    for (int left = atoi(argv[optind]); left > 0; left--) {
        struct figures figures = start(NULL);
        if (!trace)
            answer(stdout, figures);
    }
    return 0;
}
