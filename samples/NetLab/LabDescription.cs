using System.Net;

namespace Isolation.Samples.NetLab;

internal enum NodeKind
{
    Host,
    Switch,
    Router,
}

internal sealed record Node(string Name, NodeKind Kind);

/// <summary>One end of a link: which node, which of its interfaces, and its address.</summary>
internal sealed record LinkEnd(Node Node, string Interface, IPAddress? Address, int PrefixLength)
{
    public override string ToString() => Address is null ? Node.Name : $"{Node.Name} {Address}/{PrefixLength}";
}

internal sealed record LabLink(string Name, LinkEnd First, LinkEnd Second)
{
    public IEnumerable<LinkEnd> Ends => [First, Second];
}

/// <summary>A route of a node; the default route goes to 0.0.0.0/0.</summary>
internal sealed record LabRoute(Node Node, IPNetwork Destination, IPAddress Gateway, int Line);

/// <summary>What a lab file describes.</summary>
internal sealed record LabDescription(IReadOnlyList<Node> Nodes, IReadOnlyList<LabLink> Links, IReadOnlyList<LabRoute> Routes)
{
    public IEnumerable<Node> Hosts => Nodes.Where(n => n.Kind == NodeKind.Host);

    /// <summary>A host's address: that of its first link.</summary>
    public IPAddress AddressOf(Node host) => Links.SelectMany(l => l.Ends).First(e => e.Node == host && e.Address is not null).Address!;
}

/// <summary>A lab file is wrong.</summary>
internal sealed class LabException(string file, int line, string message) : Exception($"{file}:{line}: {message}");
