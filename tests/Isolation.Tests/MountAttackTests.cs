using System.Collections.Concurrent;
using System.Globalization;
using Isolation.Fs;
using Isolation.Syscalls;

namespace Isolation.Tests;

/// <summary>
/// S05 and S06 of the project's security checks (CVE-2021-30465, CVE-2024-45310): somebody who can write to the root exchanges directories and
/// symbolic links to the outside all the time, while containers start that mount there and make mount points there.
/// </summary>
[NativeOnly]
public sealed class MountAttackTests(ITestOutputHelper console)
{
    /// <summary>Of each of the eight kinds: 20,000 in all.</summary>
    private const int Starts = 2500;

    private const Needs Everything = Needs.Root | Needs.CCompiler | Needs.FullSpeed;

    [LinuxTheory(Everything)]
    [InlineData("bind of a directory")]
    [InlineData("bind of a file")]
    [InlineData("tmpfs")]
    [InlineData("mask")]
    [InlineData("read-only path")]
    [InlineData("device")]
    [InlineData("default mounts")]
    [InlineData("missing mount points")]
    public void Nothing_is_mounted_or_made_outside(string kind) => console.WriteLine(InOwnMounts(Attack, kind).EnsureSuccess().Output);

    [LinuxFact(Everything)]
    public void What_is_a_file_and_a_directory_in_turn_is_masked_always() => Assert.Equal("masked\n", InOwnMounts(MaskEither).EnsureSuccess().Output);

    // openat2(2): with RESOLVE_IN_ROOT a ".." in a link fails with EAGAIN when anything is renamed or mounted anywhere meanwhile.
    [LinuxFact(Everything)]
    public void Renames_elsewhere_disturb_no_start() => Assert.Equal("", InOwnMounts(StartBesideRenames).EnsureSuccess().Output);

    // The controls: what makes its mount points and mounts by path, as anybody would at first, is led out, and the canary tells.
    [LinuxTheory(Everything)]
    [InlineData("tree")]
    [InlineData("mounts")]
    public void Who_goes_by_paths_is_led_outside_and_seen(string trace) => Assert.Equal("led out\n", InOwnMounts(GoByPaths, trace).EnsureSuccess().Output);

    private static void Attack(string kind)
    {
        var place = new AttackedRoot();
        string before = place.Outside();
        int mounts = CountMounts(place, kind);
        int succeeded = 0, failed = 0, left = Starts;
        var errors = new ConcurrentDictionary<string, int>();
        using (var attacker = new Exchanger(place.Pairs(isOfDefaults: kind == "default mounts")))
        {
            Parallel.For(0, Environment.ProcessorCount + 1, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount + 1 }, worker =>
            {
                ContainerTemplate[] templates = [place.Container(kind, worker).Build(), place.Container(kind, worker).WithUserNs().Build()];
                for (int number; (number = Interlocked.Decrement(ref left)) >= 0;)
                {
                    try
                    {
                        // The program's exit code is the number of mounts that it sees, which are those inside its root.
                        int seen = templates[number % 2].Run().ExitCode;
                        bool mayBeMissing = kind is "mask" or "read-only path";
                        Assert.True(seen == mounts || (mayBeMissing && seen == mounts - 1), $"{seen} mounts are inside, and should be {mounts}");
                        Interlocked.Increment(ref succeeded);
                    }
                    catch (LinuxException e)
                    {
                        Assert.True(e.Step is not null && AttackedRoot.IsAttacked($"{e.Operation} {e.Target}"), e.Message);
                        Interlocked.Increment(ref failed);
                        errors.AddOrUpdate($"{e.Errno} from {e.Call}", 1, (_, n) => n + 1);
                    }

                    if (kind == "missing mount points")
                        place.DeleteMade(worker);
                }
            });
            Console.WriteLine($"{succeeded} succeeded, {failed} failed ({string.Join(", ", errors)}), {attacker.Exchanges} exchanges");
        }

        Assert.Equal(before, place.Outside());

