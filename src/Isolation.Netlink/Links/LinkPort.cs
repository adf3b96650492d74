using System.Collections.Immutable;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>What a link is to the bridge, bond or VRF that it belongs to, with the settings that only such a port has.</summary>
public abstract record LinkPort
{
    private Sequence<UnknownLinkOption> _unknown;

    private protected LinkPort(string name) => Name = name;

    /// <summary>The kernel's name of the master's kind: <c>bridge</c>, <c>bond</c>.</summary>
    public string Name { get; }

    /// <summary>Attributes that have no property here, as the kernel told them. They are written too, where the port is changed.</summary>
    public ImmutableArray<UnknownLinkOption> UnknownOptions
    {
        get => _unknown.Items;
        init => _unknown = new Sequence<UnknownLinkOption>(value);
    }

    /// <summary>Writes IFLA_LINKINFO.</summary>
    internal void WriteTo(MessageWriter writer)
    {
        using (writer.Nest(LinkAttribute.IFLA_LINKINFO))
        {
            writer.WriteText(LinkInfoAttribute.IFLA_INFO_SLAVE_KIND, Name);
            using (writer.Nest(LinkInfoAttribute.IFLA_INFO_SLAVE_DATA))
            {
                WriteData(writer);
                writer.WriteUnknown(UnknownOptions);
            }
        }
    }

    /// <summary>Reads the port from IFLA_LINKINFO; null when none is told.</summary>
    internal static LinkPort? Read(AttributeReader attributes)
    {
        if (!LinkInfo.Find(attributes, LinkInfoAttribute.IFLA_INFO_SLAVE_KIND, LinkInfoAttribute.IFLA_INFO_SLAVE_DATA, out string name, out ReadOnlySpan<byte> data))
            return null;
        return LinkKinds.FindPort(name) is { } port ? port.Read(new AttributeReader(data)) : new GenericPort(name, new AttributeReader(data));
    }

    /// <summary>Writes what IFLA_INFO_SLAVE_DATA holds.</summary>
    private protected abstract void WriteData(MessageWriter writer);

    /// <summary>For constructors that read: keeps an attribute that has no property.</summary>
    private protected void KeepUnknown(Wire.Attribute attribute) => _unknown = new(_unknown.Items.Add(UnknownLinkOption.Read(attribute)));
}
