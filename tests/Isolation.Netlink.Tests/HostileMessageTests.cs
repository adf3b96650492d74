using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Transport;
using Isolation.Netlink.Wire;
using Isolation.Syscalls;

namespace Isolation.Netlink.Tests;

/// <summary>A million messages of the kernel's that something happened to (N01).</summary>
[NativeOnly]
public sealed class HostileMessageTests
{
    private const int Mutants = 1_000_000, Seed = 20261125;

    [LinuxFact(Needs.Root | Needs.Iproute2 | Needs.FullSpeed)]
    public void A_million_mutants_give_values_or_typed_errors_in_bounded_time() => RunMutants(Mutants, TimeSpan.FromSeconds(60));

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void Mutants_give_values_or_typed_errors() => RunMutants(Mutants / 100, TimeSpan.FromSeconds(90));

    [LinuxFact]
    public void Every_reader_is_in_the_table()
    {
        Type[] made =
        [
            .. typeof(RouteClient).Assembly.GetTypes()
                .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
                .Where(m => m is { Name: "Read", ContainsGenericParameters: false, IsAbstract: false } && m.ReturnType == m.DeclaringType && m.GetParameters() is [var bytes] && bytes.ParameterType == typeof(ReadOnlySpan<byte>))
                .Select(m => m.ReturnType),
        ];
        Assert.Contains(typeof(Link), made);

        // Structs of numbers: all bytes are a value. What is read where it was received is part of what is here.
        made = [.. made.Where(t => !t.IsSubclassOf(typeof(KindStatistics)) && !t.IsByRefLike)];
        Assert.Empty(made.Except(HostileReader.All.Select(r => r.Made)));
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void A_reader_that_checks_no_length_fails()
    {
        IReadOnlyList<byte[]> links = Captured(out _)["links"];
        var weak = new HostileReader("weak links", null, 0, ReadWithoutChecks);
        Xunit.Sdk.XunitException e = Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => new HostileMutator(links, Seed).Run(weak, 10_000));
        Assert.Contains("instead of EBADMSG", e.Message, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void A_reader_that_reads_a_byte_too_much_dies() => Assert.NotEqual(0, FreshProcess.Run(ReadTooMuch).ExitCode);

    [LinuxFact]
    public void A_reader_that_reads_all_bytes_lives() => FreshProcess.Run(ReadAll).EnsureSuccess();

    // Attributes as they come, without a look at what their lengths claim.
    private static void ReadWithoutChecks(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> rest = body[Unsafe.SizeOf<LinkHeader>()..];
        while (!rest.IsEmpty)
        {
            AttributeHeader header = MemoryMarshal.Read<AttributeHeader>(rest);
            _ = rest[Unsafe.SizeOf<AttributeHeader>()..header.nla_len];
            rest = rest[Math.Min((header.nla_len + 3) & ~3, rest.Length)..];
        }
    }

    private static void ReadTooMuch() => ReadUnchecked(1);

    private static void ReadAll() => ReadUnchecked(0);

    private static void ReadUnchecked(int more)
    {
        using var memory = new GuardedMemory();
        ReadOnlySpan<byte> placed = memory.Place([1, 2, 3]);
        for (int i = 0; i < placed.Length + more; i++)
            Console.Write(Unsafe.Add(ref MemoryMarshal.GetReference(placed), i));
    }

    private static void RunMutants(int count, TimeSpan limit)
    {
        using var nothingLeft = new ResidueCheck();
        Dictionary<string, List<byte[]>> captured = Captured(out List<byte[]> datagrams);
        long start = Stopwatch.GetTimestamp();
        int values = 0, errors = 0, each = count / HostileReader.All.Count + 1;
        foreach (HostileReader reader in HostileReader.All)
        {
            var mutator = new HostileMutator(reader.Bodies is { } bodies ? [.. bodies()] : reader.List is null ? datagrams : captured[reader.Name], Seed);
            mutator.Run(reader, each);

            // Else the mutants are too wild or too tame.
            Assert.True(mutator.Values > each / 100 && mutator.Errors > each / 100, $"{reader.Name}: {mutator.Values} values, {mutator.Errors} errors");
            values += mutator.Values;
            errors += mutator.Errors;
        }

        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        TestContext.Current.TestOutputHelper?.WriteLine($"{values} values and {errors} typed errors in {elapsed}");
        Assert.True(values + errors >= count && elapsed < limit, $"{values + errors} mutants took {elapsed}.");
    }

    /// <summary>What the kernel sends: the bodies of each list, and whole datagrams of lists, of errors and of acknowledgements.</summary>
    private static Dictionary<string, List<byte[]>> Captured(out List<byte[]> datagrams)
    {
        using var network = new TestNetwork();
        Populate(network);
        using NetlinkSocket socket = NetlinkSocket.Open(network.Namespace);
        datagrams = [];
        var captured = new Dictionary<string, List<byte[]>>();
        foreach (HostileReader reader in HostileReader.All.Where(r => r.List is not null))
        {
            byte[] header = new byte[reader.FixedSize];
            header[0] = reader.Family;
            var bodies = new List<byte[]>();
            foreach (byte[] datagram in Ask(socket, reader.List!.Value, NetlinkMessageFlags.NLM_F_DUMP, header))
            {
                datagrams.Add(datagram.Length < 8192 ? datagram : datagram[..8192]);
                foreach (Message message in new MessageReader(datagram))
                {
                    if (message.Header.nlmsg_type > NetlinkConstants.NLMSG_DONE)
                        bodies.Add(message.Body.ToArray());
                }
            }

            Assert.NotEmpty(bodies);
            captured.Add(reader.Name, bodies);
        }

        // Errors with words, with the place of an attribute, with a policy; an acknowledgement.
        datagrams.AddRange(Ask(socket, RouteMessageType.RTM_DELLINK, NetlinkMessageFlags.NLM_F_ACK, [.. new byte[16], 12, 0, 3, 0, .. "nobody\0\0"u8]));
        datagrams.AddRange(Ask(socket, RouteMessageType.RTM_NEWROUTE, NetlinkMessageFlags.NLM_F_ACK | NetlinkMessageFlags.NLM_F_CREATE, [2, 32, 0, 0, 254, 3, 0, 1, 0, 0, 0, 0, 8, 0, 1, 0, 10, 0, 0, 99, 8, 0, 5, 0, 10, 77, 0, 1]));
        datagrams.AddRange(Ask(socket, RouteMessageType.RTM_NEWLINK, NetlinkMessageFlags.NLM_F_ACK, [0, 0, 0, 0, 1, 0, 0, 0, .. new byte[8], 6, 0, 4, 0, 1, 0, 0, 0]));
        datagrams.AddRange(Ask(socket, RouteMessageType.RTM_NEWLINK, NetlinkMessageFlags.NLM_F_ACK, [0, 0, 0, 0, 1, 0, 0, 0, .. new byte[8]]));
        return captured;
    }

    /// <summary>What the kernel says of the families of generic netlink (CTRL_CMD_GETFAMILY of nlctrl).</summary>
    internal static IEnumerable<byte[]> CapturedFamilies()
    {
        const int GenericNetlink = 16, Control = 16;
        using NetlinkSocket socket = NetlinkSocket.Open(GenericNetlink);
        var bodies = new List<byte[]>();
        foreach (byte[] datagram in Ask(socket, (RouteMessageType)Control, NetlinkMessageFlags.NLM_F_DUMP, [3, 2, 0, 0]))
        {
            foreach (Message message in new MessageReader(datagram))
            {
                if (message.Header.nlmsg_type > NetlinkConstants.NLMSG_DONE)
                    bodies.Add(message.Body.ToArray());
            }
        }

        return bodies;
    }

    // Something of all that the readers know.
    private static void Populate(TestNetwork network)
    {
        network.Ip("link set lo up");
        network.Ip("link add br0 type bridge stp_state 1");
        network.Ip("link property add dev br0 altname another-name");
        network.Ip("link set br0 alias the-bridge");
        network.Ip("link add v0 type veth peer name v1");
        network.Ip("link set v0 up master br0");
        network.Ip("link set v1 up");
        network.Ip("addr add 10.0.0.2/24 brd + label v1:web dev v1");
        network.Ip("addr add 10.1.0.1 peer 10.1.0.2/30 dev v1");
        network.Ip("addr add fd00::2/64 nodad valid_lft 7200 preferred_lft 3600 dev v1");
        network.Ip("route add 10.5.0.0/16 via 10.0.0.1 src 10.0.0.2 metric 9 proto static");
        network.Ip("route add 10.6.0.0/16 via inet6 fd00::1 dev v1");
        network.Ip("route add 10.8.0.0/16 nexthop via 10.0.0.1 weight 1 nexthop via 10.0.0.3 dev v1 weight 256");
        network.Ip("route add blackhole 10.7.0.0/16 table 1000");
        network.Ip("-6 route add fd02::/64 nexthop via fd00::1 weight 2 nexthop via fd00::3 weight 5");
        network.Ip("route add 10.11.0.0/16 encap ip id 7 dst 10.0.0.9 via 10.0.0.1 mtu 1400 advmss 1300 window 9");
        network.Ip("rule add from 10.0.0.0/8 to 10.1.0.0/16 fwmark 1/3 iif v0 oif v1 ipproto tcp sport 1-9 dport 80 uidrange 1-5 table 1000 suppress_prefixlength 0");
        network.Ip("neigh add 10.0.0.7 lladdr 02:00:00:00:00:07 dev v1");
        network.Ip("neigh add proxy 10.0.0.8 dev v1");
        network.Ip("nexthop add id 1 via 10.0.0.1 dev v1");
        network.Ip("nexthop add id 2 via 10.0.0.3 dev v1");
        network.Ip("nexthop add id 3 group 1,5/2,9");
        network.Ip("nexthop add id 4 blackhole");
        network.Ip("-6 route add fd01::/64 from fd04::/64 via fd00::1");
    }

    private static List<byte[]> Ask(NetlinkSocket socket, RouteMessageType type, NetlinkMessageFlags flags, byte[] body)
    {
        var header = new NetlinkHeader { nlmsg_len = (uint)(Unsafe.SizeOf<NetlinkHeader>() + body.Length), nlmsg_type = (ushort)type, nlmsg_flags = flags | NetlinkMessageFlags.NLM_F_REQUEST, nlmsg_seq = 1 };
        socket.Send([.. MemoryMarshal.AsBytes(new ReadOnlySpan<NetlinkHeader>(in header)), .. body]);
        var received = new List<byte[]>();
        byte[] buffer = new byte[64 << 10];
        try
        {
            while (true)
                received.Add(buffer[..socket.Receive(buffer)]);
        }
        catch (LinuxException e) when (e.Errno == Errno.EAGAIN)
        {
            return received;
        }
    }
}
