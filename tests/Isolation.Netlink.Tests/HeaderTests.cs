using System.Reflection;
using System.Runtime.InteropServices;
using Isolation.Netlink.Interop;
using Isolation.Syscalls.Tests;

namespace Isolation.Netlink.Tests;

/// <summary>The constants and structures of netlink against the C headers.</summary>
public sealed class HeaderTests
{
    private const string Headers = """
        #include <stddef.h>
        #include <sched.h>
        #include <sys/socket.h>
        #include <linux/if.h>
        #include <linux/if_addr.h>
        #include <linux/if_link.h>
        #include <linux/netlink.h>
        #include <linux/rtnetlink.h>
        #include <linux/veth.h>
        """;

    private static readonly (string Kernel, Type Ours)[] s_structs =
    [
        ("struct nlmsghdr", typeof(NetlinkHeader)),
        ("struct nlattr", typeof(AttributeHeader)),
        ("struct nlmsgerr", typeof(ErrorHeader)),
        ("struct sockaddr_nl", typeof(NetlinkAddress)),
        ("struct ifinfomsg", typeof(LinkHeader)),
        ("struct ifaddrmsg", typeof(AddressHeader)),
        ("struct ifa_cacheinfo", typeof(AddressLifetimes)),
        ("struct rtmsg", typeof(RouteHeader)),
        ("struct rtnexthop", typeof(NextHopHeader)),
        ("struct rtnl_link_stats64", typeof(LinkStatisticsData)),
    ];

    private static IEnumerable<Type> InteropTypes => typeof(RouteClient).Assembly.GetTypes().Where(t => t.Namespace == typeof(NetlinkHeader).Namespace && !t.IsNested);

    [LinuxFact(Needs.CCompiler)]
    public void Every_kernel_name_has_the_value_of_the_headers()
    {
        (string Name, long Value)[] ours =
        [
            .. InteropTypes.Where(t => t.IsEnum || t == typeof(NetlinkConstants))
                .SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public))
                .Where(f => f.Name != nameof(NetlinkMessageFlags.None))
                .Select(f => (f.Name, Convert.ToInt64(f.GetRawConstantValue(), System.Globalization.CultureInfo.InvariantCulture))),
        ];
        Assert.True(ours.Length > 70);
        CProgram.AssertSame(ours, CProgram.Values(Headers, ours.Select(o => o.Name)));
    }

    [LinuxFact]
    public void Every_struct_is_compared()
        => Assert.Equal(InteropTypes.Where(t => t.IsValueType && !t.IsEnum).OrderBy(t => t.Name), s_structs.Select(s => s.Ours).OrderBy(t => t.Name));

    [LinuxFact(Needs.CCompiler)]
    public void Every_struct_is_laid_out_as_in_the_headers()
    {
        (string Name, long Value)[] fields =
        [
            .. s_structs.SelectMany(s => s.Ours.GetFields(BindingFlags.Instance | BindingFlags.Public)
                .Select(f => ($"offsetof({s.Kernel}, {Field(f)})", (long)Marshal.OffsetOf(s.Ours, f.Name)))),

            // Of the statistics we know the beginning, which has grown since.
            .. s_structs.Where(s => s.Ours != typeof(LinkStatisticsData)).Select(s => ($"sizeof({s.Kernel})", (long)Marshal.SizeOf(s.Ours))),
        ];
        CProgram.AssertSame(fields, CProgram.Values(Headers, fields.Select(f => f.Name)));
    }

    [LinuxTheory(Needs.CCompiler)]
    [InlineData(typeof(LinkFlags), "Up=IFF_UP Broadcast=IFF_BROADCAST Loopback=IFF_LOOPBACK PointToPoint=IFF_POINTOPOINT Running=IFF_RUNNING NoArp=IFF_NOARP Promiscuous=IFF_PROMISC AllMulticast=IFF_ALLMULTI Multicast=IFF_MULTICAST LowerUp=IFF_LOWER_UP Dormant=IFF_DORMANT")]
    [InlineData(typeof(LinkOperationalState), "Unknown=IF_OPER_UNKNOWN NotPresent=IF_OPER_NOTPRESENT Down=IF_OPER_DOWN LowerLayerDown=IF_OPER_LOWERLAYERDOWN Testing=IF_OPER_TESTING Dormant=IF_OPER_DORMANT Up=IF_OPER_UP")]
    [InlineData(typeof(AddressFlags), "Secondary=IFA_F_SECONDARY NoDuplicateDetection=IFA_F_NODAD Optimistic=IFA_F_OPTIMISTIC DuplicateDetected=IFA_F_DADFAILED HomeAddress=IFA_F_HOMEADDRESS Deprecated=IFA_F_DEPRECATED Tentative=IFA_F_TENTATIVE Permanent=IFA_F_PERMANENT ManageTemporary=IFA_F_MANAGETEMPADDR NoPrefixRoute=IFA_F_NOPREFIXROUTE MulticastAutoJoin=IFA_F_MCAUTOJOIN StablePrivacy=IFA_F_STABLE_PRIVACY")]
    [InlineData(typeof(RouteScope), "Universe=RT_SCOPE_UNIVERSE Site=RT_SCOPE_SITE Link=RT_SCOPE_LINK Host=RT_SCOPE_HOST Nowhere=RT_SCOPE_NOWHERE")]
    [InlineData(typeof(RouteType), "Unicast=RTN_UNICAST Local=RTN_LOCAL Broadcast=RTN_BROADCAST Anycast=RTN_ANYCAST Multicast=RTN_MULTICAST Blackhole=RTN_BLACKHOLE Unreachable=RTN_UNREACHABLE Prohibit=RTN_PROHIBIT Throw=RTN_THROW")]
    [InlineData(typeof(RouteProtocol), "Unspecified=RTPROT_UNSPEC Redirect=RTPROT_REDIRECT Kernel=RTPROT_KERNEL Boot=RTPROT_BOOT Static=RTPROT_STATIC RouterAdvertisement=RTPROT_RA Dhcp=RTPROT_DHCP")]
    [InlineData(typeof(RouteTable), "Default=RT_TABLE_DEFAULT Main=RT_TABLE_MAIN Local=RT_TABLE_LOCAL")]
    public void Public_names_stand_for_the_kernels(Type type, string pairs)
    {
        Dictionary<string, string> names = pairs.Split(' ').Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1]);
        (string Name, long Value)[] ours =
        [
            .. type.GetFields(BindingFlags.Static | BindingFlags.Public)
                .Where(f => f.Name != "None")
                .Select(f => (names[f.Name], Convert.ToInt64(f.GetRawConstantValue(), System.Globalization.CultureInfo.InvariantCulture))),
        ];
        Assert.Equal(names.Count, ours.Length);
        CProgram.AssertSame(ours, CProgram.Values(Headers, ours.Select(o => o.Name)));
    }

    // The C library and the kernel spell some fields with two underscores in front.
    private static string Field(FieldInfo field) => field.Name == "pad" ? "__ifi_pad" : field.Name;
}
