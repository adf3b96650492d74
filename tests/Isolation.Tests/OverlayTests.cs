using Isolation.Fs;
using Isolation.Syscalls;

namespace Isolation.Tests;

/// <summary>Roots of several layers, with changes that are thrown away or kept.</summary>
public class OverlayTests
{
    private const Needs Everything = Needs.Root | Needs.Busybox | Needs.X64;

    [LinuxFact(Everything)]
    public void The_last_layer_is_the_topmost_and_none_is_changed()
    {
        using var nothingLeft = new ResidueCheck();
        using var root = new BusyboxRoot();
        using var layers = new LayerFolders();
        foreach (ContainerBuilder container in (ContainerBuilder[])[new(), new ContainerBuilder().WithUserNsOfRoot()])
        {
            ContainerBuilder overlay = container.WithPidNs().WithOverlay([root.Path, layers.Middle, layers.Top]);
            Assert.Equal("top middle /etc/passwd", overlay.Shell("echo $(cat /both) $(cat /middle) $(ls /etc/passwd)"));
            Assert.Equal("0 changed", overlay.Shell("echo changed > /both; rm /middle; echo $(stat -c %u /both) $(cat /both)"));
        }

        Assert.Equal("top", File.ReadAllText(layers.Top + "/both"));
        Assert.Equal("middle", File.ReadAllText(layers.Middle + "/middle"));
    }

    [LinuxFact(Everything)]
    public void Changes_take_no_more_memory_than_they_may()
    {
        using var nothingLeft = new ResidueCheck();
        using var root = new BusyboxRoot();
        const string Fill = "head -c 500000 /dev/zero > /small && echo fits; head -c 2000000 /dev/zero > /large 2>/dev/null || echo $(( $(stat -c %s /large) < 1048577 )) full";
        foreach (ContainerBuilder container in (ContainerBuilder[])[new(), new ContainerBuilder().WithUserNsOfRoot()])
        {
            ContainerBuilder bounded = container.WithPidNs().WithRootFs(root.Path).WithChangesLimit(1 << 20);
            Assert.Equal("fits\n1 full", bounded.Shell(Fill));
            Assert.Contains("\"1048576\"", bounded.WithCommand("/bin/true").Explain(), StringComparison.Ordinal);
        }

        Assert.Equal("full", new ContainerBuilder().WithRootFs("/").WithPidNs().WithChangesLimit(1 << 20).Shell("head -c 2000000 /dev/zero > /tmp/large 2>/dev/null || head -c 2000000 /dev/zero > /etc/large 2>/dev/null || echo full"));
    }

    [Fact]
    public void A_limit_of_changes_that_has_nothing_to_limit_is_refused()
    {
        ContainerBuilder limited = new ContainerBuilder().WithChangesLimit(1).WithCommand("true");
        Assert.Throws<ArgumentOutOfRangeException>(() => limited.WithChangesLimit(0));
        foreach (ContainerBuilder container in (ContainerBuilder[])[limited, limited.WithRootFs("/usr", RootFsMode.ReadOnly), limited.WithRootFs("/usr", RootFsMode.OverlayOrCopy), limited.WithOverlay(["/usr"], "/tmp")])
            Assert.Contains("A limit of changes is for", Assert.Throws<ArgumentException>(container.Build).Message, StringComparison.Ordinal);
    }

    [LinuxFact(Everything)]
    public void Changes_can_be_kept_for_the_next_container()
    {
        using var nothingLeft = new ResidueCheck();
        using var root = new BusyboxRoot();
        using var layers = new LayerFolders();
        foreach (ContainerBuilder container in (ContainerBuilder[])[new(), new ContainerBuilder().WithUserNsOfRoot()])
        {
            string changes = layers.Make("changes-" + Guid.NewGuid().ToString("N")[..8]);
            ContainerBuilder overlay = container.WithPidNs().WithOverlay([root.Path, layers.Top], changes);
            Assert.Equal("", overlay.Shell("echo kept > /made; rm /both"));
            Assert.Equal("kept no", overlay.Shell("echo $(cat /made) $(test -e /both || echo no)"));
            Assert.Equal("kept\n", File.ReadAllText(changes + "/upper/made"));
            Assert.Equal("0", Command.Run("stat", "-c", "%u", changes + "/upper/made").Output.Trim());
        }

        Assert.Equal("top", File.ReadAllText(layers.Top + "/both"));
    }

