using System.Net;
using System.Security.Cryptography;
using Isolation.Fs;
using Isolation.Syscalls;

namespace Isolation.Tests;

/// <summary>Files that a container gets without a change to its root: those of the caller, and those of /etc that tell of its network.</summary>
public class EtcFileTests
{
    private const Needs Everything = Needs.Root | Needs.Busybox | Needs.FullSpeed;

    public static TheoryData<RootFsMode, bool> Roots { get; } = new()
    {
        { RootFsMode.Overlay, false }, { RootFsMode.Overlay, true }, { RootFsMode.ReadOnly, false },
        { RootFsMode.ReadOnly, true }, { RootFsMode.ReadWrite, false }, { RootFsMode.ReadWrite, true },
    };

    [LinuxTheory(Everything)]
    [MemberData(nameof(Roots))]
    public void A_file_is_shown_with_its_content_and_permissions_and_the_root_stays_as_it_is(RootFsMode mode, bool userNs)
    {
        using var nothingLeft = new ResidueCheck();
        using var root = new BusyboxRoot();
        string before = Listing(root);
        ContainerBuilder container = Rooted(root, mode, userNs)
            .WithFile("/etc/passwd", "root:x:0:0::/:/bin/none\n")
            .WithFile("/etc/group", "", (UnixFileMode)0x180);
        Assert.Equal("root:x:0:0::/:/bin/none 0644 0:0 0 0600", container.Shell("umask 077; echo $(cat /etc/passwd; stat -c '0%a %u:%g' /etc/passwd) $(stat -c '%s 0%a' /etc/group)"));
        Assert.Equal(before, Listing(root));
    }

    // In the labs too: on Linux 6.1 nothing can be copied from a mount that is not attached.
    [LinuxTheory(Needs.Root | Needs.Busybox)]
    [InlineData(false)]
    [InlineData(true)]
    public void Each_kernel_shows_files(bool userNs)
    {
        using var root = new BusyboxRoot();
        ContainerBuilder container = Rooted(root, RootFsMode.Overlay, userNs).WithFile("/etc/passwd", "text", (UnixFileMode)0x180).WithFile("/etc/group", "");
        Assert.Equal("text 600 2", container.Shell("echo $(cat /etc/passwd /etc/group) $(stat -c %a /etc/passwd) $(grep -c /file /proc/self/mountinfo)"));
    }

    [LinuxTheory(Everything)]
    [InlineData(false)]
    [InlineData(true)]
    public void A_missing_file_gets_a_place_in_an_overlay(bool userNs)
    {
        using var root = new BusyboxRoot();
        string before = Listing(root);
        Assert.Equal("text", Rooted(root, RootFsMode.Overlay, userNs).WithFile("/opt/deep/file", "text").Shell("cat /opt/deep/file"));
        Assert.Equal(before, Listing(root));
        LinuxException e = Assert.Throws<LinuxException>(() => Rooted(root, RootFsMode.ReadOnly, userNs).WithFile("/etc/none", "text").Shell("true"));
        Assert.Equal("show the file /etc/none failed: Read-only file system (EROFS from mknodat). The root is read-only and has no /etc/none; make it there, or use RootFsMode.Overlay", e.Message);
    }

    [LinuxFact(Everything)]
    public void Writing_changes_the_containers_file_only_and_the_next_start_has_the_first_content()
    {
        using var root = new BusyboxRoot();
        ContainerTemplate template = Rooted(root, RootFsMode.ReadWrite, userNs: true).WithFile("/etc/passwd", "a\n").WithCommand("/bin/sh", "-c", "echo b >> /etc/passwd; cat /etc/passwd; rm /etc/passwd 2>/dev/null || echo busy").Build();
        for (int i = 0; i < 2; i++)
            Assert.Equal("a\nb\nbusy\n", template.RunAndCaptureText().StandardOutput);
        Assert.Contains("alice", File.ReadAllText(root.At("etc/passwd")), StringComparison.Ordinal);

        // Not in a root that cannot be changed, and not beyond its bound.
        const string Write = "(echo b >> /etc/passwd) 2>/dev/null || echo refused";
        Assert.Equal("refused", Rooted(root, RootFsMode.ReadOnly, userNs: true).WithFile("/etc/passwd", "a\n").Shell(Write));
        Assert.Equal("refused", Rooted(root, RootFsMode.Overlay, userNs: false).WithFile("/etc/passwd", "a\n").WithReadOnlyPath("/etc/passwd").Shell(Write));
        Assert.Equal("1048576", Rooted(root, RootFsMode.Overlay, userNs: false).WithFile("/etc/passwd", "a\n").Shell("yes | head -c 9999999 > /etc/passwd 2>/dev/null; stat -c %s /etc/passwd"));
    }

