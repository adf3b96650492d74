using System.Runtime.InteropServices;

namespace Isolation.Netlink.Interop;

/// <summary>struct fib_rule_hdr: begins a message about a rule.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/fib_rules.h", Struct = "struct fib_rule_hdr")]
internal struct RuleHeader
{
    public byte family;
    public byte dst_len;
    public byte src_len;
    public byte tos;
    public byte table;
    public byte res1;
    public byte res2;
    public byte action;
    public uint flags;
}

/// <summary>struct fib_rule_uid_range.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/fib_rules.h", Struct = "struct fib_rule_uid_range")]
internal struct RuleUserRange
{
    public uint start;
    public uint end;
}

/// <summary>struct fib_rule_port_range.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/fib_rules.h", Struct = "struct fib_rule_port_range")]
internal struct RulePortRange
{
    public ushort start;
    public ushort end;
}

/// <summary>FRA_*, from linux/fib_rules.h.</summary>
[KernelHeader("linux/fib_rules.h")]
internal enum RuleAttribute : ushort
{
    FRA_DST = 1,
    FRA_SRC = 2,
    FRA_IIFNAME = 3,
    FRA_GOTO = 4,
    FRA_PRIORITY = 6,
    FRA_FWMARK = 10,
    FRA_FLOW = 11,
    FRA_TUN_ID = 12,
    FRA_SUPPRESS_IFGROUP = 13,
    FRA_SUPPRESS_PREFIXLEN = 14,
    FRA_TABLE = 15,
    FRA_FWMASK = 16,
    FRA_OIFNAME = 17,
    FRA_L3MDEV = 19,
    FRA_UID_RANGE = 20,
    FRA_PROTOCOL = 21,
    FRA_IP_PROTO = 22,
    FRA_SPORT_RANGE = 23,
    FRA_DPORT_RANGE = 24,
}

/// <summary>FRA_* that Linux 6.13 to 6.15 brought.</summary>
[KernelHeader("linux/fib_rules.h", IsNew = true)]
internal enum NewRuleAttribute : ushort
{
    FRA_DSCP = 25,
    FRA_FLOWLABEL = 26,
    FRA_FLOWLABEL_MASK = 27,
    FRA_SPORT_MASK = 28,
    FRA_DPORT_MASK = 29,
    FRA_DSCP_MASK = 30,
}

/// <summary>Flags of struct fib_rule_hdr that a request can have.</summary>
[Flags]
[KernelHeader("linux/fib_rules.h")]
internal enum RuleRequestFlags : uint
{
    None = 0,
    FIB_RULE_INVERT = 2,
}
