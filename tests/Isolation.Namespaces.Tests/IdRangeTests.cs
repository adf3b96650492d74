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

    [LinuxTheory]
    [InlineData("         0     100000      65536", 0u, 100000u, 65536u)]
    [InlineData("0 0 4294967295", 0u, 0u, 4294967295u)]
    [InlineData("1\t2 3\n", 1u, 2u, 3u)]
    public void A_line_of_the_map_is_read(string line, uint inside, uint outside, uint count)
        => Assert.Equal(new IdRange(inside, outside, count), IdRange.Parse(line));

    [LinuxTheory]
    [InlineData("")]
    [InlineData("1 2")]
    [InlineData("1 2 3 4")]
    [InlineData("1 2 0")]
    [InlineData("1 2 -3")]
    [InlineData("+1 2 3")]
    [InlineData("1 2 3x")]
    [InlineData("1,000 2 3")]
    [InlineData("4294967295 0 1")]
    [InlineData("0 4294967295 1")]
    [InlineData("0 0 4294967296")]
    public void What_is_no_line_of_the_map_is_refused(string line)
        => Assert.Contains($"'{line}'", Assert.Throws<FormatException>(() => IdRange.Parse(line)).Message, StringComparison.Ordinal);

    [Property]
    public void Any_range_comes_back_from_its_line(uint inside, uint outside, uint count)
    {
        uint first = inside / 2, other = outside / 2, number = (count / 2) + 1;
        var range = new IdRange(first, other, number);
        Assert.Equal(range, IdRange.Parse(range.ToString()));
    }

    [Property]
    public void Any_text_is_a_line_of_the_map_or_is_refused(string text)
    {
        try
        {
            Assert.Equal(IdRange.Parse(text), IdRange.Parse(IdRange.Parse(text).ToString()));
        }
        catch (Exception e) when (e is FormatException or ArgumentNullException)
        {
        }
    }

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