    [LinuxFact(Everything)]
    public void A_file_holds_a_mebibyte_of_any_bytes()
    {
        using var root = new BusyboxRoot();
        byte[] bytes = RandomNumberGenerator.GetBytes(1 << 20);
        string copy = root.At("copy"), script = root.At("script");
        ContainerBuilder container = Rooted(root, RootFsMode.ReadWrite, userNs: false).WithFile("/etc/large", bytes, (UnixFileMode)0x124).WithFile("/etc/run", "#!/bin/sh\ncat /etc/large > /copy\n", (UnixFileMode)0x1ed);
        container.WithCommand("/etc/run").Run().EnsureSuccess();
        Assert.Equal(bytes, File.ReadAllBytes(copy));
        Assert.False(File.Exists(script));
    }

    [LinuxFact]
    public void Files_that_cannot_be_are_refused_before_anything_starts()
    {
        var container = new ContainerBuilder();
        byte[] mebibyte = new byte[1 << 20];
        Assert.Contains("has 1048577 bytes; 1048576 can be given", Assert.Throws<ArgumentException>(() => container.WithFile("/a", new byte[(1 << 20) + 1], default)).Message, StringComparison.Ordinal);
        ContainerBuilder full = Enumerable.Range(0, 4).Aggregate(container, (c, i) => c.WithFile($"/{i}", mebibyte, default));
        Assert.Contains("4194305 bytes together", Assert.Throws<ArgumentException>(() => full.WithFile("/b", "x")).Message, StringComparison.Ordinal);
        foreach (string path in (string[])["", "etc/hosts", "/", "/etc/..", "/etc/", "/a\0b"])
            Assert.ThrowsAny<ArgumentException>(() => container.WithFile(path, "text"));
        Assert.Throws<ArgumentOutOfRangeException>(() => container.WithFile("/a", "text", (UnixFileMode)0x1000));
        Assert.Throws<ArgumentNullException>(() => container.WithFile("/a", null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => container.WithEtcFiles((EtcFiles)8));
    }

    [LinuxFact(Everything)]
    public void A_file_is_shown_over_the_hosts_in_a_mount_namespace_without_a_root()
    {
        using var nothingLeft = new ResidueCheck();
        string before = File.ReadAllText("/etc/passwd"), folder = Environment.CurrentDirectory;
        Assert.Equal($"mine\n{folder}", new ContainerBuilder().WithFile("/etc/passwd", "mine\n").Shell("cat /etc/passwd; pwd"));
        Assert.Equal($"mine\n{folder}", new ContainerBuilder().WithUserNs().WithFile("/etc/passwd", "mine\n").Shell("cat /etc/passwd; pwd"));
        Assert.Equal(before, File.ReadAllText("/etc/passwd"));
        LinuxException e = Assert.Throws<LinuxException>(() => new ContainerBuilder().WithFile("/etc/none/such", "mine\n").Shell("true"));
        Assert.Equal("show the file /etc/none/such failed: No such file or directory (ENOENT from openat2). Without a root file system of its own, mount points must exist", e.Message);
    }

    [LinuxFact(Everything)]
    public void The_memory_of_the_files_is_not_left_in_the_mount_table()
    {
        using var root = new BusyboxRoot();
        ContainerBuilder container = new ContainerBuilder().WithRootFs(root.Path).WithPidNs().WithDefaultMounts(DefaultMounts.Proc).WithFile("/etc/passwd", "").WithFile("/etc/group", "");
        foreach (ContainerBuilder c in (ContainerBuilder[])[container, container.WithUserNs(), container.WithPropagation(MountPropagation.Slave)])
            Assert.Equal("/\n/etc/group\n/etc/passwd\n/proc", string.Join('\n', c.Shell("cat /proc/self/mountinfo").Split('\n').Select(l => MountTable.Parse(l).MountPoint).Order(StringComparer.Ordinal)));
        string[] host = [.. new ContainerBuilder().WithFile("/etc/passwd", "").Shell("cat /proc/self/mountinfo").Split('\n').Select(l => MountTable.Parse(l).MountPoint)];
        Assert.Equal(MountTable.Read().Count(e => e.MountPoint == "/"), host.Count(p => p == "/"));
    }

    [LinuxFact(Everything)]
    public void Mounts_lie_over_files_that_were_asked_for_before_them()
    {
        using var root = new BusyboxRoot();
        ContainerBuilder container = new ContainerBuilder().WithRootFs(root.Path);
        Assert.Equal("second", container.WithFile("/etc/passwd", "first").WithFile("/etc/passwd", "second").Shell("cat /etc/passwd"));
        Assert.Equal("none", container.WithFile("/etc/passwd", "first").WithTmpfsMount("/etc").Shell("test -e /etc/passwd || echo none"));
        Assert.Equal("first", container.WithTmpfsMount("/etc").WithFile("/etc/passwd", "first").Shell("cat /etc/passwd"));
    }

    // openat2(2): with RESOLVE_IN_ROOT, ".." is EAGAIN when anybody mounts something meanwhile.
    [LinuxFact(Everything)]
    public void A_link_that_goes_up_is_followed_while_others_mount()
    {
        using var root = new BusyboxRoot();
        File.WriteAllText(root.At("tmp/there"), "");
        File.CreateSymbolicLink(root.At("etc/hosts"), string.Concat(Enumerable.Repeat("../tmp/", 20)) + "there");
        ContainerTemplate template = Rooted(root, RootFsMode.ReadOnly, userNs: false).WithFile("/etc/hosts", "").WithCommand("/bin/true").Build();
        ContainerTemplate other = new ContainerBuilder().WithUserNs().WithMountNs().WithCommand("/bin/sh", "-c", "while :; do mount -t tmpfs none /mnt; umount /mnt; done").Build();
        using Container mounting = other.Start(), alsoMounting = other.Start();
        for (int i = 0; i < 100; i++)
            Assert.Equal(0, template.Run().ExitCode);
        Assert.False(mounting.HasExited);
    }

    [LinuxTheory(Everything)]
    [InlineData(false)]
    [InlineData(true)]
    public void Files_of_etc_tell_name_addresses_and_name_servers(bool userNs)
    {
        using var nothingLeft = new ResidueCheck();
        using var root = new BusyboxRoot();
        string before = Listing(root);
        ContainerBuilder container = Rooted(root, RootFsMode.Overlay, userNs)
            .WithHostname("web.example.org")
            .WithNetNs(net => net.WithLink("eth0", new Netlink.BridgeLink(), "10.1.2.3/24").WithAddress("eth0", "fd00::7/64"))
            .WithEtcFiles();
        string[] lines = container.Shell("cat /etc/hosts; echo; cat /etc/hostname; echo; cat /etc/resolv.conf").Split("\n\n", 3);
        Assert.Equal("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n10.1.2.3\tweb.example.org web\nfd00::7\tweb.example.org web", lines[0]);
        Assert.Equal("web.example.org", lines[1]);
        Assert.Equal(EtcFileMounts.NameServers(p => File.Exists(p) ? File.ReadAllText(p) : "", hasOwnLoopback: true)!.TrimEnd('\n'), lines[2].TrimEnd('\n'));
        Assert.Equal(before, Listing(root));

        // One of them alone; and with the host's network, the host's name servers as they are.
        Assert.Equal("resolv.conf", Rooted(root, RootFsMode.Overlay, userNs).WithEtcFiles(EtcFiles.ResolvConf).Shell("cd /etc; ls | grep -e host -e resolv"));
        if (File.Exists("/etc/resolv.conf"))
            Assert.Equal(File.ReadAllText("/etc/resolv.conf").TrimEnd('\n'), Rooted(root, RootFsMode.Overlay, userNs).WithEtcFiles().Shell("cat /etc/resolv.conf"));
        Assert.Equal(File.ReadAllText("/proc/sys/kernel/hostname").Trim(), Rooted(root, RootFsMode.Overlay, userNs).WithEtcFiles().Shell("cat /etc/hostname"));
    }

    [LinuxFact(Needs.UserNamespaces | Needs.Busybox | Needs.FullSpeed)]
    public void An_ordinary_user_has_them_as_well()
    {
        Assert.Equal("127.0.1.1\tbox\nbox\nmine\n1\nbox\nmine\n", FreshProcess.RunAsUser(ShowFiles).EnsureSuccess().Output);
    }

    private static void ShowFiles()
    {
        using var root = new BusyboxRoot();
        string before = Listing(root);
        ContainerBuilder container = new ContainerBuilder().WithUserNs().WithPidNs().WithHostname("box");
        ContainerBuilder rooted = container.WithRootFs(root.Path).WithEtcFiles().WithFile("/etc/new/file", "mine\n");
        Console.WriteLine(rooted.Shell("tail() { while read -r l; do x=$l; done; echo \"$x\"; }; tail < /etc/hosts; cat /etc/hostname /etc/new/file; test -e /etc/resolv.conf && echo 1"));
        Console.WriteLine(container.WithRootFs("/").WithFile("/etc/hostname", "box\n").WithFile("/etc/passwd", "mine\n").Shell("cat /etc/hostname /etc/passwd"));
        Assert.Equal(before, Listing(root));
    }

    [LinuxFact(Everything)]
    public void In_a_read_only_root_without_a_place_what_was_asked_for_is_an_error()
    {
        using var nothingLeft = new ResidueCheck();
        using var root = new BusyboxRoot();
        LinuxException e = Assert.Throws<LinuxException>(() => Rooted(root, RootFsMode.ReadOnly, userNs: false).WithEtcFiles().Shell("true"));
        Assert.Equal("show the file /etc/hosts failed: Read-only file system (EROFS from mknodat). The root is read-only and has no /etc/hosts; make it there, or use RootFsMode.Overlay", e.Message);
        File.WriteAllText(root.At("etc/hosts"), "");
        Assert.StartsWith("127.0.0.1\tlocalhost\n", Rooted(root, RootFsMode.ReadOnly, userNs: true).WithEtcFiles(EtcFiles.Hosts).Shell("cat /etc/hosts"), StringComparison.Ordinal);
        File.CreateSymbolicLink(root.At("etc/resolv.conf"), "../run/none/resolv.conf");
        e = Assert.Throws<LinuxException>(() => Rooted(root, RootFsMode.Overlay, userNs: false).WithEtcFiles(EtcFiles.ResolvConf).Shell("true"));
        Assert.Equal("show the file /etc/resolv.conf failed: No such file or directory (ENOENT from openat2). A symbolic link on the way to /etc/resolv.conf points to nothing inside the root", e.Message);
    }

    [LinuxFact(Everything)]
    public void An_image_has_them_unless_the_caller_says_no_or_gives_others()
    {
        using var nothingLeft = new ResidueCheck();
        using var image = new BusyboxImage();
        ContainerBuilder container = image.Container().WithUser("0").WithHostname("box").WithNetNs();
        const string Show = "grep box /etc/hosts; cat /etc/hostname; ls /etc";
        Assert.Equal("127.0.1.1\tbox\nbox\ngroup\nhostname\nhosts\npasswd\nresolv.conf\n", container.WithCommand(Show).RunAndCaptureText().StandardOutput);
        Assert.Equal("group\npasswd\n", container.WithEtcFiles(EtcFiles.None).WithCommand("ls /etc").RunAndCaptureText().StandardOutput);
        Assert.Equal("group\nhosts\npasswd\n", container.WithEtcFiles(EtcFiles.Hosts).WithCommand("ls /etc").RunAndCaptureText().StandardOutput);
        Assert.Equal("mine box\n", container.WithFile("/etc/hosts", "mine").WithCommand("echo $(cat /etc/hosts /etc/hostname)").RunAndCaptureText().StandardOutput.Replace("minebox", "mine box", StringComparison.Ordinal));

        // Where there is no place, they are left out.
        ContainerBuilder readOnly = image.Container(new ImageOptions { Mode = RootFsMode.ReadOnly }).WithUser("0");
        Assert.Equal("group\npasswd\n", readOnly.WithCommand("ls /etc").RunAndCaptureText().StandardOutput);
        Assert.Equal("group\npasswd\n", readOnly.WithUserNs().WithCommand("ls /etc").RunAndCaptureText().StandardOutput);
        Assert.Equal(["etc/group", "etc/passwd"], Directory.GetFiles(Path.Combine(image.Unpacked, "etc")).Select(f => Path.GetRelativePath(image.Unpacked, f)).Order(StringComparer.Ordinal));
    }

    // What a hostile or an odd image has in the place of /etc and of its files, and what of them is made all the same.
    public static TheoryData<string, string, string> OddImages { get; } = new()
    {
        { "etc", "", "/etc/hosts /etc/hostname /etc/resolv.conf" },
        { "etc", "none", "" },
        { "etc", "etc", "" },
        { "etc", "/proc/self/root/srv", "" },
        { "etc", "/proc/self/fd/3", "" },
        { "etc", "/proc/1/cwd", "" },
        { "etc", "../../../../srv", "/srv/hosts /srv/hostname /srv/resolv.conf" },
        { "etc", "/dev", "" },
        { "etc", "/bin/busybox", "" },
        { "etc/resolv.conf", "../run/systemd/resolve/stub-resolv.conf", "/etc/hosts /etc/hostname" },
        { "etc/resolv.conf", "../../../../root/resolv.conf", "/etc/hosts /etc/hostname" },
        { "etc/resolv.conf", "../tmp/there", "/etc/hosts /etc/hostname /tmp/there" },
        { "etc/hosts", "hosts", "/etc/hostname /etc/resolv.conf" },
        { "etc/hosts", "/proc/self/exe", "/etc/hostname /etc/resolv.conf" },
        { "etc/hosts", "/proc/sys/kernel/hostname", "/etc/hostname /etc/resolv.conf" },
        { "etc/hosts", "/dev/null", "/etc/hostname /etc/resolv.conf" },
        { "etc/hosts", "/srv", "/etc/hostname /etc/resolv.conf" },
    };

    [LinuxTheory(Everything)]
    [MemberData(nameof(OddImages))]
    public void What_an_image_has_in_their_place_neither_leads_out_nor_fails_the_start(string name, string target, string shown)
    {
        using var nothingLeft = new ResidueCheck();
        using var image = new BusyboxImage(c => c.Remove("User"), root =>
        {
            File.WriteAllText(root.At("tmp/there"), "");
            if (name == "etc")
                Directory.Delete(root.At(name), recursive: true);
            if (target.Length > 0)
                File.CreateSymbolicLink(root.At(name), target);
        });
        string[] expected = shown.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(expected, Shown(image.Container()));
        Assert.Equal(expected, Shown(image.Container().WithUserNs()));

        // Without a change to the root, those only that have a place already.
        string[] places = [.. expected.Where(e => e == "/tmp/there")];
        Assert.Equal(places, Shown(image.Container(new ImageOptions { Mode = RootFsMode.ReadOnly })));

        // Where files of the memory for files are mounted.
        static string[] Shown(ContainerBuilder container)
            => [.. container.WithHostname("box").WithCommand("cat /proc/self/mountinfo").RunAndCaptureText().StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(l => MountTable.Parse(l)).Where(m => m.Root.StartsWith("/file", StringComparison.Ordinal)).Select(m => m.MountPoint)];
    }

    // The same for what was asked for: it is in the root, or the start fails and says why.
    [LinuxTheory(Everything)]
    [InlineData("etc", "../../../../tmp", null)]
    [InlineData("etc", "/proc/self/root/tmp", "ELOOP from openat2). The symbolic links on the way to /etc/hosts go in a circle, or through those of /proc")]
    [InlineData("etc", "/proc/self/fd/3", "ELOOP from openat2). The symbolic links")]
    [InlineData("etc", "etc", "ELOOP from openat2). The symbolic links")]
    [InlineData("etc", "/proc/self/task", "ENOENT from mknodat). A symbolic link on the way to /etc/hosts points to nothing inside the root")]
    [InlineData("etc", "/bin/busybox", "ENOTDIR from openat2). A part of /etc/hosts is no directory")]
    [InlineData("etc/hosts", "../../../../../tmp/there", null)]
    [InlineData("etc/hosts", "hosts", "ELOOP from openat2). The symbolic links")]
    [InlineData("etc/hosts", "/proc/self/exe", "ELOOP from openat2). The symbolic links")]
    public void What_a_root_has_in_their_place_leads_nowhere_but_into_the_root(string name, string target, string? error)
    {
        using var nothingLeft = new ResidueCheck();
        using var root = new BusyboxRoot();
        File.WriteAllText(root.At("tmp/there"), "");
        File.WriteAllText(root.At("tmp/hosts"), "");
        if (name == "etc")
            Directory.Delete(root.At(name), recursive: true);
        File.CreateSymbolicLink(root.At(name), target);
        string before = Listing(root);
        foreach (bool userNs in (bool[])[false, true])
        {
            ContainerBuilder container = Rooted(root, RootFsMode.ReadWrite, userNs).WithEtcFiles(EtcFiles.Hosts).WithStandardInput(StandardStream.Null);
            if (error is null)
                Assert.StartsWith("127.0.0.1\tlocalhost\n", container.Shell("cat /etc/hosts"), StringComparison.Ordinal);
            else
                Assert.Contains(error, Assert.Throws<LinuxException>(() => container.Shell("true")).Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, Listing(root));
    }

    [LinuxFact(Everything | Needs.UserNamespaces)]
    public void In_a_root_of_somebody_elses_a_place_has_to_be_there()
    {
        using var root = new BusyboxRoot();
        File.WriteAllText(root.At("etc/hosts"), "");
        Assert.Equal("127.0.0.1\tlocalhost\nshow the file /etc/new failed: Permission denied (EACCES from mknodat). In a root of somebody else's an ordinary user can make no mount points; make /etc/new there\n", FreshProcess.RunAsUser(ShowInOthersRoot, root.Path).EnsureSuccess().Output);
    }

    private static void ShowInOthersRoot(string root)
    {
        ContainerBuilder container = new ContainerBuilder().WithUserNs().WithPidNs().WithRootFs(root).WithEtcFiles(EtcFiles.Hosts);
        Console.WriteLine(container.Shell("head -n 1 /etc/hosts"));
        Console.WriteLine(Assert.Throws<LinuxException>(() => container.WithFile("/etc/new", "").Shell("true")).Message);
    }

    [LinuxFact]
    public void The_name_of_a_joined_namespace_is_not_known()
    {
        using Container other = new ContainerBuilder().WithUtsNs("other").WithStandardInput(StandardStream.Pipe).WithCommand("cat").Start();
        var joining = new ContainerBuilder().WithNamespacesOf(other.PidFd, Namespaces.NamespaceKinds.Uts);
        Assert.Contains("EtcFiles.HostName", Assert.Throws<ArgumentException>(() => joining.WithEtcFiles().Build()).Message, StringComparison.Ordinal);
    }

    [LinuxFact(Everything)]
    public void Explain_shows_the_files_and_their_steps()
    {
        using var root = new BusyboxRoot();
        string plan = new ContainerBuilder().WithRootFs(root.Path).WithFile("/etc/secret", "password", (UnixFileMode)0x100).Explain();
        Assert.Contains("# write the file /etc/secret\n", plan, StringComparison.Ordinal);
        Assert.Contains("<8 bytes>", plan, StringComparison.Ordinal);
        Assert.Contains(", 0400)", plan, StringComparison.Ordinal);
        Assert.Contains("# show the file /etc/secret\n", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("password", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("the files", new ContainerBuilder().WithRootFs(root.Path).Explain(), StringComparison.Ordinal);
        plan = new ContainerBuilder().WithRootFs(root.Path).WithEtcFiles().Explain();
        Assert.All((string[])["hosts", "hostname", "resolv.conf"], n => Assert.Contains($"# show the file /etc/{n}\n", plan, StringComparison.Ordinal));
        using var image = new BusyboxImage();
        Assert.Contains("RESOLVE_NO_XDEV", image.Container().Explain(), StringComparison.Ordinal);
    }

    [LinuxTheory]
    [InlineData("web", "10.0.0.2 127.0.0.5 fe80::1", "10.0.0.2\tweb")]
    [InlineData("web", "127.0.0.5 fe80::1", "127.0.1.1\tweb")]
    [InlineData(".web", "", "127.0.1.1\t.web")]
    [InlineData("a.b.c", "::2", "::2\ta.b.c a")]
    [InlineData("localhost", "10.0.0.2", "ff02::2\tip6-allrouters")]
    [InlineData("a b", "10.0.0.2", "ff02::2\tip6-allrouters")]
    [InlineData("a\n8.8.8.8\tother", "10.0.0.2", "ff02::2\tip6-allrouters")]
    [InlineData("#a", "10.0.0.2", "ff02::2\tip6-allrouters")]
    [InlineData(null, "10.0.0.2", "ff02::2\tip6-allrouters")]
    public void The_host_name_is_at_the_containers_own_addresses(string? name, string addresses, string last)
        => Assert.EndsWith("\n" + last + "\n", EtcFileMounts.Hosts(name, [.. addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse)]), StringComparison.Ordinal);

    [LinuxTheory]
    [InlineData("nameserver 10.0.0.1\n", "nameserver 10.0.0.1\n")]
    [InlineData("search a\nnameserver\t127.0.0.1\nnameserver 10.0.0.1\noptions ndots:2\n", "search a\nnameserver 10.0.0.1\noptions ndots:2\n")]
    [InlineData("nameserver ::1\n# nameserver 127.0.0.1\nnameserver fe80::1%eth0\r\n", "# nameserver 127.0.0.1\nnameserver fe80::1%eth0\r\n")]
    [InlineData("nameserver ::ffff:127.0.0.1\nnameserver 127.9.9.9 \n", "")]
    [InlineData("search a\nnameserver 127.0.0.53\noptions edns0\n", "nameserver 192.0.2.1\n")]
    [InlineData("nameserver 127.0.0.53\nnameserver 10.0.0.1\n", "nameserver 10.0.0.1\n")]
    [InlineData("", "")]
    [InlineData("no word\0of it", "no word\0of it")]
    public void Name_servers_at_loopback_addresses_are_left_out_where_those_are_others(string host, string inside)
    {
        string? Read(string path) => path == EtcFileMounts.ResolvConf ? host : "nameserver 192.0.2.1\nnameserver 127.0.0.9\n";
        Assert.Equal(inside, EtcFileMounts.NameServers(Read, hasOwnLoopback: true));
        Assert.Equal(host, EtcFileMounts.NameServers(Read, hasOwnLoopback: false));
        Assert.Null(EtcFileMounts.NameServers(_ => null, hasOwnLoopback: true));
    }

    private static ContainerBuilder Rooted(BusyboxRoot root, RootFsMode mode, bool userNs)
    {
        ContainerBuilder container = new ContainerBuilder().WithRootFs(root.Path, mode).WithPidNs();
        return userNs ? container.WithUserNs() : container;
    }

    // Names, times, sizes, owners and permissions.
    private static string Listing(BusyboxRoot root)
        => Command.Run("find", root.Path, "-printf", "%P %y %m %U:%G %s %T@ %l\\n").EnsureSuccess().Output;
}
