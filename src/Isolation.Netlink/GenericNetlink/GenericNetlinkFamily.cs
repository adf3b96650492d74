using System.Collections.Immutable;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>A family of generic netlink: a part of the kernel that is spoken with by its name (genl-ctrl-list(8)).</summary>
/// <param name="Name">The name: <c>ethtool</c>, <c>wireguard</c>.</param>
/// <param name="Id">The number that the kernel gave it, which is another one after each boot.</param>
public sealed record GenericNetlinkFamily(string Name, ushort Id)
{
    /// <summary>The version of its messages.</summary>
    public uint Version { get; init; }

    /// <summary>The bytes that each of its messages has before the attributes. Most have none.</summary>
    public int HeaderSize { get; init; }

    /// <summary>The highest number of an attribute; 0 where the operations differ in that.</summary>
    public uint HighestAttribute { get; init; }

    /// <summary>What it can do.</summary>
    public ImmutableArray<GenericNetlinkOperation> Operations { get; init; } = [];

    /// <summary>What it tells without being asked.</summary>
    public ImmutableArray<GenericNetlinkGroup> Groups { get; init; } = [];

    /// <summary>Compares all properties, the operations and groups one by one.</summary>
    public bool Equals(GenericNetlinkFamily? other)
        => other is not null
            && (Name, Id, Version, HeaderSize, HighestAttribute) == (other.Name, other.Id, other.Version, other.HeaderSize, other.HighestAttribute)
            && Operations.AsSpan().SequenceEqual(other.Operations.AsSpan())
            && Groups.AsSpan().SequenceEqual(other.Groups.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Id, Version);

    internal static GenericNetlinkFamily Read(ReadOnlySpan<byte> body)
    {
        Message.ReadFixed<GenericHeader>(body, out AttributeReader attributes);
        var family = new GenericNetlinkFamily("", 0);
        foreach (Wire.Attribute attribute in attributes)
        {
            family = (ControlAttribute)attribute.Type switch
            {
                ControlAttribute.CTRL_ATTR_FAMILY_ID => family with { Id = attribute.Number<ushort>() },
                ControlAttribute.CTRL_ATTR_FAMILY_NAME => family with { Name = attribute.Text },
                ControlAttribute.CTRL_ATTR_VERSION => family with { Version = attribute.Number<uint>() },
                ControlAttribute.CTRL_ATTR_HDRSIZE => family with { HeaderSize = ReadSize(attribute) },
                ControlAttribute.CTRL_ATTR_MAXATTR => family with { HighestAttribute = attribute.Number<uint>() },
                ControlAttribute.CTRL_ATTR_OPS => family with { Operations = ReadOperations(attribute.Attributes) },
                ControlAttribute.CTRL_ATTR_MCAST_GROUPS => family with { Groups = ReadGroups(attribute.Attributes) },
                _ => family,
            };
        }

        return family;
    }

    private static int ReadSize(Wire.Attribute attribute)
        => attribute.Number<uint>() is <= ushort.MaxValue and var size ? (int)size : throw NetlinkException.Malformed("a header that is longer than a message");

    private static ImmutableArray<GenericNetlinkOperation> ReadOperations(AttributeReader list)
    {
        ImmutableArray<GenericNetlinkOperation>.Builder operations = ImmutableArray.CreateBuilder<GenericNetlinkOperation>();
        foreach (Wire.Attribute operation in list)
        {
            uint id = 0, flags = 0;
            foreach (Wire.Attribute attribute in operation.Attributes)
            {
                if (attribute.Type == (ushort)ControlOperationAttribute.CTRL_ATTR_OP_ID)
                    id = attribute.Number<uint>();
                else if (attribute.Type == (ushort)ControlOperationAttribute.CTRL_ATTR_OP_FLAGS)
                    flags = attribute.Number<uint>();
            }

            operations.Add(new GenericNetlinkOperation(id, (GenericNetlinkUses)flags));
        }

        return operations.DrainToImmutable();
    }

    private static ImmutableArray<GenericNetlinkGroup> ReadGroups(AttributeReader list)
    {
        ImmutableArray<GenericNetlinkGroup>.Builder groups = ImmutableArray.CreateBuilder<GenericNetlinkGroup>();
        foreach (Wire.Attribute group in list)
        {
            string name = "";
            uint id = 0;
            foreach (Wire.Attribute attribute in group.Attributes)
            {
                if (attribute.Type == (ushort)ControlGroupAttribute.CTRL_ATTR_MCAST_GRP_NAME)
                    name = attribute.Text;
                else if (attribute.Type == (ushort)ControlGroupAttribute.CTRL_ATTR_MCAST_GRP_ID)
                    id = attribute.Number<uint>();
            }

            groups.Add(new GenericNetlinkGroup(name, id));
        }

        return groups.DrainToImmutable();
    }
}

/// <summary>An operation of a family.</summary>
/// <param name="Command">Its number.</param>
/// <param name="Uses">How it can be used.</param>
public readonly record struct GenericNetlinkOperation(uint Command, GenericNetlinkUses Uses);

/// <summary>A multicast group of a family.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">The number that the kernel gave it.</param>
public readonly record struct GenericNetlinkGroup(string Name, uint Id);

/// <summary>How an operation can be used.</summary>
[Flags]
public enum GenericNetlinkUses
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>It needs CAP_NET_ADMIN in the initial user namespace (GENL_ADMIN_PERM).</summary>
    NeedsAdministrator = 0x01,

    /// <summary>It does something, or answers once (GENL_CMD_CAP_DO).</summary>
    Do = 0x02,

    /// <summary>It lists (GENL_CMD_CAP_DUMP).</summary>
    Dump = 0x04,

    /// <summary>The kernel knows which attributes it takes (GENL_CMD_CAP_HASPOL).</summary>
    HasPolicy = 0x08,

    /// <summary>It needs CAP_NET_ADMIN in the user namespace that owns the network namespace (GENL_UNS_ADMIN_PERM).</summary>
    NeedsNamespaceAdministrator = 0x10,
}
