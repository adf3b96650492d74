using System.Runtime.InteropServices;

namespace Isolation.Netlink.Interop;

/// <summary>struct ifaddrmsg: begins a message about an address.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/if_addr.h", Struct = "struct ifaddrmsg")]
internal struct AddressHeader
{
    public byte ifa_family;
    public byte ifa_prefixlen;
    public byte ifa_flags;
    public byte ifa_scope;
    public uint ifa_index;
}

/// <summary>IFA_*, from linux/if_addr.h.</summary>
[KernelHeader("linux/if_addr.h")]
internal enum AddressAttribute : ushort
{
    IFA_ADDRESS = 1,
    IFA_LOCAL = 2,
    IFA_LABEL = 3,
    IFA_BROADCAST = 4,
    IFA_ANYCAST = 5,
    IFA_CACHEINFO = 6,
    IFA_MULTICAST = 7,
    IFA_FLAGS = 8,
    IFA_RT_PRIORITY = 9,
    IFA_PROTO = 11,
}

/// <summary>struct ifa_cacheinfo: lifetimes in seconds, all ones for ever.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/if_addr.h", Struct = "struct ifa_cacheinfo")]
internal struct AddressLifetimes
{
    public uint ifa_prefered;
    public uint ifa_valid;
    public uint cstamp;
    public uint tstamp;
}
