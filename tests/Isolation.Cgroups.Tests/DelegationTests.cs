using System.Diagnostics;
using System.Globalization;
using Isolation.Syscalls;

namespace Isolation.Cgroups.Tests;

/// <summary>A subtree that root has given to an ordinary user, and what that user can do with it.</summary>
public sealed class DelegationTests
{
    private const CgroupControllers Wanted = CgroupControllers.Cpu | CgroupControllers.Memory | CgroupControllers.Pids | CgroupControllers.HugeTlb;

    [LinuxFact(Needs.Root | Needs.UserNamespaces)]
    public async Task A_subtree_that_was_given_away_is_managed_by_an_ordinary_user()
    {
        using var nothingLeft = new ResidueCheck();
        using Cgroup root = CgroupHierarchy.Find().OpenRoot();
        CgroupControllers controllers = root.Controllers & Wanted;
        using var test = new TestCgroup(controllers);
        test.Cgroup.DelegateTo(FreshProcess.UserId, FreshProcess.UserId);
        DirectoryInfo shared = Directory.CreateTempSubdirectory("isolation-delegation-");
        try
        {
            File.SetUnixFileMode(shared.FullName, (UnixFileMode)0x1ff); // rwxrwxrwx
            string ready = Path.Combine(shared.FullName, "ready");
            Task<CommandResult> user = Task.Run(() => FreshProcess.RunAsUser(Manage, test.Cgroup.Path, ((int)controllers).ToString(CultureInfo.InvariantCulture), ready), TestContext.Current.CancellationToken);

            // Only root can put the process there, since the nearest cgroup above both is not the user's; from then on the user does it all.
            while (!File.Exists(ready) && !user.IsCompleted)
                await Task.Delay(20, TestContext.Current.CancellationToken);
            if (!user.IsCompleted)
                test.Cgroup.AddProcess(int.Parse(await File.ReadAllTextAsync(ready, TestContext.Current.CancellationToken), CultureInfo.InvariantCulture));
            Assert.Equal(
                "EACCES without one, EACCES at the root\nfound, made, limited, moved, frozen, killed, removed\nEACCES at cgroup.max.depth\nEACCES at cgroup.procs\n",
                (await user).EnsureSuccess().Output);
            Assert.Equal(["manager"], test.Cgroup.ListChildren());
        }
        finally
        {
            shared.Delete(recursive: true);
        }
    }

    private static void Manage(string path, string controllers, string ready)
    {
        CgroupHierarchy hierarchy = CgroupHierarchy.Find();
        using Cgroup root = hierarchy.OpenRoot();
        LinuxException none = Assert.ThrowsAny<LinuxException>(() => hierarchy.OpenDelegated());
        Assert.Contains("systemd-run --user --scope -p Delegate=yes", none.Message, StringComparison.Ordinal);
        Console.WriteLine($"{none.Errno} without one, {Assert.Throws<CgroupException>(() => root.CreateChild("isolation-mine")).Errno} at the root");

        File.WriteAllText(ready + ".new", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        File.Move(ready + ".new", ready);
        Eventually.Equal(path, () =>
        {
            using Cgroup now = hierarchy.OpenCurrent();
            return now.Path;
        });
        using Cgroup given = hierarchy.OpenDelegated();
        Assert.Equal(path, given.Path);
        Work(hierarchy, given, (CgroupControllers)int.Parse(controllers, CultureInfo.InvariantCulture));
        foreach (Action refused in (Action[])[() => given.MaximumDepth = 3, () => root.AddProcess(0)])
        {
            CgroupException error = Assert.Throws<CgroupException>(refused);
            Assert.Contains("Delegate=yes", error.Message, StringComparison.Ordinal);
            Console.WriteLine($"{error.Errno} at {error.File}");
        }
    }

    private static void Work(CgroupHierarchy hierarchy, Cgroup given, CgroupControllers controllers)
    {
        using Cgroup manager = given.MoveProcessesToChild("manager"), current = hierarchy.OpenCurrent();
        Assert.Equal(manager.Path, current.Path);
        given.EnableControllers(controllers);
        using (Cgroup work = given.CreateChild("work"))
        {
            if (controllers.HasFlag(CgroupControllers.Pids))
                work.Apply(CgroupLimits.None.WithPidsMax(10).WithMemoryMax(64 << 20).WithCpuMax(0.5));
            using Process process = Process.Start(new ProcessStartInfo("sleep", ["1000"]))!;
            work.AddProcess(process.Id);
            work.Freeze();
            work.Thaw();
            work.Kill();
            process.WaitForExit();
            work.Delete();
        }

        given.DisableControllers(controllers);
        Console.WriteLine("found, made, limited, moved, frozen, killed, removed");
    }

    [LinuxFact(Needs.Root)]
    public void What_is_given_to_a_user_is_that_users()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        test.Cgroup.DelegateTo(4242, 4243);
        string[] files = ["", .. Directory.EnumerateFiles(test.Cgroup.Path).Select(f => Path.GetFileName(f))];
        string[] owners = Command.Run("stat", ["-c", "%u:%g", .. files.Select(f => Path.Combine(test.Cgroup.Path, f))]).EnsureSuccess().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        // The directory, and of its files exactly those that the kernel lists.
        HashSet<string> given = ["", .. File.ReadLines("/sys/kernel/cgroup/delegate")];
        Assert.Equal(files.Select(f => (f, given.Contains(f) ? "4242:4243" : "0:0")), files.Zip(owners));
        Assert.Superset(new HashSet<string>(["cgroup.procs", "cgroup.threads", "cgroup.subtree_control"]), given);
    }
}
