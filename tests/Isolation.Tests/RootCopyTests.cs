using System.Diagnostics;
using Isolation.Fs;
using Isolation.Namespaces;
using Isolation.Syscalls;

namespace Isolation.Tests;

/// <summary>Roots that are copied: when asked for, and where there is no overlay.</summary>
public class RootCopyTests
{
    private const Needs Everything = Needs.Root | Needs.Busybox | Needs.FullSpeed;

    private static string[] Copies => Directory.GetDirectories(Path.GetTempPath(), "isolation-copy-*");

    [LinuxFact(Everything)]
    public void A_copy_has_all_of_the_root_and_takes_the_changes()
    {
        using var nothingLeft = new ResidueCheck();
        using var root = new BusyboxRoot();
        Furnish(root);
        Command.Run("chown", "-h", "1234:1235", root.At("etc/first")).EnsureSuccess();
        foreach (ContainerBuilder container in (ContainerBuilder[])[new(), new ContainerBuilder().WithUserNs()])
        {
            using Container started = container.WithPidNs().WithRootFs(root.Path, RootFsMode.Copy)
                .WithCommand("/bin/sh", "-c", "echo $(stat -c '%h %u %g %a %Y' /etc/first) $(cat /etc/second) $(readlink /etc/link) $(stat -c '%F %t:%T' /etc/device); echo changed > /etc/second; cat /etc/first; rm /etc/passwd; mkdir /new")
                .WithStandardOutput(StandardStream.Pipe).Start();
            Assert.Equal(RootFsMode.Copy, started.RootMode);
            Assert.Empty(started.RootOmissions);
            using var output = new StreamReader(started.StandardOutput!.AsStream());
            Assert.Equal("2 1234 1235 640 1000000000 content first character special file 1:3\nchanged\n", output.ReadToEnd());
            Assert.Equal(0, started.WaitForExit().ExitCode);
            Assert.Empty(Copies);
        }

        Assert.Equal("content", File.ReadAllText(root.At("etc/first")));
        Assert.True(File.Exists(root.At("etc/passwd")));
        Assert.False(Directory.Exists(root.At("new")));
    }

