using System.Net;
using Isolation.Netlink;

namespace Isolation;

public sealed partial class NetworkBuilder
{
    /// <summary>An address of a link inside; of <c>lo</c>, too.</summary>
    /// <param name="link">The link's name inside.</param>
    /// <param name="address">The address with its prefix length: <c>10.0.0.2/24</c>, <c>fd00::2/64</c>. It can be used at once: of IPv6, no duplicates are looked for.</param>
    /// <exception cref="ArgumentException">The address is none.</exception>
    public NetworkBuilder WithAddress(string link, string address)
        => new(Spec with { Addresses = Spec.Addresses.Add(new ContainerAddress(LinkName.Check(link), Networks.ParseAddress(address, nameof(address)))) });

    /// <summary>A route inside (ip-route(8)).</summary>
    /// <param name="destination">Where it leads: <c>192.168.0.0/16</c>, one address, or <c>default</c>.</param>
    /// <param name="gateway">The router; null when the destination is on the link.</param>
    /// <param name="link">The name of the link inside that packets leave by. Default: the one whose network has the gateway.</param>
    /// <exception cref="ArgumentException">An address is none, or neither gateway nor link are given.</exception>
    public NetworkBuilder WithRoute(string destination, string? gateway = null, string? link = null)
    {
        if (gateway is null && link is null)
            throw new ArgumentException($"The route to {destination} needs a gateway, a link or both.", nameof(gateway));
        ArgumentException.ThrowIfNullOrEmpty(destination);
        IPAddress? router = gateway is null ? null : Networks.ParseGateway(gateway, nameof(gateway));
        IPNetwork network = Networks.ParseDestination(destination, router, nameof(destination));
        return With(new Route(network) { Gateway = router }, link is null ? null : LinkName.Check(link));
    }

    /// <summary>The default route of the gateway's family.</summary>
    /// <param name="gateway">The router.</param>
    /// <param name="link">The name of the link inside that packets leave by. Default: the one whose network has the gateway.</param>
    /// <exception cref="ArgumentException">The address is none.</exception>
    public NetworkBuilder WithDefaultGateway(string gateway, string? link = null)
        => With(Route.Default(Networks.ParseGateway(gateway, nameof(gateway))), link is null ? null : LinkName.Check(link));

    private NetworkBuilder With(Route route, string? link) => new(Spec with { Routes = Spec.Routes.Add(new ContainerRoute(route, link)) });
}
