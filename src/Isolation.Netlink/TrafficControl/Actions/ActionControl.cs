using System.Globalization;

namespace Isolation.Netlink;

/// <summary>What happens to a packet after an action (TC_ACT_* of linux/pkt_cls.h; tc-actions(8), CONTROL).</summary>
/// <param name="Value">The kernel's number.</param>
public readonly record struct ActionControl(int Value)
{
    // TC_ACT_JUMP and TC_ACT_GOTO_CHAIN: a number in the upper four bits, its argument below.
    private const int Argument = 0x0FFF_FFFF, JumpValue = 0x1000_0000, GoToChainValue = 0x2000_0000;

    /// <summary>Goes on with the next filter (TC_ACT_UNSPEC).</summary>
    public static ActionControl Continue => new(-1);

    /// <summary>Lets the packet pass: no more filters (TC_ACT_OK).</summary>
    public static ActionControl Pass => new(0);

    /// <summary>Begins again with the first filter (TC_ACT_RECLASSIFY).</summary>
    public static ActionControl Reclassify => new(1);

    /// <summary>Drops the packet (TC_ACT_SHOT).</summary>
    public static ActionControl Drop => new(2);

    /// <summary>Goes on with the next action (TC_ACT_PIPE).</summary>
    public static ActionControl Pipe => new(3);

    /// <summary>The packet belongs to the action now (TC_ACT_STOLEN): that of a redirection.</summary>
    public static ActionControl Stolen => new(4);

    /// <summary>Gives the packet to the processor, for hardware that would keep it (TC_ACT_TRAP).</summary>
    public static ActionControl Trap => new(8);

    /// <summary>Whether it jumps over actions.</summary>
    public bool IsJump => (Value & ~Argument) == JumpValue;

    /// <summary>Whether it goes to a chain.</summary>
    public bool IsGoToChain => (Value & ~Argument) == GoToChainValue;

    /// <summary>Goes on with a later action (TC_ACT_JUMP).</summary>
    /// <param name="action">Its place in the list, from 0.</param>
    public static ActionControl Jump(int action) => new(JumpValue | Check(action, nameof(action)));

    /// <summary>Goes on with the filters of a chain (TC_ACT_GOTO_CHAIN).</summary>
    /// <param name="chain">The number of the chain.</param>
    public static ActionControl GoToChain(int chain) => new(GoToChainValue | Check(chain, nameof(chain)));

    /// <summary>As tc(8) writes it.</summary>
    public override string ToString() => Value switch
    {
        -1 => "continue",
        0 => "pass",
        1 => "reclassify",
        2 => "drop",
        3 => "pipe",
        4 => "stolen",
        8 => "trap",
        _ when IsJump => string.Create(CultureInfo.InvariantCulture, $"jump {Value & Argument}"),
        _ when IsGoToChain => string.Create(CultureInfo.InvariantCulture, $"goto chain {Value & Argument}"),
        _ => Value.ToString(CultureInfo.InvariantCulture),
    };

    private static int Check(int argument, string name)
        => argument is >= 0 and <= Argument ? argument : throw new ArgumentOutOfRangeException(name, argument, "It has at most 28 bits.");
}
