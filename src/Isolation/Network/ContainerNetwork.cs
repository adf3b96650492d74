using System.Security.Cryptography;
using Isolation.Namespaces;
using Isolation.Netlink;
using Isolation.Netlink.Nftables;
using Isolation.Syscalls;
using Isolation.Syscalls.Children;
using Microsoft.Win32.SafeHandles;

namespace Isolation;

/// <summary>The network of one container: made at the gate, undone at the container's end or when the start fails.</summary>
internal sealed class ContainerNetwork : IDisposable
{
    private readonly Lock _ending = new();
    private readonly Stack<(NetworkStep Step, Action<ContainerNetwork> Undo)> _undo = new();
    private readonly Dictionary<ContainerLink, string> _hostNames = [];
    private readonly Dictionary<string, int> _indexes = [];
    private readonly NetworkNamespace _namespace;
    private readonly HostNetwork? _host;
    private NftablesClient? _nftables;
    private Firewall? _firewall;
    private bool _ended;
    private LinuxException? _failure;

    private ContainerNetwork(NetworkPlan plan, in WaitingChild child)
    {
        _namespace = (NetworkNamespace)Isolation.Namespaces.Namespace.OfProcess(child.ProcessId, NamespaceKinds.Network);
        try
        {
            _host = plan.Spec.NeedsHost ? HostNetwork.Open(plan.Spec) : null;
            Inside = plan.OpenInside(child, () => RouteClient.Open(Namespace));
        }
        catch
        {
            _host?.Dispose();
            _namespace.Dispose();
            throw;
        }
    }

    public HostNetwork Host => _host ?? throw new InvalidOperationException("The description has nothing on the host.");

    public RouteClient Inside { get; private set; }

    public SafeFileHandle Namespace => _namespace.Handle;

    /// <summary>The indexes of the host's bridges.</summary>
    public Dictionary<string, int> MasterIndexes { get; } = [];

    /// <summary>The links of the host that are inside.</summary>
    public Dictionary<MovedLink, Loan> Loans { get; } = [];

    /// <summary>Makes it. When a step fails, what was made is undone.</summary>
    /// <param name="plan">What to make.</param>
    /// <param name="child">The child that waits in the namespace.</param>
    /// <param name="gateStep">The step of its program at which it waits.</param>
    /// <exception cref="LinuxException">A step failed.</exception>
    public static ContainerNetwork Make(NetworkPlan plan, in WaitingChild child, int gateStep)
    {
        var network = new ContainerNetwork(plan, child);
        try
        {
            network.Run(plan, gateStep);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
        finally
        {
            network.Inside.Dispose();
        }
    }

    /// <summary>A name that no link has: "veth" and 44 random bits.</summary>
    public static string NewName() => "veth" + RandomNumberGenerator.GetHexString(11, lowercase: true);

    /// <summary>The name of the host's end.</summary>
    public string HostName(HostVeth veth)
    {
        if (veth.HostName is not null)
            return veth.HostName;
        if (!_hostNames.TryGetValue(veth, out string? name))
            _hostNames[veth] = name = NewName();
        return name;
    }

    /// <summary>The rules for the container.</summary>
    public Firewall Firewall => _firewall ?? throw new InvalidOperationException("The description has no rules.");

    /// <summary>Opens a client whose table goes with it.</summary>
    public void OpenFirewall()
    {
        _nftables = Host.Run(NftablesClient.Open);
        _firewall = new Firewall(_nftables, "isolation-" + RandomNumberGenerator.GetHexString(11, lowercase: true), isOwned: true);
    }

    /// <summary>Removes the rules.</summary>
    public void CloseFirewall()
    {
        using NftablesClient? client = _nftables;
        _firewall?.RemoveAll();
    }

    /// <summary>Learns the indexes of the links inside.</summary>
    public void FindLinks()
    {
        foreach (Link link in Inside.ListLinks())
            _indexes[link.Name] = link.Index;
    }

    /// <exception cref="LinuxException">ENODEV: there is none.</exception>
    public int Index(string name) => _indexes.TryGetValue(name, out int index) ? index : throw new LinuxException("find the link", $"{name} inside", Errno.ENODEV, "RTM_GETLINK");

    /// <summary>Undoes what was made. A second call waits for the first, and does nothing.</summary>
    /// <returns>The first failure. The rest has been undone all the same.</returns>
    public LinuxException? End()
    {
        lock (_ending)
        {
            if (_ended)
                return _failure;
            _ended = true;
            while (_undo.TryPop(out var done))
            {
                try
                {
                    done.Undo(this);
                }
                catch (Exception e)
                {
                    // Whatever it is, the rest is still to be undone.
                    _failure ??= e is LinuxException known
                        ? new LinuxException($"undo at the container's end: {done.Step.Operation}", done.Step.Target, known.Errno, known.Call, known.Hint)
                        : new LinuxException($"undo at the container's end: {done.Step.Operation}", done.Step.Target, Errno.EINVAL, null, e.Message);
                }
            }

            _host?.Dispose();
            _namespace.Dispose();
            return _failure;
        }
    }

    /// <summary>Leaves it to the kernel, which ends it with the namespace.</summary>
    public void Leave()
    {
        lock (_ending)
            _undo.Clear();
        End();
    }

    /// <summary>Whether there is more to undo than the kernel undoes by itself when the namespace ends.</summary>
    public bool HasToEnd { get; private set; }

    public void Dispose() => End();

    private void Run(NetworkPlan plan, int gateStep)
    {
        for (int first = 0; first < plan.Steps.Length;)
        {
            if (plan.Steps[first] is NetworkAction action)
            {
                Attempt(action, gateStep);
                first++;
                continue;
            }

            int count = 1;
            bool inside = plan.Steps[first].IsInside;
            while (first + count < plan.Steps.Length && plan.Steps[first + count] is NetworkRequest next && next.IsInside == inside)
                count++;
            Send(plan.Steps.AsSpan(first, count), inside, gateStep);
            first += count;
        }
    }

    private void Attempt(NetworkAction action, int gateStep)
    {
        try
        {
            action.Run(this);
            Remember(action);
        }
        catch (LinuxException e)
        {
            throw Failure(action, e, gateStep);
        }
    }

    // The kernel goes on after a request that it refuses, so there may be something to undo behind the first failure.
    private void Send(ReadOnlySpan<NetworkStep> steps, bool inside, int gateStep)
    {
        using RouteBatch batch = (inside ? Inside : Host.Client).CreateBatch();
        foreach (NetworkStep step in steps)
        {
            try
            {
                ((NetworkRequest)step).Add(batch, this);
            }
            catch (LinuxException e)
            {
                throw Failure(step, e, gateStep);
            }
        }

        IReadOnlyList<NetlinkException> failures = batch.TrySend();
        for (int i = 0; i < steps.Length; i++)
        {
            if (!failures.Any(f => f.RequestIndex == i))
                Remember(steps[i]);
        }

        if (failures is [var failure, ..])
            throw Failure(steps[failure.RequestIndex!.Value], failure, gateStep);
    }

    private void Remember(NetworkStep step)
    {
        if (step.Undo is null)
            return;
        _undo.Push((step, step.Undo));
        HasToEnd |= step is NetworkAction;
    }

    private static LinuxException Failure(NetworkStep step, LinuxException e, int gateStep)
        => e is NetlinkException netlink
            ? netlink.As(step.Operation, step.Target, step.Hint(e.Errno), gateStep)
            : new LinuxException(step.Operation, step.Target, e.Errno, e.Call, step.Hint(e.Errno) ?? e.Hint, gateStep);
}
