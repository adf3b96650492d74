using System.Buffers.Binary;
using System.Net.NetworkInformation;

namespace Isolation.Netlink;

/// <summary>The name of a bridge in the spanning tree: the lowest is the root (struct ifla_bridge_id).</summary>
/// <param name="Priority">Its priority, which comes first.</param>
/// <param name="Address">Its MAC address.</param>
public readonly record struct BridgeId(ushort Priority, PhysicalAddress Address)
{
    private const int Size = 8;

    internal static BridgeId Read(Wire.Attribute attribute)
        => attribute.Value.Length == Size
            ? new BridgeId(BinaryPrimitives.ReadUInt16BigEndian(attribute.Value), new PhysicalAddress(attribute.Value[2..].ToArray()))
            : throw NetlinkException.Malformed($"attribute {attribute.Type} is the name of a bridge of {attribute.Value.Length} bytes");
}
