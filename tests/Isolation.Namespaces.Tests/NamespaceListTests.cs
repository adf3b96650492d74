using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using FsCheck.Xunit;

namespace Isolation.Namespaces.Tests;

/// <summary>The namespaces of the machine, beside lsns(8).</summary>
public sealed class NamespaceListTests
{
    [LinuxFact(Needs.Root)]
    public void It_is_what_lsns_shows()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new Bystander("--net", "--uts", "--ipc");
        using var nested = new Bystander("--user", "--map-root-user", "--pid", "--fork", "unshare", "--pid", "--fork", "--mount");

        // Other processes come and go between the two; what is compared are the namespaces, once both show the same.
        string ours = "", theirs = "-";
        for (int attempt = 0; attempt < 20 && ours != theirs; attempt++)
        {
            theirs = string.Join('\n', Lsns().Order(StringComparer.Ordinal));
            ours = string.Join('\n', Namespace.List().Where(n => !n.Processes.IsEmpty).Select(Show).Order(StringComparer.Ordinal));
        }

        Assert.Equal(theirs, ours);
        Assert.Contains($" {network.Id} sleep 1000", ours, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Lsns()
    {
        // Each lists itself too: lsns the process that it is, we the test; neither is the lowest process of a namespace.
        string output = Command.Run("lsns", "--list", "--noheadings", "--raw", "--notruncate", "--output", "NS,TYPE,PID,PNS,ONS,COMMAND").EnsureSuccess().Output;
        foreach (string[] fields in output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')))
            yield return $"{fields[1]} {fields[0]} parent {fields[3]} owner {fields[4]} {fields[2]} {fields[5].Replace("\\x20", " ", StringComparison.Ordinal)}";
    }

    private static string Show(NamespaceInfo info)
    {
        NamespaceProcess first = info.Processes[0];

        // lsns shows kernel threads without brackets.
        string command = first.Command.StartsWith('[') ? first.Command[1..^1] : first.Command;
        string kind = info.ToString()[..info.ToString().IndexOf(':', StringComparison.Ordinal)];
        return string.Create(CultureInfo.InvariantCulture, $"{kind} {info.Id.Inode} parent {info.Parent?.Inode ?? 0} owner {info.Owner?.Inode ?? 0} {first.Id} {command}");
    }

    [LinuxFact(Needs.Root)]
    public void Processes_are_counted_as_lsns_counts_them()
    {
        using var nothingLeft = new ResidueCheck();
        using var bystander = new Bystander("--net", "--pid", "--fork");
        NamespaceInfo network = Of(Namespace.List(), NetworkNamespace.OfProcess(bystander.Id));
        Assert.Equal(bystander.Path, network.Processes.Select(p => p.Id));
        Assert.Equal(["unshare --net --pid --fork sleep 1000", "sleep 1000"], network.Processes.Select(p => p.Command));
        Assert.Equal(bystander.Path[0], network.Processes[1].ParentId);
        Assert.Equal(Environment.ProcessId, network.Processes[0].ParentId);
        Assert.All(network.Processes, p => Assert.Equal(0u, p.UserId));
        NamespaceInfo pid = Of(Namespace.List(NamespaceKinds.Pid), PidNamespace.OfProcess(bystander.Id));
        Assert.Equal([bystander.Id], pid.Processes.Select(p => p.Id));
    }

    [LinuxFact(Needs.Root)]
    public void A_mount_that_keeps_one_is_shown_without_a_process()
    {
        using var nothingLeft = new ResidueCheck();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("isolation-ns-");
        string path = Path.Combine(folder.FullName, "a b\tc");
        using NetworkNamespace made = NetworkNamespace.Create();
        made.PersistAt(path);
        try
        {
            NamespaceInfo info = Of(Namespace.List(), made);
            using UserNamespace own = UserNamespace.OfThisThread();
            Assert.Equal([path], info.MountPoints);
            Assert.Empty(info.Processes);
            Assert.Equal(own.Id, info.Owner);
            Assert.Equal(made.ToString(), info.ToString());
        }
        finally
        {
            Namespace.ReleaseAt(path);
            folder.Delete();
        }

        Assert.DoesNotContain(Namespace.List(), i => i.Id == made.Id);
    }

    [LinuxFact(Needs.Root)]
    public void A_user_namespace_above_one_that_is_seen_is_listed_without_a_process()
    {
        using var nothingLeft = new ResidueCheck();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("isolation-ns-");
        string path = Path.Combine(folder.FullName, "net");
        using NetworkNamespace made = NetworkNamespace.Create(UserNamespaceMaps.Default);
        made.PersistAt(path);
        try
        {
            ImmutableArray<NamespaceInfo> all = Namespace.List();
            using UserNamespace? owner = made.OpenOwner();
            using UserNamespace own = UserNamespace.OfThisThread();
            NamespaceInfo info = Assert.Single(all, i => i.Id == owner!.Id);
            Assert.Equal((NamespaceKinds.User, (NamespaceId?)own.Id), (info.Kind, info.Parent));
            Assert.Empty(info.Processes);
            Assert.DoesNotContain(Namespace.List(NamespaceKinds.Network), i => i.Kind != NamespaceKinds.Network);
        }
        finally
        {
            Namespace.ReleaseAt(path);
            folder.Delete();
        }
    }

    [LinuxFact(Needs.Root)]
    public void Processes_that_end_meanwhile_do_not_disturb_it()
    {
        using var nothingLeft = new ResidueCheck();
        using Process busy = Process.Start("sh", ["-c", "while :; do unshare --net true; done"]);
        try
        {
            using NetworkNamespace own = NetworkNamespace.OfThisThread();
            for (int i = 0; i < 25; i++)
                Assert.Contains(Of(Namespace.List(), own).Processes, p => p.Id == Environment.ProcessId);
        }
        finally
        {
            busy.Kill(entireProcessTree: true);
            busy.WaitForExit();
        }
    }

    [LinuxFact(Needs.Root)]
    public void An_ordinary_user_sees_its_own() => FreshProcess.RunAsUser(ListAsUser).EnsureSuccess();

    private static void ListAsUser()
    {
        ImmutableArray<NamespaceInfo> all = Namespace.List();

        // Of each kind one that this process is in; other processes of the user may be in others.
        NamespaceInfo[] own = [.. all.Where(n => n.Processes.Any(p => p.Id == Environment.ProcessId))];
        Assert.Equal(NamespaceKinds.All, own.Aggregate(NamespaceKinds.None, (kinds, n) => kinds | n.Kind));
        Assert.Equal(8, own.Length);
        Assert.All(all, n => Assert.All(n.Processes, p => Assert.Equal(FreshProcess.UserId, (int)p.UserId)));
    }

    [LinuxTheory]
    [InlineData("64 63 0:4 net:[4026532177] /run/netns/blue rw shared:2 - nsfs nsfs rw", NamespaceKinds.Network, 4ul, 4026532177ul, "/run/netns/blue")]
    [InlineData("1 2 0:4 mnt:[1] /a\\040b\\134c rw - nsfs nsfs rw", NamespaceKinds.Mount, 4ul, 1ul, "/a b\\c")]
    [InlineData("1 2 1:2 user:[7] / rw shared:1 master:2 - nsfs x rw", NamespaceKinds.User, 258ul, 7ul, "/")]
    public void A_line_of_mountinfo_tells_what_is_mounted_where(string line, NamespaceKinds kind, ulong device, ulong inode, string path)
        => Assert.Equal((kind, new NamespaceId(device, inode), path), NamespaceMounts.Parse(line));

    [LinuxTheory]
    [InlineData("")]
    [InlineData("22 1 0:5 / /proc rw - proc proc rw")]
    [InlineData("64 63 0:4 net:[4026532177] /blue rw - tmpfs nsfs rw")]
    [InlineData("64 63 0:4 new:[4026532177] /blue rw - nsfs nsfs rw")]
    [InlineData("64 63 0:4 net:[99999999999999999999] /blue rw - nsfs nsfs rw")]
    [InlineData("64 63 0:99999999999 net:[1] /blue rw - nsfs nsfs rw")]
    [InlineData("64 63 0:4 net:[1]x /blue rw - nsfs nsfs rw")]
    public void Other_lines_of_mountinfo_are_passed_over(string line) => Assert.Null(NamespaceMounts.Parse(line));

    [Property(MaxTest = 500)]
    public void Any_text_is_a_line_of_mountinfo_or_is_passed_over(string? before, string? inode, string? path, string? after)
        => _ = NamespaceMounts.Parse($"{before} 0:4 net:[{inode}] {path} rw {after} - nsfs nsfs rw");

    private static NamespaceInfo Of(IEnumerable<NamespaceInfo> all, Namespace space)
    {
        using (space)
            return Assert.Single(all, n => n.Id == space.Id);
    }
}
