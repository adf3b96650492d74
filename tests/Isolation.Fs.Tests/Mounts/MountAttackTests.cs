using Isolation.Syscalls;

namespace Isolation.Fs.Tests;

/// <summary>S05: somebody exchanges a directory and a link to the outside all the time, while things are mounted and unmounted through the name.</summary>
[NativeOnly]
public sealed class MountAttackTests
{
    private const int Rounds = 2000;

    [LinuxTheory(Needs.Root)]
    [InlineData("false")]
    [InlineData("true")]
    public void Nothing_is_mounted_or_unmounted_outside(string inUserSpace) => PrivateMounts.Run(Attack, inUserSpace);

    private static void Attack(string inUserSpace)
    {
        string folder = Prepare();
        using RootDirectory root = RootDirectory.Open(folder + "/root", Resolvers.Get(bool.Parse(inUserSpace)));
        var place = new MountPlace(root, "swap/deep");
        int succeeded = 0, failed = 0;
        using (var attacker = new Exchanger((folder + "/root/swap", folder + "/root/link")))
        {
            for (int i = 0; i < Rounds; i++)
            {
                Try(() => FileSystemMount.Mount(new TmpfsOptions { Source = "ours" }, place));
                Try(() => AttachedMount.Change(place, new MountChange { Set = MountAttributes.NoExec }));
                Try(() => AttachedMount.Unmount(place));
                MountTableEntry outside = Assert.Single(MountTable.Read(), m => m.MountPoint.StartsWith(folder + "/outside", StringComparison.Ordinal));
                Assert.Equal(("theirs", MountAttributes.None), (outside.Source, outside.Attributes));
            }

            Assert.True(attacker.Exchanges > 1000, $"{attacker.Exchanges} exchanges only");
        }

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

    // The control: with paths as strings the same attack reaches the outside, so it could be seen above.
    [LinuxFact(Needs.Root)]
    public void The_attack_mounts_outside_through_paths() => PrivateMounts.Run(Reach);

    private static void Reach()
    {
        string folder = Prepare();
        using var attacker = new Exchanger((folder + "/root/swap", folder + "/root/link"));
        bool reached = false;
        for (int i = 0; i < Rounds && !reached; i++)
        {
            FileSystemMount.Mount(new TmpfsOptions { Source = "ours" }, folder + "/root/swap/deep");
            reached = MountTable.Read().Any(m => m.Source == "ours" && m.MountPoint.StartsWith(folder + "/outside", StringComparison.Ordinal));
        }

        Assert.True(reached);
    }

    private static string Prepare()
    {
        string folder = PrivateMounts.Enter();
        PrivateMounts.Make("root/swap/deep");
        FileSystemMount.Mount(new TmpfsOptions { Source = "theirs" }, PrivateMounts.Make("outside/deep"));
        File.CreateSymbolicLink(folder + "/root/link", folder + "/outside");
        return folder;
    }
}
