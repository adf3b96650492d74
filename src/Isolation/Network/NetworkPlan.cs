using System.Collections.Immutable;
using Isolation.Netlink;
using Isolation.Syscalls;
using Isolation.Syscalls.Children;
using Isolation.Syscalls.Interop;

namespace Isolation;

/// <summary>
/// A network's description, compiled: what the manager does at the gate, from top to bottom. The child has opened a netlink
/// socket inside by then, with the privileges of its user namespace, which the manager has over it but could not enter.
/// </summary>
internal sealed partial class NetworkPlan
{
    /// <summary>The gate at which the manager makes the network.</summary>
    public const string Gate = "make the network";

    private readonly NetworkSpec _spec;
    private StepValue _socket;

    private NetworkPlan(NetworkSpec spec)
    {
        _spec = spec;
        Steps = [.. HostSteps(), .. InnerSteps(), .. TrafficSteps()];
    }

    public ImmutableArray<NetworkStep> Steps { get; }

    public NetworkSpec Spec => _spec;

    /// <summary>The plan of a description; null when there is nothing to do.</summary>
    public static NetworkPlan? Compile(NetworkSpec spec) => spec == NetworkSpec.None ? null : new NetworkPlan(spec);

    /// <summary>The steps of the child.</summary>
    public void AddSteps(SyscallProgramBuilder program)
    {
        _socket = program.Call(
            SyscallNumber.Socket,
            new StepNote("open a netlink socket in", "the network namespace") { Result = "netlink" },
            Argument.Constant(16, "AF_NETLINK"),
            Argument.Constant(0x80003, "SOCK_RAW|SOCK_CLOEXEC"),
            Argument.Constant(0, "NETLINK_ROUTE"));
        program.Gate(Gate, ["netlink = pidfd_getfd(CHILD, netlink)", .. Steps.Select(s => s.Command)]);
        program.Call(SyscallNumber.Close, new StepNote("close", "the netlink socket"), _socket);
    }

    /// <summary>Takes the child's socket over.</summary>
    public RouteClient OpenInside(in WaitingChild child, Func<RouteClient> openOtherwise)
    {
        try
        {
            return RouteClient.OfSocket(child.Copy(_socket));
        }
        catch (LinuxException e) when (e.Errno is Errno.EPERM or Errno.ENOSYS && Environment.IsPrivilegedProcess)
        {
            // A seccomp profile may refuse pidfd_getfd(2). Root can enter as well.
            return openOtherwise();
        }
    }

    /// <summary>Finds out, before anything starts, whether this process may change what lies on the host.</summary>
    /// <exception cref="LinuxException">EPERM: it may not.</exception>
    public void EnsureAllowed()
    {
        const ulong NetAdmin = 1 << 12;
        if (!_spec.NeedsHost)
            return;

        // ioctl_ns(2), NS_GET_USERNS: EPERM for an owner outside of the caller's own user namespace, where its capabilities count nothing.
        bool isOwn;
        using (Namespaces.UserNamespace? owner = HostNetwork.NamespaceOf(_spec).OpenOwner())
            isOwn = owner is not null;
        if (isOwn && (CapabilitySets.OfThisThread().Effective & NetAdmin) != 0)
            return;
        NetworkStep first = Steps.First(s => !s.IsInside);
        throw new LinuxException(
            first.Operation,
            first.Target,
            Errno.EPERM,
            null,
            "That is done in the host's network namespace and needs CAP_NET_ADMIN there. An ordinary user has it inside the container only, with WithUserNs(): for links within it (WithLink), addresses (WithAddress) and routes (WithRoute)");
    }

    private static NetworkRequest Inside(string operation, string target, string command, Action<RouteBatch, ContainerNetwork> add)
        => new(operation, target, $"ip -n CHILD {command}", add) { IsInside = true };

    private static NetworkRequest OnHost(string operation, string target, string command, Action<RouteBatch, ContainerNetwork> add)
        => new(operation, target, $"ip {command}", add);
}
