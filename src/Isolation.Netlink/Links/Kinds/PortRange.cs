using System.Buffers.Binary;
using Isolation.Netlink.Interop;

namespace Isolation.Netlink;

/// <summary>Ports of UDP, from one to another.</summary>
/// <param name="Low">The first.</param>
/// <param name="High">The last.</param>
public readonly record struct PortRange(ushort Low, ushort High)
{
    internal static PortRange Read(Wire.Attribute attribute)
    {
        TunnelPortRangeData data = attribute.Number<TunnelPortRangeData>();
        return new PortRange(BinaryPrimitives.ReverseEndianness(data.low), BinaryPrimitives.ReverseEndianness(data.high));
    }

    /// <exception cref="ArgumentException">The last comes before the first.</exception>
    internal TunnelPortRangeData ToKernel()
        => Low <= High
            ? new TunnelPortRangeData { low = BinaryPrimitives.ReverseEndianness(Low), high = BinaryPrimitives.ReverseEndianness(High) }
            : throw new ArgumentException($"Ports from {Low} to {High} are none.");
}
