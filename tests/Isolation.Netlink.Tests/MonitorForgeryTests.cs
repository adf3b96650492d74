using System.Runtime.CompilerServices;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Transport;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.Netlink.Tests;

/// <summary>S29: messages of others, who have CAP_NET_ADMIN in the network namespace.</summary>
public sealed class MonitorForgeryTests(ITestOutputHelper output)
{
    private const int ForgedIndex = 4242;

    [LinuxFact(Needs.Root)]
    public async Task Nobody_can_send_to_the_monitor_itself()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        using NetlinkSocket forger = network.Run(() => NetlinkSocket.Create());
        await using var watcher = new Watcher(network.Client, new MonitorOptions { Kinds = MonitoredKinds.Links });
        for (int i = 0; i < 1000; i++)
            Assert.Equal(-(long)Errno.ECONNREFUSED, Forge(forger, watcher.Monitor.PortId, group: 0));
        network.Client.AddLink("br0", new BridgeLink());
        watcher.Expect<LinkChanged>(c => c.Link.Name == "br0");
        Assert.Equal(0, watcher.Monitor.ForgedMessages);
    }

    [LinuxFact(Needs.Root)]
    public async Task What_is_forged_to_a_group_is_dropped_and_counted()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        using NetlinkSocket forger = network.Run(() => NetlinkSocket.Create());
        await using var watcher = new Watcher(network.Client, new MonitorOptions { Kinds = MonitoredKinds.Links });
        for (int i = 0; i < 100; i++)
            Assert.True(Forge(forger, 0, MulticastGroup.RTNLGRP_LINK) > 0);
        network.Client.AddLink("br0", new BridgeLink());
        watcher.Expect<LinkChanged>(c => c.Link.Name == "br0");
        Assert.Equal(100, watcher.Monitor.ForgedMessages);
        Assert.DoesNotContain(watcher.Told, c => c is LinkChanged { Link.Index: ForgedIndex });
    }

    [LinuxFact(Needs.Root, Timeout = 120_000)]
    public async Task Under_a_flood_of_forged_messages_a_monitor_still_tells_what_is_true()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        using NetlinkSocket forger = network.Run(() => NetlinkSocket.Create());
        await using var watcher = new Watcher(network.Client, new MonitorOptions { Kinds = MonitoredKinds.Links, ListExisting = true, ReceiveBufferSize = 16 << 10 });
        watcher.Expect<Synchronized>();
        using var stop = new CancellationTokenSource();
        Task<long> flood = Task.Run(() =>
        {
            long sent = 0;
            for (; !stop.IsCancellationRequested; sent++)
                Forge(forger, 0, MulticastGroup.RTNLGRP_LINK);
            return sent;
        });
        try
        {
            for (int i = 0; i < 30; i++)
            {
                network.Client.AddLink($"br{i}", new BridgeLink());
                watcher.Until(m => m.Links.Values.Any(l => l.Name == $"br{i}"));
            }
        }
        finally
        {
            stop.Cancel();
        }

        long forged = await flood.WaitAsync(TestContext.Current.CancellationToken);
        network.Client.AddLink("last", new BridgeLink());
        watcher.Until(m => m.IsSynchronized && KernelState.Of(m).SequenceEqual(KernelState.Of(network.Client)));
        output.WriteLine($"{forged} forged, {watcher.Monitor.ForgedMessages} of them received and dropped, {watcher.Monitor.Overruns} overruns");
        Assert.True(watcher.Monitor.ForgedMessages > 1000);
        Assert.DoesNotContain(watcher.Told, c => c is LinkChanged { Link.Index: ForgedIndex } or LinkRemoved { Link.Index: ForgedIndex });
    }

    // A new link, which there is not.
    private static unsafe long Forge(NetlinkSocket forger, long port, MulticastGroup group)
    {
        int size = sizeof(NetlinkHeader) + sizeof(LinkHeader);
        byte* message = stackalloc byte[size];
        Unsafe.Write(message, new NetlinkHeader { nlmsg_len = (uint)size, nlmsg_type = (ushort)RouteMessageType.RTM_NEWLINK });
        Unsafe.Write(message + sizeof(NetlinkHeader), new LinkHeader { ifi_index = ForgedIndex });
        var victim = new NetlinkAddress { nl_family = NetlinkConstants.AF_NETLINK, nl_pid = (uint)port, nl_groups = group == 0 ? 0 : 1u << ((int)group - 1) };
        return Sys.Call(SyscallNumber.SendTo, forger.Handle.DangerousGetHandle(), (nint)message, size, NetlinkConstants.MSG_DONTWAIT, (nint)(&victim), sizeof(NetlinkAddress));
    }
}
