using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>A port of a master whose kind has no type here, such as <c>team</c>. Its attributes are in <see cref="LinkPort.UnknownOptions"/>.</summary>
public sealed record GenericPort : LinkPort
{
    /// <summary>Names the master's kind.</summary>
    /// <param name="name">The kernel's name of it.</param>
    public GenericPort(string name)
        : base(name)
        => ArgumentException.ThrowIfNullOrEmpty(name);

    internal GenericPort(string name, AttributeReader data)
        : base(name)
    {
        foreach (Wire.Attribute attribute in data)
            KeepUnknown(attribute);
    }

    private protected override void WriteData(MessageWriter writer)
    {
    }
}
