using Isolation.Namespaces;

namespace Isolation;

public sealed partial class ContainerBuilder
{
    /// <summary>
    /// A network namespace that is furnished before the program starts: links to the host and to other containers, addresses,
    /// routes. Given several times, each adds to those before.
    /// </summary>
    /// <param name="configure">What is in it: <c>net => net.WithVeth("eth0", "10.0.0.2/24", gateway: "10.0.0.1", bridge: "br0")</c>.</param>
    /// <exception cref="ArgumentException">Two parts of the description contradict each other; the message says which.</exception>
    public ContainerBuilder WithNetNs(Func<NetworkBuilder, NetworkBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        NetworkBuilder network = configure(new NetworkBuilder(_spec.Network)) ?? throw new ArgumentException("The function returned null.", nameof(configure));
        NetworkRules.Check(network.Spec);
        return New(_spec with { Namespaces = _spec.Namespaces | NamespaceKinds.Network, Network = network.Spec });
    }
}
