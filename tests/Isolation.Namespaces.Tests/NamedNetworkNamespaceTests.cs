using Isolation.Syscalls;

namespace Isolation.Namespaces.Tests;

/// <summary>Network namespaces with a name, beside <c>ip netns</c>: each in a mount namespace with a /run of its own.</summary>
public sealed class NamedNetworkNamespaceTests
{
    private static readonly string[] s_ownRun = ["unshare", "--mount", "--propagation", "private", "sh", "-c", "mount -t tmpfs none /run && exec \"$@\"", "sh"];

    [LinuxFact(Needs.Root | Needs.Ip | Needs.FreeRun)]
    public void What_is_made_here_is_listed_and_entered_by_ip() => FreshProcess.Run(s_ownRun, MakeForIp, []).EnsureSuccess();

    private static void MakeForIp()
    {
        using NetworkNamespace before = NetworkNamespace.OfThisThread(), blue = NetworkNamespace.CreateNamed("blue"), after = NetworkNamespace.OfThisThread();
        Assert.Equal(before, after);
        Assert.Equal("blue", Ip("netns", "list").Trim());
        Assert.Equal(blue.ToString(), Ip("netns", "exec", "blue", "readlink", "/proc/self/ns/net").Trim());
        Ip("netns", "delete", "blue");
        Assert.Empty(NetworkNamespace.ListNamed());
    }

    [LinuxFact(Needs.Root | Needs.Ip | Needs.FreeRun)]
    public void What_ip_made_is_listed_opened_and_deleted_here() => FreshProcess.Run(s_ownRun, OpenFromIp, []).EnsureSuccess();

    private static void OpenFromIp()
    {
        Ip("netns", "add", "red");
        Ip("netns", "add", "blue");
        Assert.Equal(["blue", "red"], NetworkNamespace.ListNamed());
        using (NetworkNamespace red = NetworkNamespace.OpenNamed("red"))
            Assert.Equal(red.ToString(), Ip("netns", "exec", "red", "readlink", "/proc/self/ns/net").Trim());
        NetworkNamespace.DeleteNamed("red");
        Assert.Equal("blue", Ip("netns", "list").Trim());
        NetworkNamespace.DeleteNamed("blue");
        Assert.Equal("", Ip("netns", "list"));
    }

    [LinuxFact(Needs.Root | Needs.Ip | Needs.FreeRun)]
    public void Place_modes_and_propagation_are_those_of_ip()
    {
        string ours = FreshProcess.Run(s_ownRun, ShowOurs, []).EnsureSuccess().Output, theirs = FreshProcess.Run(s_ownRun, ShowTheirs, []).EnsureSuccess().Output;
        Assert.Equal(theirs, ours);
        Assert.Contains("shared", ours, StringComparison.Ordinal);
    }

    private static void ShowOurs()
    {
        NetworkNamespace.CreateNamed("blue").Dispose();
        NetworkNamespace.CreateNamed("red").Dispose();
        Show();
    }

    private static void ShowTheirs()
    {
        Ip("netns", "add", "blue");
        Ip("netns", "add", "red");
        Show();
    }

    private static void Show()
    {
        string mounts = Command.Run("findmnt", "--noheadings", "--raw", "--submounts", "--output", "TARGET,FSTYPE,PROPAGATION,VFS-OPTIONS", "/run/netns").EnsureSuccess().Output;
        Console.WriteLine(string.Join('\n', mounts.Split('\n').Order(StringComparer.Ordinal)));
        Command.Run("umount", "/run/netns/blue").EnsureSuccess();
        Console.Write(Command.Run("stat", "--format", "%n %A %u %g %s", "/run/netns", "/run/netns/blue").EnsureSuccess().Output);
    }

    [LinuxFact(Needs.Root | Needs.FreeRun)]
    public void A_name_that_is_taken_is_EEXIST_and_one_that_is_not_ENOENT() => FreshProcess.Run(s_ownRun, TakeNames, []).EnsureSuccess();

