using FsCheck.Xunit;

namespace Isolation.Namespaces.Tests;

/// <summary>Ranges of ids.</summary>
public sealed class IdRangeTests
{
    [LinuxFact]
    public void An_empty_range_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new IdRange(0, 0, 0));

    [LinuxTheory]
    [InlineData(0u, 0u, 4294967295u)]
    [InlineData(4294967294u, 0u, 1u)]
    [InlineData(0u, 4294967294u, 1u)]
    [InlineData(1u, 1u, 4294967294u)]
    public void A_range_reaches_up_to_the_last_id(uint inside, uint outside, uint count)
        => Assert.Equal((inside, outside, count), (new IdRange(inside, outside, count).Inside, new IdRange(inside, outside, count).Outside, new IdRange(inside, outside, count).Count));

    // credentials(7), setresuid(2): 4294967295 means "do not change", so nobody can be it.
    [LinuxTheory]
    [InlineData(4294967295u, 0u, 1u)]
    [InlineData(0u, 4294967295u, 1u)]
    [InlineData(4294967294u, 0u, 2u)]
    [InlineData(0u, 4294967294u, 2u)]
    [InlineData(1u, 0u, 4294967295u)]
    [InlineData(4294967295u, 4294967295u, 4294967295u)]
    public void A_range_with_the_id_4294967295_is_refused(uint inside, uint outside, uint count)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new IdRange(inside, outside, count));

    [LinuxFact]
    public void A_range_reads_as_a_line_of_the_map() => Assert.Equal("0 100000 65536", new IdRange(0, 100000, 65536).ToString());

    [Property]
    public void Two_ranges_overlap_when_they_share_an_id(byte first, byte second, byte firstCount, byte secondCount)
    {
        var a = new IdRange(first, first, firstCount + 1u);
        var b = new IdRange(second, second, secondCount + 1u);
        bool shared = Enumerable.Range(first, firstCount + 1).Intersect(Enumerable.Range(second, secondCount + 1)).Any();
        Assert.Equal(shared, a.OverlapsInside(b));
        Assert.Equal(shared, b.OverlapsInside(a));
        Assert.Equal(shared, a.OverlapsOutside(b));
        Assert.Equal(shared, b.OverlapsOutside(a));
    }

    [Property]
    public void Any_three_numbers_make_a_range_or_are_refused(uint inside, uint outside, uint count)
    {
        try
        {
            var range = new IdRange(inside, outside, count);
            Assert.InRange((ulong)range.Inside + range.Count - 1, 0UL, 4294967294UL);
            Assert.InRange((ulong)range.Outside + range.Count - 1, 0UL, 4294967294UL);
        }
        catch (ArgumentOutOfRangeException)
        {
        }
    }
}
