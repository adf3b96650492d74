using Isolation.Fs.Layers;

namespace Isolation.Fs.Tests.Layers;

/// <summary>Times of directories, which come last, and of the right directory.</summary>
[NativeOnly]
public sealed class LayerDirectoryTests : IDisposable
{
    private static readonly FileTimestamp s_usual = new(1_000_000_000);

    private readonly string _folder = Directory.CreateTempSubdirectory("isolation-directories-").FullName;

    public void Dispose() => Command.Run("rm", "-rf", "--one-file-system", _folder).EnsureSuccess();

    [LinuxFact]
    public void A_directory_that_is_reached_by_a_link_too_keeps_its_time()
    {
        byte[] lower = new TarBuilder().Directory("usr").Directory("usr/lib").Link("lib", "usr/lib").Build();
        using RootDirectory root = Unpack(null, lower, new TarBuilder().Directory("usr/lib").File("usr/lib/a").File("lib/x").Build());
        Assert.Equal(s_usual, root.GetStatus("usr/lib").LastWrite);
    }

    [LinuxFact]
    public void A_directory_in_which_others_are_made_because_they_are_missing_keeps_its_time()
    {
        using RootDirectory root = Unpack(null, new TarBuilder().Directory("have").Build(), new TarBuilder().File("have/a/b/f").Build());
        Assert.Equal(s_usual, root.GetStatus("have").LastWrite);
    }

    [LinuxFact]
    public void The_latest_time_is_that_of_what_no_entry_tells_of_too()
    {
        var latest = new LayerOptions { LatestTime = new FileTimestamp(500, 7) };
        using RootDirectory root = Unpack(latest, new TarBuilder().File("a/b/c/f").Build());
        Assert.All((string[])["/", "a", "a/b", "a/b/c", "a/b/c/f"], path => Assert.Equal(new FileTimestamp(500, 7), root.GetStatus(path).LastWrite));
    }

    [LinuxFact]
    public void What_was_meant_for_a_directory_is_not_given_to_what_a_link_in_its_place_leads_to()
    {
        byte[] lower = new TarBuilder().Pax("mtime", "500").Directory("other").Build();
        using RootDirectory root = Unpack(null, lower, new TarBuilder().Directory("d").File("d/f").Link("d", "other").Directory("e").Link("e", "e").Build());
        Assert.Equal(new FileTimestamp(500), root.GetStatus("other").LastWrite);
    }

    [LinuxFact]
    public void A_directory_made_anew_has_nothing_of_the_one_before()
    {
        var layer = new TarBuilder();
        for (int i = 0; i < 20; i++)
            layer.Directory($"d{i}").File($"d{i}", "").File($"n{i}/f");
        using RootDirectory root = Unpack(null, layer.Build());
        Assert.All(Enumerable.Range(0, 20), i => Assert.NotEqual(s_usual, root.GetStatus($"n{i}").LastWrite));
    }

    private RootDirectory Unpack(LayerOptions? options, params byte[][] layers)
    {
        Layer.Unpack(Path.Combine(_folder, "root"), layers.Select(l => (Func<Stream>)(() => new MemoryStream(l))), options);
        return RootDirectory.Open(Path.Combine(_folder, "root"));
    }
}
