using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Isolation.Samples.NetLab;

/// <summary>Reads lab files. A line each, in words; whatever follows a <c>#</c> is a remark:</summary>
/// <remarks>
/// <code>
/// host ann, bob                          computers
/// switch left, right                     bridges
/// router north                           computers that forward
/// link ann 10.0.0.1/24 -- left           a cable; an address for each end that is no switch
/// link wan: north 10.9.0.1/30 -- south 10.9.0.2/30      the same with a name; else it is that of its ends, ann-left
/// default ann 10.0.0.254                 the default route
/// route north 10.2.0.0/24 via 10.9.0.2   another route
/// </code>
/// </remarks>
internal sealed class LabFile
{
    private readonly string _file;
    private readonly Dictionary<string, Node> _nodes = [];
    private readonly List<Node> _order = [];
    private readonly List<LabLink> _links = [];
    private readonly List<LabRoute> _routes = [];
    private int _line;

    private LabFile(string file) => _file = file;

    /// <exception cref="LabException">A line is wrong.</exception>
    public static LabDescription Read(string file, IEnumerable<string> lines) => new LabFile(file).Read(lines);

    private LabDescription Read(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            _line++;
            string[] words = [.. line.Split('#')[0].Replace(",", " ", StringComparison.Ordinal).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];
            if (words.Length > 0)
                ReadLine(words[0], words[1..]);
        }