    private static void TakeNames()
    {
        Assert.Empty(NetworkNamespace.ListNamed());
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => NetworkNamespace.OpenNamed("blue")).Errno);
        LinuxException missing = Assert.Throws<LinuxException>(() => NetworkNamespace.DeleteNamed("blue"));
        Assert.Equal((Errno.ENOENT, "blue"), (missing.Errno, missing.Target));
        Assert.Contains("ip netns list", missing.Hint, StringComparison.Ordinal);

        using NetworkNamespace blue = NetworkNamespace.CreateNamed("blue");
        LinuxException taken = Assert.Throws<LinuxException>(() => NetworkNamespace.CreateNamed("blue"));
        Assert.Equal((Errno.EEXIST, "blue"), (taken.Errno, taken.Target));
        Assert.Contains("OpenNamed", taken.Hint, StringComparison.Ordinal);
        using (NetworkNamespace still = NetworkNamespace.OpenNamed("blue"))
            Assert.Equal(blue, still);
        NetworkNamespace.DeleteNamed("blue");
        NetworkNamespace.CreateNamed("blue").Dispose();
        NetworkNamespace.DeleteNamed("blue");
        Assert.Empty(Directory.GetFileSystemEntries("/run/netns"));
    }

    [LinuxFact(Needs.Root | Needs.FreeRun)]
    public void A_file_without_a_namespace_is_not_listed_and_can_be_deleted() => FreshProcess.Run(s_ownRun, DeleteHalfMade, []).EnsureSuccess();

    private static void DeleteHalfMade()
    {
        Directory.CreateDirectory("/run/netns");
        File.WriteAllText("/run/netns/half", "");
        Assert.Empty(NetworkNamespace.ListNamed());
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => NetworkNamespace.OpenNamed("half")).Errno);
        NetworkNamespace.DeleteNamed("half");
        Assert.Empty(Directory.GetFileSystemEntries("/run/netns"));
    }

    // A process without the capability to unshare: the file is there by then.
    [LinuxFact(Needs.Root | Needs.FreeRun)]
    public void One_that_fails_half_way_leaves_no_file()
        => FreshProcess.Run([.. s_ownRun, "sh", "-c", "mkdir /run/netns && mount --bind /run/netns /run/netns && mount --make-shared /run/netns && chmod 777 /run/netns && exec setpriv --reuid=4242 --regid=4242 --clear-groups \"$@\"", "sh"], FailHalfWay, []).EnsureSuccess();

    private static void FailHalfWay()
    {
        LinuxException e = Assert.Throws<LinuxException>(() => NetworkNamespace.CreateNamed("blue"));
        Assert.Equal(Errno.EPERM, e.Errno);
        Assert.NotNull(e.Hint);
        Assert.Empty(Directory.GetFileSystemEntries("/run/netns"));
    }

    [LinuxFact(Needs.Root | Needs.FreeRun)]
    public void Two_dozen_at_once_do_not_disturb_each_other() => FreshProcess.Run(s_ownRun, MakeAtOnce, []).EnsureSuccess();

    private static void MakeAtOnce()
    {
        string[] names = [.. Enumerable.Range(10, 24).Select(i => $"n{i}")];
        Parallel.ForEach(names, name => NetworkNamespace.CreateNamed(name).Dispose());
        Assert.Equal(names, NetworkNamespace.ListNamed());
        Assert.Equal(24, names.Select(n => { using NetworkNamespace opened = NetworkNamespace.OpenNamed(n); return opened.Id; }).Distinct().Count());
        Parallel.ForEach(names, NetworkNamespace.DeleteNamed);
        Assert.Empty(Directory.GetFileSystemEntries("/run/netns"));
        Assert.Single(File.ReadLines("/proc/self/mountinfo"), l => l.Contains(" /run/netns ", StringComparison.Ordinal));
    }

    [LinuxTheory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("/etc")]
    [InlineData("a\0b")]
    public void What_is_no_file_name_is_no_name(string name)
    {
        Assert.Throws<ArgumentException>(() => NetworkNamespace.CreateNamed(name));
        Assert.Throws<ArgumentException>(() => NetworkNamespace.OpenNamed(name));
        Assert.Throws<ArgumentException>(() => NetworkNamespace.DeleteNamed(name));
    }

    [LinuxFact]
    public void A_name_has_255_bytes_at_the_most()
    {
        Assert.Throws<ArgumentException>(() => NetworkNamespace.OpenNamed(new string('a', 256)));
        Assert.Throws<ArgumentException>(() => NetworkNamespace.OpenNamed(new string('\u00e4', 128)));
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => NetworkNamespace.OpenNamed(new string('\u00e4', 127))).Errno);
    }

    private static string Ip(params string[] arguments) => Command.Run("ip", arguments).EnsureSuccess().Output;
}
