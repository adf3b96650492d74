using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial record TrafficClass
{
    /// <summary>Reads the body of RTM_NEWTCLASS.</summary>
    /// <exception cref="NetlinkException">EBADMSG: it is malformed.</exception>
    internal static TrafficClass Read(ReadOnlySpan<byte> body)
    {
        TrafficMessage message = TrafficMessage.Read(body);
        return new TrafficClass(message.Header.tcm_ifindex, new TrafficHandle(message.Header.tcm_parent), new TrafficHandle(message.Header.tcm_handle), TrafficClassKind.Read(message.Kind, message.Options))
        {
            Leaf = new TrafficHandle(message.Header.tcm_info),
            Statistics = message.Statistics,
            KindStatistics = TrafficClassKind.ReadStatistics(message.Kind, message.KindStatistics),
        };
    }

    /// <exception cref="ArgumentException">It cannot have that id, or a setting is wrong.</exception>
    internal void Write(MessageWriter writer)
    {
        if (Id.Major == 0 || Id.Minor == 0)
            throw new ArgumentException($"A class is known by two numbers that are not 0: {Id}.");
        WriteKey(writer);
        if (Estimator is { } estimator)
            writer.Write(TrafficAttribute.TCA_RATE, estimator.ToData());
        Kind.WriteOptions(writer);
    }

    /// <summary>Writes what it is known by.</summary>
    internal void WriteKey(MessageWriter writer)
    {
        // The root of a class is its discipline, which the kernel lists as no parent.
        writer.WriteHeader(new TrafficHeader { tcm_ifindex = InterfaceIndex, tcm_parent = Parent.Value, tcm_handle = Id.Value });
        writer.WriteText(TrafficAttribute.TCA_KIND, Kind.Name);
    }
}

/// <summary>A class that is made or changed.</summary>
internal readonly record struct TrafficClassRequest(TrafficClass Class) : IRequestBody
{
    public void WriteTo(MessageWriter writer) => Class.Write(writer);
}
