using System.Net.Sockets;
using System.Runtime.InteropServices;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial record NextHopObject : IRequestBody
{
    // Since Linux 6.12; 256 before.
    private const int MostWeight = 65536;

    // linux/nexthop.h says which attributes exclude each other.
    void IRequestBody.WriteTo(MessageWriter writer)
    {
        Check();
        writer.WriteHeader(new NextHopObjectHeader
        {
            nh_family = FamilyNumber,
            nh_protocol = (byte)(Protocol ?? RouteProtocol.Unspecified),
            nh_flags = IsOnLink ? Route.OnLinkFlag : 0u,
        });
        if (Id != 0)
            writer.Write(NextHopAttribute.NHA_ID, Id);
        if (IsForForwarding)
            writer.WriteBytes(NextHopAttribute.NHA_FDB, []);
        if (IsBlackhole)
            writer.WriteBytes(NextHopAttribute.NHA_BLACKHOLE, []);
        if (InterfaceIndex != 0)
            writer.Write(NextHopAttribute.NHA_OIF, InterfaceIndex);
        if (Gateway is not null)
            writer.WriteAddress(NextHopAttribute.NHA_GATEWAY, Gateway);
        Encapsulation?.WriteTo(writer, NextHopAttribute.NHA_ENCAP_TYPE, NextHopAttribute.NHA_ENCAP);
        if (!Group.IsEmpty)
            WriteGroup(writer);
    }

    // The kernel wants none for a group, and one for all others.
    private byte FamilyNumber
    {
        get
        {
            if (!Group.IsEmpty)
                return NetlinkConstants.AF_UNSPEC;
            return IPFamily.ToKernel(Gateway?.AddressFamily ?? Family ?? AddressFamily.InterNetwork);
        }
    }

    private void WriteGroup(MessageWriter writer)
    {
        Span<NextHopGroupEntry> entries = new NextHopGroupEntry[Group.Length];
        for (int i = 0; i < entries.Length; i++)
        {
            int weight = Group[i].Weight - 1;
            entries[i] = new NextHopGroupEntry { id = Group[i].Id, weight = (byte)weight, resvd1 = (byte)(weight >> 8) };
        }

        writer.WriteBytes(NextHopAttribute.NHA_GROUP, MemoryMarshal.AsBytes(entries));
        if (Resilient is null)
            return;
        writer.Write(NextHopAttribute.NHA_GROUP_TYPE, NextHopGroupType.NEXTHOP_GRP_TYPE_RES);
        if (Resilient.Buckets is null && Resilient.IdleTime is null && Resilient.UnbalancedLimit is null)
            return;
        using MessageWriter.Scope scope = writer.Nest(NextHopAttribute.NHA_RES_GROUP);
        writer.Write(ResilientGroupAttribute.NHA_RES_GROUP_BUCKETS, Resilient.Buckets);
        writer.Write(ResilientGroupAttribute.NHA_RES_GROUP_IDLE_TIMER, Ticks(Resilient.IdleTime));
        writer.Write(ResilientGroupAttribute.NHA_RES_GROUP_UNBALANCED_TIMER, Ticks(Resilient.UnbalancedLimit));
    }

    private void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(InterfaceIndex);
        if (Group.IsDefault)
            throw new ArgumentException("The members of a group cannot be a default array. Leave them out, or give an empty one.");
        if (!Group.IsEmpty && (IsBlackhole || Gateway is not null || InterfaceIndex != 0 || Encapsulation is not null || IsOnLink))
            throw new ArgumentException($"The group {Id} has a way of its own; its members have theirs.");
        if (Group.IsEmpty && Resilient is not null)
            throw new ArgumentException($"The next hop {Id} is resilient but no group.");
        if (IsBlackhole && (IsForForwarding || Gateway is not null || InterfaceIndex != 0 || Encapsulation is not null))
            throw new ArgumentException($"The next hop {Id} drops packets and has a way for them.");
        if (IsForForwarding && (InterfaceIndex != 0 || Encapsulation is not null))
            throw new ArgumentException($"The next hop {Id} is for forwarding, which leaves the link and the encapsulation to the VXLAN link.");
        foreach (NextHopGroupMember member in Group)
        {
            if (member.Id == 0 || member.Weight is < 1 or > MostWeight)
                throw new ArgumentException($"A member of the group {Id} has the id {member.Id} and the weight {member.Weight}; weights are 1 to {MostWeight}, and no id is 0.");
        }
    }

    private static uint? Ticks(TimeSpan? time)
    {
        if (time is not { } value)
            return null;
        double ticks = value.TotalSeconds * Route.TicksPerSecond;
        return ticks is >= 0 and <= uint.MaxValue ? (uint)ticks : throw new ArgumentException($"The time is out of range: {value}.");
    }
}
