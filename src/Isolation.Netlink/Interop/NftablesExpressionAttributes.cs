namespace Isolation.Netlink.Interop;

/// <summary>enum nft_expr_attributes: an expression of a rule.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum ExpressionAttribute : ushort
{
    NFTA_EXPR_NAME = 1,
    NFTA_EXPR_DATA = 2,
}

/// <summary>enum nft_data_attributes: a value or a verdict.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum DataAttribute : ushort
{
    NFTA_DATA_VALUE = 1,
    NFTA_DATA_VERDICT = 2,
}

/// <summary>enum nft_verdict_attributes: a verdict.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum VerdictAttribute : ushort
{
    NFTA_VERDICT_CODE = 1,
    NFTA_VERDICT_CHAIN = 2,
    NFTA_VERDICT_CHAIN_ID = 3,
}

/// <summary>enum nft_payload_attributes.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum PayloadAttribute : ushort
{
    NFTA_PAYLOAD_DREG = 1,
    NFTA_PAYLOAD_BASE = 2,
    NFTA_PAYLOAD_OFFSET = 3,
    NFTA_PAYLOAD_LEN = 4,
    NFTA_PAYLOAD_SREG = 5,
    NFTA_PAYLOAD_CSUM_TYPE = 6,
    NFTA_PAYLOAD_CSUM_OFFSET = 7,
    NFTA_PAYLOAD_CSUM_FLAGS = 8,
}

/// <summary>enum nft_meta_attributes.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum MetaAttribute : ushort
{
    NFTA_META_DREG = 1,
    NFTA_META_KEY = 2,
    NFTA_META_SREG = 3,
}

/// <summary>enum nft_cmp_attributes.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum CompareAttribute : ushort
{
    NFTA_CMP_SREG = 1,
    NFTA_CMP_OP = 2,
    NFTA_CMP_DATA = 3,
}

/// <summary>enum nft_range_attributes.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum RangeAttribute : ushort
{
    NFTA_RANGE_SREG = 1,
    NFTA_RANGE_OP = 2,
    NFTA_RANGE_FROM_DATA = 3,
    NFTA_RANGE_TO_DATA = 4,
}

/// <summary>enum nft_bitwise_attributes.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum BitwiseAttribute : ushort
{
    NFTA_BITWISE_SREG = 1,
    NFTA_BITWISE_DREG = 2,
    NFTA_BITWISE_LEN = 3,
    NFTA_BITWISE_MASK = 4,
    NFTA_BITWISE_XOR = 5,
    NFTA_BITWISE_OP = 6,
    NFTA_BITWISE_DATA = 7,
}

/// <summary>enum nft_immediate_attributes.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum ImmediateAttribute : ushort
{
    NFTA_IMMEDIATE_DREG = 1,
    NFTA_IMMEDIATE_DATA = 2,
}

/// <summary>enum nft_counter_attributes.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum CounterAttribute : ushort
{
    NFTA_COUNTER_BYTES = 1,
    NFTA_COUNTER_PACKETS = 2,
}

/// <summary>enum nft_nat_attributes.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum NatAttribute : ushort
{
    NFTA_NAT_TYPE = 1,
    NFTA_NAT_FAMILY = 2,
    NFTA_NAT_REG_ADDR_MIN = 3,
    NFTA_NAT_REG_ADDR_MAX = 4,
    NFTA_NAT_REG_PROTO_MIN = 5,
    NFTA_NAT_REG_PROTO_MAX = 6,
    NFTA_NAT_FLAGS = 7,
}

/// <summary>enum nft_masq_attributes.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum MasqueradeAttribute : ushort
{
    NFTA_MASQ_FLAGS = 1,
    NFTA_MASQ_REG_PROTO_MIN = 2,
    NFTA_MASQ_REG_PROTO_MAX = 3,
}

/// <summary>enum nft_redir_attributes.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum RedirectAttribute : ushort
{
    NFTA_REDIR_REG_PROTO_MIN = 1,
    NFTA_REDIR_REG_PROTO_MAX = 2,
    NFTA_REDIR_FLAGS = 3,
}

/// <summary>enum nft_ct_attributes.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum ConntrackAttribute : ushort
{
    NFTA_CT_DREG = 1,
    NFTA_CT_KEY = 2,
    NFTA_CT_DIRECTION = 3,
    NFTA_CT_SREG = 4,
}

/// <summary>enum nft_lookup_attributes.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum LookupAttribute : ushort
{
    NFTA_LOOKUP_SET = 1,
    NFTA_LOOKUP_SREG = 2,
    NFTA_LOOKUP_DREG = 3,
    NFTA_LOOKUP_SET_ID = 4,
    NFTA_LOOKUP_FLAGS = 5,
}

/// <summary>enum nft_fib_attributes.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum FibAttribute : ushort
{
    NFTA_FIB_DREG = 1,
    NFTA_FIB_RESULT = 2,
    NFTA_FIB_FLAGS = 3,
}

/// <summary>enum nft_limit_attributes.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum LimitAttribute : ushort
{
    NFTA_LIMIT_RATE = 1,
    NFTA_LIMIT_UNIT = 2,
    NFTA_LIMIT_BURST = 3,
    NFTA_LIMIT_TYPE = 4,
    NFTA_LIMIT_FLAGS = 5,
}

/// <summary>enum nft_log_attributes.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum LogAttribute : ushort
{
    NFTA_LOG_GROUP = 1,
    NFTA_LOG_PREFIX = 2,
    NFTA_LOG_SNAPLEN = 3,
    NFTA_LOG_QTHRESHOLD = 4,
    NFTA_LOG_LEVEL = 5,
    NFTA_LOG_FLAGS = 6,
}

/// <summary>enum nft_reject_attributes.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum RejectAttribute : ushort
{
    NFTA_REJECT_TYPE = 1,
    NFTA_REJECT_ICMP_CODE = 2,
}

/// <summary>enum nft_tproxy_attributes.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum TproxyAttribute : ushort
{
    NFTA_TPROXY_FAMILY = 1,
    NFTA_TPROXY_REG_ADDR = 2,
    NFTA_TPROXY_REG_PORT = 3,
}

/// <summary>enum nft_objref_attributes.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum ObjectReferenceAttribute : ushort
{
    NFTA_OBJREF_IMM_TYPE = 1,
    NFTA_OBJREF_IMM_NAME = 2,
    NFTA_OBJREF_SET_SREG = 3,
    NFTA_OBJREF_SET_NAME = 4,
    NFTA_OBJREF_SET_ID = 5,
}
