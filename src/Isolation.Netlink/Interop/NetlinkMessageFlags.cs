namespace Isolation.Netlink.Interop;

/// <summary>The flags of a netlink message (netlink(7)). Their meaning depends on what the message is.</summary>
[Flags]
[KernelHeader("linux/netlink.h")]
internal enum NetlinkMessageFlags : ushort
{
    None = 0,

    // Of every message.
    NLM_F_REQUEST = 0x1,
    NLM_F_ACK = 0x4,
    NLM_F_DUMP_INTR = 0x10,

    // Of a request that reads.
    NLM_F_DUMP = 0x300,

    // Of a request that makes something.
    NLM_F_REPLACE = 0x100,
    NLM_F_EXCL = 0x200,
    NLM_F_CREATE = 0x400,
    NLM_F_APPEND = 0x800,
}

/// <summary>The flags of a message that is an acknowledgement, positive or negative.</summary>
[Flags]
[KernelHeader("linux/netlink.h")]
internal enum AcknowledgementFlags : ushort
{
    None = 0,
    NLM_F_CAPPED = 0x100,
    NLM_F_ACK_TLVS = 0x200,
}
