using System.Diagnostics;
using System.Net.Sockets;
using Isolation.Namespaces.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Tests;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Namespaces.Tests;

/// <summary>Handles: what they are opened from, what they are, and what is refused.</summary>
public sealed class NamespaceTests
{
    private const string Headers = """
        #include <linux/nsfs.h>
        #include <linux/pidfd.h>
        #include <linux/magic.h>
        """;

    public static TheoryData<NamespaceKinds> Kinds => [.. Enum.GetValues<NamespaceKinds>().Where(k => k is not (NamespaceKinds.None or NamespaceKinds.All))];

    [LinuxFact(Needs.CCompiler)]
    public void The_numbers_are_those_of_the_kernels_headers()
    {
        (string Name, long Ours)[] ours =
        [
            (nameof(NamespaceFile.NSFS_MAGIC), NamespaceFile.NSFS_MAGIC),
            (nameof(NamespaceFile.NS_GET_USERNS), NamespaceFile.NS_GET_USERNS),
            (nameof(NamespaceFile.NS_GET_PARENT), NamespaceFile.NS_GET_PARENT),
            (nameof(NamespaceFile.NS_GET_NSTYPE), NamespaceFile.NS_GET_NSTYPE),
            (nameof(NamespaceFile.NS_GET_OWNER_UID), NamespaceFile.NS_GET_OWNER_UID),
            (nameof(NamespaceFile.NS_GET_PID_FROM_PIDNS), NamespaceFile.NS_GET_PID_FROM_PIDNS),
            (nameof(NamespaceFile.NS_GET_TGID_FROM_PIDNS), NamespaceFile.NS_GET_TGID_FROM_PIDNS),
            (nameof(NamespaceFile.NS_GET_PID_IN_PIDNS), NamespaceFile.NS_GET_PID_IN_PIDNS),
            (nameof(NamespaceFile.NS_GET_TGID_IN_PIDNS), NamespaceFile.NS_GET_TGID_IN_PIDNS),
            (nameof(PidFdNamespace.PIDFD_GET_CGROUP_NAMESPACE), PidFdNamespace.PIDFD_GET_CGROUP_NAMESPACE),
            (nameof(PidFdNamespace.PIDFD_GET_IPC_NAMESPACE), PidFdNamespace.PIDFD_GET_IPC_NAMESPACE),
            (nameof(PidFdNamespace.PIDFD_GET_MNT_NAMESPACE), PidFdNamespace.PIDFD_GET_MNT_NAMESPACE),
            (nameof(PidFdNamespace.PIDFD_GET_NET_NAMESPACE), PidFdNamespace.PIDFD_GET_NET_NAMESPACE),
            (nameof(PidFdNamespace.PIDFD_GET_PID_NAMESPACE), PidFdNamespace.PIDFD_GET_PID_NAMESPACE),
            (nameof(PidFdNamespace.PIDFD_GET_TIME_NAMESPACE), PidFdNamespace.PIDFD_GET_TIME_NAMESPACE),
            (nameof(PidFdNamespace.PIDFD_GET_USER_NAMESPACE), PidFdNamespace.PIDFD_GET_USER_NAMESPACE),
            (nameof(PidFdNamespace.PIDFD_GET_UTS_NAMESPACE), PidFdNamespace.PIDFD_GET_UTS_NAMESPACE),
        ];

        // Headers older than the calls do not have them; the tests of the calls themselves cover the rest.
        IReadOnlyDictionary<string, long?> theirs = CProgram.Macros(Headers, ours.Select(o => o.Name));
        CProgram.AssertNone(ours.Where(o => theirs[o.Name] is { } value && value != o.Ours).Select(o => $"{o.Name} is {theirs[o.Name]} in C and {o.Ours} here"));
        Assert.NotNull(theirs[nameof(NamespaceFile.NS_GET_USERNS)]);
    }

