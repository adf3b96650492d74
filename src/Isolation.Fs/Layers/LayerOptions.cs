using System.Collections.Immutable;

namespace Isolation.Fs.Layers;

/// <summary>How a layer is applied or made.</summary>
public sealed record LayerOptions
{
    /// <summary>How much it may hold.</summary>
    public LayerLimits Limits { get; init; } = new();

    /// <summary>What user ids of the layer become on disk; empty for the same. An id that is in no range is an error.</summary>
    public ImmutableArray<LayerIdRange> UserMap { get; init; } = [];

    /// <summary>What group ids of the layer become on disk; empty for the same. An id that is in no range is an error.</summary>
    public ImmutableArray<LayerIdRange> GroupMap { get; init; } = [];

    /// <summary>What is done with what needs privilege. By default all of it as root, and none else.</summary>
    public LayerPrivilege Privilege { get; init; } = Environment.IsPrivilegedProcess ? LayerPrivilege.Full : LayerPrivilege.None;

    /// <summary>Later times become this one, so that what is made does not depend on when (as SOURCE_DATE_EPOCH does).</summary>
    public FileTimestamp? LatestTime { get; init; }

    /// <summary>Is told the bytes of the archive that have been read so far.</summary>
    public IProgress<long>? Progress { get; init; }

    /// <summary>Ends the work before the next entry.</summary>
    internal CancellationToken CancellationToken { get; init; }

    /// <summary>Who owns what no entry tells of, if owners are set at all and the maps have a root.</summary>
    internal (uint User, uint Group)? RootOwner
        => Privilege == LayerPrivilege.Full && ToOutside(UserMap, 0) is { } user && ToOutside(GroupMap, 0) is { } group ? (user, group) : null;

    internal FileTimestamp Clamp(FileTimestamp time)
        => LatestTime is { } latest && (time.Seconds, time.Nanoseconds).CompareTo((latest.Seconds, latest.Nanoseconds)) > 0 ? latest : time;

    internal static uint? ToOutside(ImmutableArray<LayerIdRange> map, long id)
    {
        if (id is < 0 or >= uint.MaxValue)
            return null;
        if (map.IsEmpty)
            return (uint)id;
        foreach (LayerIdRange range in map)
        {
            if (id >= range.Inside && id - range.Inside < range.Count && range.Outside + (id - range.Inside) < uint.MaxValue)
                return (uint)(range.Outside + (id - range.Inside));
        }

        return null;
    }

    internal static uint? ToInside(ImmutableArray<LayerIdRange> map, uint id)
        => map.IsEmpty ? id : ToOutside([.. map.Select(r => new LayerIdRange(r.Outside, r.Inside, r.Count))], id);
}
