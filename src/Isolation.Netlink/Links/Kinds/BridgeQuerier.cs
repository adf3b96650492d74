using System.Net;
using System.Net.Sockets;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Who asks for multicasts at a bridge (IFLA_BR_MCAST_QUERIER_STATE).</summary>
/// <param name="Address">Its address.</param>
public sealed record BridgeQuerier(IPAddress Address)
{
    /// <summary>The index of the port behind which it is; null for the bridge itself.</summary>
    public int? PortIndex { get; private init; }

    /// <summary>How long it is still believed to be there; null for the bridge itself.</summary>
    public TimeSpan? Timer { get; private init; }

    internal static BridgeQuerier? Read(AttributeReader attributes, AddressFamily family)
    {
        bool v6 = family == AddressFamily.InterNetworkV6;
        IPAddress? address = null;
        int? port = null;
        TimeSpan? timer = null;
        foreach (Wire.Attribute attribute in attributes)
        {
            switch ((BridgeQuerierAttribute)attribute.Type)
            {
                case BridgeQuerierAttribute.BRIDGE_QUERIER_IP_ADDRESS when !v6:
                case BridgeQuerierAttribute.BRIDGE_QUERIER_IPV6_ADDRESS when v6:
                    address = attribute.Address;
                    break;
                case BridgeQuerierAttribute.BRIDGE_QUERIER_IP_PORT when !v6:
                case BridgeQuerierAttribute.BRIDGE_QUERIER_IPV6_PORT when v6:
                    port = attribute.Number<int>();
                    break;
                case BridgeQuerierAttribute.BRIDGE_QUERIER_IP_OTHER_TIMER when !v6:
                case BridgeQuerierAttribute.BRIDGE_QUERIER_IPV6_OTHER_TIMER when v6:
                    timer = attribute.LongTime;
                    break;
            }
        }

        return address is null ? null : new BridgeQuerier(address) { PortIndex = port, Timer = timer };
    }
}