    [LinuxTheory]
    [MemberData(nameof(Kinds))]
    public void A_namespace_of_this_thread_is_of_its_kind_and_reads_as_proc_shows_it(NamespaceKinds kind)
    {
        using var nothingLeft = new ResidueCheck();
        using var opened = Namespace.OfThisThread(kind);
        Assert.Equal(kind, opened.Kind);
        Assert.Equal(new FileInfo($"/proc/thread-self/ns/{NamespaceFile.Name(kind)}").LinkTarget, opened.ToString());
        Assert.Equal(kind, NamespaceFile.KindNamed(NamespaceFile.Name(kind)));
    }

    [LinuxTheory]
    [MemberData(nameof(Kinds))]
    public void Path_process_pidfd_and_thread_give_the_same_namespace(NamespaceKinds kind)
    {
        using var nothingLeft = new ResidueCheck();
        using var pidFd = PidFd.Open(Environment.ProcessId);
        using var ofThread = Namespace.OfThisThread(kind);
        using var ofPath = Namespace.FromPath($"/proc/self/ns/{NamespaceFile.Name(kind)}");
        using var ofProcess = Namespace.OfProcess(Environment.ProcessId, kind);
        using var ofPidFd = Namespace.OfProcess(pidFd, kind);
        using var ofPidFdByProc = Namespace.OfProcessByProc(pidFd, kind);
        Assert.All([ofPath, ofProcess, ofPidFd, ofPidFdByProc], other =>
        {
            Assert.Equal(ofThread, other);
            Assert.Equal(ofThread.GetHashCode(), other.GetHashCode());
            Assert.Equal(kind, other.Kind);
            Assert.NotEqual(ofThread.Handle.DangerousGetHandle(), other.Handle.DangerousGetHandle());
        });
    }

    [LinuxFact]
    public void A_kind_that_is_known_gives_its_own_type()
    {
        using var nothingLeft = new ResidueCheck();
        using var pidFd = PidFd.Open(Environment.ProcessId);
        using UserNamespace user = UserNamespace.OfThisThread();
        using MountNamespace mount = MountNamespace.OfProcess(Environment.ProcessId);
        using PidNamespace pid = PidNamespace.OfProcess(pidFd);
        using NetworkNamespace network = NetworkNamespace.Open("/proc/self/ns/net");
        using UtsNamespace uts = UtsNamespace.OfThisThread();
        using IpcNamespace ipc = IpcNamespace.OfThisThread();
        using CgroupNamespace cgroup = CgroupNamespace.OfThisThread();
        using TimeNamespace time = TimeNamespace.OfThisThread();
        Namespace[] all = [user, mount, pid, network, uts, ipc, cgroup, time];
        Assert.Equal(Kinds.Select(k => k.Data).Order(), all.Select(n => n.Kind).Order());
        Assert.Equal(8, all.Distinct().Count());
    }

    [LinuxFact(Needs.Root)]
    public void A_threads_own_namespace_is_not_its_processs()
    {
        using var nothingLeft = new ResidueCheck();
        using var thread = new NetworkNamespaceThread();
        using NetworkNamespace ofThread = thread.Run(NetworkNamespace.OfThisThread), ofProcess = NetworkNamespace.OfProcess(Environment.ProcessId);
        Assert.NotEqual(ofProcess, ofThread);
        Assert.NotEqual(ofProcess.Id, ofThread.Id);
    }

