namespace Isolation.Netlink.Tests;

/// <summary>The public enums of links against the C headers.</summary>
[NativeOnly]
public sealed class LinkHeaderTests
{
    [LinuxTheory(Needs.CCompiler)]
    [InlineData(typeof(BridgeMulticastRouter), "Disabled=MDB_RTR_TYPE_DISABLED Automatic=MDB_RTR_TYPE_TEMP_QUERY Permanent=MDB_RTR_TYPE_PERM Temporary=MDB_RTR_TYPE_TEMP")]
    [InlineData(typeof(BridgePortState), "Disabled=BR_STATE_DISABLED Listening=BR_STATE_LISTENING Learning=BR_STATE_LEARNING Forwarding=BR_STATE_FORWARDING Blocking=BR_STATE_BLOCKING")]
    [InlineData(typeof(BondMode), "RoundRobin=BOND_MODE_ROUNDROBIN ActiveBackup=BOND_MODE_ACTIVEBACKUP Xor=BOND_MODE_XOR Broadcast=BOND_MODE_BROADCAST Lacp=BOND_MODE_8023AD TransmitLoadBalancing=BOND_MODE_TLB AdaptiveLoadBalancing=BOND_MODE_ALB")]
    [InlineData(typeof(BondTransmitHash), "Layer2=BOND_XMIT_POLICY_LAYER2 Layer34=BOND_XMIT_POLICY_LAYER34 Layer23=BOND_XMIT_POLICY_LAYER23 Encapsulated23=BOND_XMIT_POLICY_ENCAP23 Encapsulated34=BOND_XMIT_POLICY_ENCAP34 VlanAndSource=BOND_XMIT_POLICY_VLAN_SRCMAC")]
    [InlineData(typeof(BondPortState), "Active=BOND_STATE_ACTIVE Backup=BOND_STATE_BACKUP")]
    [InlineData(typeof(BondPortLinkState), "Up=BOND_LINK_UP Fail=BOND_LINK_FAIL Down=BOND_LINK_DOWN Back=BOND_LINK_BACK")]
    [InlineData(typeof(MacvlanMode), "Private=MACVLAN_MODE_PRIVATE Vepa=MACVLAN_MODE_VEPA Bridge=MACVLAN_MODE_BRIDGE PassThrough=MACVLAN_MODE_PASSTHRU Source=MACVLAN_MODE_SOURCE")]
    [InlineData(typeof(MacvlanFlags), "NoPromiscuous=MACVLAN_FLAG_NOPROMISC NoDestination=MACVLAN_FLAG_NODST")]
    [InlineData(typeof(IPVlanMode), "L2=IPVLAN_MODE_L2 L3=IPVLAN_MODE_L3 L3S=IPVLAN_MODE_L3S")]
    [InlineData(typeof(IPVlanFlags), "Private=IPVLAN_F_PRIVATE Vepa=IPVLAN_F_VEPA")]
    [InlineData(typeof(TunnelDontFragment), "Unset=VXLAN_DF_UNSET Set=VXLAN_DF_SET Inherit=VXLAN_DF_INHERIT")]
    // The last three are not in the headers for programs; they are in the kernel's net/ip6_tunnel.h.
    [InlineData(typeof(IPv6TunnelFlags), "IgnoreEncapsulationLimit=IP6_TNL_F_IGN_ENCAP_LIMIT UseOriginalTrafficClass=IP6_TNL_F_USE_ORIG_TCLASS UseOriginalFlowLabel=IP6_TNL_F_USE_ORIG_FLOWLABEL MobileIPv6=IP6_TNL_F_MIP6_DEV CopyDscp=IP6_TNL_F_RCV_DSCP_COPY UseOriginalMark=IP6_TNL_F_USE_ORIG_FWMARK AllowLocalRemote=IP6_TNL_F_ALLOW_LOCAL_REMOTE CanSend=0x10000 CanReceive=0x20000 DependsOnPacket=0x40000")]
    [InlineData(typeof(TunnelEncapsulation), "Fou=TUNNEL_ENCAP_FOU Gue=TUNNEL_ENCAP_GUE Mpls=TUNNEL_ENCAP_MPLS")]
    [InlineData(typeof(TunnelEncapsulationFlags), "Checksum=TUNNEL_ENCAP_FLAG_CSUM Checksum6=TUNNEL_ENCAP_FLAG_CSUM6 RemoteChecksum=TUNNEL_ENCAP_FLAG_REMCSUM")]
    [InlineData(typeof(TunTapType), "Tun=IFF_TUN Tap=IFF_TAP")]
    [InlineData(typeof(LinkMode), "Default=IF_LINK_MODE_DEFAULT Dormant=IF_LINK_MODE_DORMANT Testing=IF_LINK_MODE_TESTING")]
    [InlineData(typeof(LinkXdpMode), "Driver=XDP_ATTACHED_DRV Generic=XDP_ATTACHED_SKB Hardware=XDP_ATTACHED_HW Several=XDP_ATTACHED_MULTI")]
    [InlineData(typeof(VirtualFunctionState), "Automatic=IFLA_VF_LINK_STATE_AUTO Enabled=IFLA_VF_LINK_STATE_ENABLE Disabled=IFLA_VF_LINK_STATE_DISABLE")]
    [InlineData(typeof(IPv6AddressGeneration), "Eui64=IN6_ADDR_GEN_MODE_EUI64 StablePrivacy=IN6_ADDR_GEN_MODE_STABLE_PRIVACY Random=IN6_ADDR_GEN_MODE_RANDOM")]
    public void Public_names_stand_for_the_kernels(Type type, string pairs) => KernelNames.AssertSame(type, pairs, "linux/if_bonding.h", "linux/ip6_tunnel.h");
}
