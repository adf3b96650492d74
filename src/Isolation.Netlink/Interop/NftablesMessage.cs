using System.Runtime.InteropServices;

namespace Isolation.Netlink.Interop;

/// <summary>struct nfgenmsg: begins every message of NETLINK_NETFILTER.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/netfilter/nfnetlink.h", Struct = "struct nfgenmsg")]
internal struct NetfilterHeader
{
    public byte nfgen_family;
    public byte version;

    // Big endian.
    public ushort res_id;
}

/// <summary>Numbers of NETLINK_NETFILTER and of nf_tables.</summary>
[KernelHeader("linux/netfilter/nfnetlink.h")]
internal static class NetfilterConstants
{
    public const int NETLINK_NETFILTER = 12, NFNL_SUBSYS_NFTABLES = 10;
    public const ushort NFNL_MSG_BATCH_BEGIN = 16, NFNL_MSG_BATCH_END = 17;
    public const int SO_SNDBUF = 7, SO_SNDBUFFORCE = 32;
}

/// <summary>What begins a transaction.</summary>
[KernelHeader("linux/netfilter/nfnetlink.h")]
internal enum NetfilterBatchAttribute : ushort
{
    NFNL_BATCH_GENID = 1,
}

/// <summary>Limits and flags of nf_tables.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal static class NftablesConstants
{
    public const int NFT_NAME_MAXLEN = 256, NFT_USERDATA_MAXLEN = 256, NFT_DATA_VALUE_MAXLEN = 64;
    public const uint NFT_DATA_VERDICT = 0xffffff00, NFT_OBJECT_COUNTER = 1, NFT_LOOKUP_F_INV = 1, NFT_LIMIT_F_INV = 1;
    public const uint NFT_SET_ELEM_INTERVAL_END = 1, NFT_SET_ELEM_CATCHALL = 2;
    public const uint NFT_BITWISE_MASK_XOR = 0, NFT_BITWISE_LSHIFT = 1, NFT_BITWISE_RSHIFT = 2;
}

/// <summary>enum nf_tables_msg_types: the messages of nf_tables.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum NftablesMessageType : ushort
{
    NFT_MSG_NEWTABLE = 0,
    NFT_MSG_GETTABLE = 1,
    NFT_MSG_DELTABLE = 2,
    NFT_MSG_NEWCHAIN = 3,
    NFT_MSG_GETCHAIN = 4,
    NFT_MSG_DELCHAIN = 5,
    NFT_MSG_NEWRULE = 6,
    NFT_MSG_GETRULE = 7,
    NFT_MSG_DELRULE = 8,
    NFT_MSG_NEWSET = 9,
    NFT_MSG_GETSET = 10,
    NFT_MSG_DELSET = 11,
    NFT_MSG_NEWSETELEM = 12,
    NFT_MSG_GETSETELEM = 13,
    NFT_MSG_DELSETELEM = 14,
    NFT_MSG_NEWGEN = 15,
    NFT_MSG_GETGEN = 16,
    NFT_MSG_NEWOBJ = 18,
    NFT_MSG_GETOBJ = 19,
    NFT_MSG_DELOBJ = 20,
    NFT_MSG_GETOBJ_RESET = 21,
}
