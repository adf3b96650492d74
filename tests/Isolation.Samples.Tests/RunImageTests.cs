using Isolation.Tests;

namespace Isolation.Samples.Tests;

/// <summary>samples/RunImage on an image of busybox, as root and as an ordinary user.</summary>
public sealed class RunImageTests
{
    [LinuxFact(Needs.Root | Needs.Busybox)]
    public void It_unpacks_an_image_once_and_runs_its_program()
    {
        using var nothingLeft = new ResidueCheck();
        using var image = new BusyboxImage();
        CommandResult first = Run("--cache", image.Cache, image.Layout + ":latest").EnsureSuccess(), second = Run("--cache", image.Cache, image.Layout).EnsureSuccess();
        Assert.Equal("a=b 1000:1001 /srv /home/alice\n", first.Output);
        Assert.Contains($"unpacking {image.Digest["sha256:".Length..][..12]}", first.Error, StringComparison.Ordinal);
        Assert.Equal((first.Output, ""), (second.Output, second.Error));
    }

    [LinuxFact(Needs.Root | Needs.Busybox)]
    public void On_a_terminal_a_bar_shows_how_far_the_unpacking_is()
    {
        using var image = new BusyboxImage();
        string shown = Command.Run(TimeSpan.FromSeconds(60), new Dictionary<string, string?> { ["TERM"] = "xterm" }, "script", ["-qec", $"'{AppContext.BaseDirectory}/RunImage' --cache {image.Cache} {image.Layout}", "/dev/null"]).EnsureSuccess().Output;
        Assert.Contains($"unpacking {image.Digest["sha256:".Length..][..12]}", shown, StringComparison.Ordinal);
        Assert.Contains("100%", shown, StringComparison.Ordinal);
        Assert.Contains("a=b 1000:1001 /srv /home/alice", shown, StringComparison.Ordinal);
    }

    public static TheoryData<string, int, string> Lines { get; } = new()
    {
        { "{image} \"echo hello; exit 7\"", 7, "hello\n" },
        { "--entrypoint cat {image} file", 0, "second layer\n" },
        { "--user 0 --workdir /etc -e GREETING=mine {image}", 0, "mine 0:0 /etc /root\n" },
        { "-e A=1 -e B=2 {image} \"echo $A$B\"", 0, "12\n" },
        { "-v {layout}:/shown:ro {image} \"test -e /shown/index.json && touch /shown/new 2>/dev/null || echo read-only\"", 0, "read-only\n" },
        { "-u 0 {image} \"echo x > /etc/new && cat /etc/new; cat /proc/kcore | wc -c; echo x 2>/dev/null > /proc/sys/vm/swappiness || echo refused\"", 0, "x\n0\nrefused\n" },
        { "-u 0 --read-only {image} \"touch /etc/new 2>/dev/null || echo refused\"", 0, "refused\n" },
        { "--net {image} \"ls /sys/class/net\"", 0, "lo\n" },
        { "{image} \"kill -9 $$\"", 137, "" },
        { "{image} no-such-program", 127, "" },
    };

    [LinuxTheory(Needs.Root | Needs.Busybox)]
    [MemberData(nameof(Lines))]
    public void Options_do_what_they_say(string line, int exitCode, string output)
    {
        using var nothingLeft = new ResidueCheck();
        using var image = new BusyboxImage();
        string[] words = UnshareTests.Words(line.Replace("{image}", image.Layout + ":latest", StringComparison.Ordinal).Replace("{layout}", image.Layout, StringComparison.Ordinal));
        CommandResult result = Run(["--cache", image.Cache, .. words]);
        Assert.True((exitCode, output) == (result.ExitCode, result.Output), $"{result.ExitCode}: {result.Output}{result.Error}");
    }

    [LinuxFact(Needs.Root | Needs.Busybox | Needs.UserNamespaces)]
    public void An_ordinary_user_runs_it_and_is_told_what_was_left_out()
    {
        using var nothingLeft = new ResidueCheck();
        using var image = new BusyboxImage(c => c.Remove("User"));
        string[] lines = FreshProcess.RunAsUser(RunAsUser, image.Layout).EnsureSuccess().Output.Split('\n');
        Assert.Equal("a=b 0:0 /srv /root", lines[0]);
        Assert.Contains("run-image: left out 1 times: device, such as of srv/zero", lines);
        Assert.Contains(lines, l => l.EndsWith(" times: owner, such as of bin", StringComparison.Ordinal));
    }

    private static void RunAsUser(string layout)
    {
        string cache = Directory.CreateTempSubdirectory("isolation-cache-").FullName;
        CommandResult result = Run("--cache", cache, layout).EnsureSuccess();
        Console.Write(result.Output + result.Error);
        Directory.Delete(cache, recursive: true);
    }

    [LinuxFact(Needs.Root | Needs.Busybox)]
    public void What_cannot_be_run_is_told()
    {
        using var nothingLeft = new ResidueCheck();
        using var image = new BusyboxImage();
        foreach ((string[] words, string message) in ((string[], string)[])[
            ([image.Layout + ":other"], "run-image: other: The layout has no such image; it has latest."),
            ([image.Layout + "/none"], "run-image: open the directory"),
            (["-e", "NONE", image.Layout], "run-image: 'NONE' is no NAME=VALUE."),
            (["-v", "/tmp", image.Layout], "run-image: '/tmp' is neither SOURCE:TARGET nor SOURCE:TARGET:ro.")])
        {
            CommandResult result = Run(["--cache", image.Cache, .. words]);
            Assert.Equal(1, result.ExitCode);
            Assert.Contains(message, result.Error, StringComparison.Ordinal);
        }
    }

    [LinuxFact(Needs.Root | Needs.Busybox)]
    public void It_explains_what_it_would_do()
    {
        using var image = new BusyboxImage();
        string plan = Run("--cache", image.Cache, "--explain", image.Layout).EnsureSuccess().Output;
        Assert.StartsWith($"# the manager: unpack the image {image.Digest}", plan, StringComparison.Ordinal);
        Assert.Contains("# mask /proc/kcore", plan, StringComparison.Ordinal);
    }

    private static CommandResult Run(params string[] words) => Command.Run(Path.Combine(AppContext.BaseDirectory, "RunImage"), words);
}
