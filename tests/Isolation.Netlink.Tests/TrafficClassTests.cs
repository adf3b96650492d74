using Isolation.Syscalls;

namespace Isolation.Netlink.Tests;

/// <summary>Classes, beside tc(8) both ways.</summary>
public sealed class TrafficClassTests
{
    private static readonly TrafficHandle s_root = new(1, 0);

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void What_we_make_tc_shows_and_what_tc_makes_is_read()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = network.AddVeth("v0", "v1").Index;
        network.Client.AddQdisc(new Qdisc(veth, new HtbQdisc()) { Handle = s_root });
        var ours = new HtbClass(DataRate.FromMegabits(10)) { Ceiling = DataRate.FromMegabits(20), Burst = 20480, CeilingBurst = 30720, Priority = 3, Quantum = 3000 };
        network.Client.AddTrafficClass(new TrafficClass(veth, s_root, new TrafficHandle(1, 1), new HtbClass(DataRate.FromMegabits(100))));
        network.Client.AddTrafficClass(new TrafficClass(veth, new TrafficHandle(1, 1), new TrafficHandle(1, 0x10), ours));
        network.Tc("class add dev v0 parent 1:1 classid 1:11 htb rate 10mbit ceil 20mbit burst 20k cburst 30k prio 3 quantum 3000");

        string[] shown = network.Tc("-d class show dev v0").Split('\n');
        string first = shown.Single(s => s.StartsWith("class htb 1:10 ", StringComparison.Ordinal)), second = shown.Single(s => s.StartsWith("class htb 1:11 ", StringComparison.Ordinal));
        Assert.Equal(second.Replace("1:11 ", "1:10 ", StringComparison.Ordinal), first);
        Assert.StartsWith("class htb 1:10 parent 1:1 prio 3 quantum 3000 rate 10Mbit ceil 20Mbit linklayer ethernet burst 20Kb/1 mpu 0b cburst 30Kb/1 mpu 0b level 0", first, StringComparison.Ordinal);

        TrafficClass read = network.Client.ListTrafficClasses(veth).Single(c => c.Id == new TrafficHandle(1, 0x11));
        Assert.Equal((new TrafficHandle(1, 1), ours), (read.Parent, read.Kind));
        Assert.Equal(3, network.Client.ListTrafficClasses(veth, s_root).Count);
        Assert.Empty(network.Client.ListTrafficClasses(veth, new TrafficHandle(2, 0)));
        Assert.Equal(7, Assert.IsType<HtbClass>(network.Client.ListTrafficClasses(veth).Single(c => c.Id.Minor == 1).Kind).Level);
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void Rates_of_64_bits_come_back()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = network.AddVeth("v0", "v1").Index;
        network.Client.AddQdisc(new Qdisc(veth, new HtbQdisc()) { Handle = s_root });
        network.Client.AddTrafficClass(new TrafficClass(veth, s_root, new TrafficHandle(1, 1), new HtbClass(DataRate.FromGigabits(100)) { Ceiling = DataRate.FromGigabits(200), Quantum = 60_000 }));
        HtbClass read = Assert.IsType<HtbClass>(Assert.Single(network.Client.ListTrafficClasses(veth)).Kind);
        Assert.Equal((100_000_000_000, 200_000_000_000), (read.Rate.BitsPerSecond, read.Ceiling!.Value.BitsPerSecond));
        Assert.Contains(" rate 100Gbit ceil 200Gbit ", network.Tc("class show dev v0"), StringComparison.Ordinal);
    }

    [LinuxFact(Needs.Root)]
    public void A_class_is_changed_replaced_listed_and_deleted()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = network.AddVeth("v0", "v1").Index;
        network.Client.AddQdisc(new Qdisc(veth, new HtbQdisc()) { Handle = s_root });
        var first = new TrafficClass(veth, TrafficHandle.Root, new TrafficHandle(1, 1), new HtbClass(DataRate.FromMegabits(1)) { Ceiling = DataRate.FromMegabits(1), Burst = 1600, CeilingBurst = 1600, Quantum = 2000 });
        Assert.Equal(Errno.ENOENT, Assert.Throws<NetlinkException>(() => network.Client.ChangeTrafficClass(first)).Errno);
        network.Client.AddTrafficClass(first);
        Assert.Equal(Errno.EEXIST, Assert.Throws<NetlinkException>(() => network.Client.AddTrafficClass(first)).Errno);
        network.Client.ChangeTrafficClass(first with { Kind = new HtbClass(DataRate.FromMegabits(2)) });
        Assert.Equal(DataRate.FromMegabits(2), Assert.IsType<HtbClass>(Assert.Single(network.Client.ListTrafficClasses(veth)).Kind).Rate);
        network.Client.ReplaceTrafficClass(first);

        // A class of the root is listed with the root as its parent.
        TrafficClass listed = Assert.Single(network.Client.ListTrafficClasses(veth));
        Assert.Equal((first.Parent, first.Id, first.Kind), (listed.Parent, listed.Id, listed.Kind));
        Assert.IsType<HtbClassStatistics>(listed.KindStatistics);
        network.Client.AddQdisc(new Qdisc(veth, new PfifoQdisc()) { Parent = listed.Id, Handle = new TrafficHandle(0x20, 0) });
        Assert.Equal(new TrafficHandle(0x20, 0), Assert.Single(network.Client.ListTrafficClasses(veth)).Leaf);
        network.Client.DeleteTrafficClass(listed);
        network.Client.AddTrafficClass(listed);
        network.Client.DeleteTrafficClass(veth, listed.Id);
        Assert.Empty(network.Client.ListTrafficClasses(veth));
        Assert.Equal(Errno.ENOENT, Assert.Throws<NetlinkException>(() => network.Client.DeleteTrafficClass(listed)).Errno);
    }

    [LinuxFact(Needs.Root)]
    public void A_wrong_description_is_refused_before_anything_is_changed()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        int veth = network.AddVeth("v0", "v1").Index;
        network.Client.AddQdisc(new Qdisc(veth, new HtbQdisc()) { Handle = s_root });
        DataRate rate = DataRate.FromMegabits(1);
        HtbClass[] wrong =
        [
            new(new DataRate(0)),
            new(rate) { Ceiling = new DataRate(1) },
            new(rate) { Burst = 0 },
            new(rate) { CeilingBurst = -1 },
            new(rate) { Priority = 8 },
            new(rate) { Priority = -1 },
            new(rate) { Quantum = -1 },
            new(rate) { Burst = 1L << 31 },
        ];
        foreach (HtbClass kind in wrong)
            Assert.ThrowsAny<ArgumentException>(() => network.Client.AddTrafficClass(new TrafficClass(veth, s_root, new TrafficHandle(1, 1), kind)));
        Assert.Throws<ArgumentException>(() => network.Client.AddTrafficClass(new TrafficClass(veth, s_root, s_root, new HtbClass(rate))));
        Assert.Throws<ArgumentException>(() => network.Client.DeleteTrafficClass(veth, s_root));
        Assert.Throws<ArgumentOutOfRangeException>(() => network.Client.ListTrafficClasses(0));
        Assert.Empty(network.Client.ListTrafficClasses(veth));
    }
}
