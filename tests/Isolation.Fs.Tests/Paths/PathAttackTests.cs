using Isolation.Syscalls;

namespace Isolation.Fs.Tests;

/// <summary>S05, S06: somebody exchanges a directory and a link to the outside all the time, while files are made, read and deleted through the name.</summary>
[NativeOnly]
public sealed class PathAttackTests : IDisposable
{
    private const int Rounds = 2000;

    private readonly string _folder = Directory.CreateTempSubdirectory("isolation-attack-").FullName;

    public PathAttackTests()
    {
        foreach (string place in (string[])["root/swap/deep", "root/other/deep", "outside/deep"])
            Directory.CreateDirectory(Path.Combine(_folder, place));
        File.WriteAllText(At("root/swap/deep/file"), "inside");
        File.WriteAllText(At("root/other/deep/file"), "inside");
        File.WriteAllText(At("outside/deep/file"), "secret");
        File.CreateSymbolicLink(At("root/link"), At("outside"));
        File.CreateSymbolicLink(At("root/other-link"), "../outside");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [LinuxTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Twenty_thousand_operations_get_nothing_outside(bool inUserSpace)
    {
        TreePrint before = TreePrint.Of(At("outside"));
        using RootDirectory root = RootDirectory.Open(At("root"), Resolvers.Get(inUserSpace));
        int succeeded = 0, failed = 0;
        using (var attacker = new Exchanger((At("root/swap"), At("root/link")), (At("root/other"), At("root/other-link"))))
        {
            for (int i = 0; i < Rounds; i++)
            {
                Try(() => Assert.NotEqual("secret", root.TryReadText("swap/deep/file", 100)));
                Try(() => root.WriteFile("swap/deep/new", "x"u8));
                Try(() => root.CreateDirectory("other/../swap/deep/folder"));
                Try(() => root.CreateDirectories("swap/deep/folder/more"));
                Try(() => root.SetPermissions("swap/deep/file", (UnixFileMode)0x1a4));
                Try(() => root.SetTimes("swap/deep/file", default, default));
                Try(() => root.CreateHardLink("swap/deep/linked", "swap/deep/file"));
                Try(() => root.Rename("swap/deep/new", "other/deep/newer"));
                Try(() => root.DeleteTree("swap/deep/folder"));
                Try(() => root.DeleteFile("swap/deep/linked"));
            }

            Assert.True(attacker.Exchanges > 1000, $"{attacker.Exchanges} exchanges only");
        }

        Assert.Equal(before, TreePrint.Of(At("outside")));

        // It shows that the attacker met us: both ends of the swap were seen.
        Assert.True(succeeded > 100 && failed > 100, $"{succeeded} succeeded, {failed} failed");

        void Try(Action action)
        {
            try
            {
                action();
                succeeded++;
            }
            catch (LinuxException)
            {
                failed++;
            }
        }
    }

    // The control: with paths as strings the same attack reaches the secret, so it could be seen above.
    [LinuxFact]
    public void The_attack_reaches_the_outside_through_paths()
    {
        using var attacker = new Exchanger((At("root/swap"), At("root/link")));
        bool reached = false;
        for (int i = 0; i < 1_000_000 && !reached; i++)
        {
            try
            {
                reached = File.ReadAllText(At("root/swap/deep/file")) == "secret";
            }
            catch (IOException)
            {
            }
        }

        Assert.True(reached);
    }

    [LinuxTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_tree_that_is_deleted_meanwhile_takes_nothing_outside_with_it(bool inUserSpace)
    {
        TreePrint before = TreePrint.Of(At("outside"));
        using RootDirectory root = RootDirectory.Open(At("root"), Resolvers.Get(inUserSpace));
        using (var attacker = new Exchanger((At("root/tree/swap"), At("root/tree/link"))))
        {
            for (int i = 0; i < 500; i++)
            {
                Try(() => root.CreateDirectories("tree/swap/deep/er"));
                Try(() => root.CreateSymbolicLink("tree/link", At("outside")));
                Try(() => root.DeleteTree("tree"));
            }
        }

        Assert.Equal(before, TreePrint.Of(At("outside")));
        root.DeleteTree("tree");
        Assert.Null(root.TryGetStatus("tree", followLink: false));

        static void Try(Action action)
        {
            try
            {
                action();
            }
            catch (LinuxException)
            {
            }
        }
    }

    private string At(string path) => Path.Combine(_folder, path);
}