        // It shows that the attacker met us: both sides of the exchange were seen. What is not there needs no mask, so these all succeed.
        Assert.True(succeeded > Starts / 50, $"{succeeded} succeeded only");
        Assert.True(failed > Starts / 50 || kind is "mask" or "read-only path", $"{failed} failed only");
    }

    private static void MaskEither()
    {
        var place = new AttackedRoot();
        ContainerTemplate template = place.Plain.WithMaskedPath("/way/deep/folder").Build();
        int mounts = template.Run().ExitCode;
        using var attacker = new Exchanger((place.Root + "/way/deep/folder", place.Root + "/way/deep/file"));
        for (int i = 0; i < Starts; i++)
            Assert.Equal(mounts, template.Run().ExitCode);
        Console.WriteLine("masked");
    }

    private static void StartBesideRenames()
    {
        var place = new AttackedRoot();
        File.CreateSymbolicLink(place.Root + "/relative", "way/deep/../../path");
        ContainerTemplate template = place.Plain.WithTmpfsMount("/relative/deep").WithMaskedPath("/relative/deep").WithReadOnlyPath("/relative").Build();
        int mounts = template.Run().ExitCode;
        using var other = new Exchanger(("/mnt/outside/proc", "/mnt/outside/deep"));
        for (int i = 0; i < Starts; i++)
            Assert.Equal(mounts, template.Run().ExitCode);
    }

    private static int CountMounts(AttackedRoot place, string kind)
    {
        int mounts = place.Container(kind, 0).Run().ExitCode;
        Assert.InRange(mounts, 2, 100);
        place.DeleteMade(0);
        return mounts;
    }

    private static void GoByPaths(string trace)
    {
        var place = new AttackedRoot();
        string before = place.Outside();
        using (var attacker = new Exchanger(place.Pairs(isOfDefaults: false)))
        {
            for (int i = 0; i < 1000; i++)
            {
                try
                {
                    if (trace == "tree")
                        Directory.CreateDirectory($"{place.Root}/path/made-{i}");
                    else
                        FileSystemMount.Mount(new TmpfsOptions(), $"{place.Root}/path/deep");
                }
                catch (Exception e) when (e is LinuxException or IOException)
                {
                    // In that moment there was neither the one nor the other.
                }
            }
        }

        Console.WriteLine(place.Outside() == before ? "stayed inside" : "led out");
    }

    /// <summary>In a process with mounts of its own, which are shared, so that what gets out of a container is seen.</summary>
    private static CommandResult InOwnMounts(Delegate method, params string[] arguments)
        => FreshProcess.Run(["unshare", "--mount", "sh", "-c", "mount --make-rshared / && exec \"$@\"", "sh"], method, arguments);

    /// <summary>A root on a tmpfs, what lies outside of it, and links in it that lead there by host paths.</summary>
    private sealed class AttackedRoot
    {
        // What a link to the outside means inside the root: a place there that has the same name.
        private readonly string _folder = "/mnt";
        private readonly RootDirectory _root;

        public AttackedRoot()
        {
            Command.Run("mount", "-t", "tmpfs", "-o", "mode=0755", "isolation-attack", _folder).EnsureSuccess();
            foreach (string folder in (string[])[Root + "/way", Root + "/path", Root + _folder + "/outside", _folder + "/outside", _folder + "/source"])
            {
                Directory.CreateDirectory(folder + "/deep/folder");
                File.WriteAllText(folder + "/deep/file", "sings");
            }

            foreach (string name in (string[])["proc", "dev", "sys"])
            {
                Directory.CreateDirectory($"{Root}/{name}");
                Directory.CreateDirectory($"{_folder}/outside/{name}");
                File.CreateSymbolicLink($"{Root}/{name}-out", $"../outside/{name}");
            }

            // One link leads to the same place inside the root, the other to nothing there.
            File.CreateSymbolicLink(Root + "/way-out", "../../.." + _folder + "/outside");
            File.CreateSymbolicLink(Root + "/path-out", "../outside");
            File.CreateSymbolicLink(Root + "/path/deep-out", "../../outside/deep");
            CFile.Compile(Root + "/count", """
                #include <stdio.h>
                int main(void)
                {
                    int lines = 0, c;
                    FILE *mounts = NULL;
                    /* What was mounted on a directory goes along when that gets another name. */
                    for (int i = 0; !mounts && i < 1000; i++)
                        mounts = fopen(i % 2 ? "/proc-out/self/mountinfo" : "/proc/self/mountinfo", "r");
                    if (!mounts)
                        return 255;
                    while ((c = getc(mounts)) != EOF)
                        lines += c == '\n';
                    return lines;
                }
                """);
            _root = RootDirectory.Open(Root);
        }

        public string Root => _folder + "/root";

        public (string, string)[] Pairs(bool isOfDefaults)
            => [.. ((string[])(isOfDefaults ? ["proc", "dev", "sys"] : ["way", "path", "path/deep"])).Select(n => ($"{Root}/{n}", $"{Root}/{n}-out"))];

        /// <summary>A container whose exit code is the number of mounts that it sees.</summary>
        public ContainerBuilder Plain => new ContainerBuilder().WithRootFs(Root, RootFsMode.ReadWrite).WithPidNs().WithStandardInput(StandardStream.Null).WithCommand("/count");

        public ContainerBuilder Container(string kind, int worker)
        {
            ContainerBuilder container = Plain;
            if (kind == "default mounts")
                return container.WithNetNs();
            foreach (string way in (string[])["/way", "/path"])
            {
                container = kind switch
                {
                    "bind of a directory" => container.WithBindMount(_folder + "/source", way + "/deep/folder"),
                    "bind of a file" => container.WithBindMount(_folder + "/source/deep/file", way + "/deep/file"),
                    "tmpfs" => container.WithTmpfsMount(way + "/deep"),
                    "mask" => container.WithMaskedPath(way + "/deep"),
                    "read-only path" => container.WithReadOnlyPath(way + "/deep"),
                    "device" => container.WithDevice("/dev/zero", way + "/deep/file"),
                    _ => container.WithTmpfsMount($"{way}/{Made(worker)}/a/b").WithBindMount("/etc/passwd", $"{way}/deep/{Made(worker)}"),
                };
            }

            return container;
        }

        public static bool IsAttacked(string what) => ((string[])["/way", "/path", "/proc", "/dev", "/sys"]).Any(n => what.Contains(n, StringComparison.Ordinal));

        /// <summary>Deletes the mount points that a worker's container made, wherever in the root they are.</summary>
        public void DeleteMade(int worker)
        {
            foreach (string folder in (string[])["way", "path", _folder + "/outside"])
            {
                foreach (string place in (string[])[folder, folder + "-out"])
                {
                    foreach (string path in (string[])[$"{place}/{Made(worker)}", $"{place}/deep/{Made(worker)}"])
                    {
                        try
                        {
                            _root.DeleteTree(path);
                        }
                        catch (LinuxException)
                        {
                            // It is not there now.
                        }
                    }
                }
            }
        }

        /// <summary>All that could be touched outside: the tree with its times, and the mounts.</summary>
        public string Outside()
            => Command.Run("find", _folder + "/outside", _folder + "/source", "-printf", "%P %i %y %m %U %G %n %s %T@ %C@\n").EnsureSuccess().Output + File.ReadAllText("/proc/self/mountinfo");

        private static string Made(int worker) => "made-" + worker.ToString(CultureInfo.InvariantCulture);
    }
}
