using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>A link of a kind that has no type here, such as <c>macsec</c>, <c>hsr</c>, or one of a module.</summary>
public sealed record GenericLink : LinkKind
{
    /// <summary>Names the kind.</summary>
    /// <param name="name">The kernel's name of it.</param>
    public GenericLink(string name)
        : base(name)
        => ArgumentException.ThrowIfNullOrEmpty(name);

    /// <summary>The kind's own attributes, as the kernel reads and writes them (IFLA_INFO_DATA).</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Compares the name and the attributes byte by byte.</summary>
    public bool Equals(GenericLink? other) => base.Equals(other) && Data.Span.SequenceEqual(other.Data.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Data.Length);

    // For what a kernel says, which may name the kind with nothing.
    internal static GenericLink ReadData(string name, ReadOnlySpan<byte> data)
        => name.Length > 0 ? new GenericLink(name) { Data = data.ToArray() } : throw NetlinkException.Malformed("a kind without a name");

    private protected override void WriteInfoData(MessageWriter writer)
    {
        if (!UnknownOptions.IsEmpty)
            throw new ArgumentException("All attributes of a kind without a type are in its data.");
        if (!Data.IsEmpty)
            writer.WriteBytes(LinkInfoAttribute.IFLA_INFO_DATA, Data.Span);
    }

    private protected override void WriteData(MessageWriter writer)
    {
    }
}
