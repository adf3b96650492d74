using Isolation.Syscalls;

namespace Isolation.Fs.Tests;

/// <summary>How much a tree may hold, on an ext4 of the test's own. The quotas need a kernel that has them, as those of the labs.</summary>
public sealed class ProjectQuotaTests
{
    private const uint Project = 4711;

    [LinuxFact(Needs.Root)]
    public void A_tree_holds_what_its_project_may()
    {
        Assert.SkipUnless(Machine.Find("mkfs.ext4") is not null, "needs mkfs.ext4");
        string output = FreshProcess.Run(FillTree).EnsureSuccess().Output;
        Assert.SkipWhen(output.StartsWith(NoQuotas, StringComparison.Ordinal), "the kernel has no quotas of projects");
        Assert.Equal(
            """
            0 before, 4711 of tree, 4711 of tree/below/file, 4711 of tree/new, 0 of outside
            no bounds: True, some use: True
            1048576 bytes and 20 files at the most
            full: Disk quota exceeded, True
            too many: Disk quota exceeded
            free again: no bounds True, 0 of tree/below/file

            """,
            output);
    }

    [LinuxFact(Needs.Root)]
    public void File_systems_without_projects_say_so()
        => Assert.Equal("EOPNOTSUPP ENOSYS ENOSYS", FreshProcess.Run(AskTmpfs).EnsureSuccess().Output.Trim().Replace("ENOTBLK", "ENOSYS", StringComparison.Ordinal));

    [Fact]
    public void Bounds_that_are_none_are_refused()
    {
        using RootDirectory root = RootDirectory.Open("/");
        Assert.Throws<ArgumentOutOfRangeException>(() => root.SetProjectQuota(0, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => root.SetProjectQuota(1, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => root.SetProjectQuota(1, null, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => root.SetProject(uint.MaxValue));
    }

    private const string NoQuotas = "no quotas";

    private static void FillTree()
    {
        string folder = PrivateMounts.Enter(), image = Path.Combine(folder, "image"), disk = PrivateMounts.Make("disk");
        using (FileStream file = File.Create(image))
            file.SetLength(32 << 20);
        Command.Run("mkfs.ext4", "-q", "-F", "-O", "quota,project", "-E", "quotatype=prjquota", image).EnsureSuccess();
        if (Command.Run("mount", "-o", "loop,prjquota", image, disk) is { ExitCode: not 0 } refused)
        {
            Console.WriteLine($"{NoQuotas}: {refused.Error}");
            return;
        }

        using (RootDirectory root = RootDirectory.Open(disk))
            Fill(root);
        Command.Run("umount", disk).EnsureSuccess();
    }

    private static void Fill(RootDirectory root)
    {
        root.CreateDirectories("tree/below");
        root.WriteFile("tree/below/file", new byte[100_000]);
        root.WriteFile("outside", "x"u8);
        root.CreateSymbolicLink("tree/link", "/outside");
        uint before = root.GetProject("tree");
        root.SetProject(Project, "tree");
        root.WriteFile("tree/new", "new"u8);
        Console.WriteLine($"{before} before, {root.GetProject("tree")} of tree, {root.GetProject("tree/below/file")} of tree/below/file, {root.GetProject("tree/new")} of tree/new, {root.GetProject("outside")} of outside");

        ProjectQuota quota = root.GetProjectQuota(Project);
        Console.WriteLine($"no bounds: {quota is { MaxBytes: null, MaxFiles: null }}, some use: {quota.UsedBytes >= 100_000 && quota.UsedFiles == 4}");
        root.SetProjectQuota(Project, 1 << 20, 20);
        quota = root.GetProjectQuota(Project);
        Console.WriteLine($"{quota.MaxBytes} bytes and {quota.MaxFiles} files at the most");

        // Root is bounded as well once it has no CAP_SYS_RESOURCE; out of the tree nobody is.
        string full = Unprivileged(root, "head -c 2097152 /dev/zero > outside && head -c 2097152 /dev/zero > tree/large");
        root.DeleteTree("tree/large");
        Console.WriteLine($"full: {full}, {root.GetProjectQuota(Project).UsedBytes < 1 << 20}");
        Console.WriteLine("too many: " + Unprivileged(root, "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do : > tree/$i || exit; done"));

        root.SetProject(0, "tree");
        root.SetProjectQuota(Project, null, null);
        Console.WriteLine($"free again: no bounds {root.GetProjectQuota(Project) is { MaxBytes: null, MaxFiles: null, UsedFiles: <= 1 }}, {root.GetProject("tree/below/file")} of tree/below/file");
    }

    /// <summary>What the shell, which has all capabilities but CAP_SYS_RESOURCE, complains about in the end.</summary>
    private static string Unprivileged(RootDirectory root, string script)
        => Command.Run("setpriv", "--bounding-set", "-sys_resource", "sh", "-c", $"cd {root.Path} && {script}").Error.Trim().Split(": ")[^1];

    private static void AskTmpfs()
    {
        using RootDirectory root = RootDirectory.Open(PrivateMounts.Enter());
        Console.WriteLine($"{Refusal(() => root.SetProject(1))} {Refusal(() => root.GetProjectQuota(1))} {Refusal(() => root.SetProjectQuota(1, 1, 1))}");
    }

    private static Errno Refusal(Action action) => Assert.Throws<LinuxException>(action).Errno;
}
