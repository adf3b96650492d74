using System.Buffers.Binary;

namespace Isolation.Fs.Layers;

/// <summary>The ids within attributes, mapped as owners are: those of ACLs, and that of the root whose file capabilities they are.</summary>
internal static class AttributeIds
{
    private const string Acl = "system.posix_acl_", Capability = "security.capability";

    /// <summary>linux/posix_acl_xattr.h: a version, then entries of tag, permissions and id.</summary>
    private const int AclVersion = 2, AclHeader = 4, AclEntry = 8, UserTag = 0x02, GroupTag = 0x08;

    /// <summary>capabilities(7), "File capability extended attribute versioning": version 3 is version 2 and the id of a root.</summary>
    private const int Version2Length = 20, Version3Length = 24;

    private const uint VersionMask = 0xff000000, Version2 = 0x02000000, Version3 = 0x03000000;

    /// <summary>The value as it is on the disk; null when it has an id that is not in the maps. What is no ACL or capability is the kernel's to refuse.</summary>
    public static byte[]? ToOutside(string name, byte[] value, LayerOptions options)
        => Map(name, value, options, id => LayerOptions.ToOutside(options.UserMap, id), id => LayerOptions.ToOutside(options.GroupMap, id));

    /// <summary>The value as it is in a layer, of one on the disk; null when it has an id that is not in the maps.</summary>
    public static byte[]? ToInside(string name, byte[] value, LayerOptions options)
        => Map(name, value, options, id => LayerOptions.ToInside(options.UserMap, id), id => LayerOptions.ToInside(options.GroupMap, id));

    private static byte[]? Map(string name, byte[] value, LayerOptions options, Func<uint, uint?> user, Func<uint, uint?> group)
    {
        if (options.UserMap.IsEmpty && options.GroupMap.IsEmpty)
            return value;
        if (name.StartsWith(Acl, StringComparison.Ordinal))
            return MapAcl(value, user, group);
        return name == Capability ? MapCapability(value, user) : value;
    }

    private static byte[]? MapAcl(byte[] value, Func<uint, uint?> user, Func<uint, uint?> group)
    {
        if (value.Length < AclHeader || BinaryPrimitives.ReadUInt32LittleEndian(value) != AclVersion || (value.Length - AclHeader) % AclEntry != 0)
            return value;
        byte[] mapped = [.. value];
        for (Span<byte> rest = mapped.AsSpan(AclHeader); rest.Length > 0; rest = rest[AclEntry..])
        {
            int tag = BinaryPrimitives.ReadUInt16LittleEndian(rest);
            if (tag is not (UserTag or GroupTag))
                continue;
            Span<byte> id = rest[4..AclEntry];
            if ((tag == UserTag ? user : group)(BinaryPrimitives.ReadUInt32LittleEndian(id)) is not { } other)
                return null;
            BinaryPrimitives.WriteUInt32LittleEndian(id, other);
        }

        return mapped;
    }

    // What has no id is the root's with the id 0.
    private static byte[]? MapCapability(byte[] value, Func<uint, uint?> user)
    {
        uint magic = value.Length >= sizeof(uint) ? BinaryPrimitives.ReadUInt32LittleEndian(value) : 0;
        if ((magic & VersionMask, value.Length) is not ((Version2, Version2Length) or (Version3, Version3Length)))
            return value;
        if (user(value.Length == Version3Length ? BinaryPrimitives.ReadUInt32LittleEndian(value.AsSpan(Version2Length)) : 0) is not { } root)
            return null;
        byte[] mapped = new byte[root == 0 ? Version2Length : Version3Length];
        value.AsSpan(0, Version2Length).CopyTo(mapped);
        BinaryPrimitives.WriteUInt32LittleEndian(mapped, (magic & ~VersionMask) | (root == 0 ? Version2 : Version3));
        if (root != 0)
            BinaryPrimitives.WriteUInt32LittleEndian(mapped.AsSpan(Version2Length), root);
        return mapped;
    }
}
