using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

public sealed partial record NextHopObject
{
    /// <summary>Reads the body of RTM_NEWNEXTHOP.</summary>
    /// <exception cref="NetlinkException">EBADMSG: it is malformed.</exception>
    internal static NextHopObject Read(ReadOnlySpan<byte> body)
    {
        NextHopObjectHeader header = Message.ReadFixed<NextHopObjectHeader>(body, out AttributeReader attributes);
        var result = new NextHopObject(0)
        {
            Family = header.nh_family == NetlinkConstants.AF_UNSPEC ? null : IPFamily.FromKernel(header.nh_family),
            Protocol = header.nh_protocol == 0 ? null : (RouteProtocol)header.nh_protocol,
            Scope = (RouteScope)header.nh_scope,
            IsOnLink = (header.nh_flags & Route.OnLinkFlag) != 0,
            Flags = Route.ToFlags(header.nh_flags),
        };
        ReadOnlySpan<byte> encapsulation = default;
        ushort encapsulationType = 0;
        foreach (Wire.Attribute attribute in attributes)
        {
            if ((NextHopAttribute)attribute.Type == NextHopAttribute.NHA_ENCAP_TYPE)
                encapsulationType = attribute.Number<ushort>();
            else if ((NextHopAttribute)attribute.Type == NextHopAttribute.NHA_ENCAP)
                encapsulation = attribute.Value;
            else
                result = result.With(attribute);
        }

        return result with { Encapsulation = RouteEncapsulation.Read(encapsulationType, encapsulation) };
    }

    /// <summary>Reads the body of RTM_NEWNEXTHOPBUCKET.</summary>
    internal static NextHopBucket ReadBucket(ReadOnlySpan<byte> body)
    {
        Message.ReadFixed<NextHopObjectHeader>(body, out AttributeReader attributes);
        var result = default(NextHopBucket);
        foreach (Wire.Attribute attribute in attributes)
        {
            if ((NextHopAttribute)attribute.Type == NextHopAttribute.NHA_ID)
                result = result with { GroupId = attribute.Number<int>() };
            if ((NextHopAttribute)attribute.Type != NextHopAttribute.NHA_RES_BUCKET)
                continue;
            foreach (Wire.Attribute inner in attribute.Attributes)
            {
                result = (ResilientBucketAttribute)inner.Type switch
                {
                    ResilientBucketAttribute.NHA_RES_BUCKET_INDEX => result with { Index = inner.Number<ushort>() },
                    ResilientBucketAttribute.NHA_RES_BUCKET_IDLE_TIME => result with { IdleTime = Time(inner.Number<ulong>()) },
                    ResilientBucketAttribute.NHA_RES_BUCKET_NH_ID => result with { NextHopId = inner.Number<int>() },
                    _ => result,
                };
            }
        }

        return result;
    }

    private NextHopObject With(Wire.Attribute attribute) => (NextHopAttribute)attribute.Type switch
    {
        NextHopAttribute.NHA_ID => this with { Id = attribute.Number<int>() },
        NextHopAttribute.NHA_GATEWAY => this with { Gateway = attribute.Address },
        NextHopAttribute.NHA_OIF => this with { InterfaceIndex = attribute.Number<int>() },
        NextHopAttribute.NHA_BLACKHOLE => this with { IsBlackhole = true },
        NextHopAttribute.NHA_FDB => this with { IsForForwarding = true },
        NextHopAttribute.NHA_GROUP => this with { Group = ReadGroup(attribute.Value) },
        NextHopAttribute.NHA_GROUP_TYPE => this with { Resilient = attribute.Number<NextHopGroupType>() == NextHopGroupType.NEXTHOP_GRP_TYPE_RES ? Resilient ?? new ResilientGroup() : null },
        NextHopAttribute.NHA_RES_GROUP => this with { Resilient = ReadResilient(attribute.Attributes) },
        _ => this,
    };

    private static ImmutableArray<NextHopGroupMember> ReadGroup(ReadOnlySpan<byte> entries)
    {
        if (entries.Length % Unsafe.SizeOf<NextHopGroupEntry>() != 0)
            throw NetlinkException.Malformed($"a group of {entries.Length} bytes");
        ImmutableArray<NextHopGroupMember>.Builder members = ImmutableArray.CreateBuilder<NextHopGroupMember>();
        foreach (NextHopGroupEntry entry in MemoryMarshal.Cast<byte, NextHopGroupEntry>(entries))
            members.Add(new NextHopGroupMember(entry.id, (entry.weight | (entry.resvd1 << 8)) + 1));
        return members.DrainToImmutable();
    }

    private static ResilientGroup ReadResilient(AttributeReader attributes)
    {
        var result = new ResilientGroup();
        foreach (Wire.Attribute attribute in attributes)
        {
            result = (ResilientGroupAttribute)attribute.Type switch
            {
                ResilientGroupAttribute.NHA_RES_GROUP_BUCKETS => result with { Buckets = attribute.Number<ushort>() },
                ResilientGroupAttribute.NHA_RES_GROUP_IDLE_TIMER => result with { IdleTime = Time(attribute.Number<uint>()) },
                ResilientGroupAttribute.NHA_RES_GROUP_UNBALANCED_TIMER => result with { UnbalancedLimit = Time(attribute.Number<uint>()) },
                ResilientGroupAttribute.NHA_RES_GROUP_UNBALANCED_TIME => result with { UnbalancedTime = Time(attribute.Number<ulong>()) },
                _ => result,
            };
        }

        return result;
    }

    private static TimeSpan Time(ulong ticks)
    {
        const ulong Length = TimeSpan.TicksPerSecond / Route.TicksPerSecond;
        return ticks <= long.MaxValue / Length ? TimeSpan.FromTicks((long)(ticks * Length)) : TimeSpan.MaxValue;
    }
}