    [LinuxFact(Everything)]
    public async Task The_copy_goes_however_the_container_ends()
    {
        using var nothingLeft = new ResidueCheck();
        using var root = new BusyboxRoot();
        ContainerTemplate template = new ContainerBuilder().WithPidNs().WithRootFs(root.Path, RootFsMode.Copy).WithCommand("/bin/sleep", "1000").Build();
        using (Container one = template.Start(), other = template.Start())
        {
            Assert.Equal(2, Copies.Length);
            one.Kill();
            one.WaitForExit();
            Assert.Single(Copies);
        }

        Assert.Empty(Copies);
        Container unwaited = template.Start();
        unwaited.PidFd.Signal(9);
        Eventually.Equal(0, () => Copies.Length);
        await unwaited.DisposeAsync();

        Assert.Throws<LinuxException>(() => { new ContainerBuilder().WithRootFs(root.Path, RootFsMode.Copy).WithCommand("/no/such").Run(); });
        Assert.Throws<LinuxException>(() => { template.Start(new Isolation.Syscalls.Children.Fault(5, Errno.EIO)); });
        Assert.Throws<LinuxException>(() => { new ContainerBuilder().WithRootFs(root.At("none"), RootFsMode.Copy).WithCommand("/bin/true").Run(); });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => template.StartAsync(new CancellationToken(canceled: true)));
        Assert.Empty(Copies);
    }

    [LinuxFact(Everything)]
    public void What_a_killed_manager_has_left_the_next_one_deletes()
    {
        using var root = new BusyboxRoot();
        Assert.NotEqual(0, FreshProcess.Run(BeKilled, root.Path).ExitCode);
        Assert.Single(Copies);
        using Container living = new ContainerBuilder().WithPidNs().WithRootFs(root.Path, RootFsMode.Copy).WithCommand("/bin/sleep", "1000").Start();
        string folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "isolation-copy-of-another")).FullName;
        Command.Run("chown", "4242", folder).EnsureSuccess();
        FreshProcess.Run(RunOnce, root.Path).EnsureSuccess();

        // The living container's, and the one that is another user's.
        Assert.Equal(2, Copies.Length);
        Assert.True(Directory.Exists(folder));
        Directory.Delete(folder);
    }

    private static void BeKilled(string root)
    {
        new ContainerBuilder().WithPidNs().WithRootFs(root, RootFsMode.Copy).WithCommand("/bin/sleep", "1000").Start();
        Process.GetCurrentProcess().Kill();
    }

    private static void RunOnce(string root) => new ContainerBuilder().WithPidNs().WithRootFs(root, RootFsMode.Copy).WithCommand("/bin/true").Run().EnsureSuccess();

    [LinuxFact(Everything | Needs.UserNamespaces)]
    public void What_an_ordinary_user_cannot_copy_is_left_out_and_told()
    {
        using var root = new BusyboxRoot();
        Furnish(root);
        File.SetUnixFileMode(root.At("etc/first"), (UnixFileMode)0x1a4);
        File.SetUnixFileMode(root.At("etc/link-target"), UnixFileMode.UserRead);
        Directory.CreateDirectory(root.At("secret"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        CommandResult result = FreshProcess.RunAsUser(CopyAsUser, root.Path).EnsureSuccess();
        Assert.Contains("owner ", result.Output, StringComparison.Ordinal);
        Assert.Equal("0 content first none 0\ncontent 2 etc/link-target, device 1 etc/device, \n", Shortened(result.Output));

        // Owners are told as well, of most files.
        static string Shortened(string text) => System.Text.RegularExpressions.Regex.Replace(text, "owner [0-9]+ [^ ]+, ", "");
    }

    private static void CopyAsUser(string root)
    {
        Container container = new ContainerBuilder().WithUserNs().WithPidNs().WithRootFs(root, RootFsMode.Copy)
            .WithCommand("/bin/sh", "-c", "mkdir -p /a/b; touch /a/b/c; /bin/busybox chmod 0 /a/b /a; echo $(stat -c %u /etc/passwd) $(cat /etc/second) $(readlink /etc/link) $(test -e /etc/device || echo none) $(ls /secret | wc -l)").Start();
        Assert.Equal(0, container.WaitForExit().ExitCode);
        foreach (Fs.Layers.LayerOmission omission in container.RootOmissions)
            Console.Write($"{omission.What} {omission.Count} {omission.FirstPath}, ");
        Console.WriteLine();
        Assert.Empty(Copies);
    }

    [LinuxFact(Everything | Needs.NewUidMap)]
    public void Files_of_subordinate_ids_are_deleted_too()
    {
        using var root = new BusyboxRoot();
        Assert.Equal("0 5", FreshProcess.Run(["unshare", "--mount", "--propagation=private"], PrepareIds, [root.Path]).EnsureSuccess().Output.Trim());
        Assert.Empty(Copies);
    }

    private static int PrepareIds(string root) => NamespaceTests.WithSubordinateIds(() => FreshProcess.RunAsUser(LeaveFilesOfOthers, root));

    private static void LeaveFilesOfOthers(string root)
        => Console.WriteLine(new ContainerBuilder().WithUserNs(UserNamespaceMaps.Subordinate).WithPidNs().WithRootFs(root, RootFsMode.Copy)
            .Shell("mkdir /made; touch /made/file; /bin/busybox chown -R 5:6 /made; echo $(stat -c %u /etc) $(stat -c %u /made/file)"));

    [LinuxFact(Everything | Needs.NewUidMap)]
    public void What_a_killed_manager_has_left_of_subordinate_ids_the_next_one_deletes_too()
    {
        using var root = new BusyboxRoot();
        Assert.Equal("1 left, then 0", FreshProcess.Run(["unshare", "--mount", "--propagation=private"], PrepareKill, [root.Path]).EnsureSuccess().Output.Trim());
        Assert.Empty(Copies);
    }

    private static int PrepareKill(string root) => NamespaceTests.WithSubordinateIds(() =>
    {
        FreshProcess.RunAsUser(BeKilledWithFilesOfOthers, root);
        Console.Write($"{Copies.Length} left, ");
        return FreshProcess.RunAsUser(StartAndCount, root);
    });

    private static void BeKilledWithFilesOfOthers(string root)
    {
        Container container = new ContainerBuilder().WithUserNs(UserNamespaceMaps.Subordinate).WithPidNs().WithRootFs(root, RootFsMode.Copy).WithStandardOutput(StandardStream.Pipe)
            .WithCommand("/bin/sh", "-c", "mkdir /made; touch /made/file; /bin/busybox chown -R 5:6 /made; /bin/busybox chmod 700 /made; echo made; exec sleep 1000").Start();
        new StreamReader(container.StandardOutput!.AsStream()).ReadLine();
        Process.GetCurrentProcess().Kill();
    }

    private static void StartAndCount(string root)
    {
        new ContainerBuilder().WithUserNs().WithPidNs().WithRootFs(root, RootFsMode.Copy).WithCommand("/bin/true").Run().EnsureSuccess();
        Console.WriteLine($"then {Copies.Length}");
    }

    [LinuxFact(Everything | Needs.UserNamespaces)]
    public void Where_the_kernel_makes_no_overlay_a_copy_is_made_if_it_was_allowed_and_is_told()
    {
        using var root = new BusyboxRoot();
        Directory.CreateDirectory(root.At("deep"));
        File.WriteAllText(root.At("deep/hidden"), "hidden");
        CommandResult result = FreshProcess.Run(["unshare", "--mount", "--propagation=private"], CoverAndStart, [root.Path]);
        Assert.Equal(
            """
            root Overlay 1 changed
            user namespace Copy 0 changed
            user namespace Copy 0 changed
            mount deep
            overlay /ROOT failed: Invalid argument (EINVAL from fsconfig). In a user namespace a directory with mounts below it cannot be a layer; nowhere can one that is in an overlay whose layers are in another. RootFsMode.OverlayOrCopy copies it
            overlay /ROOT failed: Invalid argument (EINVAL from fsconfig). In a user namespace a directory with mounts below it cannot be a layer; nowhere can one that is in an overlay whose layers are in another
            ordinary user Copy 0 changed

            """,
            result.EnsureSuccess().Output.Replace(root.Path, "/ROOT", StringComparison.Ordinal));
        Assert.Empty(Copies);
    }

    private static void CoverAndStart(string root)
    {
        // Something that a user namespace may not look behind (mount_namespaces(7)).
        Command.Run("mount", "-t", "tmpfs", "isolation-cover", root + "/deep").EnsureSuccess();
        Start("root", new ContainerBuilder(), root);
        ContainerTemplate template = Template(Rootless(), root);
        Assert.Contains("where the kernel refuses the overlay below, start again with a copy of " + root, template.Explain(), StringComparison.Ordinal);
        Start("user namespace", template);
        Assert.StartsWith($"# the manager: copy {root} to a new folder", template.Explain(), StringComparison.Ordinal);
        Container container = Start("user namespace", template);
        Console.WriteLine(string.Join(' ', container.RootOmissions.Select(o => $"{o.What} {o.FirstPath}")));
        Console.WriteLine(Assert.Throws<LinuxException>(() => { Rootless().WithRootFs(root).WithCommand("/bin/true").Run(); }).Message);
        Console.WriteLine(Assert.Throws<LinuxException>(() => { Rootless().WithOverlay([root, root + "/etc"]).WithCommand("/bin/true").Run(); }).Message.Replace(root + "/etc", root, StringComparison.Ordinal));
        Console.Write(FreshProcess.RunAsUser(StartAsUser, root).EnsureSuccess().Output);
    }

    // Whose root's ids are not mapped: that of others the manager opens, to whom nothing is locked.
    private static ContainerBuilder Rootless() => new ContainerBuilder().WithUserNs(UserNamespaceMaps.Caller);

    private static void StartAsUser(string root) => Start("ordinary user", new ContainerBuilder().WithUserNs(), root);

    private static void Start(string kind, ContainerBuilder container, string root) => Start(kind, Template(container, root));

    private static ContainerTemplate Template(ContainerBuilder container, string root)
        => container.WithPidNs().WithRootFs(root, RootFsMode.OverlayOrCopy).WithStandardOutput(StandardStream.Pipe)
            .WithCommand("/bin/sh", "-c", "echo changed > /etc/passwd; echo $(ls /deep | wc -l) $(cat /etc/passwd)").Build();

    private static Container Start(string kind, ContainerTemplate template)
    {
        Container container = template.Start();
        using var output = new StreamReader(container.StandardOutput!.AsStream());
        Console.WriteLine($"{kind} {container.RootMode} {output.ReadToEnd().Trim()}");
        Assert.Equal(0, container.WaitForExit().ExitCode);
        return container;
    }

    [LinuxFact(Everything)]
    public void A_copy_that_nobody_would_delete_or_that_has_no_end_is_refused()
    {
        using var root = new BusyboxRoot();
        Assert.Throws<ArgumentException>(() => new ContainerBuilder().WithRootFs("/", RootFsMode.Copy));
        Assert.Throws<ArgumentException>(() => new ContainerBuilder().WithRootFs("/", RootFsMode.OverlayOrCopy));
        foreach (RootFsMode mode in (RootFsMode[])[RootFsMode.Copy, RootFsMode.OverlayOrCopy])
        {
            ArgumentException e = Assert.Throws<ArgumentException>(() => { new ContainerBuilder().WithRootFs(root.Path, mode).WithDetached().Build(); });
            Assert.Equal("A detached container outlives this process, so nobody would delete the copy of its root at its end. Use RootFsMode.Overlay, or copy it yourself.", e.Message);
        }
    }

    private static void Furnish(BusyboxRoot root)
    {
        File.WriteAllText(root.At("etc/first"), "content");
        File.SetUnixFileMode(root.At("etc/first"), (UnixFileMode)0x1a0);
        Command.Run("ln", root.At("etc/first"), root.At("etc/second")).EnsureSuccess();
        Command.Run("touch", "-d", "@1000000000", root.At("etc/first")).EnsureSuccess();
        Command.Run("mknod", "-m", "666", root.At("etc/device"), "c", "1", "3").EnsureSuccess();
        File.CreateSymbolicLink(root.At("etc/link"), "first");
        File.WriteAllText(root.At("etc/link-target"), "");
    }
}
