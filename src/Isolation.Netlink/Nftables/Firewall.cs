using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using Isolation.Syscalls;

namespace Isolation.Netlink.Nftables;

/// <summary>
/// What networks of containers need of nf_tables, by name: masquerading, ports that lead inside, and who may forward. All of it is
/// in one table of the family <c>inet</c>, with the names as comments, so that <c>nft list ruleset</c> shows it.
/// </summary>
/// <remarks>
/// Each verb is one transaction. If another program changes the ruleset at the same time, the verb looks again. That packets
/// are forwarded at all is up to <see cref="NetworkSysctls.IPv4Forwarding"/> and <see cref="NetworkSysctls.IPv6Forwarding"/>.
/// A verdict to accept holds in this table; chains of other tables can still drop a packet.
/// </remarks>
public sealed class Firewall
{
    // For how long a verb looks again after others have changed the ruleset.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    // Firewalls of one process go in turn, whatever their clients, instead of one against the other. One that is owned has no rival.
    private static readonly Lock s_shared = new();

    private readonly Lock _changing;
    private readonly NftablesClient _client;
    private readonly NftTable _table;
    private readonly NftChain _prerouting, _output, _forward, _postrouting;

    /// <summary>A firewall in a table of its own. Nothing is made until the first verb.</summary>
    /// <param name="client">The client; it stays the caller's.</param>
    /// <param name="table">The table's name. It should be nobody else's.</param>
    /// <param name="isOwned">Whether the table belongs to the client: nobody else can change it, and it goes with the client, also when this process is killed (<see cref="NftTableOptions.Owned"/>).</param>
    public Firewall(NftablesClient client, string table, bool isOwned = false)
    {
        ArgumentNullException.ThrowIfNull(client);
        _client = client;
        _changing = isOwned ? new Lock() : s_shared;
        _table = new NftTable(NftFamily.Inet, NftNames.Check(table, "table")) { Flags = isOwned ? NftTableOptions.Owned : NftTableOptions.None };
        _prerouting = new NftChain(_table, "prerouting") { Hook = new NftHook(NftChainType.Nat, NftHookPoint.Prerouting, NftPriority.DestinationNat) };
        _output = new NftChain(_table, "output") { Hook = new NftHook(NftChainType.Nat, NftHookPoint.Output, NftPriority.DestinationNat) };
        _forward = new NftChain(_table, "forward") { Hook = new NftHook(NftChainType.Filter, NftHookPoint.Forward, NftPriority.Filter) };
        _postrouting = new NftChain(_table, "postrouting") { Hook = new NftHook(NftChainType.Nat, NftHookPoint.Postrouting, NftPriority.SourceNat) };
    }

    /// <summary>Connections from a network get the address of the link that they leave by.</summary>
    /// <param name="name">A name for it: 1 to 128 bytes.</param>
    /// <param name="source">The network.</param>
    /// <param name="outputInterface">The link that they leave by; null for all. A <c>*</c> at its end stands for anything. Without it, connections inside the network are left alone.</param>
    /// <exception cref="LinuxException">EEXIST: the name is taken.</exception>
    public void Masquerade(string name, IPNetwork source, string? outputInterface = null)
    {
        NftRule rule = new NftRule(_postrouting).MatchSource(source);
        rule = outputInterface is null ? rule.MatchDestination(source, isInverted: true) : rule.MatchOutputInterface(outputInterface);
        Add(name, [rule.Count().Masquerade()]);
    }

    /// <summary>A port of this machine leads to another one, for connections from elsewhere and from this machine itself.</summary>
    /// <remarks>
    /// Connections to a loopback address lead elsewhere only if <c>net.ipv4.conf.X.route_localnet</c> is on for the link that they
    /// leave by, and if they are masqueraded.
    /// </remarks>
    /// <param name="name">A name for it: 1 to 128 bytes.</param>
    /// <param name="forward">From where to where.</param>
    /// <exception cref="LinuxException">EEXIST: the name is taken.</exception>
    public void ForwardPort(string name, PortForward forward)
    {
        ArgumentNullException.ThrowIfNull(forward);
        ArgumentNullException.ThrowIfNull(forward.Destination);
        IPAddress address = forward.Destination.Address;
        ushort port = (ushort)forward.Destination.Port;
        if (port == 0 || forward.Port == 0)
            throw new ArgumentException("Port 0 is none.");
        var rules = new List<NftRule>();
        NftRule arriving = new(_prerouting);
        if (forward.InputInterface is not null)
            arriving = arriving.MatchInputInterface(forward.InputInterface);
        rules.Add(ToPort(arriving).Count().DestinationNat(address, port));
        if (forward.InputInterface is null)
            rules.Add(ToPort(new NftRule(_output)).Count().DestinationNat(address, port));
        rules.Add(Arrived(new NftRule(_forward)).Count().Accept());
        if (forward.HairpinNetwork is { } network)
            rules.Add(Arrived(new NftRule(_postrouting).MatchSource(network)).Count().Masquerade());
        Add(name, rules);

        NftRule ToPort(NftRule rule)
        {
            rule = forward.Address is { } listening ? rule.MatchDestination(listening) : rule.MatchLocalDestination();
            return rule.MatchDestinationPort(forward.Protocol, forward.Port);
        }

        NftRule Arrived(NftRule rule) => rule.MatchDestination(address).MatchDestinationPort(forward.Protocol, port).MatchDestinationNat();
    }

