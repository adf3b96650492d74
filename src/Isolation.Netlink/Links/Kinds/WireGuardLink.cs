using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>A tunnel of WireGuard (wg(8)). Its keys and peers are set by generic netlink.</summary>
public sealed record WireGuardLink() : LinkKind(KindName)
{
    internal const string KindName = "wireguard";

    internal WireGuardLink(AttributeReader data)
        : this()
        => KeepUnknown(data);

    internal static LinkKindEntry Entry { get; } = new(KindName, static data => new WireGuardLink(data), AttributeSpace.Unknown);

    private protected override void WriteData(MessageWriter writer)
    {
    }
}
