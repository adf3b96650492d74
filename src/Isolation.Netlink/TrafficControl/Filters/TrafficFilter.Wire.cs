using System.Buffers.Binary;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial record TrafficFilter
{
    private const int PriorityShift = 16;

    /// <summary>Reads the body of RTM_NEWTFILTER; null for what is no filter: the head of a priority, or a hash table of u32.</summary>
    /// <exception cref="NetlinkException">EBADMSG: it is malformed.</exception>
    internal static TrafficFilter? Read(ReadOnlySpan<byte> body)
    {
        TrafficMessage message = TrafficMessage.Read(body);
        if (message.Header.tcm_handle == 0 || (message.Kind == U32Filter.KindName && U32Filter.IsTable(message.Header.tcm_handle)))
            return null;
        return new TrafficFilter(message.Header.tcm_ifindex, new TrafficHandle(message.Header.tcm_parent), TrafficFilterKind.Read(message.Kind, message.Options))
        {
            Priority = (int)(message.Header.tcm_info >> PriorityShift),
            Protocol = (EtherType)BinaryPrimitives.ReverseEndianness((ushort)message.Header.tcm_info),
            Chain = message.Chain,
            Handle = message.Header.tcm_handle,
        };
    }

    /// <exception cref="ArgumentException">A setting is wrong.</exception>
    internal void Write(MessageWriter writer)
    {
        WriteKey(writer);
        Kind.WriteOptions(writer, Protocol);
    }

    /// <summary>Writes what it is known by. The kernel refuses to delete one of another kind.</summary>
    internal void WriteKey(MessageWriter writer)
    {
        if (Priority is < 0 or > ushort.MaxValue)
            throw new ArgumentException($"The priority is out of range: {Priority}.");
        if (Handle is < 0 or > uint.MaxValue)
            throw new ArgumentException($"The handle of a filter is out of range: {Handle}.");
        WritePlace(writer, InterfaceIndex, Parent, Priority, Protocol, Chain == 0 ? null : Chain, (uint)Handle);
        writer.WriteText(TrafficAttribute.TCA_KIND, Kind.Name);
    }

    /// <summary>Writes where filters are.</summary>
    internal static void WritePlace(MessageWriter writer, int interfaceIndex, TrafficHandle parent, int priority, EtherType protocol, int? chain, uint handle)
    {
        if (chain < 0)
            throw new ArgumentException($"The chain is negative: {chain}.");
        writer.WriteHeader(new TrafficHeader
        {
            tcm_ifindex = interfaceIndex,
            tcm_parent = parent.Value,
            tcm_handle = handle,
            tcm_info = ((uint)priority << PriorityShift) | BinaryPrimitives.ReverseEndianness((ushort)protocol),
        });
        writer.Write(TrafficAttribute.TCA_CHAIN, chain);
    }
}

/// <summary>A filter that is made or changed.</summary>
internal readonly record struct TrafficFilterRequest(TrafficFilter Filter) : IRequestBody
{
    public void WriteTo(MessageWriter writer) => Filter.Write(writer);
}

/// <summary>A filter that is to go.</summary>
internal readonly record struct DeleteTrafficFilterRequest(TrafficFilter Filter) : IRequestBody
{
    public void WriteTo(MessageWriter writer) => Filter.WriteKey(writer);
}

/// <summary>All filters of a place.</summary>
internal readonly record struct TrafficFiltersRequest(int InterfaceIndex, TrafficHandle Parent, int? Chain, int Priority = 0) : IRequestBody
{
    // No protocol: those of all.
    public void WriteTo(MessageWriter writer) => TrafficFilter.WritePlace(writer, InterfaceIndex, Parent, Priority, default, Chain, handle: 0);
}
