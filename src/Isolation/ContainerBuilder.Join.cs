using Isolation.Namespaces;
using Isolation.Syscalls;

namespace Isolation;

public sealed partial class ContainerBuilder
{
    /// <summary>Starts in an existing network namespace (setns(2)). The caller keeps the handle open until the container has started.</summary>
    public ContainerBuilder WithNetNs(NetworkNamespace join) => Join(join);

    /// <summary>Starts in an existing UTS namespace (setns(2)). The caller keeps the handle open until the container has started.</summary>
    public ContainerBuilder WithUtsNs(UtsNamespace join) => Join(join);

    /// <summary>Starts in an existing IPC namespace (setns(2)). The caller keeps the handle open until the container has started.</summary>
    public ContainerBuilder WithIpcNs(IpcNamespace join) => Join(join);

    /// <summary>
    /// Starts in an existing mount namespace, at its root directory (setns(2)): all paths are inside it. Of a user only the
    /// number can be given, and the caller's environment is not passed on. The caller keeps the handle open until the container has started.
    /// </summary>
    public ContainerBuilder WithMountNs(MountNamespace join) => Join(join);

    /// <summary>Starts in an existing cgroup namespace (setns(2)). The caller keeps the handle open until the container has started.</summary>
    public ContainerBuilder WithCgroupNs(CgroupNamespace join) => Join(join);

    /// <summary>Starts as root of an existing user namespace, or as <see cref="WithUser"/> says (setns(2)). The caller keeps the handle open until the container has started.</summary>
    public ContainerBuilder WithUserNs(UserNamespace join) => Join(join);

    /// <summary>
    /// Starts in an existing pid namespace, which must be the caller's or below it (setns(2)). It sees its processes in a /proc
    /// of that namespace only, so with a mount namespace of the same container. The caller keeps the handle open until the container has started.
    /// </summary>
    public ContainerBuilder WithPidNs(PidNamespace join) => Join(join);

    /// <summary>Starts in an existing time namespace (setns(2)). The caller keeps the handle open until the container has started.</summary>
    public ContainerBuilder WithTimeNs(TimeNamespace join) => Join(join);

    /// <summary>Shares the network namespace of a running process. It is opened now, and freed with the builder.</summary>
    /// <param name="of">The process id.</param>
    /// <exception cref="LinuxException">ESRCH, EACCES.</exception>
    public ContainerBuilder WithNetNs(int of) => Join(Namespace.OfProcess(of, NamespaceKinds.Network));

    /// <summary>Shares the UTS namespace of a running process. It is opened now, and freed with the builder.</summary>
    /// <param name="of">The process id.</param>
    /// <exception cref="LinuxException">ESRCH, EACCES.</exception>
    public ContainerBuilder WithUtsNs(int of) => Join(Namespace.OfProcess(of, NamespaceKinds.Uts));

    /// <summary>Shares the IPC namespace of a running process. It is opened now, and freed with the builder.</summary>
    /// <param name="of">The process id.</param>
    /// <exception cref="LinuxException">ESRCH, EACCES.</exception>
    public ContainerBuilder WithIpcNs(int of) => Join(Namespace.OfProcess(of, NamespaceKinds.Ipc));

    /// <summary>Shares the pid namespace of a running process; see <see cref="WithPidNs(PidNamespace)"/>. It is opened now, and freed with the builder.</summary>
    /// <param name="of">The process id.</param>
    /// <exception cref="LinuxException">ESRCH, EACCES.</exception>
    public ContainerBuilder WithPidNs(int of) => Join(Namespace.OfProcess(of, NamespaceKinds.Pid));

    /// <summary>
    /// Starts in namespaces of a running process, as nsenter(1) does: those that are the caller's own are left alone. With its
    /// mount namespace the program starts at that one's root directory, and the caller's environment is not passed on.
    /// </summary>
    /// <param name="process">The process. The caller keeps the descriptor open until the container has started.</param>
    /// <param name="kinds">Which of its namespaces. Default: all.</param>
    public ContainerBuilder WithNamespacesOf(PidFd process, NamespaceKinds kinds = NamespaceKinds.All)
    {
        ArgumentNullException.ThrowIfNull(process);
        if (kinds is NamespaceKinds.None || (kinds & ~NamespaceKinds.All) != 0)
            throw new ArgumentOutOfRangeException(nameof(kinds), kinds, "Name one kind at least.");
        return New(_spec with { Join = _spec.Join.With(process, kinds) });
    }

    /// <summary>
    /// Starts inside a running container: in its namespaces, at its root directory, in its cgroup, as its user, with its
    /// environment; each <c>With…</c> for user or environment, before or after, goes before the container's.
    /// <see cref="Container.Exec"/> is the short form.
    /// </summary>
    /// <param name="container">The container. It must run when this one is started.</param>
    public ContainerBuilder WithContainer(Container container)
    {
        ArgumentNullException.ThrowIfNull(container);
        ContainerSpec other = container.Spec;
        return New(_spec with
        {
            Join = _spec.Join.With(container.PidFd, NamespaceKinds.All) with { Cgroup = _spec.Cgroup.IsNone ? container.Cgroup?.Path ?? other.Join.Cgroup : null },
            Chroot = other.Chroot,
            User = _spec.User ?? other.User,
            Environment = other.Environment.SetItems(_spec.Environment),
            InheritEnvironment = _spec.InheritEnvironment ?? other.InheritEnvironment ?? !other.HasOwnRoot,
        });
    }

    private ContainerBuilder Join(Namespace handle)
    {
        ArgumentNullException.ThrowIfNull(handle, "join");
        return New(_spec with { Join = _spec.Join.With(handle) });
    }
}
