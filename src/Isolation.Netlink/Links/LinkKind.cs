using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>What a virtual link is, with the settings that only its kind has (ip-link(8), TYPES).</summary>
public abstract record LinkKind
{
    private protected LinkKind(string name) => Name = name;

    /// <summary>The kernel's name of the kind: <c>veth</c>, <c>bridge</c>.</summary>
    public string Name { get; }

    /// <summary>Writes IFLA_LINKINFO.</summary>
    internal void WriteTo(MessageWriter writer)
    {
        using (writer.Nest(LinkAttribute.IFLA_LINKINFO))
        {
            writer.WriteText(LinkInfoAttribute.IFLA_INFO_KIND, Name);
            WriteData(writer);
        }
    }

    /// <summary>Reads IFLA_LINKINFO; null when no kind is told.</summary>
    internal static LinkKind? Read(AttributeReader attributes)
    {
        string? name = null;
        ReadOnlySpan<byte> data = [];
        foreach (Wire.Attribute attribute in attributes)
        {
            if (attribute.Type == (ushort)LinkInfoAttribute.IFLA_INFO_KIND)
                name = attribute.Text;
            else if (attribute.Type == (ushort)LinkInfoAttribute.IFLA_INFO_DATA)
                data = attribute.Value;
        }

        return name switch
        {
            null => null,
            VethLink.KindName => new VethLink(),
            BridgeLink.KindName => BridgeLink.ReadData(new AttributeReader(data)),
            _ => GenericLink.ReadData(name, data),
        };
    }

    /// <summary>Writes IFLA_INFO_DATA, if there is something to write.</summary>
    private protected abstract void WriteData(MessageWriter writer);
}
