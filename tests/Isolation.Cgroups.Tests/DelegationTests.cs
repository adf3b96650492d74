using System.Diagnostics;
using Isolation.Syscalls;

namespace Isolation.Cgroups.Tests;

/// <summary>A subtree that root has given to an ordinary user, and what that user can do with it.</summary>
public sealed class DelegationTests
{
    private const CgroupControllers Wanted = CgroupControllers.Cpu | CgroupControllers.Memory | CgroupControllers.Pids | CgroupControllers.HugeTlb;

    [LinuxFact(Needs.Root | Needs.UserNamespaces)]
    public void A_subtree_that_was_given_away_is_managed_by_an_ordinary_user()
    {
        using var nothingLeft = TreeTests.Warm();
        using Cgroup root = CgroupHierarchy.Find().OpenRoot();
        CgroupControllers controllers = root.Controllers & Wanted;
        using var test = new TestCgroup(controllers);
        test.Cgroup.DelegateTo(FreshProcess.UserId, FreshProcess.UserId);

        // Root puts the process there; from then on it is an ordinary user.
        string[] prefix = ["sh", "-c", $"echo $$ >{test.Cgroup.Path}/cgroup.procs && exec setpriv --reuid={FreshProcess.UserId} --regid={FreshProcess.UserId} --clear-groups --inh-caps=-all \"$@\"", "sh"];
        CommandResult result = FreshProcess.Run(prefix, Manage, [test.Cgroup.Path, ((int)controllers).ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        Assert.Equal("found, made, limited, moved, frozen, killed, removed\nEACCES at cgroup.max.depth\nEACCES at cgroup.procs\n", result.EnsureSuccess().Output);
        Assert.Equal(["manager"], test.Cgroup.ListChildren());
    }

    private static void Manage(string path, string controllers)
    {
        CgroupHierarchy hierarchy = CgroupHierarchy.Find();
        using Cgroup given = hierarchy.OpenDelegated();
        Assert.Equal(path, given.Path);
        var wanted = (CgroupControllers)int.Parse(controllers, System.Globalization.CultureInfo.InvariantCulture);
        using Cgroup manager = given.MoveProcessesToChild("manager"), current = hierarchy.OpenCurrent();
        Assert.Equal(manager.Path, current.Path);
        given.EnableControllers(wanted);
        using (Cgroup work = given.CreateChild("work"))
        {
            if (wanted.HasFlag(CgroupControllers.Pids))
                work.Apply(CgroupLimits.None.WithPidsMax(10).WithMemoryMax(64 << 20).WithCpuMax(0.5));
            using Process process = Process.Start(new ProcessStartInfo("sleep", ["1000"]))!;
            work.AddProcess(process.Id);
            work.Freeze();
            work.Thaw();
            work.Kill();
            process.WaitForExit();
            work.Delete();
        }

        Console.WriteLine("found, made, limited, moved, frozen, killed, removed");
        using Cgroup root = hierarchy.OpenRoot();
        foreach (Action refused in (Action[])[() => given.MaximumDepth = 3, () => root.AddProcess(0)])
        {
            try
            {
                refused();
            }
            catch (CgroupException e)
            {
                Assert.Contains("Delegate=yes", e.Message, StringComparison.Ordinal);
                Console.WriteLine($"{e.Errno} at {e.File}");
            }
        }

        given.DisableControllers(wanted);
    }

    [LinuxFact(Needs.Root | Needs.UserNamespaces)]
    public void A_user_without_a_subtree_is_told_how_to_get_one()
    {
        using var nothingLeft = TreeTests.Warm();
        Assert.Equal("EACCES, EACCES\n", FreshProcess.RunAsUser(Look).EnsureSuccess().Output);
    }

    private static void Look()
    {
        CgroupHierarchy hierarchy = CgroupHierarchy.Find();
        LinuxException none = Assert.ThrowsAny<LinuxException>(() => hierarchy.OpenDelegated());
        Assert.Contains("systemd-run --user --scope -p Delegate=yes", none.Message, StringComparison.Ordinal);
        using Cgroup root = hierarchy.OpenRoot();
        CgroupException refused = Assert.Throws<CgroupException>(() => root.CreateChild("isolation-mine"));
        Console.WriteLine($"{none.Errno}, {refused.Errno}");
    }

    [LinuxFact(Needs.Root)]
    public void What_is_given_to_a_user_is_that_users()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        test.Cgroup.DelegateTo(4242, 4243);
        string[] owners = [.. new[] { "", "/cgroup.procs", "/cgroup.subtree_control", "/cgroup.threads" }.Select(f => Owner(test.Cgroup.Path + f))];
        Assert.All(owners, o => Assert.Equal("4242:4243", o));

        // Of all files exactly those that the kernel lists.
        HashSet<string> listed = [.. File.ReadLines("/sys/kernel/cgroup/delegate")];
        Assert.All(Directory.EnumerateFiles(test.Cgroup.Path), f => Assert.Equal((f, listed.Contains(Path.GetFileName(f)) ? "4242:4243" : "0:0"), (f, Owner(f))));
    }

    private static string Owner(string path) => Command.Run("stat", "-c", "%u:%g", path).EnsureSuccess().Output.Trim();
}
