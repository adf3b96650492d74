namespace Isolation.Namespaces.Interop;

/// <summary>linux/pidfd.h: a process's namespaces by its pidfd, from Linux 6.11 on.</summary>
internal static class PidFdNamespace
{
    public const uint PIDFD_GET_CGROUP_NAMESPACE = 0xff01, PIDFD_GET_IPC_NAMESPACE = 0xff02, PIDFD_GET_MNT_NAMESPACE = 0xff03, PIDFD_GET_NET_NAMESPACE = 0xff04;
    public const uint PIDFD_GET_PID_NAMESPACE = 0xff05, PIDFD_GET_TIME_NAMESPACE = 0xff07, PIDFD_GET_USER_NAMESPACE = 0xff09, PIDFD_GET_UTS_NAMESPACE = 0xff0a;

    public static uint Request(NamespaceKinds kind) => kind switch
    {
        NamespaceKinds.User => PIDFD_GET_USER_NAMESPACE,
        NamespaceKinds.Mount => PIDFD_GET_MNT_NAMESPACE,
        NamespaceKinds.Pid => PIDFD_GET_PID_NAMESPACE,
        NamespaceKinds.Network => PIDFD_GET_NET_NAMESPACE,
        NamespaceKinds.Uts => PIDFD_GET_UTS_NAMESPACE,
        NamespaceKinds.Ipc => PIDFD_GET_IPC_NAMESPACE,
        NamespaceKinds.Cgroup => PIDFD_GET_CGROUP_NAMESPACE,
        NamespaceKinds.Time => PIDFD_GET_TIME_NAMESPACE,
        _ => throw new ArgumentException($"'{kind}' is not one kind of namespace.", nameof(kind)),
    };
}
