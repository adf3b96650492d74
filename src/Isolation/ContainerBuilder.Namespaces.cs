using System.Text;
using Isolation.Namespaces;

namespace Isolation;

public sealed partial class ContainerBuilder
{
    private const int LongestName = 64;

    /// <summary>
    /// A user namespace: root inside, nobody outside; needs no privilege, and gives the privilege for all other namespaces
    /// (user_namespaces(7)). The ids are <see cref="UserNamespaceMaps.Default"/>.
    /// </summary>
    public ContainerBuilder WithUserNs() => New(_spec with { Namespaces = _spec.Namespaces | NamespaceKinds.User });

    /// <summary>A user namespace with the given ids.</summary>
    public ContainerBuilder WithUserNs(UserNamespaceMaps maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        return New(_spec with { Namespaces = _spec.Namespaces | NamespaceKinds.User, Maps = maps });
    }

    /// <summary>A mount namespace: what is mounted inside is not seen outside (mount_namespaces(7)).</summary>
    public ContainerBuilder WithMountNs() => With(NamespaceKinds.Mount);

    /// <summary>A pid namespace: the program is process 1 and sees its own processes only; they end with it (pid_namespaces(7)). With a mount namespace it gets its own /proc.</summary>
    public ContainerBuilder WithPidNs() => With(NamespaceKinds.Pid);

    /// <summary>
    /// A pid namespace with a minimal init as process 1, whose child the program is. The init reaps all that end without a
    /// parent, passes signals on to the program, and ends with it: with the program's exit code or signal, which the
    /// <see cref="ContainerExit"/> tells; all others are killed then. Signals from inside, and those that .NET sends with
    /// <see cref="Container.Signal"/>, reach the program as they reach any: without a handler SIGTERM ends it, unlike process 1.
    /// </summary>
    public ContainerBuilder WithInit() => New(_spec with { Namespaces = _spec.Namespaces | NamespaceKinds.Pid, Init = true });

    /// <summary>A network namespace with nothing but a loopback device, which is up (network_namespaces(7)).</summary>
    public ContainerBuilder WithNetNs() => With(NamespaceKinds.Network);

    /// <summary>A UTS namespace: a host name of its own (uts_namespaces(7)).</summary>
    public ContainerBuilder WithUtsNs() => With(NamespaceKinds.Uts);

    /// <summary>A UTS namespace with the given host name; see <see cref="WithHostname"/>.</summary>
    public ContainerBuilder WithUtsNs(string hostname) => WithHostname(hostname);

    /// <summary>An IPC namespace: System V IPC and POSIX message queues of its own (ipc_namespaces(7)).</summary>
    public ContainerBuilder WithIpcNs() => With(NamespaceKinds.Ipc);

    /// <summary>A cgroup namespace: the program's cgroup looks like the root (cgroup_namespaces(7)).</summary>
    public ContainerBuilder WithCgroupNs() => With(NamespaceKinds.Cgroup);

    /// <summary>A time namespace: monotonic and boot-time clocks that are ahead of the host's (time_namespaces(7)).</summary>
    public ContainerBuilder WithTimeNs(TimeSpan monotonic = default, TimeSpan bootTime = default)
        => New(_spec with { Namespaces = _spec.Namespaces | NamespaceKinds.Time, TimeOffsets = new TimeOffsets(monotonic, bootTime) });

    /// <summary>The host name, in a UTS namespace of its own.</summary>
    /// <exception cref="ArgumentException">It is empty, or has more than 64 bytes (sethostname(2)).</exception>
    public ContainerBuilder WithHostname(string hostname)
    {
        CheckName(hostname, "The host name", "sethostname(2)", nameof(hostname));
        return New(_spec with { Namespaces = _spec.Namespaces | NamespaceKinds.Uts, Hostname = hostname });
    }

    /// <summary>The NIS domain name, in a UTS namespace of its own. It has nothing to do with DNS.</summary>
    /// <exception cref="ArgumentException">It is empty, or has more than 64 bytes (setdomainname(2)).</exception>
    public ContainerBuilder WithDomainName(string domainName)
    {
        CheckName(domainName, "The domain name", "setdomainname(2)", nameof(domainName));
        return New(_spec with { Namespaces = _spec.Namespaces | NamespaceKinds.Uts, DomainName = domainName });
    }

    private static void CheckName(string name, string what, string source, string parameter)
    {
        Checked(name, what, parameter);
        if (Encoding.UTF8.GetByteCount(name) is > LongestName and int length)
            throw new ArgumentException($"{what} has {length} bytes; the kernel takes {LongestName} ({source}).", parameter);
    }

    private ContainerBuilder With(NamespaceKinds kind) => New(_spec with { Namespaces = _spec.Namespaces | kind });
}
