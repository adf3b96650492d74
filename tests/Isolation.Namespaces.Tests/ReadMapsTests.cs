using System.Collections.Immutable;
using Isolation.Syscalls;

namespace Isolation.Namespaces.Tests;

/// <summary>Id maps that are written, by us or the tools of shadow, and read back.</summary>
public sealed class ReadMapsTests
{
    // The tools of shadow refuse a user without a name.
    private const string NamedUser = "nobody";

    [LinuxFact(Needs.Root)]
    public void What_is_written_is_read_back()
    {
        using var nothingLeft = new ResidueCheck();
        var maps = new UserNamespaceMaps([new IdRange(5, 200_000, 10), new IdRange(0, 100_000, 5)], [new IdRange(0, 300_000, 65536)]);
        using var bystander = new Bystander("--user");
        Assert.Null(UserNamespaceMaps.OfProcess(bystander.Id));
        IdMapWriter.Write(bystander.Id, maps);
        Assert.Equal(maps, UserNamespaceMaps.OfProcess(bystander.Id));
        Assert.True(UserNamespace.AllowsSetGroups(bystander.Id));
    }

    // The kernel sorts more than five ranges.
    [LinuxFact(Needs.Root)]
    public void A_map_of_340_ranges_is_taken_by_the_kernel_and_read_back()
    {
        using var nothingLeft = new ResidueCheck();
        ImmutableArray<IdRange> ranges = [.. Enumerable.Range(0, UserNamespaceMaps.MaxRanges).Reverse().Select(i => new IdRange((uint)i * 2, (uint)i * 2, 1))];
        var maps = new UserNamespaceMaps(ranges, ranges);
        using var bystander = new Bystander("--user");
        IdMapWriter.Write(bystander.Id, maps);
        UserNamespaceMaps? read = UserNamespaceMaps.OfProcess(bystander.Id);
        Assert.Equal(maps, read);
        Assert.Equal(maps.GetHashCode(), read!.GetHashCode());
    }

    [LinuxFact(Needs.Root)]
    public void A_map_is_written_once()
    {
        using var nothingLeft = new ResidueCheck();
        var maps = new UserNamespaceMaps(new IdRange(0, 100_000, 5));
        using var bystander = new Bystander("--user");
        IdMapWriter.Write(bystander.Id, maps);
        LinuxException e = Assert.Throws<LinuxException>(() => IdMapWriter.Write(bystander.Id, maps));
        Assert.Equal((Errno.EPERM, $"/proc/{bystander.Id}/uid_map"), (e.Errno, e.Target));
    }

    [LinuxFact(Needs.Root)]
    public void The_maps_of_unshare_are_read()
    {
        using var nothingLeft = new ResidueCheck();
        using var bystander = new Bystander("--user", "--map-root-user");
        Assert.Equal(UserNamespaceMaps.Caller, UserNamespaceMaps.OfProcess(bystander.Id));
        Assert.False(UserNamespace.AllowsSetGroups(bystander.Id));
    }

    [LinuxFact(Needs.Root)]
    public void Ones_own_maps_are_those_of_this_process()
    {
        UserNamespaceMaps own = UserNamespaceMaps.OfProcess(Environment.ProcessId)!;
        Assert.Equal(File.ReadLines("/proc/self/uid_map").Select(IdRange.Parse), own.Users);
        Assert.Equal(File.ReadLines("/proc/self/gid_map").Select(IdRange.Parse), own.Groups);
    }

    [LinuxFact]
    public void A_process_that_is_not_there_has_no_maps()
    {
        Assert.Equal(Errno.ESRCH, Assert.Throws<LinuxException>(() => UserNamespaceMaps.OfProcess(int.MaxValue)).Errno);
        Assert.Equal(Errno.ESRCH, Assert.Throws<LinuxException>(() => UserNamespace.AllowsSetGroups(int.MaxValue)).Errno);
        Assert.Equal(Errno.ESRCH, Assert.Throws<LinuxException>(() => TimeOffsets.OfProcess(int.MaxValue)).Errno);
        Assert.Throws<ArgumentOutOfRangeException>(() => UserNamespaceMaps.OfProcess(0));
    }

    // Inside a user namespace with few ids, the ids of a process outside do not exist.
    [LinuxFact(Needs.Root)]
    public void Ids_that_do_not_exist_for_the_reader_are_EOVERFLOW()
    {
        using var nothingLeft = new ResidueCheck();
        using var bystander = new Bystander("--user");
        IdMapWriter.Write(bystander.Id, new UserNamespaceMaps(new IdRange(0, 100_000, 5)));
        FreshProcess.Run(["unshare", "--user", "--map-root-user"], ReadFromInside, [$"{bystander.Id}"]).EnsureSuccess();
    }