    /// <summary>Packets may be forwarded, whatever the policy is. Answers always may.</summary>
    /// <param name="name">A name for it: 1 to 128 bytes.</param>
    /// <param name="packets">Which packets.</param>
    /// <exception cref="LinuxException">EEXIST: the name is taken.</exception>
    public void AcceptForwarding(string name, ForwardedPackets packets) => Add(name, [Match(packets).Count().Accept()]);

    /// <summary>Packets may not be forwarded, whatever the policy is. What was said before holds first.</summary>
    /// <param name="name">A name for it: 1 to 128 bytes.</param>
    /// <param name="packets">Which packets.</param>
    /// <exception cref="LinuxException">EEXIST: the name is taken.</exception>
    public void DropForwarding(string name, ForwardedPackets packets) => Add(name, [Match(packets).Count().Drop()]);

    /// <summary>Says what becomes of forwarded packets that nothing else is said about. At the beginning they are accepted.</summary>
    public void SetForwardPolicy(NftPolicy policy)
        => Change((transaction, _) => transaction.EnsureChain(_forward with { Policy = policy }));

    /// <summary>What there is, in the order of its first rules.</summary>
    public IReadOnlyList<FirewallEntry> List()
        => [.. ListRules().Where(r => r.Comment is not null).GroupBy(r => r.Comment!).Select(g => new FirewallEntry(g.Key, [.. g]))];

    /// <summary>Removes what has a name.</summary>
    /// <returns>Whether there was such a thing.</returns>
    public bool Remove(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        bool removed = false;
        Try((transaction, rules) =>
        {
            foreach (NftRule rule in rules.Where(r => r.Comment == name))
                transaction.DeleteRule(rule);
            removed = transaction.Count > 0;
        });
        return removed;
    }

    /// <summary>Removes the table with all that is in it, also what others have put there.</summary>
    public void RemoveAll()
    {
        // nft(8): a table can be deleted for sure if it is made first.
        using NftablesTransaction transaction = _client.CreateTransaction();
        transaction.EnsureTable(_table);
        transaction.DeleteTable(_table);
        transaction.Send();
    }

    private NftRule Match(ForwardedPackets packets)
    {
        ArgumentNullException.ThrowIfNull(packets);
        NftRule rule = new(_forward);
        if (packets.InputInterface is not null)
            rule = rule.MatchInputInterface(packets.InputInterface);
        if (packets.OutputInterface is not null)
            rule = rule.MatchOutputInterface(packets.OutputInterface);
        if (packets.Source is { } source)
            rule = rule.MatchSource(source);
        if (packets.Destination is { } destination)
            rule = rule.MatchDestination(destination);
        if (packets.DestinationPort is { } port)
            rule = rule.MatchDestinationPort(packets.Protocol ?? throw new ArgumentException($"Which protocol's port {port} is meant is not said."), port);
        else if (packets.Protocol is { } protocol)
            rule = rule.MatchProtocol(protocol);
        return rule;
    }

    private void Add(string name, IReadOnlyList<NftRule> rules)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        NftRule[] named = [.. rules.Select(r => r.WithComment(name))];
        Change((transaction, existing) =>
        {
            if (existing.Any(r => r.Comment == name))
                throw new LinuxException("add to the firewall", name, Errno.EEXIST, hint: "Remove it first");
            foreach (NftRule rule in named)
                transaction.AddRule(rule);
        });
    }

    private void Change(Action<NftablesTransaction, Listing<NftRule>> add) => Try((transaction, rules) =>
    {
        transaction.EnsureTable(_table);
        foreach (NftChain chain in (ReadOnlySpan<NftChain>)[_prerouting, _output, _forward, _postrouting])
            transaction.EnsureChain(chain);
        if (!rules.Any(r => r.Chain == _forward.Name))
            transaction.AddRule(new NftRule(_forward).MatchConnectionState(NftConnectionStates.Established | NftConnectionStates.Related).Accept());
        add(transaction, rules);
    });

    // What the rules were when they were read is what the transaction is for: else the kernel refuses it. Nobody else changes a table that
    // is owned.
    private void Try(Action<NftablesTransaction, Listing<NftRule>> add)
    {
        lock (_changing)
        {
            long start = Stopwatch.GetTimestamp();
            for (int longest = 1; ; longest = Math.Min(longest * 2, 64))
            {
                using NftablesTransaction transaction = _client.CreateTransaction(_table.Flags.HasFlag(NftTableOptions.Owned) ? null : _client.GetGeneration());
                add(transaction, ListRules());
                try
                {
                    transaction.Send();
                    return;
                }
                catch (NetlinkException e) when (e.Errno == Errno.ERESTART && Stopwatch.GetElapsedTime(start) < s_patience)
                {
                    // Not all at once again.
                    Thread.Sleep(Random.Shared.Next(longest + 1));
                }
            }
        }
    }

    private Listing<NftRule> ListRules() => _client.ListRules(_table);
}

/// <summary>What has a name in a <see cref="Firewall"/>.</summary>
/// <param name="Name">The name.</param>
/// <param name="Rules">Its rules.</param>
public sealed record FirewallEntry(string Name, ImmutableArray<NftRule> Rules)
{
    /// <summary>How many packets its rules have counted. In chains of the type nat, that is the first one of each connection.</summary>
    public ulong Packets => Rules.Aggregate(0ul, static (sum, rule) => sum + (rule.Counter?.Packets ?? 0));

    /// <summary>How many bytes its rules have counted.</summary>
    public ulong Bytes => Rules.Aggregate(0ul, static (sum, rule) => sum + (rule.Counter?.Bytes ?? 0));
}
