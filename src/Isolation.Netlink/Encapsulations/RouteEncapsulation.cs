using System.Runtime.CompilerServices;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>What packets of a route are wrapped into (ip-route(8), ENCAPTYPE). A kernel that lacks a kind refuses it with EOPNOTSUPP.</summary>
public abstract record RouteEncapsulation
{
    private protected RouteEncapsulation(int type) => Type = type;

    /// <summary>The kernel's number of the kind (LWTUNNEL_ENCAP_* of linux/lwtunnel.h).</summary>
    public int Type { get; }

    /// <summary>Writes the two attributes of an encapsulation. The type goes first: errors need it to name what the other one holds.</summary>
    internal void WriteTo<TAttribute>(MessageWriter writer, TAttribute type, TAttribute data)
        where TAttribute : unmanaged, Enum
    {
        writer.Write(type, (ushort)Type);
        WriteData(writer, data);
    }

    /// <summary>Reads the two attributes; null when there is no encapsulation.</summary>
    internal static RouteEncapsulation? Read(ushort type, ReadOnlySpan<byte> data) => (EncapsulationType)type switch
    {
        EncapsulationType.LWTUNNEL_ENCAP_NONE => null,
        EncapsulationType.LWTUNNEL_ENCAP_MPLS => MplsEncapsulation.ReadData(new AttributeReader(data)),
        EncapsulationType.LWTUNNEL_ENCAP_IP or EncapsulationType.LWTUNNEL_ENCAP_IP6 => IPEncapsulation.ReadData((EncapsulationType)type, new AttributeReader(data)),
        EncapsulationType.LWTUNNEL_ENCAP_SEG6 => SegmentRoutingEncapsulation.ReadData(new AttributeReader(data)),
        EncapsulationType.LWTUNNEL_ENCAP_SEG6_LOCAL => LocalSegmentEncapsulation.ReadData(data),
        _ => new RawEncapsulation(type, [.. data]),
    };

    /// <summary>Writes what the kind has of its own.</summary>
    private protected virtual void WriteData<TAttribute>(MessageWriter writer, TAttribute data)
        where TAttribute : unmanaged, Enum
    {
        using (writer.Nest(data))
            WriteAttributes(writer);
    }

    /// <summary>Writes the attributes of the kind.</summary>
    private protected abstract void WriteAttributes(MessageWriter writer);

    /// <summary>An attribute's number with the flag that it holds others.</summary>
    private protected static TAttribute Nested<TAttribute>(TAttribute attribute)
        where TAttribute : unmanaged, Enum
        => Unsafe.BitCast<ushort, TAttribute>((ushort)(Unsafe.BitCast<TAttribute, ushort>(attribute) | NetlinkConstants.NLA_F_NESTED));
}
