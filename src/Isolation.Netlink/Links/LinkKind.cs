using System.Collections.Immutable;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>What a virtual link is, with the settings that only its kind has (ip-link(8), TYPES).</summary>
public abstract record LinkKind
{
    private Sequence<UnknownLinkOption> _unknown;

    private protected LinkKind(string name) => Name = name;

    /// <summary>The kernel's name of the kind: <c>veth</c>, <c>bridge</c>.</summary>
    public string Name { get; }

    /// <summary>Attributes that have no property here, as the kernel told them. They are written too, where the kind is added or changed.</summary>
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
            writer.WriteText(LinkInfoAttribute.IFLA_INFO_KIND, Name);

            WriteInfoData(writer);
        }
    }

    /// <summary>Reads the kind from IFLA_LINKINFO; null when none is told.</summary>
    internal static LinkKind? Read(AttributeReader attributes)
    {
        if (!LinkInfo.Find(attributes, LinkInfoAttribute.IFLA_INFO_KIND, LinkInfoAttribute.IFLA_INFO_DATA, out string name, out ReadOnlySpan<byte> data))
            return null;
        return LinkKinds.Find(name) is { } kind ? kind.Read(new AttributeReader(data)) : GenericLink.ReadData(name, data);
    }

    /// <summary>Writes IFLA_INFO_DATA, if there is something in it.</summary>
    private protected virtual void WriteInfoData(MessageWriter writer)
    {
        // Kinds without attributes of their own refuse even an empty nest when they are changed.
        using (writer.NestUnlessEmpty(LinkInfoAttribute.IFLA_INFO_DATA))
        {
            WriteData(writer);
            writer.WriteUnknown(UnknownOptions);
        }
    }

    /// <summary>Writes what IFLA_INFO_DATA holds.</summary>
    private protected abstract void WriteData(MessageWriter writer);

    /// <summary>For constructors that read: keeps an attribute that has no property.</summary>
    private protected void KeepUnknown(Wire.Attribute attribute) => _unknown = new(_unknown.Items.Add(UnknownLinkOption.Read(attribute)));

    /// <summary>For constructors that read: keeps all.</summary>
    private protected void KeepUnknown(AttributeReader data)
    {
        foreach (Wire.Attribute attribute in data)
            KeepUnknown(attribute);
    }
}
