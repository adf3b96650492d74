using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>A filter of a kind that has no type here, such as <c>fw</c>, <c>cgroup</c> or <c>basic</c>. Its class, actions and flags are among its options.</summary>
public sealed record GenericFilter : TrafficFilterKind
{
    /// <summary>Names the kind.</summary>
    /// <param name="name">The kernel's name of it.</param>
    public GenericFilter(string name)
        : base(name)
        => ArgumentException.ThrowIfNullOrEmpty(name);

    /// <summary>The kind's own settings, as the kernel reads and writes them (TCA_OPTIONS).</summary>
    public ReadOnlyMemory<byte> Options { get; init; }

    internal override void WriteOptions(MessageWriter writer, EtherType protocol)
    {
        if (ClassId != TrafficHandle.None || !Actions.IsDefaultOrEmpty || Flags != TrafficFilterFlags.None)
            throw new ArgumentException("The class, actions and flags of a generic filter are among its options.");
        if (!Options.IsEmpty)
            writer.WriteBytes(TrafficAttribute.TCA_OPTIONS, Options.Span);
    }
}
