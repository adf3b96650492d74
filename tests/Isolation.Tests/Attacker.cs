namespace Isolation.Tests;

/// <summary>
/// A program that attacks whatever it sees in its pid namespace, until SIGTERM: it looks for 32 bytes at an address of the
/// manager's memory, and for descriptors besides those that the joined program is given.
/// </summary>
internal static class Attacker
{
    /// <summary>The capabilities that container engines leave to root: Docker's default list.</summary>
    public const ulong DefaultCapabilities = 0xa80425fb;

    /// <param name="program">Where to put the program. Its arguments are the address, the bytes with each bit inverted (so that it does not hold them itself), and the capabilities to keep, all in hexadecimal.</param>
    public static void Compile(string program) => CFile.Compile(program, Source);

    private const string Source = """
        #include <dirent.h>
        #include <errno.h>
        #include <fcntl.h>
        #include <linux/capability.h>
        #include <signal.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/prctl.h>
        #include <sys/ptrace.h>
        #include <sys/syscall.h>
        #include <sys/uio.h>
        #include <sys/wait.h>
        #include <unistd.h>

        #define KEPT 256
        static volatile sig_atomic_t over;
        static unsigned long address;
        static unsigned char inverted[32];
        static int kept[KEPT], next_kept;
        static long seen;

        static void stop(int signal) { over = 1; }

        static void keep_only(unsigned long long mask)
        {
            for (int c = 0; c < 64; c++)
                if (!(mask >> c & 1))
                    prctl(PR_CAPBSET_DROP, c, 0, 0, 0);
            struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
            struct __user_cap_data_struct own[2], data[2];
            syscall(SYS_capget, &header, own);
            for (int i = 0; i < 2; i++) {
                data[i].effective = data[i].permitted = own[i].permitted & (unsigned)(mask >> (32 * i));
                data[i].inheritable = 0;
            }
            if (syscall(SYS_capset, &header, data))
                exit(10);
        }

        static void look(const char *how, const unsigned char *bytes, long length)
        {
            if (length != 32)
                return;
            for (int i = 0; i < 32; i++)
                if ((bytes[i] ^ 0xff) != inverted[i])
                    return;
            printf("SECRET %s\n", how);
            exit(0);
        }

        /* An open mem file is of the memory that the process had when it was opened: it stays good after its exec. */
        static void read_memory(int pid)
        {
            char path[64];
            unsigned char bytes[32] = { 0 };
            snprintf(path, sizeof path, "/proc/%d/mem", pid);
            int file = open(path, O_RDWR | O_CLOEXEC);
            if (file >= 0) {
                look("mem", bytes, pread(file, bytes, 32, address));
                if (kept[next_kept] > 0)
                    close(kept[next_kept]);
                kept[next_kept] = file;
                next_kept = (next_kept + 1) % KEPT;
            }
            struct iovec here = { bytes, 32 }, there = { (void *)address, 32 };
            memset(bytes, 0, 32);
            look("process_vm_readv", bytes, process_vm_readv(pid, &here, 1, &there, 1, 0));
            if (ptrace(PTRACE_SEIZE, pid, 0, 0) == 0) {
                ptrace(PTRACE_INTERRUPT, pid, 0, 0);
                if (waitpid(pid, NULL, __WALL) == pid) {
                    for (int i = 0; i < 4; i++) {
                        errno = 0;
                        long word = ptrace(PTRACE_PEEKDATA, pid, address + 8 * i, 0);
                        if (errno)
                            break;
                        memcpy(bytes + 8 * i, &word, 8);
                        if (i == 3)
                            look("ptrace", bytes, 32);
                    }
                    ptrace(PTRACE_DETACH, pid, 0, 0);
                }
            }
        }

        static void read_descriptors(int pid)
        {
            char path[300], target[300];
            snprintf(path, sizeof path, "/proc/%d/fd", pid);
            DIR *folder = opendir(path);
            if (folder) {
                for (struct dirent *entry; (entry = readdir(folder)); ) {
                    if (entry->d_name[0] == '.')
                        continue;
                    snprintf(path, sizeof path, "/proc/%d/fd/%s", pid, entry->d_name);
                    ssize_t length = readlink(path, target, sizeof target - 1);
                    if (length <= 0)
                        continue;
                    target[length] = 0;
                    /* /dev/null was given; the channel is of this start only, and closes with the exec. */
                    if (strcmp(target, "/dev/null") && strncmp(target, "socket:", 7))
                        printf("DESCRIPTOR %s %s\n", entry->d_name, target);
                }
                closedir(folder);
            }
            snprintf(path, sizeof path, "/proc/%d/exe", pid);
            ssize_t length = readlink(path, target, sizeof target - 1);
            if (length > 0 && (target[length] = 0, strstr(target, "memfd"))) {
                int file = open(path, O_RDWR | O_CLOEXEC);
                if (file >= 0 && write(file, "X", 1) == 1)
                    printf("REWRITTEN %s\n", target);
                if (file >= 0)
                    close(file);
            }
        }

        int main(int argc, char **argv)
        {
            address = strtoul(argv[1], NULL, 16);
            for (int i = 0; i < 32; i++)
                sscanf(argv[2] + 2 * i, "%2hhx", &inverted[i]);
            keep_only(strtoull(argv[3], NULL, 16));
            signal(SIGTERM, stop);
            setvbuf(stdout, NULL, _IOLBF, 0);
            puts("READY");
            int self = getpid();
            /* The next process has the next number: look there first, and in all of /proc now and then. */
            int last = self;
            for (long round = 0; !over; round++) {
                char path[32];
                if (round % 64 == 0) {
                    DIR *proc = opendir("/proc");
                    for (struct dirent *entry; proc && (entry = readdir(proc)); ) {
                        int pid = atoi(entry->d_name);
                        if (pid > 0 && pid != self) {
                            seen++;
                            last = pid;
                            read_memory(pid);
                            read_descriptors(pid);
                        }
                    }
                    if (proc)
                        closedir(proc);
                }
                for (int pid = last + 1; pid <= last + 2; pid++) {
                    snprintf(path, sizeof path, "/proc/%d", pid);
                    if (access(path, F_OK) == 0) {
                        seen++;
                        last = pid;
                        read_memory(pid);
                        read_descriptors(pid);
                        break;
                    }
                }
            }
            printf("SEEN %ld\n", seen);
            return 0;
        }
        """;
}
