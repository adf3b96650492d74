using System.Runtime.InteropServices;

namespace Isolation.Netlink.Tests;

/// <summary>Handles, rates and the other values of traffic control.</summary>
[NativeOnly]
public sealed class TrafficUnitTests
{
    [LinuxTheory]
    [InlineData("1:", 0x10000u)]
    [InlineData("1:10", 0x10010u)]
    [InlineData(":5", 0x5u)]
    [InlineData("ffff:fff1", 0xFFFFFFF1u)]
    [InlineData("root", 0xFFFFFFFFu)]
    [InlineData("none", 0u)]
    [InlineData("abcd:ef", 0xABCD00EFu)]
    public void A_handle_is_read_and_written_as_tc_does(string text, uint value)
    {
        Assert.Equal(new TrafficHandle(value), TrafficHandle.Parse(text));
        Assert.Equal(text, new TrafficHandle(value).ToString());
    }

    [LinuxTheory]
    [InlineData("ingress")]
    [InlineData("clsact")]
    public void The_place_of_what_comes_in_has_names(string text) => Assert.Equal(TrafficHandle.Ingress, TrafficHandle.Parse(text));

    [LinuxTheory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("1")]
    [InlineData("1:2:3")]
    [InlineData("10000:")]
    [InlineData("1:10000")]
    [InlineData("-1:")]
    [InlineData("g:")]
    [InlineData(" 1:")]
    public void What_is_no_handle_is_refused(string text)
    {
        Assert.Throws<FormatException>(() => TrafficHandle.Parse(text));
        Assert.False(TrafficHandle.TryParse(text, out _));
    }

    [LinuxTheory]
    [InlineData("1Mbit", 125_000, "1Mbit")]
    [InlineData("2.5gbit", 312_500_000, "2.5Gbit")]
    [InlineData("64KBIT", 8000, "64Kbit")]
    [InlineData("800bit", 100, "800bit")]
    [InlineData("100Gbit", 12_500_000_000, "100Gbit")]
    [InlineData("1Tbit", 125_000_000_000, "1Tbit")]
    [InlineData("1234568bit", 154_321, "1234.568Kbit")]
    [InlineData("0bit", 0, "0bit")]
    public void A_rate_is_read_and_written_in_bits(string text, long bytes, string written)
    {
        Assert.Equal(new DataRate(bytes), DataRate.Parse(text));
        Assert.Equal(written, new DataRate(bytes).ToString());
    }

    [LinuxTheory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("mbit")]
    [InlineData("-1mbit")]
    [InlineData("1mbps")]
    [InlineData("99999999999Tbit")]
    public void What_is_no_rate_is_refused(string text) => Assert.Throws<FormatException>(() => DataRate.Parse(text));

    [LinuxFact]
    public void A_rate_is_made_of_bits()
    {
        Assert.Equal((1_500_000, 1000, 250_000_000), (DataRate.FromMegabits(12).BytesPerSecond, DataRate.FromKilobits(8).BytesPerSecond, DataRate.FromGigabits(2).BytesPerSecond));
        Assert.Equal(12_000_000, DataRate.FromMegabits(12).BitsPerSecond);
        Assert.Throws<ArgumentOutOfRangeException>(() => DataRate.FromBits(-1));
    }

    [FsCheck.Xunit.Property(MaxTest = 5000)]
    public void A_share_of_the_kernel_is_told_so_that_it_comes_back(uint share) => Assert.Equal(share, TrafficUnits.ToProbability(TrafficUnits.FromProbability(share), "it"));

    [LinuxTheory]
    [InlineData(0)]
    [InlineData(0.01)]
    [InlineData(0.07)]
    [InlineData(0.333)]
    [InlineData(0.5)]
    [InlineData(0.00001)]
    [InlineData(1)]
    public void A_share_of_few_digits_stays_as_it_is(double share) => Assert.Equal(share, TrafficUnits.FromProbability(TrafficUnits.ToProbability(share, "it")));

    [LinuxTheory]
    [InlineData(1, 4, 0, 2)]
    [InlineData(0.25, 1, -2, 2)]
    [InlineData(8, 64, 3, 3)]
    public void An_estimator_is_that_of_tc(double interval, double timeConstant, int kernelInterval, int weight)
    {
        Interop.EstimatorData data = new RateEstimator(TimeSpan.FromSeconds(interval), TimeSpan.FromSeconds(timeConstant)).ToData();
        Assert.Equal((kernelInterval, weight), ((int)data.interval, (int)data.ewma_log));
    }

    // The tables that come with iproute2. Its normal one was integrated in steps, so its ends are wider.
    [LinuxFact(Needs.Iproute2)]
    public void Distributions_are_those_of_iproute2()
    {
        NetemDistribution? normal = Table("normal"), pareto = Table("pareto");
        Assert.SkipWhen(normal is null || pareto is null, "iproute2 has no tables here.");
        Assert.Equal(pareto.Values.ToArray(), NetemDistribution.Pareto.Values.ToArray());
        Assert.Equal(normal.Values.Length, NetemDistribution.Normal.Values.Length);
        for (int i = 100; i < 3996; i++)
            Assert.InRange(NetemDistribution.Normal.Values[i] - normal.Values[i], -30, 30);

        static NetemDistribution? Table(string name)
            => Directory.GetDirectories("/usr/lib", "*-linux-gnu").Append("/usr/lib").Select(d => $"{d}/tc/{name}.dist").FirstOrDefault(File.Exists) is { } path ? NetemDistribution.Parse(File.ReadAllText(path)) : null;
    }

