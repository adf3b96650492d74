using System.Collections.Immutable;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.Namespaces;

/// <summary>Which users and groups exist inside a user namespace, and who they are outside (user_namespaces(7)).</summary>
public sealed partial record UserNamespaceMaps
{
    /// <summary>How many ids a range of <see cref="Default"/> has when the caller may map many.</summary>
    public const uint DefaultCount = 65536;

    /// <summary>The kernel takes 340 lines a map, if their text is shorter than a page.</summary>
    public const int MaxRanges = 340;

    // Where systemd's UIDS-GIDS.md has the ids for containers begin. For root, when /etc/subuid gives it nothing.
    private const uint FirstContainerId = 0x80000;

    /// <summary>Maps users and groups alike.</summary>
    public UserNamespaceMaps(params ReadOnlySpan<IdRange> ranges)
        : this([.. ranges], [.. ranges])
    {
    }

    /// <summary>Maps users and groups.</summary>
    /// <exception cref="ArgumentException">No range, too many, more text than the kernel takes, or two that overlap.</exception>
    public UserNamespaceMaps(ImmutableArray<IdRange> users, ImmutableArray<IdRange> groups)
    {
        Users = Validated(users, nameof(users));
        Groups = Validated(groups, nameof(groups));
    }

    /// <summary>The users.</summary>
    public ImmutableArray<IdRange> Users { get; }

    /// <summary>The groups.</summary>
    public ImmutableArray<IdRange> Groups { get; }

    /// <summary>The caller as root inside, and nobody else. Needs no privilege.</summary>
    public static UserNamespaceMaps Caller
        => new([new IdRange(0, EffectiveUser, 1)], [new IdRange(0, EffectiveGroup, 1)]);

    /// <summary>The caller under the same ids inside, and nobody else. Needs no privilege; a program that is executed has none inside either, unless the caller is root.</summary>
    public static UserNamespaceMaps SameIds
        => new([new IdRange(EffectiveUser, EffectiveUser, 1)], [new IdRange(EffectiveGroup, EffectiveGroup, 1)]);

    /// <summary>
    /// For an ordinary user <see cref="Caller"/>. For root 65,536 ids that are nobody outside: those that /etc/subuid and
    /// /etc/subgid give to root, or else those from 524288 on.
    /// </summary>
    public static UserNamespaceMaps Default
    {
        get
        {
            if (EffectiveUser != 0)
                return Caller;
            uint users = SubordinateIds.Users.First("root", 0, DefaultCount) ?? FirstContainerId;
            uint groups = SubordinateIds.Groups.First("root", 0, DefaultCount) ?? FirstContainerId;
            bool known = IdsInUse.Cover("/proc/self/uid_map", users, DefaultCount) && IdsInUse.Cover("/proc/self/gid_map", groups, DefaultCount);
            return known ? new([new IdRange(0, users, DefaultCount)], [new IdRange(0, groups, DefaultCount)]) : Caller;
        }
    }

    /// <summary>
    /// The caller as root inside, and the caller's ranges of /etc/subuid and /etc/subgid from 1 on. An ordinary user needs
    /// newuidmap(1) and newgidmap(1) for it.
    /// </summary>
    /// <exception cref="InvalidOperationException">The files give the caller nothing; the message names the missing line.</exception>
    public static UserNamespaceMaps Subordinate => SubordinateOf(OwnName, EffectiveUser, EffectiveGroup);

    /// <summary>A user as root inside, and the user's ranges of /etc/subuid and /etc/subgid from 1 on.</summary>
    /// <param name="userName">Who, as the files name users; both files do (subgid(5)).</param>
    /// <param name="userId">The user's id, which the files may have instead of the name.</param>
    /// <param name="groupId">The user's group.</param>
    /// <exception cref="InvalidOperationException">The files give the user nothing; the message names the missing line.</exception>
    public static UserNamespaceMaps SubordinateOf(string userName, uint userId, uint groupId)
        => new(WithOwn(SubordinateIds.Users, userName, userId, userId), WithOwn(SubordinateIds.Groups, userName, userId, groupId));

    /// <summary>Whether a process can write these maps for itself: one line each, for its own ids.</summary>
    internal bool IsCallerOnly
        => Users is [{ Count: 1 } user] && Groups is [{ Count: 1 } group] && user.Outside == EffectiveUser && group.Outside == EffectiveGroup;

    /// <summary>What is written to a map file, in one write.</summary>
    internal static string ToKernelText(ImmutableArray<IdRange> ranges) => string.Concat(ranges.Select(r => $"{r}\n"));

    // subuid(5) takes a number too, for a user who has no name.
    private static string OwnName => Environment.UserName is { Length: > 0 } name ? name : $"{EffectiveUser}";

    private static uint EffectiveUser => (uint)Sys.Call(SyscallNumber.GetEuid);

    private static uint EffectiveGroup => (uint)Sys.Call(SyscallNumber.GetEgid);

    private static ImmutableArray<IdRange> WithOwn(SubordinateIds ids, string userName, uint userId, uint own)
    {
        var ranges = ImmutableArray.CreateBuilder<IdRange>();
        ranges.Add(new IdRange(0, own, 1));
        uint inside = 1;
        foreach ((uint first, uint count) in ids.Of(userName, userId))
        {
            ranges.Add(new IdRange(inside, first, count));
            inside += count;
        }

        return ranges.Count > 1 ? ranges.ToImmutable() : throw new InvalidOperationException(ids.MissingMessage(userName));
    }

    private static ImmutableArray<IdRange> Validated(ImmutableArray<IdRange> ranges, string parameter)
    {
        if (ranges.IsDefaultOrEmpty)
            throw new ArgumentException("A map has one range at least.", parameter);
        if (ranges.Length > MaxRanges)
            throw new ArgumentException($"A map has {MaxRanges} ranges at the most (user_namespaces(7)); this one has {ranges.Length}.", parameter);
        if (ToKernelText(ranges).Length >= Environment.SystemPageSize)
            throw new ArgumentException($"The text of a map is shorter than a page of {Environment.SystemPageSize} bytes (user_namespaces(7)); this one has {ToKernelText(ranges).Length}.", parameter);
        for (int i = 0; i < ranges.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (ranges[i].OverlapsInside(ranges[j]) || ranges[i].OverlapsOutside(ranges[j]))
                    throw new ArgumentException($"The ranges '{ranges[j]}' and '{ranges[i]}' overlap.", parameter);
            }
        }

        return ranges;
    }
}
