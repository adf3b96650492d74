using System.Globalization;
using Isolation.Namespaces.Interop;
using Isolation.Syscalls;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Namespaces;

/// <summary>A handle of a namespace, which keeps it alive (namespaces(7)). Two handles are equal when they mean the same namespace.</summary>
/// <remarks>What a handle can do depends on its kind: <see cref="NetworkNamespace"/>, <see cref="UserNamespace"/> and so on.</remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1716", Justification = "The field's term.")]
public abstract partial class Namespace : IDisposable, IEquatable<Namespace>
{
    private protected Namespace(SafeFileHandle handle, NamespaceId id)
    {
        Handle = handle;
        Id = id;
    }

    /// <summary>The descriptor. It belongs to this object.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>What tells it from others.</summary>
    public NamespaceId Id { get; }

    /// <summary>Its kind.</summary>
    public abstract NamespaceKinds Kind { get; }

    /// <summary>Opens a namespace by a path: of <c>/proc/PID/ns</c>, or a file on which one is mounted. Its kind is found out.</summary>
    /// <exception cref="LinuxException">ENOENT, EACCES; EINVAL: the path leads to no namespace. A FIFO or device is not waited for.</exception>
    public static Namespace Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return FromHandle(NamespaceFile.Open(path), path);
    }

    /// <summary>Opens a namespace of a kind by a path.</summary>
    /// <exception cref="LinuxException">As <see cref="Open(string)"/>; EINVAL too when it is of another kind.</exception>
    public static Namespace Open(string path, NamespaceKinds kind)
    {
        Namespace opened = Open(path);
        if (opened.Kind == kind)
            return opened;
        NamespaceKinds other = opened.Kind;
        opened.Dispose();
        throw new LinuxException("open the namespace", path, Errno.EINVAL, null, $"It is of the kind {other}, not {kind}");
    }

    /// <summary>Opens a process's namespace. For the children of a process that differ, see <c>/proc/PID/ns/pid_for_children</c>.</summary>
    /// <exception cref="LinuxException">ESRCH: no such process; EACCES: it may not be looked into (ptrace(2), PTRACE_MODE_READ).</exception>
    public static Namespace OfProcess(int processId, NamespaceKinds kind)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(processId);
        string path = $"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/ns/{NamespaceFile.Name(kind)}";
        try
        {
            return Open(path, kind);
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOENT)
        {
            throw new LinuxException("open the namespace of process", $"{processId}", Errno.ESRCH, "openat");
        }
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

    /// <inheritdoc/>
    public bool Equals(Namespace? other) => other is not null && Id == other.Id;

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as Namespace);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => Id.GetHashCode();

    /// <summary>As <c>/proc/PID/ns</c> shows it: <c>net:[4026531840]</c>.</summary>
    public sealed override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{NamespaceFile.Name(Kind)}:[{Id.Inode}]");

    /// <summary>Closes the descriptor. The namespace lives on while processes, mounts or other descriptors hold it.</summary>
    public void Dispose()
    {
        Handle.Dispose();
        GC.SuppressFinalize(this);
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