    [LinuxFact]
    public void The_normal_distribution_has_its_quantiles()
    {
        ReadOnlySpan<short> values = NetemDistribution.Normal.Values;
        double sum = 0, squares = 0;
        for (int i = 0; i < values.Length; i++)
        {
            Assert.Equal(-values[i], values[^(i + 1)]);
            sum += values[i];
            squares += (double)values[i] * values[i];
        }

        Assert.Equal(0, sum);
        Assert.InRange(Math.Sqrt(squares / values.Length), 8192 * 0.99, 8192 * 1.01);
    }

    [LinuxTheory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1 x")]
    [InlineData("1 32768")]
    public void What_is_no_table_is_refused(string text) => Assert.Throws<FormatException>(() => NetemDistribution.Parse(text));

    [LinuxFact]
    public void A_table_has_comments_and_a_limit()
    {
        Assert.Equal([-1, 0, 32767], NetemDistribution.Parse("# three\n -1 0\n\t32767\n").Values.ToArray());
        Assert.Throws<ArgumentException>(() => new NetemDistribution(new short[16385]));
        Assert.Throws<ArgumentException>(() => new NetemDistribution());
    }

    [LinuxTheory]
    [InlineData(-1, "continue")]
    [InlineData(0, "pass")]
    [InlineData(2, "drop")]
    [InlineData(0x2000_0005, "goto chain 5")]
    [InlineData(0x1000_0003, "jump 3")]
    [InlineData(77, "77")]
    public void A_control_is_written_as_tc_does(int value, string text) => Assert.Equal(text, new ActionControl(value).ToString());

    [LinuxTheory(Needs.CCompiler)]
    [InlineData(typeof(MirredMode), "RedirectToEgress=TCA_EGRESS_REDIR MirrorToEgress=TCA_EGRESS_MIRROR RedirectToIngress=TCA_INGRESS_REDIR MirrorToIngress=TCA_INGRESS_MIRROR")]
    [InlineData(typeof(GactChanceKind), "Random=PGACT_NETRAND Counted=PGACT_DETERM")]
    [InlineData(typeof(TrafficFilterFlags), "SkipHardware=TCA_CLS_FLAGS_SKIP_HW SkipSoftware=TCA_CLS_FLAGS_SKIP_SW InHardware=TCA_CLS_FLAGS_IN_HW NotInHardware=TCA_CLS_FLAGS_NOT_IN_HW")]
    [InlineData(typeof(FlowerConnectionStates), "New=TCA_FLOWER_KEY_CT_FLAGS_NEW Established=TCA_FLOWER_KEY_CT_FLAGS_ESTABLISHED Related=TCA_FLOWER_KEY_CT_FLAGS_RELATED Tracked=TCA_FLOWER_KEY_CT_FLAGS_TRACKED Invalid=TCA_FLOWER_KEY_CT_FLAGS_INVALID Reply=TCA_FLOWER_KEY_CT_FLAGS_REPLY")]
    public void Public_names_stand_for_the_kernels(Type type, string pairs) => KernelNames.AssertSame(type, pairs);

    [LinuxFact(Needs.CCompiler)]
    public void Controls_and_ether_types_are_the_kernels()
    {
        (string Name, long Value)[] ours =
        [
            ("TC_ACT_UNSPEC", ActionControl.Continue.Value), ("TC_ACT_OK", ActionControl.Pass.Value), ("TC_ACT_RECLASSIFY", ActionControl.Reclassify.Value), ("TC_ACT_SHOT", ActionControl.Drop.Value),
            ("TC_ACT_PIPE", ActionControl.Pipe.Value), ("TC_ACT_STOLEN", ActionControl.Stolen.Value), ("TC_ACT_TRAP", ActionControl.Trap.Value), ("TC_ACT_JUMP", ActionControl.Jump(0).Value), ("TC_ACT_GOTO_CHAIN", ActionControl.GoToChain(0).Value),
            ("ETH_P_ALL", (long)EtherType.All), ("ETH_P_IP", (long)EtherType.IPv4), ("ETH_P_ARP", (long)EtherType.Arp), ("ETH_P_8021Q", (long)EtherType.Vlan), ("ETH_P_8021AD", (long)EtherType.ProviderVlan), ("ETH_P_IPV6", (long)EtherType.IPv6), ("ETH_P_MPLS_UC", (long)EtherType.Mpls),
            ("sizeof(((struct tc_prio_qopt *)0)->priomap)", Marshal.SizeOf<Interop.PrioData.Map>()),
        ];
        Isolation.Syscalls.Tests.CProgram.AssertSame(ours, Isolation.Syscalls.Tests.CProgram.Values(KernelNames.Headers + "\n#include <linux/if_ether.h>", ours.Select(o => o.Name)));
    }
}
