namespace Isolation.Netlink;

/// <summary>What the spanning tree lets through a port (BR_STATE_*).</summary>
public enum BridgePortState : byte
{
    /// <summary>Nothing (BR_STATE_DISABLED).</summary>
    Disabled = 0,

    /// <summary>Nothing, while it finds the tree (BR_STATE_LISTENING).</summary>
    Listening = 1,

    /// <summary>Nothing, while it learns addresses (BR_STATE_LEARNING).</summary>
    Learning = 2,

    /// <summary>All (BR_STATE_FORWARDING).</summary>
    Forwarding = 3,

    /// <summary>Nothing, as there is a better path (BR_STATE_BLOCKING).</summary>
    Blocking = 4,
}
