using System.Reflection;
using System.Runtime.InteropServices;
using Isolation.Netlink.Interop;
using Isolation.Syscalls.Tests;

namespace Isolation.Netlink.Tests;

/// <summary>The constants and structures of netlink against the C headers.</summary>
[NativeOnly]
public sealed class HeaderTests
{
    private static readonly (Type Type, KernelHeaderAttribute Kernel)[] s_types =
    [
        .. typeof(RouteClient).Assembly.GetTypes()
            .Where(t => t.Namespace == typeof(KernelHeaderAttribute).Namespace && !t.IsNested && t != typeof(KernelHeaderAttribute))
            .Select(t => (t, t.GetCustomAttribute<KernelHeaderAttribute>()!)),
    ];

    private static (Type Type, KernelHeaderAttribute Kernel)[] Structs => [.. s_types.Where(t => t.Type.IsValueType && !t.Type.IsEnum && !t.Kernel.IsNew)];

    [LinuxFact]
    public void Every_type_says_where_the_kernel_declares_it()
    {
        Assert.DoesNotContain(s_types, t => t.Kernel is null);
        Assert.DoesNotContain(Structs, t => t.Kernel.Struct is null);
    }

    [LinuxFact(Needs.CCompiler)]
    public void Every_kernel_name_has_the_value_of_the_headers()
    {
        (string Name, long Value)[] ours =
        [
            .. s_types.Where(t => !t.Kernel.IsNew && (t.Type.IsEnum || t.Type.IsClass))
                .SelectMany(t => t.Type.GetFields(BindingFlags.Static | BindingFlags.Public).Where(f => f.IsLiteral && f.GetCustomAttribute<KernelHeaderAttribute>() is not { IsNew: true }))
                .Where(f => f.Name != "None")
                .Select(f => (f.Name, Convert.ToInt64(f.GetRawConstantValue(), System.Globalization.CultureInfo.InvariantCulture))),
        ];
        Assert.True(ours.Length > 70);
        CProgram.AssertSame(ours, CProgram.Values(KernelNames.Headers, ours.Select(o => o.Name)));
    }

    [LinuxFact(Needs.CCompiler)]
    public void Every_struct_is_laid_out_as_in_the_headers()
    {
        (string Name, long Value)[] fields =
        [
            .. Structs.SelectMany(s => s.Type.GetFields(BindingFlags.Instance | BindingFlags.Public)
                .Where(f => !f.Name.StartsWith("pad", StringComparison.Ordinal))
                .Select(f => ($"offsetof({s.Kernel.Struct}, {f.Name})", (long)Marshal.OffsetOf(s.Type, f.Name)))),
            .. Structs.Where(s => !s.Kernel.IsBeginning).Select(s => ($"sizeof({s.Kernel.Struct})", (long)Marshal.SizeOf(s.Type))),
        ];
        CProgram.AssertSame(fields, CProgram.Values(KernelNames.Headers, fields.Select(f => f.Name)));
    }

    [LinuxTheory(Needs.CCompiler)]
    [InlineData(typeof(LinkFlags), "Up=IFF_UP Broadcast=IFF_BROADCAST Loopback=IFF_LOOPBACK PointToPoint=IFF_POINTOPOINT Running=IFF_RUNNING NoArp=IFF_NOARP Promiscuous=IFF_PROMISC AllMulticast=IFF_ALLMULTI Multicast=IFF_MULTICAST LowerUp=IFF_LOWER_UP Dormant=IFF_DORMANT Debug=IFF_DEBUG NoTrailers=IFF_NOTRAILERS Master=IFF_MASTER Slave=IFF_SLAVE PortSelection=IFF_PORTSEL AutomaticMedia=IFF_AUTOMEDIA Dynamic=IFF_DYNAMIC Echo=IFF_ECHO")]
    [InlineData(typeof(LinkOperationalState), "Unknown=IF_OPER_UNKNOWN NotPresent=IF_OPER_NOTPRESENT Down=IF_OPER_DOWN LowerLayerDown=IF_OPER_LOWERLAYERDOWN Testing=IF_OPER_TESTING Dormant=IF_OPER_DORMANT Up=IF_OPER_UP")]
    [InlineData(typeof(AddressFlags), "Secondary=IFA_F_SECONDARY NoDuplicateDetection=IFA_F_NODAD Optimistic=IFA_F_OPTIMISTIC DuplicateDetected=IFA_F_DADFAILED HomeAddress=IFA_F_HOMEADDRESS Deprecated=IFA_F_DEPRECATED Tentative=IFA_F_TENTATIVE Permanent=IFA_F_PERMANENT ManageTemporary=IFA_F_MANAGETEMPADDR NoPrefixRoute=IFA_F_NOPREFIXROUTE MulticastAutoJoin=IFA_F_MCAUTOJOIN StablePrivacy=IFA_F_STABLE_PRIVACY")]
    [InlineData(typeof(RouteScope), "Universe=RT_SCOPE_UNIVERSE Site=RT_SCOPE_SITE Link=RT_SCOPE_LINK Host=RT_SCOPE_HOST Nowhere=RT_SCOPE_NOWHERE")]
    [InlineData(typeof(RouteType), "Unspecified=RTN_UNSPEC Unicast=RTN_UNICAST Local=RTN_LOCAL Broadcast=RTN_BROADCAST Anycast=RTN_ANYCAST Multicast=RTN_MULTICAST Blackhole=RTN_BLACKHOLE Unreachable=RTN_UNREACHABLE Prohibit=RTN_PROHIBIT Throw=RTN_THROW")]
    [InlineData(typeof(RouteProtocol), "Unspecified=RTPROT_UNSPEC Redirect=RTPROT_REDIRECT Kernel=RTPROT_KERNEL Boot=RTPROT_BOOT Static=RTPROT_STATIC RouterAdvertisement=RTPROT_RA Dhcp=RTPROT_DHCP")]
    [InlineData(typeof(RouteTable), "Default=RT_TABLE_DEFAULT Main=RT_TABLE_MAIN Local=RT_TABLE_LOCAL")]
    public void Public_names_stand_for_the_kernels(Type type, string pairs) => KernelNames.AssertSame(type, pairs);
}
