namespace Isolation.Netlink.Tests.Routing;

/// <summary>The public names of routes, rules, neighbours, next hops and addresses against the C headers.</summary>
[NativeOnly]
public sealed class RoutingNameTests
{
    [LinuxTheory(Needs.CCompiler)]
    [InlineData(typeof(RouteFlags), "Dead=RTNH_F_DEAD Pervasive=RTNH_F_PERVASIVE NextHopOffloaded=RTNH_F_OFFLOAD LinkDown=RTNH_F_LINKDOWN Unresolved=RTNH_F_UNRESOLVED NextHopTrapped=RTNH_F_TRAP Cloned=RTM_F_CLONED Offloaded=RTM_F_OFFLOAD Trapped=RTM_F_TRAP OffloadFailed=RTM_F_OFFLOAD_FAILED")]
    [InlineData(typeof(RouteFeatures), "CongestionNotification=RTAX_FEATURE_ECN SelectiveAcknowledgement=RTAX_FEATURE_SACK Timestamps=RTAX_FEATURE_TIMESTAMP AllFragments=RTAX_FEATURE_ALLFRAG")]
    [InlineData(typeof(RouteMetricLocks), "Mtu=1<<RTAX_MTU Window=1<<RTAX_WINDOW RoundTripTime=1<<RTAX_RTT RoundTripTimeVariance=1<<RTAX_RTTVAR SlowStartThreshold=1<<RTAX_SSTHRESH CongestionWindow=1<<RTAX_CWND AdvertisedSegmentSize=1<<RTAX_ADVMSS Reordering=1<<RTAX_REORDERING HopLimit=1<<RTAX_HOPLIMIT MinimumRetransmissionTimeout=1<<RTAX_RTO_MIN")]
    [InlineData(typeof(RoutePreference), "Medium=ICMPV6_ROUTER_PREF_MEDIUM High=ICMPV6_ROUTER_PREF_HIGH Invalid=ICMPV6_ROUTER_PREF_INVALID Low=ICMPV6_ROUTER_PREF_LOW")]
    [InlineData(typeof(RoutingRuleAction), "Unspecified=FR_ACT_UNSPEC LookUp=FR_ACT_TO_TBL GoTo=FR_ACT_GOTO Nothing=FR_ACT_NOP Blackhole=FR_ACT_BLACKHOLE Unreachable=FR_ACT_UNREACHABLE Prohibit=FR_ACT_PROHIBIT")]
    [InlineData(typeof(RoutingRuleFlags), "Permanent=FIB_RULE_PERMANENT Unresolved=FIB_RULE_UNRESOLVED InputDetached=FIB_RULE_IIF_DETACHED OutputDetached=FIB_RULE_OIF_DETACHED FindSource=FIB_RULE_FIND_SADDR")]
    [InlineData(typeof(NeighborState), "Incomplete=NUD_INCOMPLETE Reachable=NUD_REACHABLE Stale=NUD_STALE Delay=NUD_DELAY Probe=NUD_PROBE Failed=NUD_FAILED NoArp=NUD_NOARP Permanent=NUD_PERMANENT")]

    // NTF_EXT_LOCKED, 1 << 1, is newer than these headers.
    [InlineData(typeof(NeighborFlags), "Use=NTF_USE Self=NTF_SELF Master=NTF_MASTER Proxy=NTF_PROXY ExternallyLearned=NTF_EXT_LEARNED Offloaded=NTF_OFFLOADED Sticky=NTF_STICKY Router=NTF_ROUTER Managed=NTF_EXT_MANAGED<<8 Locked=(1<<1)<<8")]
    [InlineData(typeof(LocalSegmentAction), "Unspecified=SEG6_LOCAL_ACTION_UNSPEC End=SEG6_LOCAL_ACTION_END EndByNextHop=SEG6_LOCAL_ACTION_END_X EndByTable=SEG6_LOCAL_ACTION_END_T DecapsulateFrame=SEG6_LOCAL_ACTION_END_DX2 DecapsulateIPv6=SEG6_LOCAL_ACTION_END_DX6 DecapsulateIPv4=SEG6_LOCAL_ACTION_END_DX4 DecapsulateIPv6ByTable=SEG6_LOCAL_ACTION_END_DT6 DecapsulateIPv4ByTable=SEG6_LOCAL_ACTION_END_DT4 BindInline=SEG6_LOCAL_ACTION_END_B6 BindEncapsulated=SEG6_LOCAL_ACTION_END_B6_ENCAP BindMpls=SEG6_LOCAL_ACTION_END_BM SearchLast=SEG6_LOCAL_ACTION_END_S ProxyStatic=SEG6_LOCAL_ACTION_END_AS ProxyMasquerade=SEG6_LOCAL_ACTION_END_AM Program=SEG6_LOCAL_ACTION_END_BPF DecapsulateByTable=SEG6_LOCAL_ACTION_END_DT46")]
    [InlineData(typeof(LocalSegmentFlavors), "PenultimatePop=1<<SEG6_LOCAL_FLV_OP_PSP UltimatePop=1<<SEG6_LOCAL_FLV_OP_USP UltimateDecapsulation=1<<SEG6_LOCAL_FLV_OP_USD NextCompressed=1<<SEG6_LOCAL_FLV_OP_NEXT_CSID")]
    [InlineData(typeof(SegmentRoutingMode), "Inline=SEG6_IPTUN_MODE_INLINE Encapsulate=SEG6_IPTUN_MODE_ENCAP EncapsulateFrame=SEG6_IPTUN_MODE_L2ENCAP EncapsulateReduced=SEG6_IPTUN_MODE_ENCAP_RED EncapsulateFrameReduced=SEG6_IPTUN_MODE_L2ENCAP_RED")]
    [InlineData(typeof(IPEncapsulationFlags), "Checksum=__builtin_bswap16(TUNNEL_CSUM) Key=__builtin_bswap16(TUNNEL_KEY) SequenceNumbers=__builtin_bswap16(TUNNEL_SEQ)")]
    [InlineData(typeof(AddressProtocol), "Unspecified=IFAPROT_UNSPEC Loopback=IFAPROT_KERNEL_LO RouterAdvertisement=IFAPROT_KERNEL_RA LinkLocal=IFAPROT_KERNEL_LL")]
    public void Public_names_stand_for_the_kernels(Type type, string pairs) => KernelNames.AssertSame(type, pairs);
}
