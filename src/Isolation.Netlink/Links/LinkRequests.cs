using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>A new link.</summary>
internal readonly record struct NewLinkRequest(LinkKind Kind, LinkSettings Settings) : IRequestBody
{
    public void WriteTo(MessageWriter writer)
    {
        writer.WriteHeader(Settings.ToHeader(Settings.Index ?? 0));
        Settings.WriteAsNew(writer);
        Kind.WriteTo(writer);
    }
}

/// <summary>Changes of a link, by index or else by a name.</summary>
internal readonly record struct ChangeLinkRequest(int Index, string? Name, LinkSettings Settings, LinkKind? Kind) : IRequestBody
{
    public void WriteTo(MessageWriter writer)
    {
        writer.WriteHeader(Settings.ToHeader(Index));
        if (Name is not null)
            LinkName.WriteTo(writer, Name);
        Settings.WriteAsChange(writer);
        Kind?.WriteTo(writer);
    }
}

/// <summary>Changes of all links of a group.</summary>
internal readonly record struct ChangeLinkGroupRequest(int Group, LinkSettings Settings) : IRequestBody
{
    public void WriteTo(MessageWriter writer)
    {
        writer.WriteHeader(Settings.ToHeader(index: 0));
        writer.Write(LinkAttribute.IFLA_GROUP, Group);
        Settings.WriteAsChange(writer);
    }
}

/// <summary>Changes of a link as a port of its master.</summary>
internal readonly record struct ChangeLinkPortRequest(int Index, LinkPort Port) : IRequestBody
{
    public void WriteTo(MessageWriter writer)
    {
        writer.WriteHeader(new LinkHeader { ifi_index = Index });
        Port.WriteTo(writer);
    }
}

/// <summary>Asks for one link, by index or else by a name.</summary>
internal readonly record struct GetLinkRequest(int Index, string? Name, LinkDetails Details) : IRequestBody
{
    public void WriteTo(MessageWriter writer)
    {
        writer.WriteHeader(new LinkHeader { ifi_index = Index });
        if (Name is not null)
            LinkName.WriteTo(writer, Name);
        Details.WriteTo(writer);
    }
}

/// <summary>One link that is deleted, by index or else by a name.</summary>
internal readonly record struct OneLinkRequest(int Index, string? Name = null) : IRequestBody
{
    public void WriteTo(MessageWriter writer)
    {
        writer.WriteHeader(new LinkHeader { ifi_index = Index });
        if (Name is not null)
            LinkName.WriteTo(writer, Name);
    }
}

/// <summary>All links of a group.</summary>
internal readonly record struct LinkGroupRequest(int Group) : IRequestBody
{
    public void WriteTo(MessageWriter writer)
    {
        writer.WriteHeader(default(LinkHeader));
        writer.Write(LinkAttribute.IFLA_GROUP, Group);
    }
}

/// <summary>Alternative names of a link.</summary>
internal readonly record struct AlternativeNameRequest(int Index, params string[] Names) : IRequestBody
{
    public void WriteTo(MessageWriter writer)
    {
        writer.WriteHeader(new LinkHeader { ifi_index = Index });
        using (writer.Nest(LinkAttribute.IFLA_PROP_LIST))
        {
            foreach (string name in Names)
                writer.WriteText(LinkAttribute.IFLA_ALT_IFNAME, LinkName.CheckAlternative(name));
        }
    }
}