        foreach (Node node in _order.Where(n => n.Kind != NodeKind.Switch && !_links.SelectMany(l => l.Ends).Any(e => e.Node == n && e.Address is not null)))
            throw Error($"the {Word(node.Kind)} '{node.Name}' has no link with an address.");
        if (_order.Count(n => n.Kind == NodeKind.Host) < 2)
            throw Error("there are no two hosts.");
        return new LabDescription(_order, _links, _routes);
    }

    private void ReadLine(string verb, string[] words)
    {
        switch (verb)
        {
            case "host" or "switch" or "router" when words.Length > 0:
                foreach (string name in words)
                    AddNode(name, Enum.Parse<NodeKind>(verb, ignoreCase: true));
                break;
            case "link":
                AddLink(words);
                break;
            case "default" when words is [var node, var gateway]:
                AddRoute(node, new IPNetwork(IPAddress.Any, 0), gateway);
                break;
            case "route" when words is [var node, var destination, "via", var gateway]:
                if (!destination.Contains('/', StringComparison.Ordinal) || !IPNetwork.TryParse(destination, out IPNetwork network))
                    throw Error($"'{destination}' is no network; it looks like 10.2.0.0/24.");
                AddRoute(node, network, gateway);
                break;
            default:
                throw Error(verb switch
                {
                    "host" or "switch" or "router" => $"'{verb}' is followed by names.",
                    "default" => "a default route is: default NODE GATEWAY.",
                    "route" => "a route is: route NODE NETWORK via GATEWAY.",
                    _ => $"'{verb}' is none of host, switch, router, link, default and route.",
                });
        }
    }

    private void AddNode(string name, NodeKind kind)
    {
        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            throw Error($"'{name}' is no name: letters, digits, '-' and '_'.");
        var node = new Node(name, kind);
        if (!_nodes.TryAdd(name, node))
            throw Error($"there are two nodes '{name}'.");
        _order.Add(node);
    }

    private void AddLink(string[] words)
    {
        string? name = words is [[.. var given, ':'], ..] ? given : null;
        int from = name is null ? 0 : 1, middle = Array.IndexOf(words, "--");
        if (middle < 0 || name == "")
            throw Error("a link is: link [NAME:] NODE [ADDRESS] -- NODE [ADDRESS].");
        LinkEnd first = ReadEnd(words[from..middle]), second = ReadEnd(words[(middle + 1)..]);
        if (first.Node == second.Node)
            throw Error($"the link leads from '{first.Node.Name}' to itself.");
        if (first.Address is not null && second.Address is not null && !Network(first).Contains(second.Address))
            throw Error($"{first.Address} and {second.Address} are in different networks.");
        if (first.Node.Kind == NodeKind.Switch && second.Node.Kind == NodeKind.Switch && AreConnected(first.Node, second.Node))
            throw Error($"'{first.Node.Name}' and '{second.Node.Name}' are connected already, and a loop of switches would never come to rest.");
        name ??= $"{first.Node.Name}-{second.Node.Name}";
        if (_links.Any(l => l.Name == name))
            throw Error($"there are two links '{name}'; give one a name: link NAME: {first} -- {second}.");
        _links.Add(new LabLink(name, first, second));
    }

    private LinkEnd ReadEnd(string[] words)
    {
        if (words is not ([_] or [_, _]))
            throw Error("a link is: link [NAME:] NODE [ADDRESS] -- NODE [ADDRESS].");
        Node node = Find(words[0]);
        string port = string.Create(CultureInfo.InvariantCulture, $"eth{_links.SelectMany(l => l.Ends).Count(e => e.Node == node)}");
        if (node.Kind == NodeKind.Switch)
            return words is [_, var needless] ? throw Error($"the switch '{node.Name}' takes no address ({needless}).") : new LinkEnd(node, port, null, 0);
        if (words is not [_, var text])
            throw Error($"the {Word(node.Kind)} '{node.Name}' needs an address here, such as 10.0.0.1/24.");
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int prefix) || prefix > 32)
            throw Error($"'{text}' is no address with a prefix length; it looks like 10.0.0.1/24.");
        IPAddress address = Address(text[..slash]);
        if (_links.SelectMany(l => l.Ends).FirstOrDefault(e => address.Equals(e.Address)) is { } other)
            throw Error($"'{other.Node.Name}' has the address {address} already.");
        return new LinkEnd(node, port, address, prefix);
    }

    private void AddRoute(string name, IPNetwork destination, string gateway)
    {
        Node node = Find(name);
        if (node.Kind == NodeKind.Switch)
            throw Error($"the switch '{name}' has no routes.");
        IPAddress router = Address(gateway);
        if (!_links.SelectMany(l => l.Ends).Any(e => e.Node == node && Network(e).Contains(router)))
            throw Error($"'{name}' has no link to the network of {router}; links come before routes.");
        if (_routes.Any(r => r.Node == node && r.Destination.Equals(destination)))
            throw Error($"'{name}' has a route to {destination} already.");
        _routes.Add(new LabRoute(node, destination, router, _line));
    }

    private Node Find(string name) => _nodes.TryGetValue(name, out Node? node) ? node : throw Error($"there is no node '{name}'.");

    // .NET takes "10.1" for an address as well.
    private IPAddress Address(string text)
        => IPAddress.TryParse(text, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == text ? address : throw Error($"'{text}' is no IPv4 address.");

    private static IPNetwork Network(LinkEnd end)
    {
        uint mask = end.PrefixLength == 0 ? 0 : uint.MaxValue << (32 - end.PrefixLength);
        uint address = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(end.Address!.GetAddressBytes()) & mask;
        return new IPNetwork(new IPAddress([(byte)(address >> 24), (byte)(address >> 16), (byte)(address >> 8), (byte)address]), end.PrefixLength);
    }

    private bool AreConnected(Node one, Node other)
    {
        HashSet<Node> reached = [one];
        while (_links.FirstOrDefault(l => l.Ends.All(e => e.Node.Kind == NodeKind.Switch) && reached.Contains(l.First.Node) != reached.Contains(l.Second.Node)) is { } next)
            reached.UnionWith([next.First.Node, next.Second.Node]);
        return reached.Contains(other);
    }

    private LabException Error(string message) => new(_file, _line, message);

    private static string Word(NodeKind kind) => kind.ToString().ToLowerInvariant();
}
