using System.Collections.Immutable;
using FsCheck.Xunit;

namespace Isolation.Namespaces.Tests;

/// <summary>The maps of a user namespace.</summary>
public sealed class UserNamespaceMapsTests
{
    private static readonly IdRange s_one = new(0, 1000, 1);

    [LinuxFact]
    public void A_map_without_a_range_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new UserNamespaceMaps());
        Assert.Throws<ArgumentException>(() => new UserNamespaceMaps([s_one], []));
        Assert.Throws<ArgumentException>(() => new UserNamespaceMaps([], [s_one]));
        Assert.Throws<ArgumentException>(() => new UserNamespaceMaps(default, [s_one]));
    }

    [LinuxTheory]
    [InlineData(0u, 5000u)]
    [InlineData(9u, 5000u)]
    [InlineData(100u, 1000u)]
    [InlineData(100u, 1009u)]
    [InlineData(0u, 1000u)]
    public void Ranges_that_overlap_inside_or_outside_are_refused(uint inside, uint outside)
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => new UserNamespaceMaps(new IdRange(0, 1000, 10), new IdRange(inside, outside, 10)));
        Assert.Contains("'0 1000 10'", e.Message, StringComparison.Ordinal);
        Assert.Contains($"'{inside} {outside} 10'", e.Message, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void Ranges_that_touch_are_taken()
        => Assert.Equal(2, new UserNamespaceMaps(new IdRange(0, 1000, 10), new IdRange(10, 1010, 10)).Users.Length);

    [LinuxFact]
    public void A_map_has_340_ranges_at_the_most()
    {
        static ImmutableArray<IdRange> Ranges(int count) => [.. Enumerable.Range(0, count).Select(i => new IdRange((uint)i * 2, (uint)i * 2, 1))];
        Assert.Equal(340, new UserNamespaceMaps(Ranges(340), [s_one]).Users.Length);
        ArgumentException e = Assert.Throws<ArgumentException>(() => new UserNamespaceMaps(Ranges(341), [s_one]));
        Assert.Contains("341", e.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new UserNamespaceMaps([s_one], Ranges(341)));
    }

    // user_namespaces(7): a map is written at once, and what is written is shorter than a page.
    [LinuxFact]
    public void The_text_of_a_map_is_shorter_than_a_page()
    {
        // 33 bytes a line at the most.
        static ImmutableArray<IdRange> Ranges(int count) => [.. Enumerable.Range(0, count).Select(i => new IdRange(1_000_000_000 + (uint)i, 1_000_000_000 + (uint)i, 1))];
        int line = "1000000000 1000000000 1\n".Length, most = Math.Min((Environment.SystemPageSize - 1) / line, UserNamespaceMaps.MaxRanges);
        Assert.Equal(most, new UserNamespaceMaps(Ranges(most), [s_one]).Users.Length);
        Assert.Throws<ArgumentException>(() => new UserNamespaceMaps(Ranges(most + 1), [s_one]));
    }

    [LinuxFact]
    public void Maps_are_equal_when_their_ranges_are_in_whatever_order()
    {
        IdRange first = new(0, 1000, 10), second = new(10, 2000, 10);
        var maps = new UserNamespaceMaps(first, second);
        Assert.Equal(maps, new UserNamespaceMaps(second, first));
        Assert.Equal(maps.GetHashCode(), new UserNamespaceMaps(second, first).GetHashCode());
        Assert.NotEqual(maps, new UserNamespaceMaps([first, second], [first]));
        Assert.NotEqual(maps, new UserNamespaceMaps([first], [first, second]));
        Assert.NotEqual(new UserNamespaceMaps(first), new UserNamespaceMaps(second));
        Assert.False(maps.Equals(null));
        Assert.Equal("users 0 1000 10, 10 2000 10; groups 0 1000 10", new UserNamespaceMaps([first, second], [first]).ToString());
    }

    [LinuxFact]
    public void One_list_of_ranges_is_for_users_and_groups()
    {
        var maps = new UserNamespaceMaps(s_one);
        Assert.Equal(maps.Users, maps.Groups);
    }

    [LinuxFact(Needs.Root)]
    public void By_default_root_maps_65536_ids_that_are_not_its_own()
    {
        UserNamespaceMaps maps = UserNamespaceMaps.Default;
        Assert.Equal((0u, 65536u), (maps.Users[0].Inside, maps.Users[0].Count));
        Assert.NotEqual(0u, maps.Users[0].Outside);
        Assert.NotEqual(0u, maps.Groups[0].Outside);
        Assert.False(maps.IsCallerOnly);
    }

    [LinuxFact(Needs.Root)]
    public void An_ordinary_user_maps_itself_by_default() => FreshProcess.RunAsUser(CheckDefaultOfUser).EnsureSuccess();

    private static void CheckDefaultOfUser()
    {
        UserNamespaceMaps maps = UserNamespaceMaps.Default;
        Assert.Equal([new IdRange(0, FreshProcess.UserId, 1)], maps.Users);
        Assert.Equal([new IdRange(0, FreshProcess.UserId, 1)], maps.Groups);
        Assert.True(maps.IsCallerOnly);
    }

    [LinuxFact]
    public void The_caller_alone_needs_no_privilege() => Assert.True(UserNamespaceMaps.Caller.IsCallerOnly);

    [LinuxFact]
    public void Two_ids_are_more_than_the_caller_alone()
    {
        uint own = UserNamespaceMaps.Caller.Users[0].Outside;
        Assert.False(new UserNamespaceMaps(new IdRange(0, own, 1), new IdRange(1, own + 1, 1)).IsCallerOnly);
        Assert.False(new UserNamespaceMaps(new IdRange(0, own + 1, 1)).IsCallerOnly);
    }

    [LinuxFact]
    public void A_user_without_subordinate_ids_is_told_which_line_is_missing()
    {
        string message = new SubordinateIds("/etc/subuid", "newuidmap").MissingMessage("alice");
        Assert.Contains("/etc/subuid", message, StringComparison.Ordinal);
        Assert.Contains("alice:100000:65536", message, StringComparison.Ordinal);
    }

    // Every map that is taken is one that the kernel takes: root may write it for a child.
    [Property(MaxTest = 200)]
    public void Any_ranges_make_a_map_without_overlaps_or_are_refused((ushort Inside, ushort Outside, byte Count)[] numbers)
    {
        ImmutableArray<IdRange> ranges = [.. numbers.Select(n => new IdRange(n.Inside, n.Outside, n.Count + 1u))];
        try
        {
            var maps = new UserNamespaceMaps(ranges, ranges);
            uint[] inside = [.. maps.Users.SelectMany(r => Enumerable.Range((int)r.Inside, (int)r.Count)).Select(i => (uint)i)];
            uint[] outside = [.. maps.Groups.SelectMany(r => Enumerable.Range((int)r.Outside, (int)r.Count)).Select(i => (uint)i)];
            Assert.Equal(inside.Length, inside.Distinct().Count());
            Assert.Equal(outside.Length, outside.Distinct().Count());
        }
        catch (ArgumentException)
        {
        }
    }
}
