using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>A class of a discipline that has no type for it here, such as <c>drr</c>, <c>hfsc</c>, or a band of <c>prio</c>.</summary>
public sealed record GenericClass : TrafficClassKind
{
    /// <summary>Names the kind.</summary>
    /// <param name="name">The kernel's name of it.</param>
    public GenericClass(string name)
        : base(name)
        => ArgumentException.ThrowIfNullOrEmpty(name);

    /// <summary>The kind's own settings, as the kernel reads and writes them (TCA_OPTIONS).</summary>
    public ReadOnlyMemory<byte> Options { get; init; }

    internal override void WriteOptions(MessageWriter writer)
    {
        if (!Options.IsEmpty)
            writer.WriteBytes(TrafficAttribute.TCA_OPTIONS, Options.Span);
    }
}
