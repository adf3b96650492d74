using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial record Qdisc
{
    /// <summary>Reads the body of RTM_NEWQDISC.</summary>
    /// <exception cref="NetlinkException">EBADMSG: it is malformed.</exception>
    internal static Qdisc Read(ReadOnlySpan<byte> body)
    {
        TrafficMessage message = TrafficMessage.Read(body);
        return new Qdisc(message.Header.tcm_ifindex, QdiscKind.Read(message.Kind, message.Options))
        {
            Parent = new TrafficHandle(message.Header.tcm_parent),
            Handle = new TrafficHandle(message.Header.tcm_handle),
            Statistics = message.Statistics,
            KindStatistics = QdiscKind.ReadStatistics(message.Kind, message.KindStatistics),
        };
    }

    /// <exception cref="ArgumentException">It cannot stand there, or a setting is wrong.</exception>
    internal void Write(MessageWriter writer, bool isNew)
    {
        if (Handle.Minor != 0)
            throw new ArgumentException($"The handle of a discipline has a minor number of 0: {Handle}.");
        if (Kind is not GenericQdisc && Kind.DefaultParent == TrafficHandle.Ingress != (Parent == TrafficHandle.Ingress))
            throw new ArgumentException($"A discipline of kind {Kind.Name} cannot have the parent {Parent}.");
        WriteKey(writer);
        if (Estimator is { } estimator)
            writer.Write(TrafficAttribute.TCA_RATE, estimator.ToData());
        Kind.WriteOptions(writer, isNew);
    }

    /// <summary>Writes what it is known by. The kernel refuses to delete one of another kind.</summary>
    internal void WriteKey(MessageWriter writer)
    {
        writer.WriteHeader(new TrafficHeader { tcm_ifindex = InterfaceIndex, tcm_parent = Parent.Value, tcm_handle = Handle.Value });
        writer.WriteText(TrafficAttribute.TCA_KIND, Kind.Name);
    }
}

/// <summary>A discipline that is made, or put in the place of another.</summary>
internal readonly record struct QdiscRequest(Qdisc Qdisc, bool IsNew) : IRequestBody
{
    public void WriteTo(MessageWriter writer) => Qdisc.Write(writer, IsNew);
}

/// <summary>A discipline that is to go.</summary>
internal readonly record struct DeleteQdiscRequest(Qdisc Qdisc) : IRequestBody
{
    public void WriteTo(MessageWriter writer) => Qdisc.WriteKey(writer);
}

/// <summary>The place of a discipline, or of a class.</summary>
internal readonly record struct TrafficPlaceRequest(int InterfaceIndex, TrafficHandle Parent, TrafficHandle Handle = default) : IRequestBody
{
    public void WriteTo(MessageWriter writer)
        => writer.WriteHeader(new TrafficHeader { tcm_ifindex = InterfaceIndex, tcm_parent = Parent.Value, tcm_handle = Handle.Value });
}
