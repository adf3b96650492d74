using System.Globalization;
using Isolation.Namespaces.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Namespaces;

public abstract partial class Namespace
{
    private const string MayNotLook = "Only who could trace a process may look into it (ptrace(2), PTRACE_MODE_READ)";

    /// <summary>
    /// Opens whatever kind of namespace a path leads to: of <c>/proc/PID/ns</c>, or a file on which one is mounted. What is no
    /// namespace is not opened at all, so a FIFO is not waited for and a device not touched.
    /// </summary>
    /// <exception cref="LinuxException">ENOENT, EACCES; EINVAL: the path leads to no namespace.</exception>
    public static Namespace FromPath(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return FromHandle(NamespaceFile.Open(path), path);
    }

    /// <summary>Opens a namespace of a kind by a path.</summary>
    /// <exception cref="LinuxException">As <see cref="FromPath"/>; EINVAL too when it is of another kind.</exception>
    public static Namespace Open(string path, NamespaceKinds kind)
    {
        string name = NamespaceFile.Name(kind);
        Namespace opened = FromPath(path);
        if (opened.Kind == kind)
            return opened;
        NamespaceKinds other = opened.Kind;
        opened.Dispose();
        throw new LinuxException("open the namespace", path, Errno.EINVAL, null, $"It is of the kind '{NamespaceFile.Name(other)}', not '{name}'");
    }

    /// <summary>Opens a process's namespace. For the children of a process that differ, see <c>/proc/PID/ns/pid_for_children</c>.</summary>
    /// <exception cref="LinuxException">ESRCH: no such process; EACCES: it may not be looked into (ptrace(2), PTRACE_MODE_READ).</exception>
    public static Namespace OfProcess(int processId, NamespaceKinds kind)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(processId);
        string process = processId.ToString(CultureInfo.InvariantCulture);
        try
        {
            return Open($"/proc/{process}/ns/{NamespaceFile.Name(kind)}", kind);
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOENT)
        {
            throw new LinuxException("open the namespace of process", process, Errno.ESRCH, e.Call);
        }
        catch (LinuxException e) when (e.Errno == Errno.EACCES)
        {
            throw new LinuxException("open the namespace of process", process, Errno.EACCES, e.Call, MayNotLook);
        }
    }

    /// <summary>Opens a process's namespace, and never another process's that has the same id by now.</summary>
    /// <exception cref="LinuxException">ESRCH: the process has ended; EACCES: it may not be looked into (ptrace(2), PTRACE_MODE_READ).</exception>
    public static Namespace OfProcess(PidFd process, NamespaceKinds kind)
    {
        ArgumentNullException.ThrowIfNull(process);
        uint request = PidFdNamespace.Request(kind);
        using var use = new DescriptorUse(process);
        long result = Sys.Call(SyscallNumber.Ioctl, use.Descriptor, unchecked((nint)request));
        return result switch
        {
            >= 0 => FromHandle(new SafeFileHandle((nint)result, ownsHandle: true), "the pidfd"),
            -(long)Errno.ENOTTY => OfProcessByProc(process, kind),
            _ => throw new LinuxException("open the namespace of", "the pidfd", (Errno)(-result), SyscallNumber.Ioctl.Name, result == -(long)Errno.EACCES ? MayNotLook : null),
        };
    }

    /// <summary>Opens a namespace of the calling thread.</summary>
    public static Namespace OfThisThread(NamespaceKinds kind) => Open($"/proc/thread-self/ns/{NamespaceFile.Name(kind)}", kind);

    /// <summary>Takes over a descriptor of a namespace.</summary>
    /// <exception cref="LinuxException">EINVAL: it is none. The descriptor is closed.</exception>
    public static Namespace FromHandle(SafeFileHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return FromHandle(handle, "the descriptor");
    }

    /// <summary>Before Linux 6.11: by the process id, which has not been used again if the process is still there afterwards.</summary>
    internal static Namespace OfProcessByProc(PidFd process, NamespaceKinds kind)
    {
        int processId = process.ProcessId ?? throw Gone();
        Namespace opened = OfProcess(processId, kind);
        if (process.ProcessId is not null)
            return opened;
        opened.Dispose();
        throw Gone();

        static LinuxException Gone() => new("open the namespace of", "the pidfd", Errno.ESRCH, null, "The process has ended, or is not visible in this pid namespace");
    }

    internal static Namespace FromHandle(SafeFileHandle handle, string shown)
    {
        try
        {
            NamespaceId id = NamespaceFile.Check(handle, shown);
            return NamespaceFile.KindOf(handle, shown) switch
            {
                NamespaceKinds.User => new UserNamespace(handle, id),
                NamespaceKinds.Mount => new MountNamespace(handle, id),
                NamespaceKinds.Pid => new PidNamespace(handle, id),
                NamespaceKinds.Network => new NetworkNamespace(handle, id),
                NamespaceKinds.Uts => new UtsNamespace(handle, id),
                NamespaceKinds.Ipc => new IpcNamespace(handle, id),
                NamespaceKinds.Cgroup => new CgroupNamespace(handle, id),
                NamespaceKinds.Time => new TimeNamespace(handle, id),
                var other => throw new LinuxException("open the namespace", shown, Errno.EINVAL, null, $"Its kind is not known: {other}"),
            };
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }
}
