namespace Isolation.Netlink.Interop;

/// <summary>enum nft_list_attributes: the elements of every list.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum NftablesListAttribute : ushort
{
    NFTA_LIST_ELEM = 1,
}

/// <summary>enum nft_table_attributes: a table.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum NftablesTableAttribute : ushort
{
    NFTA_TABLE_NAME = 1,
    NFTA_TABLE_FLAGS = 2,
    NFTA_TABLE_USE = 3,
    NFTA_TABLE_HANDLE = 4,
    NFTA_TABLE_USERDATA = 6,
    NFTA_TABLE_OWNER = 7,
}

/// <summary>enum nft_chain_attributes: a chain.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum NftablesChainAttribute : ushort
{
    NFTA_CHAIN_TABLE = 1,
    NFTA_CHAIN_HANDLE = 2,
    NFTA_CHAIN_NAME = 3,
    NFTA_CHAIN_HOOK = 4,
    NFTA_CHAIN_POLICY = 5,
    NFTA_CHAIN_USE = 6,
    NFTA_CHAIN_TYPE = 7,
    NFTA_CHAIN_COUNTERS = 8,
    NFTA_CHAIN_FLAGS = 10,
    NFTA_CHAIN_ID = 11,
    NFTA_CHAIN_USERDATA = 12,
}

/// <summary>enum nft_hook_attributes: where a base chain is hooked in.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum NftablesHookAttribute : ushort
{
    NFTA_HOOK_HOOKNUM = 1,
    NFTA_HOOK_PRIORITY = 2,
    NFTA_HOOK_DEV = 3,
    NFTA_HOOK_DEVS = 4,
}

/// <summary>enum nft_rule_attributes: a rule.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum NftablesRuleAttribute : ushort
{
    NFTA_RULE_TABLE = 1,
    NFTA_RULE_CHAIN = 2,
    NFTA_RULE_HANDLE = 3,
    NFTA_RULE_EXPRESSIONS = 4,
    NFTA_RULE_COMPAT = 5,
    NFTA_RULE_POSITION = 6,
    NFTA_RULE_USERDATA = 7,
    NFTA_RULE_ID = 9,
    NFTA_RULE_POSITION_ID = 10,
    NFTA_RULE_CHAIN_ID = 11,
}

/// <summary>enum nft_set_attributes: a set or map.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum NftablesSetAttribute : ushort
{
    NFTA_SET_TABLE = 1,
    NFTA_SET_NAME = 2,
    NFTA_SET_FLAGS = 3,
    NFTA_SET_KEY_TYPE = 4,
    NFTA_SET_KEY_LEN = 5,
    NFTA_SET_DATA_TYPE = 6,
    NFTA_SET_DATA_LEN = 7,
    NFTA_SET_POLICY = 8,
    NFTA_SET_DESC = 9,
    NFTA_SET_ID = 10,
    NFTA_SET_TIMEOUT = 11,
    NFTA_SET_GC_INTERVAL = 12,
    NFTA_SET_USERDATA = 13,
    NFTA_SET_OBJ_TYPE = 15,
    NFTA_SET_HANDLE = 16,
    NFTA_SET_EXPR = 17,
    NFTA_SET_EXPRESSIONS = 18,
}

/// <summary>enum nft_set_desc_attributes: what is known of a set before it is filled.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum NftablesSetDescriptionAttribute : ushort
{
    NFTA_SET_DESC_SIZE = 1,
    NFTA_SET_DESC_CONCAT = 2,
}

/// <summary>enum nft_set_field_attributes: one field of a concatenated key.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum NftablesSetFieldAttribute : ushort
{
    NFTA_SET_FIELD_LEN = 1,
}

/// <summary>enum nft_set_elem_attributes: an element of a set or map.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum NftablesElementAttribute : ushort
{
    NFTA_SET_ELEM_KEY = 1,
    NFTA_SET_ELEM_DATA = 2,
    NFTA_SET_ELEM_FLAGS = 3,
    NFTA_SET_ELEM_TIMEOUT = 4,
    NFTA_SET_ELEM_EXPIRATION = 5,
    NFTA_SET_ELEM_USERDATA = 6,
    NFTA_SET_ELEM_EXPR = 7,
    NFTA_SET_ELEM_OBJREF = 9,
    NFTA_SET_ELEM_KEY_END = 10,
    NFTA_SET_ELEM_EXPRESSIONS = 11,
}

/// <summary>enum nft_set_elem_list_attributes: elements, and the set that they are of.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum NftablesElementListAttribute : ushort
{
    NFTA_SET_ELEM_LIST_TABLE = 1,
    NFTA_SET_ELEM_LIST_SET = 2,
    NFTA_SET_ELEM_LIST_ELEMENTS = 3,
    NFTA_SET_ELEM_LIST_SET_ID = 4,
}

/// <summary>enum nft_object_attributes: an object with a name.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum NftablesObjectAttribute : ushort
{
    NFTA_OBJ_TABLE = 1,
    NFTA_OBJ_NAME = 2,
    NFTA_OBJ_TYPE = 3,
    NFTA_OBJ_DATA = 4,
    NFTA_OBJ_USE = 5,
    NFTA_OBJ_HANDLE = 6,
    NFTA_OBJ_USERDATA = 8,
}

/// <summary>enum nft_gen_attributes: the generation of the ruleset.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum NftablesGenerationAttribute : ushort
{
    NFTA_GEN_ID = 1,
    NFTA_GEN_PROC_PID = 2,
    NFTA_GEN_PROC_NAME = 3,
}

/// <summary>enum nft_devices_attributes: the links of a base chain.</summary>
[KernelHeader("linux/netfilter/nf_tables.h")]
internal enum NftDeviceAttribute : ushort
{
    NFTA_DEVICE_NAME = 1,
}
