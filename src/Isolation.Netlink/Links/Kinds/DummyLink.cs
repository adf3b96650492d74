using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>A link that drops what is sent by it (ip-link(8)).</summary>
public sealed record DummyLink() : LinkKind(KindName)
{
    internal const string KindName = "dummy";

    internal DummyLink(AttributeReader data)
        : this()
        => KeepUnknown(data);

    internal static LinkKindEntry Entry { get; } = new(KindName, static data => new DummyLink(data), AttributeSpace.Unknown);

    private protected override void WriteData(MessageWriter writer)
    {
    }
}
