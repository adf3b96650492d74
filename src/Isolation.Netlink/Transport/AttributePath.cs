using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Transport;

/// <summary>Turns an offset into one of our requests into the names of the attributes there, as the kernel spells them.</summary>
internal static class AttributePath
{
    /// <summary>The attribute that begins at an offset; null when there is none.</summary>
    public static string? At(ReadOnlySpan<byte> request, int offset)
        => Space.OfRequest(request, out int start) is { } space ? Find(request[start..], offset - start, space) : null;

    /// <summary>An attribute that is missing in the one that begins at an offset, or, where that is 0, in the request.</summary>
    public static string? OfMissing(ReadOnlySpan<byte> request, int nest, ushort type)
    {
        if (Space.OfRequest(request, out int start) is not { } space)
            return null;
        if (nest == 0)
            return space.Name(type);
        return Find(request[start..], nest - start, space, type);
    }

    private static string? Find(ReadOnlySpan<byte> attributes, int offset, Space space, ushort? missing = null)
    {
        int position = 0;
        string kind = "";
        foreach (Wire.Attribute attribute in new AttributeReader(attributes))
        {
            if (space == Space.LinkInfo && attribute.Type == (ushort)LinkInfoAttribute.IFLA_INFO_KIND)
                kind = attribute.Text;
            Space? inner = space.Inside(attribute.Type, kind);
            string name = space.Name(attribute.Type);
            if (offset == position)
                return missing is { } type ? $"{name}.{inner?.Name(type) ?? Number(type)}" : name;
            int value = position + Unsafe.SizeOf<AttributeHeader>(), end = value + attribute.Value.Length;
            if (offset >= value && offset < end)
            {
                if (inner is null || attribute.Value.Length < inner.FixedSize)
                    return name;
                return Find(attribute.Value[inner.FixedSize..], offset - value - inner.FixedSize, inner, missing) is { } rest ? $"{name}.{rest}" : name;
            }

            position = (end + 3) & ~3;
        }

        return null;
    }

    private static string Number(ushort type) => type.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>What the numbers of attributes mean in one place.</summary>
    private sealed record Space(int FixedSize, Func<ushort, string> Name)
    {
        public static readonly Space LinkInfo = Of<LinkInfoAttribute>();
        private static readonly Space s_link = Of<LinkAttribute>(Unsafe.SizeOf<LinkHeader>());
        private static readonly Space s_bridge = Of<BridgeAttribute>();
        private static readonly Space s_veth = Of<VethAttribute>();
        private static readonly Space s_address = Of<AddressAttribute>(Unsafe.SizeOf<AddressHeader>());
        private static readonly Space s_route = Of<RouteAttribute>(Unsafe.SizeOf<RouteHeader>());

        public static Space? OfRequest(ReadOnlySpan<byte> request, out int start)
        {
            Space? space = (RouteMessageType)MemoryMarshal.Read<NetlinkHeader>(request).nlmsg_type switch
            {
                <= RouteMessageType.RTM_GETLINK or RouteMessageType.RTM_NEWLINKPROP or RouteMessageType.RTM_DELLINKPROP => s_link,
                <= RouteMessageType.RTM_GETADDR => s_address,
                <= RouteMessageType.RTM_GETROUTE => s_route,
                _ => null,
            };
            start = Math.Min(Unsafe.SizeOf<NetlinkHeader>() + (space?.FixedSize ?? 0), request.Length);
            return space;
        }

        public Space? Inside(ushort type, string kind)
        {
            if (this == s_link && type is (ushort)LinkAttribute.IFLA_PROP_LIST)
                return Of<LinkAttribute>();
            if (this == s_link && type is (ushort)LinkAttribute.IFLA_LINKINFO)
                return LinkInfo;
            if (this == LinkInfo && type is (ushort)LinkInfoAttribute.IFLA_INFO_DATA)
                return kind switch { "bridge" => s_bridge, "veth" => s_veth, _ => null };
            return this == s_veth ? s_link : null;
        }

        private static Space Of<T>(int fixedSize = 0)
            where T : unmanaged, Enum
            => new(fixedSize, static type => Enum.GetName(Unsafe.BitCast<ushort, T>(type)) ?? Number(type));
    }
}