    [LinuxTheory]
    [InlineData("fifo", Errno.EINVAL)]
    [InlineData("file", Errno.EINVAL)]
    [InlineData("folder", Errno.EINVAL)]
    [InlineData("socket", Errno.EINVAL)]
    [InlineData("missing", Errno.ENOENT)]
    [InlineData("file/below", Errno.ENOTDIR)]
    [InlineData("loop", Errno.ELOOP)]
    [InlineData("/dev/null", Errno.EINVAL)]
    [InlineData("/proc/self/ns", Errno.EINVAL)]
    [InlineData("/proc/self/ns/uts", Errno.EINVAL)]
    [InlineData("/proc/self/uid_map", Errno.EINVAL)]
    public void What_is_no_namespace_of_the_kind_is_refused_at_once(string name, Errno errno)
    {
        using var nothingLeft = new ResidueCheck();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("isolation-ns-");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            Command.Run("mkfifo", Path.Combine(folder.FullName, "fifo")).EnsureSuccess();
            File.WriteAllText(Path.Combine(folder.FullName, "file"), "");
            folder.CreateSubdirectory("folder");
            File.CreateSymbolicLink(Path.Combine(folder.FullName, "loop"), "loop");
            listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder.FullName, "socket")));
            string path = Path.Combine(folder.FullName, name);
            Assert.Throws<LinuxException>(() => NetworkNamespace.Open(path));
            long begun = Stopwatch.GetTimestamp();
            LinuxException e = Assert.Throws<LinuxException>(() => NetworkNamespace.Open(path));
            Assert.InRange(Stopwatch.GetElapsedTime(begun), TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
            Assert.Equal((errno, path), (e.Errno, e.Target));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // fifo(7): whoever opens a FIFO for writing waits until somebody opens it for reading. Looking at it must not be that.
    [LinuxFact]
    public void A_fifo_that_is_refused_was_not_opened()
    {
        using var nothingLeft = new ResidueCheck();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("isolation-ns-");
        string fifo = Path.Combine(folder.FullName, "fifo");
        Command.Run("mkfifo", fifo).EnsureSuccess();
        using Process writer = Process.Start("sh", ["-c", "exec 3> \"$1\"", "sh", fifo]);
        try
        {
            Assert.True(SpinWait.SpinUntil(() => File.ReadAllText($"/proc/{writer.Id}/status").Contains("Name:\tsh\n", StringComparison.Ordinal) && File.ReadAllText($"/proc/{writer.Id}/status").Contains("State:\tS", StringComparison.Ordinal), TimeSpan.FromSeconds(5)));
            Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => Namespace.FromPath(fifo)).Errno);
            Assert.False(writer.WaitForExit(TimeSpan.FromMilliseconds(200)));
        }
        finally
        {
            writer.Kill();
            writer.WaitForExit();
            folder.Delete(recursive: true);
        }
    }

    [LinuxFact]
    public void A_path_with_NUL_or_without_a_character_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Namespace.FromPath("/proc/self/ns/net\0"));
        Assert.Throws<ArgumentException>(() => Namespace.FromPath(""));
        Assert.Throws<ArgumentNullException>(() => NetworkNamespace.Open(null!));
    }

    [LinuxFact]
    public void Two_kinds_at_once_or_none_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Namespace.OfThisThread(NamespaceKinds.User | NamespaceKinds.Mount));
        Assert.Throws<ArgumentException>(() => Namespace.OfProcess(1, NamespaceKinds.None));
        Assert.Throws<ArgumentException>(() => Namespace.Open("/proc/self/ns/net", NamespaceKinds.All));
        using var pidFd = PidFd.Open(Environment.ProcessId);
        Assert.Throws<ArgumentException>(() => Namespace.OfProcess(pidFd, NamespaceKinds.All));
    }

    [LinuxFact]
    public void A_namespace_of_another_kind_says_which_it_is()
    {
        LinuxException e = Assert.Throws<LinuxException>(() => NetworkNamespace.Open("/proc/self/ns/ipc"));
        Assert.Equal("It is of the kind 'ipc', not 'net'", e.Hint);
    }

    [LinuxFact]
    public void A_process_that_is_not_there_is_ESRCH()
    {
        Assert.Equal(Errno.ESRCH, Assert.Throws<LinuxException>(() => NetworkNamespace.OfProcess(int.MaxValue)).Errno);
        Assert.Throws<ArgumentOutOfRangeException>(() => NetworkNamespace.OfProcess(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => NetworkNamespace.OfProcess(-1));
    }

    [LinuxTheory]
    [MemberData(nameof(Kinds))]
    public void The_pidfd_of_a_process_that_has_ended_is_ESRCH(NamespaceKinds kind)
    {
        using var nothingLeft = new ResidueCheck();
        using Process process = Process.Start("sleep", ["1000"]);
        using var pidFd = PidFd.Open(process.Id);
        process.Kill();
        process.WaitForExit();
        Assert.Equal(Errno.ESRCH, Assert.Throws<LinuxException>(() => Namespace.OfProcess(pidFd, kind)).Errno);
        Assert.Equal(Errno.ESRCH, Assert.Throws<LinuxException>(() => Namespace.OfProcessByProc(pidFd, kind)).Errno);
    }

    [LinuxFact]
    public void A_descriptor_that_is_no_namespace_is_closed()
    {
        using var nothingLeft = new ResidueCheck();
        SafeFileHandle file = File.OpenHandle("/dev/null");
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => Namespace.FromHandle(file)).Errno);
        Assert.True(file.IsClosed);
    }

    [LinuxFact]
    public void A_handle_that_was_disposed_is_not_used()
    {
        NetworkNamespace disposed = NetworkNamespace.OfThisThread();
        disposed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => disposed.OpenOwner());
        Assert.Equal(NetworkNamespace.OfThisThread(), disposed);
    }

    [LinuxFact]
    public void Ten_thousand_handles_leave_none()
    {
        using var nothingLeft = new ResidueCheck();
        using var pidFd = PidFd.Open(Environment.ProcessId);
        int before = Open();
        for (int i = 0; i < 2500; i++)
        {
            NetworkNamespace.OfThisThread().Dispose();
            UtsNamespace.OfProcess(Environment.ProcessId).Dispose();
            PidNamespace.OfProcess(pidFd).Dispose();
            Namespace.FromPath("/proc/self/ns/user").Dispose();
        }

        // Before any collection, which would close what was only forgotten.
        Assert.Equal(before, Open());

        // The library itself keeps some, to bring threads home.
        static int Open() => Directory.EnumerateFiles("/proc/self/fd").Count(f => new FileInfo(f).LinkTarget is { } target && target.Contains(":[402", StringComparison.Ordinal));
    }

    [LinuxFact(Needs.Root)]
    public void The_owner_of_a_namespace_is_the_user_namespace_that_it_was_made_in()
    {
        using var nothingLeft = new ResidueCheck();
        using UserNamespace own = UserNamespace.OfThisThread();
        using NetworkNamespace network = NetworkNamespace.OfThisThread();
        using UserNamespace? owner = network.OpenOwner();
        Assert.Equal(own, owner);
    }

    [LinuxFact(Needs.Root)]
    public void A_user_namespace_has_a_parent_an_owner_and_a_maker()
    {
        using var nothingLeft = new ResidueCheck();
        using UserNamespace own = UserNamespace.OfThisThread(), made = UserNamespace.Create(UserNamespaceMaps.Caller);
        using UserNamespace? parent = made.OpenParent(), owner = made.OpenOwner();
        Assert.Equal(own, parent);
        Assert.Equal(own, owner);
        Assert.Equal(0u, made.OwnerUserId);
    }

    // ioctl_ns(2): what lies outside the caller's own namespace is EPERM, and so is what does not exist.
    [LinuxFact]
    public void Above_ones_own_namespace_there_is_nothing_to_see()
    {
        using UserNamespace user = UserNamespace.OfThisThread();
        using PidNamespace pid = PidNamespace.OfThisThread();
        Assert.Null(user.OpenParent());
        Assert.Null(user.OpenOwner());
        Assert.Null(pid.OpenParent());
    }

    [LinuxFact(Needs.Root)]
    public void An_ordinary_user_opens_its_own_and_no_others() => FreshProcess.RunAsUser(OpenAsUser).EnsureSuccess();

    private static void OpenAsUser()
    {
        NetworkNamespace.OfThisThread().Dispose();
        NetworkNamespace.OfProcess(Environment.ProcessId).Dispose();
        Assert.Equal(Errno.EACCES, Assert.Throws<LinuxException>(() => NetworkNamespace.OfProcess(1)).Errno);
        using var pidFd = PidFd.Open(1);
        Assert.Equal(Errno.EACCES, Assert.Throws<LinuxException>(() => NetworkNamespace.OfProcess(pidFd)).Errno);
        Assert.Equal(Errno.EACCES, Assert.Throws<LinuxException>(() => Namespace.OfProcessByProc(pidFd, NamespaceKinds.Network)).Errno);
    }
}
