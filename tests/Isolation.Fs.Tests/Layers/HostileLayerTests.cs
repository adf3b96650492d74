using Isolation.Fs.Layers;
using Isolation.Syscalls;

namespace Isolation.Fs.Tests.Layers;

/// <summary>T01: whatever a layer holds, what lies outside the root stays as it is, and errors are typed.</summary>
[NativeOnly]
public sealed class HostileLayerTests
{
    private static readonly LayerOptions s_small = new()
    {
        Limits = new LayerLimits { MaxBytes = 1 << 20, MaxEntries = 1000, RatioFrom = 1 << 20 },
        Privilege = LayerPrivilege.Full,
    };

    public static TheoryData<string> Names => [.. HostileLayerCases.All.Select(c => c.Name)];

    [LinuxTheory(Needs.Root)]
    [MemberData(nameof(Names))]
    public void A_hostile_layer_changes_nothing_outside(string name)
    {
        (_, byte[] layer, string expected) = HostileLayerCases.All.Single(c => c.Name == name);
        using var folder = new LayerFolder();
        foreach (bool inUserSpace in (bool[])[false, true])
        {
            string root = Path.Combine(folder.Folder, $"root-{inUserSpace}");
            Directory.CreateDirectory(root);
            folder.Fill(root);
            Assert.Equal(expected, Outcome(layer, root, inUserSpace, s_small));
            folder.AssertCanary();
        }
    }

    // The control: GNU tar without its precautions follows the link of the layer, so a change outside would be seen.
    [LinuxFact]
    public void The_canary_would_tell()
    {
        using var folder = new LayerFolder();
        string archive = Path.Combine(folder.Folder, "layer.tar");
        File.WriteAllBytes(archive, new TarBuilder().File("../outside/canary", "stolen").Build());
        Command.Run("tar", "--absolute-names", "-xf", archive, "-C", folder.Root).EnsureSuccess();
        Assert.ThrowsAny<Exception>(folder.AssertCanary);
    }

    [LinuxFact]
    public void An_archive_that_is_cut_anywhere_is_malformed_or_complete()
    {
        byte[] whole = new TarBuilder().Directory("d").File("d/a", new string('x', 700)).Pax("path", "d/b").File("x").Link("d/l", "a").Build();
        using var folder = new LayerFolder();
        for (int length = 0; length < whole.Length; length += 128)
        {
            string outcome = Outcome(whole[..length], folder.Root, inUserSpace: false, s_small with { Privilege = LayerPrivilege.None });

            // Between two entries, or in the padding behind the content of a file.
            bool isBoundary = length is 0 or 512 or (>= 1024 + 700 and <= 2048) or (>= 3584 + 4 and <= 4096) or 4608 or 5120;
            Assert.True(outcome == (isBoundary ? "" : HostileLayerCases.Malformed), $"{length}: {outcome}");
        }
    }

    [LinuxTheory(Needs.Root)]
    [InlineData(false)]
    [InlineData(true)]
    [NativeOnly]
    public void Fifty_thousand_mutants_change_nothing_outside(bool inUserSpace)
    {
        using var folder = new LayerFolder();
        var outcomes = new Dictionary<string, int>();
        var random = new Random(inUserSpace ? 1 : 2);
        for (int i = 0; i < 25_000; i++)
        {
            if (i % 1000 == 0)
            {
                folder.AssertCanary();
                using RootDirectory parent = RootDirectory.Open(folder.Folder);
                parent.DeleteTree("root");
                Directory.CreateDirectory(folder.Root);
                folder.Fill(folder.Root);
            }

            string outcome = Outcome(LayerMutator.Next(random), folder.Root, inUserSpace, s_small);
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }

        folder.AssertCanary();

        // Mutants that all fail at the first block would show nothing.
        Assert.True(outcomes.GetValueOrDefault(HostileLayerCases.Fine) > 1000, string.Join(", ", outcomes));
        Assert.True(outcomes.Count > 5, string.Join(", ", outcomes));
    }

    [LinuxTheory(Needs.Root)]
    [InlineData(false)]
    [InlineData(true)]
    [NativeOnly]
    public void Somebody_who_exchanges_directories_meanwhile_gets_nothing_outside(bool inUserSpace)
    {
        using var folder = new LayerFolder();
        var layer = new TarBuilder();
        for (int i = 0; i < 50; i++)
            layer.Directory("swap").File($"swap/deep/file{i}").Link($"swap/deep/link{i}", "x").File($"swap/.wh.file{i}", "").File("swap/canary", "stolen").HardLink($"swap/hard{i}", "swap/canary");
        byte[] bytes = layer.Build();
        Directory.CreateDirectory(folder.Root + "/swap/deep");
        File.CreateSymbolicLink(folder.Root + "/link", folder.Outside);
        using (var attacker = new Exchanger((folder.Root + "/swap", folder.Root + "/link"), (folder.Root + "/swap/deep", folder.Root + "/up")))
        {
            for (int i = 0; i < 40; i++)
                Outcome(bytes, folder.Root, inUserSpace, s_small);
            Assert.True(attacker.Exchanges > 100);
        }

        Assert.Equal("sings", File.ReadAllText(Path.Combine(folder.Outside, "canary")));
        Assert.Equal("sings", File.ReadAllText(Path.Combine(folder.Outside, "etc", "canary")));
    }

    private static string Outcome(byte[] layer, string folder, bool inUserSpace, LayerOptions options)
    {
        using RootDirectory root = RootDirectory.Open(folder, Resolvers.Get(inUserSpace));
        try
        {
            Layer.Apply(new MemoryStream(layer), root, options);
            return HostileLayerCases.Fine;
        }
        catch (LayerException e)
        {
            return e.Fault.ToString();
        }
        catch (LinuxException e)
        {
            return e.Errno.ToString();
        }
    }
}
