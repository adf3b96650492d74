namespace Isolation.Netlink;

/// <summary>What happens to a packet that a rule matches (FR_ACT_* of linux/fib_rules.h; ip-rule(8)).</summary>
public enum RoutingRuleAction : byte
{
    /// <summary>None is told (FR_ACT_UNSPEC).</summary>
    Unspecified = 0,

    /// <summary>A table is looked into; when it has no route, the next rule is tried (FR_ACT_TO_TBL).</summary>
    LookUp = 1,

    /// <summary>The search goes on at another rule (FR_ACT_GOTO).</summary>
    GoTo = 2,

    /// <summary>Nothing; the next rule is tried (FR_ACT_NOP).</summary>
    Nothing = 3,

    /// <summary>It is dropped without a word (FR_ACT_BLACKHOLE).</summary>
    Blackhole = 6,

    /// <summary>It is refused: no route to the network (FR_ACT_UNREACHABLE).</summary>
    Unreachable = 7,

    /// <summary>It is refused: prohibited by the administrator (FR_ACT_PROHIBIT).</summary>
    Prohibit = 8,
}

/// <summary>What the kernel tells of a rule (FIB_RULE_* of linux/fib_rules.h).</summary>
[Flags]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1711", Justification = "The field's term.")]
public enum RoutingRuleFlags : uint
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It cannot be deleted (FIB_RULE_PERMANENT).</summary>
    Permanent = 0x1,

    /// <summary>The rule that it goes to does not exist (FIB_RULE_UNRESOLVED).</summary>
    Unresolved = 0x4,

    /// <summary>There is no link with the name of the input (FIB_RULE_IIF_DETACHED).</summary>
    InputDetached = 0x8,

    /// <summary>There is no link with the name of the output (FIB_RULE_OIF_DETACHED).</summary>
    OutputDetached = 0x10,

    /// <summary>A source address is looked for with the route (FIB_RULE_FIND_SADDR).</summary>
    FindSource = 0x10000,
}
