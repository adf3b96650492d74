using System.Runtime.InteropServices;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Runs a BPF program on each packet (tc-bpf(8)).</summary>
public sealed record BpfFilter() : TrafficFilterKind(KindName)
{
    internal const string KindName = "bpf";

    // BPF_TAG_SIZE of linux/bpf.h.
    private const int TagSize = 8;

    /// <summary>An open program of type BPF_PROG_TYPE_SCHED_CLS, for a new filter. A list does not tell it: it has <see cref="ProgramId"/>.</summary>
    public SafeHandle? Program { get; init; }

    /// <summary>What it is called in lists; at most 255 bytes. It must have one if it is to be listed with one.</summary>
    public string? ProgramName { get; init; }

    /// <summary>Whether what the program returns is what happens to the packet (direct-action); else it is a class.</summary>
    public bool IsDirectAction { get; init; }

    /// <summary>The kernel's number of the program, as it was listed.</summary>
    public long ProgramId { get; init; }

    /// <summary>The kernel's digest of the program, as it was listed: 16 hexadecimal digits.</summary>
    public string? ProgramTag { get; init; }

    internal static BpfFilter ReadOptions(AttributeReader attributes)
    {
        var filter = new BpfFilter();
        foreach (Wire.Attribute attribute in attributes)
        {
            filter = (BpfAttribute)attribute.Type switch
            {
                BpfAttribute.TCA_BPF_CLASSID => filter with { ClassId = new TrafficHandle(attribute.Number<uint>()) },
                BpfAttribute.TCA_BPF_ACT => filter with { Actions = ReadActions(attribute.Attributes) },
                BpfAttribute.TCA_BPF_FLAGS_GEN => filter with { Flags = (TrafficFilterFlags)attribute.Number<uint>() },
                BpfAttribute.TCA_BPF_FLAGS => filter with { IsDirectAction = (attribute.Number<uint>() & BpfConstants.TCA_BPF_FLAG_ACT_DIRECT) != 0 },
                BpfAttribute.TCA_BPF_NAME => filter with { ProgramName = attribute.Text },
                BpfAttribute.TCA_BPF_ID => filter with { ProgramId = attribute.Number<uint>() },
                BpfAttribute.TCA_BPF_TAG when attribute.Value.Length == TagSize => filter with { ProgramTag = Convert.ToHexStringLower(attribute.Value) },
                _ => filter,
            };
        }

        return filter;
    }

    internal override void WriteOptions(MessageWriter writer, EtherType protocol)
    {
        if (Program is null)
            throw new ArgumentException("A BPF filter needs an open program. A list does not have it.");
        if (ProgramName is not null && (System.Text.Encoding.UTF8.GetByteCount(ProgramName) > 255 || ProgramName.Contains('\0', StringComparison.Ordinal)))
            throw new ArgumentException("The name of a program has at most 255 bytes, and no NUL character.");
        using (writer.Nest(TrafficAttribute.TCA_OPTIONS))
        {
            writer.WriteDescriptor(BpfAttribute.TCA_BPF_FD, Program);
            if (ProgramName is not null)
                writer.WriteText(BpfAttribute.TCA_BPF_NAME, ProgramName);
            if (IsDirectAction)
                writer.Write(BpfAttribute.TCA_BPF_FLAGS, BpfConstants.TCA_BPF_FLAG_ACT_DIRECT);
            WriteShared(writer, BpfAttribute.TCA_BPF_CLASSID, BpfAttribute.TCA_BPF_ACT, BpfAttribute.TCA_BPF_FLAGS_GEN);
        }
    }
}
