using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>A queueing discipline of a kind that has no type here, such as <c>sfq</c> or <c>cake</c>.</summary>
public sealed record GenericQdisc : QdiscKind
{
    /// <summary>Names the kind.</summary>
    /// <param name="name">The kernel's name of it.</param>
    public GenericQdisc(string name)
        : base(name)
        => ArgumentException.ThrowIfNullOrEmpty(name);

    /// <summary>The kind's own settings, as the kernel reads and writes them (TCA_OPTIONS).</summary>
    public ReadOnlyMemory<byte> Options { get; init; }

    internal static GenericQdisc ReadOptions(string name, ReadOnlySpan<byte> options) => new(name) { Options = options.ToArray() };

    internal override void WriteOptions(MessageWriter writer, bool isNew)
    {
        if (!Options.IsEmpty)
            writer.WriteBytes(TrafficAttribute.TCA_OPTIONS, Options.Span);
    }
}
