using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>An action of a kind that has no type here, such as <c>skbedit</c>, <c>vlan</c> or <c>nat</c>.</summary>
public sealed record GenericAction : TrafficAction
{
    /// <summary>Names the kind.</summary>
    /// <param name="name">The kernel's name of it.</param>
    public GenericAction(string name)
        : base(name)
        => ArgumentException.ThrowIfNullOrEmpty(name);

    /// <summary>The kind's own settings, as the kernel reads and writes them (TCA_ACT_OPTIONS). The index is among them: it is not taken from <see cref="TrafficAction.Index"/>, and a list does not tell it there. Deleting needs it.</summary>
    public ReadOnlyMemory<byte> Options { get; init; }

    // Some actions want the flag for nesting, which the kernel itself does not always set.
    private protected override void WriteOptions(MessageWriter writer, uint index)
    {
        if (!Options.IsEmpty)
            writer.WriteBytes((ActionAttribute)((ushort)ActionAttribute.TCA_ACT_OPTIONS | NetlinkConstants.NLA_F_NESTED), Options.Span);
    }
}
