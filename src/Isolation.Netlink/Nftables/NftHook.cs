using System.Buffers.Binary;
using System.Collections.Immutable;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Nftables;

/// <summary>Where packets come to a base chain (nft(8), CHAINS).</summary>
/// <param name="Type">What the chain does: one of <see cref="NftChainType"/>.</param>
/// <param name="Point">The place on a packet's way.</param>
/// <param name="Priority">The order among the chains there, lowest first: one of <see cref="NftPriority"/>, or any other number.</param>
public sealed record NftHook(string Type, NftHookPoint Point, int Priority = NftPriority.Filter)
{
    // Numbers of enum nf_inet_hooks, nf_dev_hooks and of linux/netfilter_arp.h.
    private const uint InetIngress = 5;

    /// <summary>The links, at <see cref="NftHookPoint.Ingress"/> and <see cref="NftHookPoint.Egress"/>.</summary>
    public ImmutableArray<string> Devices { get; init; } = [];

    /// <summary>Compares all properties, the links one by one.</summary>
    public bool Equals(NftHook? other)
        => other is not null && (Type, Point, Priority) == (other.Type, other.Point, other.Priority) && Devices.AsSpan().SequenceEqual(other.Devices.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, Point, Priority);

    internal void WriteTo(MessageWriter writer, NftFamily family)
    {
        if (Type is not (NftChainType.Filter or NftChainType.Nat or NftChainType.Route))
            throw new ArgumentException($"There is no type of chain '{Type}': see NftChainType.");
        using MessageWriter.Scope hook = writer.Nest(NftablesChainAttribute.NFTA_CHAIN_HOOK);
        writer.WriteNetwork(NftablesHookAttribute.NFTA_HOOK_HOOKNUM, ToKernel(family));
        writer.WriteNetwork(NftablesHookAttribute.NFTA_HOOK_PRIORITY, unchecked((uint)Priority));
        switch (Devices)
        {
            case { IsDefault: true }:
                throw new ArgumentException("The links of a chain cannot be a default array. Leave them out, or give an empty one.");
            case [var only]:
                writer.WriteText(NftablesHookAttribute.NFTA_HOOK_DEV, LinkName.Check(only));
                break;
            case [_, _, ..]:
                using (writer.Nest(NftablesHookAttribute.NFTA_HOOK_DEVS))
                {
                    foreach (string device in Devices)
                        writer.WriteText(NftDeviceAttribute.NFTA_DEVICE_NAME, LinkName.Check(device));
                }

                break;
        }
    }

    internal static NftHook Read(AttributeReader attributes, NftFamily family)
    {
        var hook = new NftHook("", 0);
        foreach (Wire.Attribute attribute in attributes)
        {
            hook = (NftablesHookAttribute)attribute.Type switch
            {
                NftablesHookAttribute.NFTA_HOOK_HOOKNUM => hook with { Point = FromKernel(attribute.NetworkUInt32, family) },
                NftablesHookAttribute.NFTA_HOOK_PRIORITY => hook with { Priority = BinaryPrimitives.ReverseEndianness(attribute.Number<int>()) },
                NftablesHookAttribute.NFTA_HOOK_DEV => hook with { Devices = [attribute.Text] },
                NftablesHookAttribute.NFTA_HOOK_DEVS => hook with { Devices = ReadDevices(attribute.Attributes) },
                _ => hook,
            };
        }

        return hook;
    }

    private static ImmutableArray<string> ReadDevices(AttributeReader attributes)
    {
        ImmutableArray<string>.Builder devices = ImmutableArray.CreateBuilder<string>();
        foreach (Wire.Attribute device in attributes)
            devices.Add(device.Text);
        return devices.DrainToImmutable();
    }

    private uint ToKernel(NftFamily family) => (family, Point) switch
    {
        (NftFamily.NetworkDevice, NftHookPoint.Ingress) => 0,
        (NftFamily.NetworkDevice, NftHookPoint.Egress) => 1,
        (NftFamily.Arp, NftHookPoint.Input) => 0,
        (NftFamily.Arp, NftHookPoint.Output) => 1,
        (NftFamily.Inet, NftHookPoint.Ingress) => InetIngress,
        (NftFamily.Inet or NftFamily.IPv4 or NftFamily.IPv6 or NftFamily.Bridge, <= NftHookPoint.Postrouting) => (uint)Point,
        _ => throw new ArgumentException($"Packets of the family {NftNames.Text(family)} do not come to {Point}."),
    };

    private static NftHookPoint FromKernel(uint number, NftFamily family) => (family, number) switch
    {
        (NftFamily.NetworkDevice, 0) => NftHookPoint.Ingress,
        (NftFamily.NetworkDevice, _) => NftHookPoint.Egress,
        (NftFamily.Arp, 0) => NftHookPoint.Input,
        (NftFamily.Arp, _) => NftHookPoint.Output,
        (_, InetIngress) => NftHookPoint.Ingress,
        _ => (NftHookPoint)number,
    };
}

/// <summary>The places on a packet's way where chains can be hooked in (nft(8), ADDRESS FAMILIES).</summary>
public enum NftHookPoint
{
    /// <summary>Before it is known whether it is for this machine: the place for destination NAT.</summary>
    Prerouting,

    /// <summary>It is for this machine.</summary>
    Input,

    /// <summary>It comes from elsewhere, and goes elsewhere.</summary>
    Forward,

    /// <summary>It comes from this machine.</summary>
    Output,

    /// <summary>Before it leaves: the place for source NAT.</summary>
    Postrouting,

    /// <summary>It has come in by a link.</summary>
    Ingress,

    /// <summary>It is about to leave by a link (Linux 5.16).</summary>
    Egress,
}

/// <summary>What a base chain does.</summary>
public static class NftChainType
{
    /// <summary>It decides about packets.</summary>
    public const string Filter = "filter";

    /// <summary>It rewrites addresses: only the first packet of each connection comes to it.</summary>
    public const string Nat = "nat";

    /// <summary>It changes what a packet is routed by, at the output.</summary>
    public const string Route = "route";
}

/// <summary>The usual priorities of base chains, which nft(8) shows by name.</summary>
public static class NftPriority
{
    /// <summary>Before connections are tracked: <c>raw</c>.</summary>
    public const int Raw = -300;

    /// <summary>For changes of packets: <c>mangle</c>.</summary>
    public const int Mangle = -150;

    /// <summary>For destination NAT: <c>dstnat</c>.</summary>
    public const int DestinationNat = -100;

    /// <summary>For decisions: <c>filter</c>.</summary>
    public const int Filter = 0;

    /// <summary>For labels of mandatory access control: <c>security</c>.</summary>
    public const int Security = 50;

    /// <summary>For source NAT: <c>srcnat</c>.</summary>
    public const int SourceNat = 100;
}
