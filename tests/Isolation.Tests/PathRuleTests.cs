using Isolation.Fs;

namespace Isolation.Tests;

/// <summary>Paths that are hidden or made read-only in a container.</summary>
public class PathRuleTests
{
    private const Needs Everything = Needs.Root | Needs.Busybox | Needs.X64;

    [LinuxFact(Everything)]
    public void A_masked_file_and_a_masked_directory_are_empty_and_stay_so()
    {
        using var nothingLeft = new ResidueCheck();
        using var root = new BusyboxRoot();
        Directory.CreateDirectory(root.At("secret"));
        File.WriteAllText(root.At("secret/key"), "key");
        File.CreateSymbolicLink(root.At("way"), "/secret/key");
        foreach (ContainerBuilder container in (ContainerBuilder[])[new(), new ContainerBuilder().WithUserNsOfRoot()])
        {
            ContainerBuilder open = container.WithPidNs().WithRootFs(root.Path);
            Assert.Equal("key cmdline", open.Shell("echo $(cat /secret/key) $(test -s /proc/cmdline || test -n \"$(cat /proc/cmdline)\" && echo cmdline)"));
            ContainerBuilder masked = open.WithMaskedPath("/secret").WithMaskedPath("/etc/passwd").WithMaskedPath("/proc/cmdline");
            Assert.Equal("0 empty empty", masked.Shell("echo $(ls -A /secret | wc -l) $(cat /etc/passwd | grep -q . || echo empty) $(cat /proc/cmdline | grep -q . || echo empty)"));
            Assert.Equal("refused", masked.Shell("touch /secret/new 2>/dev/null || echo refused"));

            // A link leads to what is masked.
            Assert.Equal("empty", open.WithMaskedPath("/way").Shell("cat /secret/key | grep -q . || echo empty"));
        }

        Assert.Equal("key", File.ReadAllText(root.At("secret/key")));
    }

    [LinuxFact(Everything | Needs.UserNamespaces | Needs.FullSpeed)]
    public void A_directory_is_masked_from_a_user_who_may_not_enter_it()
    {
        using var root = new BusyboxRoot();
        Directory.CreateDirectory(root.At("secret"), (UnixFileMode)0x1c0);
        File.WriteAllText(root.At("secret/key"), "key");
        Assert.Equal("0\n", FreshProcess.RunAsUser(ListMasked, root.Path).EnsureSuccess().Output);
    }

    private static void ListMasked(string root)
        => Console.WriteLine(new ContainerBuilder().WithPidNs().WithUserNs().WithRootFs(root, RootFsMode.ReadOnly).WithMaskedPath("/secret").Shell("ls -A /secret | wc -l"));

    [LinuxFact(Everything)]
    public void What_is_not_there_needs_no_mask()
    {
        using var root = new BusyboxRoot();
        ContainerBuilder container = new ContainerBuilder().WithPidNs().WithRootFs(root.Path)
            .WithMaskedPath("/none").WithMaskedPath("/etc/passwd/none").WithReadOnlyPath("/none/below");
        Assert.Equal("none", container.Shell("test -e /none || echo none"));
    }

    [LinuxFact(Everything)]
    public void A_read_only_path_cannot_be_written_to_with_what_is_mounted_below()
    {
        using var nothingLeft = new ResidueCheck();
        using var root = new BusyboxRoot();
        foreach ((ContainerBuilder container, string before) in ((ContainerBuilder, string)[])[(new(), "3"), (new ContainerBuilder().WithUserNsOfRoot(), Machine.Lab is null ? "2" : "3")])
        {
            // Root of a user namespace may not write to /proc/sys/kernel anyway, unless it is the host's.
            ContainerBuilder open = container.WithPidNs().WithUtsNs("before").WithRootFs(root.Path).WithTmpfsMount("/etc/deep");
            Assert.Equal(before, open.Shell(Count));
            Assert.Equal("0", open.WithReadOnlyPath("/etc").WithReadOnlyPath("/proc/sys").WithReadOnlyPath("/etc/passwd").Shell(Count));
        }
    }

    private const string Count = "n=0; (echo x > /etc/new) 2>/dev/null && n=$((n+1)); (echo x > /etc/deep/new) 2>/dev/null && n=$((n+1)); (echo x > /proc/sys/kernel/hostname) 2>/dev/null && n=$((n+1)); echo $n";

    [LinuxFact(Everything)]
    public void They_come_in_the_order_in_which_they_were_asked_for()
    {
        using var root = new BusyboxRoot();
        ContainerBuilder container = new ContainerBuilder().WithPidNs().WithRootFs(root.Path);
        Assert.Equal("shown", container.WithMaskedPath("/tmp").WithTmpfsMount("/tmp").Shell("echo shown > /tmp/a; cat /tmp/a"));
        Assert.Equal("hidden", container.WithTmpfsMount("/tmp").WithMaskedPath("/tmp").Shell("(echo shown > /tmp/a) 2>/dev/null || echo hidden"));
    }

    [LinuxFact]
    public void The_root_and_relative_paths_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new ContainerBuilder().WithMaskedPath("/"));
        Assert.Throws<ArgumentException>(() => new ContainerBuilder().WithMaskedPath("/proc/.."));
        Assert.Throws<ArgumentException>(() => new ContainerBuilder().WithReadOnlyPath("//"));
        Assert.Throws<ArgumentException>(() => new ContainerBuilder().WithReadOnlyPath("etc"));
    }

    [LinuxFact(Everything)]
    public void Explain_shows_them()
    {
        using var root = new BusyboxRoot();
        string plan = new ContainerBuilder().WithRootFs(root.Path, RootFsMode.ReadOnly).WithMaskedPath("/proc/kcore").WithReadOnlyPath("/etc").Explain();
        Assert.Contains("# mask /proc/kcore\n", plan, StringComparison.Ordinal);
        Assert.Contains("# make read-only /etc\n", plan, StringComparison.Ordinal);
    }
}
