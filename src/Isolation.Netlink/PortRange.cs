using System.Buffers.Binary;
using Isolation.Netlink.Interop;

namespace Isolation.Netlink;

/// <summary>Ports of UDP or TCP, from one to another.</summary>
/// <param name="First">The first.</param>
/// <param name="Last">The last.</param>
public readonly record struct PortRange(ushort First, ushort Last)
{
    /// <summary>One port.</summary>
    public PortRange(ushort port)
        : this(port, port)
    {
    }

    /// <summary>Reads that of a tunnel, which is in network byte order.</summary>
    internal static PortRange Read(Wire.Attribute attribute)
    {
        TunnelPortRangeData data = attribute.Number<TunnelPortRangeData>();
        return new PortRange(BinaryPrimitives.ReverseEndianness(data.low), BinaryPrimitives.ReverseEndianness(data.high));
    }

    /// <summary>That of a tunnel.</summary>
    /// <exception cref="ArgumentException">The last comes before the first.</exception>
    internal TunnelPortRangeData ToKernel()
        => First <= Last
            ? new TunnelPortRangeData { low = BinaryPrimitives.ReverseEndianness(First), high = BinaryPrimitives.ReverseEndianness(Last) }
            : throw new ArgumentException($"Ports from {First} to {Last} are none.");
}
