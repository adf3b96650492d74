using System.Collections.Immutable;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial record Route
{
    /// <summary>Reads the body of RTM_NEWROUTE.</summary>
    /// <exception cref="NetlinkException">EBADMSG: it is malformed.</exception>
    internal static Route Read(ReadOnlySpan<byte> body)
    {
        RouteHeader header = Message.ReadFixed<RouteHeader>(body, out AttributeReader attributes);
        IPAddress any = IPFamily.Any(IPFamily.FromKernel(header.rtm_family));
        IPAddress destination = any, source = any;
        IPAddress? gateway = null, preferred = null;
        int index = 0, table = header.rtm_table;
        int? nextHopId = null;
        uint metric = 0;
        ImmutableArray<NextHop> hops = [];
        foreach (Wire.Attribute attribute in attributes)
        {
            switch ((RouteAttribute)attribute.Type)
            {
                case RouteAttribute.RTA_DST:
                    destination = attribute.Address;
                    break;
                case RouteAttribute.RTA_SRC:
                    source = attribute.Address;
                    break;
                case RouteAttribute.RTA_GATEWAY or RouteAttribute.RTA_VIA:
                    gateway = ReadGateway(attribute);
                    break;
                case RouteAttribute.RTA_PREFSRC:
                    preferred = attribute.Address;
                    break;
                case RouteAttribute.RTA_OIF:
                    index = attribute.Number<int>();
                    break;
                case RouteAttribute.RTA_TABLE:
                    table = attribute.Number<int>();
                    break;
                case RouteAttribute.RTA_PRIORITY:
                    metric = attribute.Number<uint>();
                    break;
                case RouteAttribute.RTA_NH_ID:
                    nextHopId = attribute.Number<int>();
                    break;
                case RouteAttribute.RTA_MULTIPATH:
                    hops = ReadNextHops(attribute.Value);
                    break;
            }
        }

        return new Route(ToNetwork(destination, any, header.rtm_dst_len))
        {
            Gateway = gateway,
            InterfaceIndex = index,
            IsOnLink = (header.rtm_flags & OnLinkFlag) != 0,
            NextHops = hops,
            NextHopId = nextHopId,
            PreferredSource = preferred,
            Source = header.rtm_src_len == 0 ? null : ToNetwork(source, any, header.rtm_src_len),
            TypeOfService = header.rtm_tos,
            Metric = metric,
            Table = table,
            Type = (RouteType)header.rtm_type,
            Protocol = (RouteProtocol)header.rtm_protocol,
            Scope = (RouteScope)header.rtm_scope,
        };
    }

    private static IPNetwork ToNetwork(IPAddress address, IPAddress any, byte prefix)
    {
        if (address.AddressFamily != any.AddressFamily || prefix > IPFamily.MaximumPrefix(any.AddressFamily))
            throw NetlinkException.Malformed($"the prefix {address}/{prefix}");
        return IPNetwork.TryParse($"{address}/{prefix}", out IPNetwork network) ? network : throw NetlinkException.Malformed($"the prefix {address}/{prefix}, which has bits behind its end");
    }

    private static IPAddress ReadGateway(Wire.Attribute attribute)
    {
        if (attribute.Type == (ushort)RouteAttribute.RTA_GATEWAY)
            return attribute.Address;

        // struct rtvia: the family, then the address.
        ReadOnlySpan<byte> via = attribute.Value;
        if (via.Length - sizeof(ushort) is not (4 or 16))
            throw NetlinkException.Malformed($"a gateway of {via.Length} bytes");
        return new IPAddress(via[sizeof(ushort)..]);
    }

    private static ImmutableArray<NextHop> ReadNextHops(ReadOnlySpan<byte> rest)
    {
        ImmutableArray<NextHop>.Builder hops = ImmutableArray.CreateBuilder<NextHop>();
        int size = Unsafe.SizeOf<NextHopHeader>();
        while (!rest.IsEmpty)
        {
            if (rest.Length < size)
                throw NetlinkException.Malformed("a next hop ends before its header does");
            NextHopHeader header = MemoryMarshal.Read<NextHopHeader>(rest);
            if (header.rtnh_len < size || header.rtnh_len > rest.Length)
                throw NetlinkException.Malformed($"a next hop claims {header.rtnh_len} bytes of {rest.Length}");
            IPAddress? gateway = null;
            foreach (Wire.Attribute attribute in new AttributeReader(rest[size..header.rtnh_len]))
            {
                if ((RouteAttribute)attribute.Type is RouteAttribute.RTA_GATEWAY or RouteAttribute.RTA_VIA)
                    gateway = ReadGateway(attribute);
            }

            hops.Add(new NextHop(gateway, header.rtnh_ifindex) { Weight = header.rtnh_hops + 1, IsOnLink = (header.rtnh_flags & OnLinkFlag) != 0 });
            rest = rest[Math.Min((header.rtnh_len + 3) & ~3, rest.Length)..];
        }

        return hops.DrainToImmutable();
    }
}
