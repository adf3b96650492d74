using System.Runtime.InteropServices;

namespace Isolation.Netlink.Interop;

/// <summary>The requests and flags of /dev/net/tun, from linux/if_tun.h.</summary>
[KernelHeader("linux/if_tun.h")]
internal static class TunTap
{
    public const uint TUNSETIFF = 0x400454ca, TUNSETPERSIST = 0x400454cb, TUNSETOWNER = 0x400454cc, TUNSETGROUP = 0x400454ce;
    public const short IFF_TUN = 0x1, IFF_TAP = 0x2, IFF_NO_PI = 0x1000, IFF_VNET_HDR = 0x4000, IFF_MULTI_QUEUE = 0x100;
    public const int IFF_TUN_EXCL = 0x8000;
    public const int IFNAMSIZ = 16;
}

/// <summary>struct ifreq, as TUNSETIFF has it.</summary>
[StructLayout(LayoutKind.Sequential)]
[KernelHeader("linux/if.h", Struct = "struct ifreq")]
internal unsafe struct InterfaceRequest
{
    public fixed byte ifr_name[TunTap.IFNAMSIZ];
    public ushort ifr_flags;
    private fixed byte _pad[22];
}
