namespace Isolation.Netlink;

/// <summary>Where a filter works (TCA_CLS_FLAGS_* of linux/pkt_cls.h). The first two are set, the others are told.</summary>
[Flags]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1711", Justification = "The field's term.")]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1028", Justification = "The size that the wire has.")]
public enum TrafficFilterFlags : uint
{
    /// <summary>None: in software, and in hardware where it can.</summary>
    None = 0,

    /// <summary>Not in hardware (TCA_CLS_FLAGS_SKIP_HW).</summary>
    SkipHardware = 1,

    /// <summary>Only in hardware (TCA_CLS_FLAGS_SKIP_SW).</summary>
    SkipSoftware = 2,

    /// <summary>It is in hardware (TCA_CLS_FLAGS_IN_HW).</summary>
    InHardware = 4,

    /// <summary>It is not in hardware (TCA_CLS_FLAGS_NOT_IN_HW).</summary>
    NotInHardware = 8,
}