    private static void ReadFromInside(string processId)
    {
        LinuxException e = Assert.Throws<LinuxException>(() => UserNamespaceMaps.OfProcess(int.Parse(processId, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(Errno.EOVERFLOW, e.Errno);
    }

    [LinuxFact(Needs.Root)]
    public void A_user_without_a_line_is_told_which_one_is_missing() => FreshProcess.RunAsUser(AskForSubordinate).EnsureSuccess();

    private static void AskForSubordinate()
    {
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => UserNamespaceMaps.Subordinate);
        Assert.Contains("/etc/subuid", e.Message, StringComparison.Ordinal);
        Assert.Contains($"'{FreshProcess.UserId}:100000:65536'", e.Message, StringComparison.Ordinal);
    }

    [LinuxFact(Needs.Root | Needs.UserNamespaces | Needs.NewUidMap)]
    public void An_ordinary_user_with_lines_maps_its_ranges_through_newuidmap()
        => FreshProcess.Run(AsNamedUser($"echo {NamedUser}:100000:65536 | tee /etc/subuid > /etc/subgid"), MapSubordinate, []).EnsureSuccess();

    private static void MapSubordinate()
    {
        UserNamespaceMaps maps = UserNamespaceMaps.Subordinate;
        Assert.Equal(2, maps.Users.Length);
        Assert.Equal(new IdRange(1, 100_000, 65536), maps.Users[1]);
        using var bystander = new Bystander("--user");
        IdMapWriter.Write(bystander.Id, maps);
        Assert.Equal(maps, UserNamespaceMaps.OfProcess(bystander.Id));
        using NetworkNamespace network = NetworkNamespace.Create(maps);
    }

    [LinuxFact(Needs.Root | Needs.UserNamespaces | Needs.NewUidMap)]
    public void What_newuidmap_refuses_says_which_file_is_asked()
        => FreshProcess.Run(AsNamedUser("true"), MapForeignIds, []).EnsureSuccess();

    private static void MapForeignIds()
    {
        using var bystander = new Bystander("--user");
        LinuxException e = Assert.Throws<LinuxException>(() => IdMapWriter.Write(bystander.Id, new UserNamespaceMaps(new IdRange(0, 300_000, 10))));
        Assert.Equal((Errno.EPERM, "newuidmap"), (e.Errno, e.Call));
        Assert.Contains("/etc/subuid", e.Hint, StringComparison.Ordinal);
    }

    [LinuxFact(Needs.Root | Needs.UserNamespaces | Needs.NewUidMap)]
    public void Without_newuidmap_the_package_is_named()
        => FreshProcess.Run(AsNamedUser("mkdir /mnt/bin /mnt/bin-work && mount -t overlay -o lowerdir=/usr/bin,upperdir=/mnt/bin,workdir=/mnt/bin-work none /usr/bin && rm /usr/bin/newuidmap"), MapWithoutTool, []).EnsureSuccess();

    private static void MapWithoutTool()
    {
        using var bystander = new Bystander("--user");
        LinuxException e = Assert.Throws<LinuxException>(() => IdMapWriter.Write(bystander.Id, new UserNamespaceMaps(new IdRange(0, 300_000, 10))));
        Assert.Equal((Errno.ENOENT, "newuidmap"), (e.Errno, e.Target));
        Assert.Contains("package uidmap", e.Hint, StringComparison.Ordinal);
    }

    [LinuxFact(Needs.Root | Needs.UserNamespaces | Needs.NewUidMap)]
    public void A_newuidmap_that_does_not_end_is_killed()
        => FreshProcess.Run(AsNamedUser("printf '#!/bin/sh\nexec sleep 1000\n' > /mnt/tool && chmod 755 /mnt/tool && mount --bind /mnt/tool /usr/bin/newuidmap"), MapWithToolThatHangs, []).EnsureSuccess();

    private static void MapWithToolThatHangs()
    {
        using var bystander = new Bystander("--user");
        LinuxException e = Assert.Throws<LinuxException>(
            () => IdMapWriter.Write(bystander.Id, new UserNamespaceMaps(new IdRange(0, 300_000, 10)), TimeSpan.FromMilliseconds(300)));
        Assert.Equal((Errno.ETIMEDOUT, "newuidmap"), (e.Errno, e.Call));
        IEnumerable<string> children = Directory.EnumerateDirectories("/proc/self/task").SelectMany(t => File.ReadAllText(t + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal([$"{bystander.Id}"], children);
    }

    /// <summary>As an ordinary user with a name, in a mount namespace whose /etc and /mnt root may change before.</summary>
    private static string[] AsNamedUser(string prepare)
    {
        const string OwnEtc = "mount -t tmpfs none /mnt && mkdir /mnt/changes /mnt/work && mount -t overlay -o lowerdir=/etc,upperdir=/mnt/changes,workdir=/mnt/work none /etc";
        string become = $"exec setpriv --reuid={NamedUser} --regid=65534 --clear-groups --inh-caps=-all \"$@\"";
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c", $"{OwnEtc} && {prepare} && {become}", "sh"];
    }
}