    [LinuxFact(Everything)]
    public void Of_two_containers_with_one_directory_for_changes_the_second_is_refused()
    {
        using var nothingLeft = new ResidueCheck();
        using var root = new BusyboxRoot();
        using var layers = new LayerFolders();
        string changes = layers.Make("changes"), message = $"keep the changes of the root file system in {changes} failed: Device or resource busy (EBUSY from flock). Another container has it, and only one at a time may";
        ContainerBuilder overlay = new ContainerBuilder().WithPidNs().WithOverlay([root.Path], changes);
        ContainerTemplate template = overlay.WithCommand("/bin/sleep", "1000").Build();
        using (template.Start())
        {
            Assert.Equal(message, Assert.Throws<LinuxException>(() => overlay.Shell("true")).Message);
            Assert.Equal(message, FreshProcess.Run(TryOverlay, root.Path, changes).EnsureSuccess().Output.Trim());
        }

        Assert.Throws<LinuxException>(() => { template.Start(new Isolation.Syscalls.Children.Fault(5, Errno.EIO)); });
        Assert.Equal("0", overlay.Shell("echo $?"));

        // Nobody waits.
        Container unwaited = template.Start();
        unwaited.PidFd.Signal(9);
        Eventually.Equal(true, () => Record.Exception(() => overlay.Shell("true")) is null);
        unwaited.Dispose();
        Assert.Contains($"# the manager: keep other containers from {changes} until this one has ended", template.Explain(), StringComparison.Ordinal);
        Assert.Contains("detached", Assert.Throws<ArgumentException>(() => { overlay.WithDetached().Build(); }).Message, StringComparison.Ordinal);
    }

    private static void TryOverlay(string root, string changes)
        => Console.WriteLine(Record.Exception(() => new ContainerBuilder().WithPidNs().WithOverlay([root], changes).Shell("true"))?.Message);

    [LinuxFact(Everything | Needs.UserNamespaces)]
    public void An_ordinary_user_has_layers_and_keeps_changes()
    {
        using var root = new BusyboxRoot();
        using var layers = new LayerFolders();
        Assert.Equal("kept no\n", FreshProcess.RunAsUser(RunAsUser, root.Path, layers.Top).EnsureSuccess().Output);
    }

    private static void RunAsUser(string root, string layer)
    {
        ProcessWarmUp.Run();
        string changes = Directory.CreateTempSubdirectory("isolation-changes-").FullName;
        ContainerBuilder overlay = new ContainerBuilder().WithUserNs().WithPidNs().WithOverlay([root, layer], changes);
        overlay.Shell("echo kept > /made; rm /both");
        string kept;
        using (new ResidueCheck())
            kept = overlay.Shell("echo $(cat /made) $(test -e /both || echo no)");
        Console.WriteLine(kept);

        // The kernel's own directory in work has no permissions.
        Command.Run("chmod", "-R", "u+rwx", changes).EnsureSuccess();
        Directory.Delete(changes, recursive: true);
    }

    [LinuxFact(Everything)]
    public void Layers_that_are_none_are_errors()
    {
        using var nothingLeft = new ResidueCheck();
        using var root = new BusyboxRoot();
        LinuxException e = Assert.Throws<LinuxException>(() => { new ContainerBuilder().WithOverlay([root.At("none"), root.Path]).WithCommand("/bin/true").Run(); });
        Assert.Equal($"use as a layer of the root file system {root.At("none")} failed: No such file or directory (ENOENT from statx).", e.Message);
        e = Assert.Throws<LinuxException>(() => { new ContainerBuilder().WithOverlay([root.Path], root.At("etc/passwd")).WithCommand("/bin/true").Run(); });
        Assert.Equal($"keep the changes of the root file system in {root.At("etc/passwd")} failed: Not a directory (ENOTDIR from statx).", e.Message);
        Assert.Throws<ArgumentException>(() => new ContainerBuilder().WithOverlay([]));
        Assert.Throws<ArgumentException>(() => new ContainerBuilder().WithOverlay(["relative"]));
        Assert.Throws<ArgumentException>(() => new ContainerBuilder().WithOverlay(["/"]));
        Assert.Throws<ArgumentException>(() => new ContainerBuilder().WithOverlay(Enumerable.Repeat(root.Path, 33)));
    }

    [LinuxFact(Everything)]
    public void As_many_layers_as_are_allowed_work()
    {
        using var nothingLeft = new ResidueCheck();
        using var root = new BusyboxRoot();
        using var layers = new LayerFolders();
        string[] many = [root.Path, .. Enumerable.Range(1, 31).Select(i => layers.Make($"layer{i}"))];
        File.WriteAllText(many[1] + "/low", "low");
        File.WriteAllText(many[31] + "/high", "high");
        ContainerBuilder overlay = new ContainerBuilder().WithUserNs().WithPidNs().WithOverlay(many);
        Assert.Equal("low high", overlay.Shell("echo $(cat /low) $(cat /high)"));
    }

    /// <summary>Directories for layers, which every user can read.</summary>
    private sealed class LayerFolders : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("isolation-layers-").FullName;

        public LayerFolders()
        {
            File.SetUnixFileMode(_folder, (UnixFileMode)0x1ed);
            Middle = Make("middle");
            Top = Make("top");
            File.WriteAllText(Middle + "/both", "middle");
            File.WriteAllText(Middle + "/middle", "middle");
            File.WriteAllText(Top + "/both", "top");
        }

        public string Middle { get; }

        public string Top { get; }

        public string Make(string name) => Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;

        public void Dispose() => Command.Run("rm", "-rf", "--one-file-system", _folder).EnsureSuccess();
    }
}
