using Isolation.Syscalls.Interop;

namespace Isolation.Namespaces;

/// <summary>The kinds of Linux namespaces (namespaces(7)).</summary>
[Flags]
public enum NamespaceKinds
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>User and group ids, capabilities, keyrings (user_namespaces(7)).</summary>
    User = 1,

    /// <summary>Mount points (mount_namespaces(7)).</summary>
    Mount = 2,

    /// <summary>Process ids (pid_namespaces(7)).</summary>
    Pid = 4,

    /// <summary>Network devices, addresses, routes, ports (network_namespaces(7)).</summary>
    Network = 8,

    /// <summary>Host name and NIS domain name (uts_namespaces(7)).</summary>
    Uts = 16,

    /// <summary>System V IPC and POSIX message queues (ipc_namespaces(7)).</summary>
    Ipc = 32,

    /// <summary>The root of the visible cgroup tree (cgroup_namespaces(7)).</summary>
    Cgroup = 64,

    /// <summary>The monotonic and boot-time clocks (time_namespaces(7)).</summary>
    Time = 128,

    /// <summary>All eight kinds.</summary>
    All = 255,
}

internal static class NamespaceKindsExtensions
{
    /// <summary>The flags of clone3(2) for new namespaces of these kinds.</summary>
    public static CloneFlags ToCloneFlags(this NamespaceKinds kinds)
        => Flag(kinds, NamespaceKinds.User, CloneFlags.NewUser)
            | Flag(kinds, NamespaceKinds.Mount, CloneFlags.NewNs)
            | Flag(kinds, NamespaceKinds.Pid, CloneFlags.NewPid)
            | Flag(kinds, NamespaceKinds.Network, CloneFlags.NewNet)
            | Flag(kinds, NamespaceKinds.Uts, CloneFlags.NewUts)
            | Flag(kinds, NamespaceKinds.Ipc, CloneFlags.NewIpc)
            | Flag(kinds, NamespaceKinds.Cgroup, CloneFlags.NewCgroup)
            | Flag(kinds, NamespaceKinds.Time, CloneFlags.NewTime);

    private static CloneFlags Flag(NamespaceKinds kinds, NamespaceKinds kind, CloneFlags flag) => kinds.HasFlag(kind) ? flag : 0;
}
