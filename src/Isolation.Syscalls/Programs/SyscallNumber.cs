using System.Runtime.InteropServices;

namespace Isolation.Syscalls;

/// <summary>A system call: its kernel name, and its number on this machine's architecture (syscalls(2)).</summary>
/// <remarks>x64 and arm64 are known. A call that is not listed here can be made with <see cref="Custom"/>.</remarks>
public readonly struct SyscallNumber : IEquatable<SyscallNumber>
{
    private SyscallNumber(string name, int x64, int arm64)
        : this(name, RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? arm64 : x64)
    {
    }

    private SyscallNumber(string name, int number)
    {
        Name = name;
        Number = number;
    }

    /// <summary>The kernel's name for the call, such as <c>move_mount</c>.</summary>
    public string Name { get; }

    /// <summary>The number on this architecture.</summary>
    public int Number { get; }

    /// <summary>A call that is not listed here.</summary>
    /// <param name="name">The kernel's name for it.</param>
    /// <param name="number">Its number on the architecture that the process runs on.</param>
    public static SyscallNumber Custom(string name, int number)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        return new SyscallNumber(name, number);
    }

    /// <summary>Whether both are the same call.</summary>
    public static bool operator ==(SyscallNumber left, SyscallNumber right) => left.Equals(right);

    /// <summary>Whether the calls differ.</summary>
    public static bool operator !=(SyscallNumber left, SyscallNumber right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(SyscallNumber other) => Number == other.Number;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SyscallNumber other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Number;

    /// <summary>The call's name.</summary>
    public override string ToString() => Name;

    /// <summary>brk(2).</summary>
    public static SyscallNumber Brk { get; } = new("brk", 12, 214);

    /// <summary>capget(2).</summary>
    public static SyscallNumber Capget { get; } = new("capget", 125, 90);

    /// <summary>capset(2).</summary>
    public static SyscallNumber Capset { get; } = new("capset", 126, 91);

    /// <summary>chdir(2).</summary>
    public static SyscallNumber Chdir { get; } = new("chdir", 80, 49);

    /// <summary>chroot(2).</summary>
    public static SyscallNumber Chroot { get; } = new("chroot", 161, 51);

    /// <summary>clone(2).</summary>
    public static SyscallNumber Clone { get; } = new("clone", 56, 220);

    /// <summary>clone3(2).</summary>
    public static SyscallNumber Clone3 { get; } = new("clone3", 435, 435);

    /// <summary>close(2).</summary>
    public static SyscallNumber Close { get; } = new("close", 3, 57);

    /// <summary>close_range(2).</summary>
    public static SyscallNumber CloseRange { get; } = new("close_range", 436, 436);

    /// <summary>dup3(2).</summary>
    public static SyscallNumber Dup3 { get; } = new("dup3", 292, 24);

    /// <summary>execve(2).</summary>
    public static SyscallNumber Execve { get; } = new("execve", 59, 221);

    /// <summary>execveat(2).</summary>
    public static SyscallNumber ExecveAt { get; } = new("execveat", 322, 281);

    /// <summary>exit(2).</summary>
    public static SyscallNumber Exit { get; } = new("exit", 60, 93);

    /// <summary>exit_group(2).</summary>
    public static SyscallNumber ExitGroup { get; } = new("exit_group", 231, 94);

    /// <summary>fchdir(2).</summary>
    public static SyscallNumber Fchdir { get; } = new("fchdir", 81, 50);

    /// <summary>fchmod(2).</summary>
    public static SyscallNumber Fchmod { get; } = new("fchmod", 91, 52);

    /// <summary>fchmodat(2).</summary>
    public static SyscallNumber FchmodAt { get; } = new("fchmodat", 268, 53);

    /// <summary>fchownat(2).</summary>
    public static SyscallNumber FchownAt { get; } = new("fchownat", 260, 54);

    /// <summary>fcntl(2).</summary>
    public static SyscallNumber Fcntl { get; } = new("fcntl", 72, 25);

    /// <summary>flock(2).</summary>
    public static SyscallNumber Flock { get; } = new("flock", 73, 32);

    /// <summary>fsconfig(2).</summary>
    public static SyscallNumber FsConfig { get; } = new("fsconfig", 431, 431);

    /// <summary>fsmount(2).</summary>
    public static SyscallNumber FsMount { get; } = new("fsmount", 432, 432);

    /// <summary>fsopen(2).</summary>
    public static SyscallNumber FsOpen { get; } = new("fsopen", 430, 430);

    /// <summary>fspick(2).</summary>
    public static SyscallNumber FsPick { get; } = new("fspick", 433, 433);

    /// <summary>fstatfs(2).</summary>
    public static SyscallNumber Fstatfs { get; } = new("fstatfs", 138, 44);

    /// <summary>futex(2).</summary>
    public static SyscallNumber Futex { get; } = new("futex", 202, 98);

    /// <summary>getppid(2).</summary>
    public static SyscallNumber GetPpid { get; } = new("getppid", 110, 173);

    /// <summary>getpriority(2).</summary>
    public static SyscallNumber Getpriority { get; } = new("getpriority", 140, 141);

    /// <summary>gettid(2).</summary>
    public static SyscallNumber GetTid { get; } = new("gettid", 186, 178);

    /// <summary>ioctl(2).</summary>
    public static SyscallNumber Ioctl { get; } = new("ioctl", 16, 29);

    /// <summary>ioprio_get(2).</summary>
    public static SyscallNumber IoprioGet { get; } = new("ioprio_get", 252, 31);

    /// <summary>ioprio_set(2).</summary>
    public static SyscallNumber IoprioSet { get; } = new("ioprio_set", 251, 30);

    /// <summary>kcmp(2).</summary>
    public static SyscallNumber Kcmp { get; } = new("kcmp", 312, 272);

    /// <summary>keyctl(2).</summary>
    public static SyscallNumber Keyctl { get; } = new("keyctl", 250, 219);

    /// <summary>landlock_add_rule(2).</summary>
    public static SyscallNumber LandlockAddRule { get; } = new("landlock_add_rule", 445, 445);

    /// <summary>landlock_create_ruleset(2).</summary>
    public static SyscallNumber LandlockCreateRuleset { get; } = new("landlock_create_ruleset", 444, 444);

    /// <summary>landlock_restrict_self(2).</summary>
    public static SyscallNumber LandlockRestrictSelf { get; } = new("landlock_restrict_self", 446, 446);

    /// <summary>linkat(2).</summary>
    public static SyscallNumber LinkAt { get; } = new("linkat", 265, 37);

    /// <summary>madvise(2).</summary>
    public static SyscallNumber Madvise { get; } = new("madvise", 28, 233);

    /// <summary>memfd_create(2).</summary>
    public static SyscallNumber MemfdCreate { get; } = new("memfd_create", 319, 279);

    /// <summary>mkdirat(2).</summary>
    public static SyscallNumber MkdirAt { get; } = new("mkdirat", 258, 34);

    /// <summary>mknodat(2).</summary>
    public static SyscallNumber MknodAt { get; } = new("mknodat", 259, 33);

    /// <summary>mlockall(2).</summary>
    public static SyscallNumber Mlockall { get; } = new("mlockall", 151, 230);

    /// <summary>mmap(2).</summary>
    public static SyscallNumber Mmap { get; } = new("mmap", 9, 222);

    /// <summary>mount(2).</summary>
    public static SyscallNumber Mount { get; } = new("mount", 165, 40);

    /// <summary>mount_setattr(2).</summary>
    public static SyscallNumber MountSetattr { get; } = new("mount_setattr", 442, 442);

    /// <summary>move_mount(2).</summary>
    public static SyscallNumber MoveMount { get; } = new("move_mount", 429, 429);

    /// <summary>mprotect(2).</summary>
    public static SyscallNumber Mprotect { get; } = new("mprotect", 10, 226);

    /// <summary>mremap(2).</summary>
    public static SyscallNumber Mremap { get; } = new("mremap", 25, 216);

    /// <summary>munmap(2).</summary>
    public static SyscallNumber Munmap { get; } = new("munmap", 11, 215);

    /// <summary>newfstatat(2).</summary>
    public static SyscallNumber NewFstatAt { get; } = new("newfstatat", 262, 79);

    /// <summary>open_tree(2).</summary>
    public static SyscallNumber OpenTree { get; } = new("open_tree", 428, 428);

    /// <summary>openat(2).</summary>
    public static SyscallNumber OpenAt { get; } = new("openat", 257, 56);

    /// <summary>openat2(2).</summary>
    public static SyscallNumber OpenAt2 { get; } = new("openat2", 437, 437);

    /// <summary>personality(2).</summary>
    public static SyscallNumber Personality { get; } = new("personality", 135, 92);

    /// <summary>pidfd_getfd(2).</summary>
    public static SyscallNumber PidfdGetfd { get; } = new("pidfd_getfd", 438, 438);

    /// <summary>pidfd_open(2).</summary>
    public static SyscallNumber PidfdOpen { get; } = new("pidfd_open", 434, 434);

    /// <summary>kill(2).</summary>
    public static SyscallNumber Kill { get; } = new("kill", 62, 129);

    /// <summary>inotify_init1(2).</summary>
    public static SyscallNumber InotifyInit1 { get; } = new("inotify_init1", 294, 26);

    /// <summary>inotify_add_watch(2).</summary>
    public static SyscallNumber InotifyAddWatch { get; } = new("inotify_add_watch", 254, 27);

    /// <summary>inotify_rm_watch(2).</summary>
    public static SyscallNumber InotifyRmWatch { get; } = new("inotify_rm_watch", 255, 28);

    /// <summary>bpf(2).</summary>
    public static SyscallNumber Bpf { get; } = new("bpf", 321, 280);

    /// <summary>pidfd_send_signal(2).</summary>
    public static SyscallNumber PidfdSendSignal { get; } = new("pidfd_send_signal", 424, 424);

    /// <summary>pivot_root(2).</summary>
    public static SyscallNumber PivotRoot { get; } = new("pivot_root", 155, 41);

    /// <summary>prctl(2).</summary>
    public static SyscallNumber Prctl { get; } = new("prctl", 157, 167);

    /// <summary>prlimit64(2).</summary>
    public static SyscallNumber Prlimit64 { get; } = new("prlimit64", 302, 261);

    /// <summary>pread(2).</summary>
    public static SyscallNumber Pread64 { get; } = new("pread64", 17, 67);

    /// <summary>read(2).</summary>
    public static SyscallNumber Read { get; } = new("read", 0, 63);

    /// <summary>readlinkat(2).</summary>
    public static SyscallNumber ReadlinkAt { get; } = new("readlinkat", 267, 78);

    /// <summary>renameat2(2).</summary>
    public static SyscallNumber RenameAt2 { get; } = new("renameat2", 316, 276);

    /// <summary>rt_sigaction(2).</summary>
    public static SyscallNumber RtSigaction { get; } = new("rt_sigaction", 13, 134);

    /// <summary>rt_sigprocmask(2).</summary>
    public static SyscallNumber RtSigprocmask { get; } = new("rt_sigprocmask", 14, 135);

    /// <summary>sched_getaffinity(2).</summary>
    public static SyscallNumber SchedGetaffinity { get; } = new("sched_getaffinity", 204, 123);

    /// <summary>sched_getattr(2).</summary>
    public static SyscallNumber SchedGetattr { get; } = new("sched_getattr", 315, 275);

    /// <summary>sched_setaffinity(2).</summary>
    public static SyscallNumber SchedSetaffinity { get; } = new("sched_setaffinity", 203, 122);

    /// <summary>sched_setattr(2).</summary>
    public static SyscallNumber SchedSetattr { get; } = new("sched_setattr", 314, 274);

    /// <summary>seccomp(2).</summary>
    public static SyscallNumber Seccomp { get; } = new("seccomp", 317, 277);

    /// <summary>setdomainname(2).</summary>
    public static SyscallNumber SetDomainName { get; } = new("setdomainname", 171, 162);

    /// <summary>setgroups(2).</summary>
    public static SyscallNumber SetGroups { get; } = new("setgroups", 116, 159);

    /// <summary>sethostname(2).</summary>
    public static SyscallNumber SetHostName { get; } = new("sethostname", 170, 161);

    /// <summary>setns(2).</summary>
    public static SyscallNumber SetNs { get; } = new("setns", 308, 268);

    /// <summary>setpgid(2).</summary>
    public static SyscallNumber Setpgid { get; } = new("setpgid", 109, 154);

    /// <summary>setpriority(2).</summary>
    public static SyscallNumber Setpriority { get; } = new("setpriority", 141, 140);

    /// <summary>setresgid(2).</summary>
    public static SyscallNumber SetResGid { get; } = new("setresgid", 119, 149);

    /// <summary>setresuid(2).</summary>
    public static SyscallNumber SetResUid { get; } = new("setresuid", 117, 147);

    /// <summary>setsid(2).</summary>
    public static SyscallNumber SetSid { get; } = new("setsid", 112, 157);

    /// <summary>sigaltstack(2).</summary>
    public static SyscallNumber Sigaltstack { get; } = new("sigaltstack", 131, 132);

    /// <summary>socket(2).</summary>
    public static SyscallNumber Socket { get; } = new("socket", 41, 198);

    /// <summary>statx(2).</summary>
    public static SyscallNumber Statx { get; } = new("statx", 332, 291);

    /// <summary>symlinkat(2).</summary>
    public static SyscallNumber SymlinkAt { get; } = new("symlinkat", 266, 36);

    /// <summary>umask(2).</summary>
    public static SyscallNumber Umask { get; } = new("umask", 95, 166);

    /// <summary>umount2(2).</summary>
    public static SyscallNumber Umount2 { get; } = new("umount2", 166, 39);

    /// <summary>unlinkat(2).</summary>
    public static SyscallNumber UnlinkAt { get; } = new("unlinkat", 263, 35);

    /// <summary>unshare(2).</summary>
    public static SyscallNumber Unshare { get; } = new("unshare", 272, 97);

    /// <summary>waitid(2).</summary>
    public static SyscallNumber Waitid { get; } = new("waitid", 247, 95);

    /// <summary>write(2).</summary>
    public static SyscallNumber Write { get; } = new("write", 1, 64);

    /// <summary>ppoll(2).</summary>
    public static SyscallNumber Ppoll { get; } = new("ppoll", 271, 73);

    /// <summary>set_tid_address(2).</summary>
    public static SyscallNumber SetTidAddress { get; } = new("set_tid_address", 218, 96);

    /// <summary>epoll_create1(2).</summary>
    public static SyscallNumber EpollCreate1 { get; } = new("epoll_create1", 291, 20);

    /// <summary>epoll_ctl(2).</summary>
    public static SyscallNumber EpollCtl { get; } = new("epoll_ctl", 233, 21);

    /// <summary>epoll_pwait(2).</summary>
    public static SyscallNumber EpollPwait { get; } = new("epoll_pwait", 281, 22);

    /// <summary>pipe2(2).</summary>
    public static SyscallNumber Pipe2 { get; } = new("pipe2", 293, 59);

    /// <summary>socketpair(2).</summary>
    public static SyscallNumber SocketPair { get; } = new("socketpair", 53, 199);

    /// <summary>recvfrom(2).</summary>
    public static SyscallNumber RecvFrom { get; } = new("recvfrom", 45, 207);

    /// <summary>sendto(2).</summary>
    public static SyscallNumber SendTo { get; } = new("sendto", 44, 206);

    /// <summary>ftruncate(2).</summary>
    public static SyscallNumber Ftruncate { get; } = new("ftruncate", 77, 46);

    /// <summary>getuid(2).</summary>
    public static SyscallNumber GetUid { get; } = new("getuid", 102, 174);

    /// <summary>geteuid(2).</summary>
    public static SyscallNumber GetEuid { get; } = new("geteuid", 107, 175);

    /// <summary>getegid(2).</summary>
    public static SyscallNumber GetEgid { get; } = new("getegid", 108, 177);

    /// <summary>connect(2).</summary>
    public static SyscallNumber Connect { get; } = new("connect", 42, 203);

    /// <summary>getsockopt(2).</summary>
    public static SyscallNumber GetSockOpt { get; } = new("getsockopt", 55, 209);

    /// <summary>setsockopt(2).</summary>
    public static SyscallNumber SetSockOpt { get; } = new("setsockopt", 54, 208);
}
