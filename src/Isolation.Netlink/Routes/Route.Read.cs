using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial record Route
{
    // USER_HZ, which the kernel counts times in that it tells.
    internal const int TicksPerSecond = 100;

    /// <summary>Reads the body of RTM_NEWROUTE.</summary>
    /// <exception cref="NetlinkException">EBADMSG: it is malformed.</exception>
    internal static Route Read(ReadOnlySpan<byte> body)
    {
        RouteHeader header = Message.ReadFixed<RouteHeader>(body, out AttributeReader attributes);
        AddressFamily family = IPFamily.FromKernel(header.rtm_family);
        ReadOnlySpan<byte> destination = default, source = default, encapsulation = default;
        IPAddress? gateway = null, preferred = null;
        int index = 0, table = header.rtm_table;
        long expires = 0;
        int? nextHopId = null;
        uint metric = 0, realms = 0;
        ushort encapsulationType = 0;
        RoutePreference preference = 0;
        RouteMetrics metrics = RouteMetrics.None;
        ImmutableArray<NextHop> hops = [];
        foreach (Wire.Attribute attribute in attributes)
        {
            switch ((RouteAttribute)attribute.Type)
            {
                case RouteAttribute.RTA_DST:
                    destination = attribute.Value;
                    break;
                case RouteAttribute.RTA_SRC:
                    source = attribute.Value;
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
                case RouteAttribute.RTA_METRICS:
                    metrics = RouteMetrics.Read(attribute.Attributes);
                    break;
                case RouteAttribute.RTA_FLOW:
                    realms = attribute.Number<uint>();
                    break;
                case RouteAttribute.RTA_ENCAP_TYPE:
                    encapsulationType = attribute.Number<ushort>();
                    break;
                case RouteAttribute.RTA_ENCAP:
                    encapsulation = attribute.Value;
                    break;
                case RouteAttribute.RTA_PREF:
                    preference = attribute.Number<RoutePreference>();
                    break;
                case RouteAttribute.RTA_CACHEINFO:
                    expires = attribute.Struct<RouteCacheInformation>().rta_expires;
                    break;
                case RouteAttribute.RTA_EXPIRES:
                    expires = attribute.Number<uint>() * (long)TicksPerSecond;
                    break;
                case RouteAttribute.RTA_NH_ID:
                    nextHopId = attribute.Number<int>();
                    break;
                case RouteAttribute.RTA_MULTIPATH:
                    hops = ReadNextHops(attribute.Value);
                    break;
            }
        }

        return new Route(IPPrefix.ToNetwork(destination, header.rtm_dst_len, family))
        {
            Gateway = gateway,
            InterfaceIndex = index,
            IsOnLink = (header.rtm_flags & OnLinkFlag) != 0,
            NextHops = hops,
            NextHopId = nextHopId,
            PreferredSource = preferred,
            Source = header.rtm_src_len == 0 ? null : IPPrefix.ToNetwork(source, header.rtm_src_len, family),
            TypeOfService = header.rtm_tos,
            Metric = metric,
            Table = table,
            Type = (RouteType)header.rtm_type,
            Protocol = (RouteProtocol)header.rtm_protocol,
            Scope = (RouteScope)header.rtm_scope,
            Metrics = metrics,
            Encapsulation = RouteEncapsulation.Read(encapsulationType, encapsulation),
            Realms = RouteRealms.FromNumber(realms),
            Preference = preference,
            Lifetime = expires > 0 ? TimeSpan.FromSeconds((double)expires / TicksPerSecond) : null,
            Flags = ToFlags(header.rtm_flags),
        };
    }

    // What of a route's or a way's flags is no setting.
    internal static RouteFlags ToFlags(uint flags) => (RouteFlags)(flags & ~(uint)OnLinkFlag);

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
            hops.Add(ReadNextHop(header, new AttributeReader(rest[size..header.rtnh_len])));
            rest = rest[Math.Min((header.rtnh_len + 3) & ~3, rest.Length)..];
        }

        return hops.DrainToImmutable();
    }

    private static NextHop ReadNextHop(NextHopHeader header, AttributeReader attributes)
    {
        IPAddress? gateway = null;
        ReadOnlySpan<byte> encapsulation = default;
        ushort encapsulationType = 0;
        uint realms = 0;
        foreach (Wire.Attribute attribute in attributes)
        {
            switch ((RouteAttribute)attribute.Type)
            {
                case RouteAttribute.RTA_GATEWAY or RouteAttribute.RTA_VIA:
                    gateway = ReadGateway(attribute);
                    break;
                case RouteAttribute.RTA_FLOW:
                    realms = attribute.Number<uint>();
                    break;
                case RouteAttribute.RTA_ENCAP_TYPE:
                    encapsulationType = attribute.Number<ushort>();
                    break;
                case RouteAttribute.RTA_ENCAP:
                    encapsulation = attribute.Value;
                    break;
            }
        }

        return new NextHop(gateway, header.rtnh_ifindex)
        {
            Weight = header.rtnh_hops + 1,
            IsOnLink = (header.rtnh_flags & OnLinkFlag) != 0,
            Encapsulation = RouteEncapsulation.Read(encapsulationType, encapsulation),
            Realms = RouteRealms.FromNumber(realms),
            Flags = ToFlags(header.rtnh_flags),
        };
    }
}
