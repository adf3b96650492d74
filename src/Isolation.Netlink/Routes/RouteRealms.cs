namespace Isolation.Netlink;

/// <summary>IPv4: the realms that packets come from and go to, which filters and statistics tell apart (ip-route(8), <c>realm</c>).</summary>
/// <param name="Source">That which they come from; 0 for none.</param>
/// <param name="Destination">That which they go to; 0 for none.</param>
public readonly record struct RouteRealms(ushort Source, ushort Destination)
{
    /// <summary>As the kernel has them in one number.</summary>
    internal uint Number => ((uint)Source << 16) | Destination;

    internal static RouteRealms? FromNumber(uint number) => number == 0 ? null : new RouteRealms((ushort)(number >> 16), (ushort)number);
}
