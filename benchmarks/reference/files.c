// Files and mounts from C: the floor of what a library can do.
//
//     files stage FOLDER COUNT      mounts so many below the folder, says "ready", and stays until its input ends
//     files serve WORK PLACE        each request: the work once; tells the CPU time and the time that it took
//
// Works: read (the table of this namespace), parse (a recorded table: PLACE), find (the mount of PLACE, 100 times), resolve (a path
// beneath PLACE, 1,000 times). What is mounted by stage is seen in this mount namespace only, so it takes one of its own.
#include "serve.h"

#include <linux/openat2.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>

enum { RESOLVES = 1000, FINDS = 100 };

static const char *place;
static char *text;
static size_t length, size;
static int root;
static volatile unsigned long long sink;

static double cpu(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static void read_file(const char *path)
{
    int fd = check(open(path, O_RDONLY | O_CLOEXEC), path);
    length = 0;
    for (;;) {
        if (length == size) {
            size = size ? size * 2 : 64 << 10;
            text = realloc(text, size);
            if (!text)
                die("realloc");
        }
        int got = check((int)read(fd, text + length, size - length), path);
        if (got == 0)
            break;
        length += (size_t)got;
    }
    close(fd);
}

struct field {
    const char *start;
    size_t length;
};

struct line {
    int id, parent, major, minor, peers, master, from;
    bool unbindable;
    struct field root, point, options, type, source, super;
};

static struct field next(const char **rest, const char *end)
{
    const char *space = memchr(*rest, ' ', (size_t)(end - *rest));
    struct field field = { *rest, (size_t)((space ? space : end) - *rest) };
    *rest = space ? space + 1 : end;
    return field;
}

static int number(const char *start, size_t count)
{
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        if (start[i] < '0' || start[i] > '9')
            die("mountinfo");
        value = value * 10 + (start[i] - '0');
    }
    return value;
}

static bool group(struct field field, const char *name, size_t count, int *value)
{
    if (field.length <= count || memcmp(field.start, name, count) != 0)
        return false;
    *value = number(field.start + count, field.length - count);
    return true;
}

static struct line parse_line(const char *rest, const char *end)
{
    struct line line = { 0 };
    struct field field = next(&rest, end);
    line.id = number(field.start, field.length);
    field = next(&rest, end);
    line.parent = number(field.start, field.length);
    field = next(&rest, end);
    const char *colon = memchr(field.start, ':', field.length);
    if (!colon)
        die("mountinfo");
    line.major = number(field.start, (size_t)(colon - field.start));
    line.minor = number(colon + 1, field.length - (size_t)(colon + 1 - field.start));
    line.root = next(&rest, end);
    line.point = next(&rest, end);
    line.options = next(&rest, end);
    for (;;) {
        field = next(&rest, end);
        if (field.length == 1 && *field.start == '-')
            break;
        if (field.length == 0)
            die("mountinfo");
        if (field.length == 10 && memcmp(field.start, "unbindable", 10) == 0)
            line.unbindable = true;
        else if (!group(field, "shared:", 7, &line.peers) && !group(field, "master:", 7, &line.master))
            group(field, "propagate_from:", 15, &line.from);
    }
    line.type = next(&rest, end);
    line.source = next(&rest, end);
    line.super = (struct field){ rest, (size_t)(end - rest) };
    return line;
}

static void parse(void)
{
    const char *rest = text, *all = text + length;
    while (rest < all) {
        const char *end = memchr(rest, '\n', (size_t)(all - rest));
        struct line line = parse_line(rest, end ? end : all);
        sink += (unsigned)line.id + line.point.length + line.super.length;
        rest = end ? end + 1 : all;
    }
}

static void read_table(void)
{
    read_file("/proc/self/mountinfo");
    parse();
}

// statmount(2) is younger than Debian's headers: struct mnt_id_req, and the parts of struct statmount that are looked at.
static void find_one(void)
{
    struct { uint32_t size, spare; uint64_t id, wanted, mount_namespace; } request = { .size = 32, .wanted = 0x3ff };
    union { struct { uint32_t size, options; uint64_t mask; } head; char room[4096]; } answer;
    struct statx status;
    int fd = check(open(place, O_PATH | O_CLOEXEC), place);
    check(statx(fd, "", AT_EMPTY_PATH, 0x4000, &status), "statx");
    memcpy(&request.id, (char *)&status + 144, sizeof request.id);
    check((int)syscall(457, &request, &answer, sizeof answer, 0), "statmount");
    sink += answer.head.size;
    close(fd);
}

static void find(void)
{
    for (int i = 0; i < FINDS; i++)
        find_one();
}

static void resolve(void)
{
    struct open_how how = { .flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS };
    for (int i = 0; i < RESOLVES; i++)
        close(check((int)syscall(SYS_openat2, root, "link/../b/c/d/file", &how, sizeof how), "openat2"));
}

static void open_root(void) { root = check(open(place, O_PATH | O_DIRECTORY | O_CLOEXEC), place); }

static void read_recorded(void) { read_file(place); }

static const struct work {
    const char *name;
    void (*prepare)(void), (*run)(void);
} works[] = {
    { "read", NULL, read_table },
    { "parse", read_recorded, parse },
    { "find", NULL, find },
    { "resolve", open_root, resolve },
};

static const struct work *work;

static struct figures serve_once(char *request)
{
    (void)request;
    double start = now(), cpu_start = cpu();
    work->run();
    double elapsed = now() - start, cpu_elapsed = cpu() - cpu_start;
    return (struct figures){ cpu_elapsed, elapsed, 0 };
}

static int stage(const char *folder, int count)
{
    check(mount("stage", folder, "tmpfs", 0, "mode=755"), folder);
    check(chdir(folder), folder);
    char name[64];
    for (int i = 0; i < count; i++) {
        snprintf(name, sizeof name, "container-%d", i);
        check(mkdir(name, 0755), name);
        check(mount(name, name, NULL, MS_BIND, NULL), name);
    }
    puts("ready");
    fflush(stdout);
    while (getchar() != EOF)
        ;
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 4 && !strcmp(argv[1], "stage"))
        return stage(argv[2], atoi(argv[3]));
    for (size_t i = 0; argc == 4 && i < sizeof works / sizeof *works; i++) {
        if (!strcmp(argv[1], "serve") && !strcmp(argv[2], works[i].name))
            work = &works[i];
    }
    if (!work) {
        fprintf(stderr, "usage: files stage FOLDER COUNT | files serve WORK PLACE\n");
        return 2;
    }
    place = argv[3];
    if (work->prepare)
        work->prepare();
    serve(serve_once);
    return 0;
}
