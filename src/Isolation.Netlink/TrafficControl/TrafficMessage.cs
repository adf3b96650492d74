using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>What messages about disciplines, classes and filters have in common.</summary>
internal readonly ref struct TrafficMessage
{
    public TrafficHeader Header { get; private init; }

    /// <summary>TCA_KIND.</summary>
    public string Kind { get; private init; }

    /// <summary>TCA_OPTIONS, which the kernel leaves out where it has nothing to tell.</summary>
    public ReadOnlySpan<byte> Options { get; private init; }

    /// <summary>TCA_CHAIN.</summary>
    public int Chain { get; private init; }

    /// <summary>TCA_STATS2.</summary>
    public TrafficStatistics Statistics { get; private init; }

    /// <summary>TCA_STATS_APP.</summary>
    public ReadOnlySpan<byte> KindStatistics { get; private init; }

    /// <exception cref="NetlinkException">EBADMSG: it is malformed.</exception>
    public static TrafficMessage Read(ReadOnlySpan<byte> body)
    {
        TrafficHeader header = Message.ReadFixed<TrafficHeader>(body, out AttributeReader attributes);
        string? kind = null;
        ReadOnlySpan<byte> options = [], ofKind = [];
        int chain = 0;
        TrafficStatistics statistics = default;
        foreach (Wire.Attribute attribute in attributes)
        {
            switch ((TrafficAttribute)attribute.Type)
            {
                case TrafficAttribute.TCA_KIND:
                    kind = attribute.Text;
                    break;
                case TrafficAttribute.TCA_OPTIONS:
                    options = attribute.Value;
                    break;
                case TrafficAttribute.TCA_CHAIN:
                    chain = attribute.Number<int>();
                    break;
                case TrafficAttribute.TCA_STATS2:
                    statistics = TrafficStatistics.Read(attribute.Attributes, out ofKind);
                    break;
            }
        }

        if (string.IsNullOrEmpty(kind))
            throw NetlinkException.Malformed("a discipline, class or filter without a kind");
        return new TrafficMessage { Header = header, Kind = kind, Options = options, Chain = chain, Statistics = statistics, KindStatistics = ofKind };
    }
}
