using System.Net;
using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial record Route
{
    // RTNH_F_ONLINK, in rtm_flags and rtnh_flags.
    internal const byte OnLinkFlag = 4;

    /// <summary>Writes the body of RTM_NEWROUTE.</summary>
    internal void WriteAsNew(MessageWriter writer)
    {
        if (Lifetime is { } life && (life <= TimeSpan.Zero || life.TotalSeconds > int.MaxValue))
            throw new ArgumentException($"The lifetime of the route to {Destination} is out of range: {life}.");
        Write(writer, Protocol ?? RouteProtocol.Boot, Scope ?? DefaultScope, asNew: true);
        if (Preference != RoutePreference.Medium)
            writer.Write(RouteAttribute.RTA_PREF, Preference);
        if (Lifetime is { } time)
            writer.Write(RouteAttribute.RTA_EXPIRES, (uint)Math.Ceiling(time.TotalSeconds));
    }

    /// <summary>Writes the body of RTM_DELROUTE, where what is not given matches all.</summary>
    internal void WriteAsDeleted(MessageWriter writer)
        => Write(writer, Protocol ?? RouteProtocol.Unspecified, Scope ?? RouteScope.Nowhere, asNew: false);

    // As ip(8) chooses it: the kernel wants the scope of an IPv4 route to say whether there is a gateway.
    private RouteScope DefaultScope
    {
        get
        {
            if (Family == AddressFamily.InterNetworkV6)
                return RouteScope.Universe;
            return Type switch
            {
                RouteType.Local => RouteScope.Host,
                RouteType.Broadcast or RouteType.Multicast or RouteType.Anycast => RouteScope.Link,
                RouteType.Unicast when Gateway is null && NextHops.IsEmpty && NextHopId is null => RouteScope.Link,
                _ => RouteScope.Universe,
            };
        }
    }

    private AddressFamily Family => Destination.BaseAddress.AddressFamily;

    private void Write(MessageWriter writer, RouteProtocol protocol, RouteScope scope, bool asNew)
    {
        Check();
        writer.WriteHeader(new RouteHeader
        {
            rtm_family = IPFamily.ToKernel(Family),
            rtm_dst_len = (byte)Destination.PrefixLength,
            rtm_src_len = (byte)(Source?.PrefixLength ?? 0),
            rtm_tos = TypeOfService,

            // Table numbers from 256 on have room in the attribute only.
            rtm_table = (byte)(Table < 256 ? Table : 0),
            rtm_protocol = (byte)protocol,
            rtm_scope = (byte)scope,
            rtm_type = (byte)Type,
            rtm_flags = IsOnLink ? OnLinkFlag : 0u,
        });
        if (!IsDefault)
            writer.WriteAddress(RouteAttribute.RTA_DST, Destination.BaseAddress);
        if (Source is { PrefixLength: > 0 } source)
            writer.WriteAddress(RouteAttribute.RTA_SRC, source.BaseAddress);
        writer.Write(RouteAttribute.RTA_TABLE, Table);
        if (Metric != 0)
            writer.Write(RouteAttribute.RTA_PRIORITY, Metric);
        if (PreferredSource is not null)
            writer.WriteAddress(RouteAttribute.RTA_PREFSRC, PreferredSource);
        if (NextHopId is { } id)
            writer.Write(RouteAttribute.RTA_NH_ID, id);
        else if (!NextHops.IsEmpty)
            WriteNextHops(writer);
        else
            WriteHop(writer);
        Metrics.WriteTo(writer, asNew);
    }

    private void WriteNextHops(MessageWriter writer)
    {
        using MessageWriter.Scope hops = writer.Nest(RouteAttribute.RTA_MULTIPATH);
        foreach (NextHop hop in NextHops)
        {
            using MessageWriter.Scope scope = writer.NestHeader(new NextHopHeader { rtnh_flags = hop.IsOnLink ? OnLinkFlag : (byte)0, rtnh_hops = (byte)(hop.Weight - 1), rtnh_ifindex = hop.InterfaceIndex });
            WriteGateway(writer, hop.Gateway);
            WriteWay(writer, hop.Encapsulation, hop.Realms);
        }
    }

    private void WriteHop(MessageWriter writer)
    {
        WriteGateway(writer, Gateway);
        if (InterfaceIndex != 0)
            writer.Write(RouteAttribute.RTA_OIF, InterfaceIndex);
        WriteWay(writer, Encapsulation, Realms);
    }

    private static void WriteWay(MessageWriter writer, RouteEncapsulation? encapsulation, RouteRealms? realms)
    {
        encapsulation?.WriteTo(writer, RouteAttribute.RTA_ENCAP_TYPE, RouteAttribute.RTA_ENCAP);
        writer.Write(RouteAttribute.RTA_FLOW, realms?.Number);
    }

    private void WriteGateway(MessageWriter writer, IPAddress? gateway)
    {
        if (gateway is null)
            return;
        if (gateway.AddressFamily == Family)
        {
            writer.WriteAddress(RouteAttribute.RTA_GATEWAY, gateway);
            return;
        }

        // struct rtvia: the family, then the address.
        Span<byte> via = stackalloc byte[sizeof(ushort) + 16];
        via[0] = IPFamily.ToKernel(gateway.AddressFamily);
        gateway.TryWriteBytes(via[sizeof(ushort)..], out int length);
        writer.WriteBytes(RouteAttribute.RTA_VIA, via[..(sizeof(ushort) + length)]);
    }

    private void Check()
    {
        if (Destination.BaseAddress is null)
            throw new ArgumentException("A route needs a destination. That of the default route is Route.DefaultIPv4 or Route.DefaultIPv6.");
        ArgumentOutOfRangeException.ThrowIfNegative(InterfaceIndex);
        ArgumentNullException.ThrowIfNull(Metrics);
        if (Table == 0)
            throw new ArgumentException("There is no table 0.");
        if (NextHopId == 0)
            throw new ArgumentException("There is no next-hop object 0.");
        if (Realms is not null && Family != AddressFamily.InterNetwork)
            throw new ArgumentException($"The route to {Destination} has realms, which only IPv4 knows.");
        if ((Lifetime is not null || Preference != RoutePreference.Medium) && Family != AddressFamily.InterNetworkV6)
            throw new ArgumentException($"The route to {Destination} has a lifetime or a preference, which only IPv6 knows.");
        if ((PreferredSource is not null && PreferredSource.AddressFamily != Family) || (Source is { } source && source.BaseAddress.AddressFamily != Family))
            throw new ArgumentException($"The source of the route to {Destination} is of another family.");
        if (NextHops.IsDefault)
            throw new ArgumentException("The ways of a route cannot be a default array. Leave them out, or give an empty one.");
        foreach (NextHop hop in NextHops)
        {
            ArgumentNullException.ThrowIfNull(hop);
            if (hop.Weight is < 1 or > 256 || hop.InterfaceIndex < 0)
                throw new ArgumentException($"A way of the route to {Destination} has the weight {hop.Weight} and the index {hop.InterfaceIndex}; weights are 1 to 256, and no index is negative.");
        }
    }
}
