namespace Isolation.Netlink;

/// <summary>Ports that <see cref="FlowerFilter"/> matches: one, some bits of it, or a range.</summary>
/// <param name="First">The first port.</param>
/// <param name="Last">The last port.</param>
public readonly record struct FlowerPorts(int First, int Last)
{
    /// <summary>One port.</summary>
    /// <param name="port">The port.</param>
    public FlowerPorts(int port)
        : this(port, port)
    {
    }

    /// <summary>Which bits of a single port are compared.</summary>
    public ushort Mask { get; init; } = ushort.MaxValue;

    /// <summary>Whether there are several ports from the first to the last.</summary>
    public bool IsRange => Last != First;

    /// <summary>One port.</summary>
    public static implicit operator FlowerPorts(int port) => new(port);
}
