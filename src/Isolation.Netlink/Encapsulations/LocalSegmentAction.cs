namespace Isolation.Netlink;

/// <summary>What a host does with packets for one of its segments (SEG6_LOCAL_ACTION_* of linux/seg6_local.h; RFC 8986, 4).</summary>
public enum LocalSegmentAction
{
    /// <summary>None is told (SEG6_LOCAL_ACTION_UNSPEC).</summary>
    Unspecified = 0,

    /// <summary>They go on to the next segment: End (SEG6_LOCAL_ACTION_END).</summary>
    End = 1,

    /// <summary>They go on by a certain router: End.X (SEG6_LOCAL_ACTION_END_X).</summary>
    EndByNextHop = 2,

    /// <summary>They go on by a certain table: End.T (SEG6_LOCAL_ACTION_END_T).</summary>
    EndByTable = 3,

    /// <summary>The frame inside leaves by a link: End.DX2 (SEG6_LOCAL_ACTION_END_DX2).</summary>
    DecapsulateFrame = 4,

    /// <summary>The IPv6 packet inside goes to a router: End.DX6 (SEG6_LOCAL_ACTION_END_DX6).</summary>
    DecapsulateIPv6 = 5,

    /// <summary>The IPv4 packet inside goes to a router: End.DX4 (SEG6_LOCAL_ACTION_END_DX4).</summary>
    DecapsulateIPv4 = 6,

    /// <summary>The IPv6 packet inside goes by a table: End.DT6 (SEG6_LOCAL_ACTION_END_DT6).</summary>
    DecapsulateIPv6ByTable = 7,

    /// <summary>The IPv4 packet inside goes by a table: End.DT4 (SEG6_LOCAL_ACTION_END_DT4).</summary>
    DecapsulateIPv4ByTable = 8,

    /// <summary>More segments are put into the packet: End.B6 (SEG6_LOCAL_ACTION_END_B6).</summary>
    BindInline = 9,

    /// <summary>More segments are put around the packet: End.B6.Encaps (SEG6_LOCAL_ACTION_END_B6_ENCAP).</summary>
    BindEncapsulated = 10,

    /// <summary>Labels of MPLS are put around the packet: End.BM (SEG6_LOCAL_ACTION_END_BM).</summary>
    BindMpls = 11,

    /// <summary>The last segment is looked for in a table: End.S (SEG6_LOCAL_ACTION_END_S).</summary>
    SearchLast = 12,

    /// <summary>A static proxy for a service: End.AS (SEG6_LOCAL_ACTION_END_AS).</summary>
    ProxyStatic = 13,

    /// <summary>A masquerading proxy for a service: End.AM (SEG6_LOCAL_ACTION_END_AM).</summary>
    ProxyMasquerade = 14,

    /// <summary>A BPF program: End.BPF (SEG6_LOCAL_ACTION_END_BPF).</summary>
    Program = 15,

    /// <summary>The packet inside, IPv4 or IPv6, goes by a table: End.DT46 (SEG6_LOCAL_ACTION_END_DT46).</summary>
    DecapsulateByTable = 16,
}

/// <summary>Variants of <see cref="LocalSegmentAction.End"/> (SEG6_LOCAL_FLV_OP_* of linux/seg6_local.h, a bit for each; RFC 8986, 4.16).</summary>
[Flags]
public enum LocalSegmentFlavors
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The last node but one takes the header off (SEG6_LOCAL_FLV_OP_PSP).</summary>
    PenultimatePop = 1 << 1,

    /// <summary>The last node takes the header off (SEG6_LOCAL_FLV_OP_USP).</summary>
    UltimatePop = 1 << 2,

    /// <summary>The last node unpacks (SEG6_LOCAL_FLV_OP_USD).</summary>
    UltimateDecapsulation = 1 << 3,

    /// <summary>Several segments in one address (SEG6_LOCAL_FLV_OP_NEXT_CSID).</summary>
    NextCompressed = 1 << 4,
}
