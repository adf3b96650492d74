using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>A link to which tc-mirred(8) leads packets, so that those that come in can be shaped too (ip-link(8)).</summary>
public sealed record IfbLink() : LinkKind(KindName)
{
    internal const string KindName = "ifb";

    internal IfbLink(AttributeReader data)
        : this()
        => KeepUnknown(data);

    internal static LinkKindEntry Entry { get; } = new(KindName, static data => new IfbLink(data), AttributeSpace.Unknown);

    private protected override void WriteData(MessageWriter writer)
    {
    }
}
