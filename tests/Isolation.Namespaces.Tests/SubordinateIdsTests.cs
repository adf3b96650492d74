using FsCheck.Xunit;

namespace Isolation.Namespaces.Tests;

/// <summary>/etc/subuid and /etc/subgid, as shadow reads them (subuid(5)).</summary>
public sealed class SubordinateIdsTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"isolation-subuid-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(_file);

    [LinuxFact]
    public void Without_a_file_nobody_has_ids() => Assert.Empty(new SubordinateIds(_file, "newuidmap").Of("alice", 1000));

    [LinuxTheory]
    [InlineData("alice:100000:65536", 100000u, 65536u)]
    [InlineData("1000:100000:65536", 100000u, 65536u)]
    [InlineData("alice:0:1", 0u, 1u)]
    [InlineData("alice:1:4294967294", 1u, 4294967294u)]
    public void A_user_is_named_by_name_or_number(string line, uint first, uint count) => Assert.Equal([(first, count)], Of(line));

    [LinuxTheory]
    [InlineData("")]
    [InlineData("# alice:100000:65536")]
    [InlineData("bob:100000:65536")]
    [InlineData("alic:100000:65536")]
    [InlineData("alice")]
    [InlineData("alice:100000")]
    [InlineData("alice:100000:65536:1")]
    [InlineData("alice:100000:0")]
    [InlineData("alice:-1:65536")]
    [InlineData("alice:100000:-1")]
    [InlineData("alice: 100000:65536")]
    [InlineData("alice:0x10:65536")]
    [InlineData("alice:100000:many")]
    [InlineData("alice:4294967295:1")]
    [InlineData("alice:2:4294967294")]
    [InlineData("alice:4294967296:1")]
    [InlineData("alice:99999999999999999999:1")]
    [InlineData("01000:100000:65536")]
    public void A_line_of_somebody_else_or_without_sense_is_passed_over(string line) => Assert.Empty(Of(line));

    [LinuxFact]
    public void All_lines_of_a_user_count_in_their_order()
        => Assert.Equal([(5000u, 10u), (1u, 2u), (9000u, 1u)], Of("alice:5000:10\nbob:7:7\nnonsense\n1000:1:2\nalice:9000:1"));

    [LinuxFact]
    public void The_first_range_that_is_large_enough_is_found()
    {
        File.WriteAllText(_file, "alice:1:100\nalice:5000:65536\nalice:90000:65536\n");
        var ids = new SubordinateIds(_file, "newuidmap");
        Assert.Equal(5000u, ids.First("alice", 1000, 65536));
        Assert.Equal(1u, ids.First("alice", 1000, 100));
        Assert.Null(ids.First("alice", 1000, 65537));
        Assert.Null(ids.First("bob", 1001, 1));
    }

    [Property]
    public void Any_text_gives_ranges_of_ids_that_exist_and_nothing_else(string?[] lines, uint first, uint count)
    {
        File.WriteAllText(_file, string.Join('\n', lines) + $"\nalice:{first}:{count}\n");
        (uint First, uint Count)[] found = [.. new SubordinateIds(_file, "newuidmap").Of("alice", 1000)];
        Assert.All(found, f => Assert.InRange((ulong)f.First + f.Count, 1UL, 4294967295UL));
        Assert.Equal(count > 0 && (ulong)first + count <= 4294967295, found.Contains((first, count)));
    }

    private (uint First, uint Count)[] Of(string text)
    {
        File.WriteAllText(_file, text + "\n");
        return [.. new SubordinateIds(_file, "newuidmap").Of("alice", 1000)];
    }
}
