using System.Diagnostics;
using Isolation.Syscalls;
using Isolation.Syscalls.Children;

namespace Isolation.Cgroups.Tests;

/// <summary>The tree: making, listing, walking, limits of it, delegation, and what is refused.</summary>
public sealed class TreeTests
{
    [LinuxFact(Needs.Root)]
    public void Children_are_made_listed_opened_and_removed()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        using (Cgroup b = test.Cgroup.CreateChild("b"))
        using (Cgroup a = test.Cgroup.CreateChild("a"))
        using (Cgroup below = b.CreateChild("below"))
        {
            Assert.Equal(["a", "b"], test.Cgroup.ListChildren());
            Assert.Equal([a.Path, b.Path, below.Path], test.Cgroup.Walk().Select(c => c.Path));
            Assert.Equal(new CgroupTreeStatistics(3, test.Cgroup.TreeStatistics.DyingDescendants), test.Cgroup.TreeStatistics);
            CgroupException busy = Assert.Throws<CgroupException>(() => b.Delete());
            Assert.Equal(Errno.EBUSY, busy.Errno);
            Assert.Contains("below it: below", busy.Message, StringComparison.Ordinal);
            b.Delete(recursive: true);
            b.Delete();
        }

        Assert.Equal(["a"], test.Cgroup.ListChildren());
    }

    [LinuxFact(Needs.Root)]
    public void One_that_is_there_is_opened_or_refused()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        using Cgroup first = test.Cgroup.CreateChild("one"), second = test.Cgroup.OpenOrCreateChild("one");
        Assert.Equal(Errno.EEXIST, Assert.Throws<CgroupException>(() => test.Cgroup.CreateChild("one")).Errno);
        Assert.Equal(Errno.ENOENT, Assert.Throws<CgroupException>(() => test.Cgroup.OpenChild("two")).Errno);
    }

    [LinuxTheory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("a/b")]
    [InlineData("../x")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("memory.max")]
    [InlineData("cgroup.procs")]
    [InlineData("dmem.max")]
    [InlineData("hugetlb.2MB.max")]
    [InlineData("x/..")]
    [InlineData("")]
    public void A_name_that_is_none_is_refused_before_anything_is_made(string name)
    {
        using Cgroup root = CgroupHierarchy.Find().OpenRoot();
        Assert.ThrowsAny<ArgumentException>(() => root.CreateChild(name));
        Assert.ThrowsAny<ArgumentException>(() => root.OpenChild(name));
    }

    [LinuxFact]
    public void A_name_that_is_too_long_or_no_text_is_refused()
    {
        using Cgroup root = CgroupHierarchy.Find().OpenRoot();
        Assert.Throws<ArgumentException>(() => root.CreateChild(new string('a', 256)));
        Assert.Throws<ArgumentException>(() => root.CreateChild("half of a pair: \ud800"));
    }

    [LinuxTheory]
    [InlineData("max")]
    [InlineData("../memory.max")]
    [InlineData(".max")]
    [InlineData("a\0.b")]
    public void A_file_that_is_none_is_refused(string file)
    {
        using Cgroup root = CgroupHierarchy.Find().OpenRoot();
        Assert.Throws<ArgumentException>(() => root.ReadFile(file));
    }

    [LinuxFact]
    public void What_is_no_cgroup_of_version_2_is_refused()
    {
        Assert.Equal(Errno.EINVAL, Assert.Throws<CgroupException>(() => Cgroup.Open("/tmp")).Errno);
        Assert.Equal(Errno.ENOENT, Assert.Throws<CgroupException>(() => Cgroup.Open("/sys/fs/cgroup/no-such")).Errno);
        Assert.Throws<ArgumentException>(() => Cgroup.Open("relative"));
    }

    [LinuxFact(Needs.Root)]
    public void The_limits_of_the_tree_are_kept_and_named()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        Assert.True(test.Cgroup.MaximumDepth.IsMax);
        test.Cgroup.MaximumDescendants = 1;
        Assert.Equal(1, test.Cgroup.MaximumDescendants);
        using Cgroup only = test.Cgroup.CreateChild("only");
        CgroupException error = Assert.Throws<CgroupException>(() => test.Cgroup.CreateChild("more"));
        Assert.Equal(Errno.EAGAIN, error.Errno);
        Assert.Contains("cgroup.max.descendants", error.Message, StringComparison.Ordinal);
        test.Cgroup.MaximumDescendants = CgroupLimit.Max;
        test.Cgroup.MaximumDepth = 1;
        CgroupException depth = Assert.Throws<CgroupException>(() => only.CreateChild("deeper"));
        Assert.Equal(Errno.EAGAIN, depth.Errno);
        Assert.Contains("cgroup.max.depth", depth.Message, StringComparison.Ordinal);
        Assert.Empty(only.ListChildren());
    }

    [LinuxFact(Needs.Root)]
    public void One_whose_parent_is_gone_too_can_still_be_deleted()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        using Cgroup parent = test.Cgroup.CreateChild("parent"), child = parent.CreateChild("child");
        parent.Delete(recursive: true);
        child.Delete();
        child.Delete(recursive: true);
        Assert.Empty(test.Cgroup.ListChildren());
    }

    [LinuxFact(Needs.Root)]
    public void Threads_of_a_process_are_spread_over_threaded_cgroups()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        Assert.Equal(CgroupType.Domain, test.Cgroup.Type);
        using Cgroup one = test.Cgroup.CreateChild("one"), other = test.Cgroup.CreateChild("other");
        Process process = test.Start("exec sleep 1000");
        one.MakeThreaded();
        Assert.Equal((CgroupType.ThreadedDomain, CgroupType.Threaded, CgroupType.InvalidDomain), (test.Cgroup.Type, one.Type, other.Type));
        one.AddThread(process.Id);
        Assert.Equal([process.Id], one.ListThreads());
        Assert.Equal(Errno.EOPNOTSUPP, Assert.Throws<CgroupException>(() => one.ListProcesses()).Errno);

        // One that is invalid takes nothing until it is threaded, a domain no threads of another, and a threaded one is not killed.
        CgroupException invalid = Assert.Throws<CgroupException>(() => other.AddProcess(process.Id));
        Assert.Equal(Errno.EOPNOTSUPP, invalid.Errno);
        Assert.Contains("Cgroup.Type", invalid.Message, StringComparison.Ordinal);
        Assert.Equal(Errno.EOPNOTSUPP, Assert.Throws<CgroupException>(() => one.Kill()).Errno);
        Assert.Equal(Errno.ESRCH, Assert.Throws<CgroupException>(() => one.AddThread(int.MaxValue)).Errno);
        test.Cgroup.Kill();
        Assert.False(one.IsPopulated);
    }

    [ControllerFact(CgroupControllers.HugeTlb)]
    public void Controllers_are_obtained_down_the_path_and_processes_in_the_way_are_moved_on_request()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        using Cgroup middle = test.Cgroup.CreateChild("middle"), leaf = middle.CreateChild("leaf"), bottom = leaf.CreateChild("bottom");
        Process process = test.Start("exec sleep 1000", middle);
        using Cgroup root = CgroupHierarchy.Find().OpenRoot();
        CgroupControllers before = root.ChildControllers;
        try
        {
            CgroupException busy = Assert.Throws<CgroupException>(() => bottom.ObtainControllers(CgroupControllers.HugeTlb));
            Assert.Equal((Errno.EBUSY, middle.Path), (busy.Errno, busy.Cgroup));
            Assert.Contains("MoveProcessesToChild", busy.Message, StringComparison.Ordinal);
            Assert.Equal((before, CgroupControllers.None), (root.ChildControllers, test.Cgroup.ChildControllers));

            bottom.ObtainControllers(CgroupControllers.HugeTlb, moveProcessesTo: "others");
            Assert.Equal(CgroupControllers.HugeTlb, bottom.Controllers);
            Assert.Equal(CgroupControllers.None, bottom.ChildControllers);
            using Cgroup others = middle.OpenChild("others");
            Assert.Equal([process.Id], others.ListProcesses());
            bottom.ObtainControllers(CgroupControllers.HugeTlb);

            CgroupException missing = Assert.Throws<CgroupException>(() => bottom.ObtainControllers(CgroupControllers.Dmem | CgroupControllers.HugeTlb));
            Assert.Equal((Errno.ENOENT, root.Path), (missing.Errno, missing.Cgroup));
            Assert.Contains("dmem", missing.Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => bottom.ObtainControllers(CgroupControllers.HugeTlb, moveProcessesTo: "a/b"));
        }
        finally
        {
            leaf.DisableControllers(CgroupControllers.HugeTlb);
            middle.DisableControllers(CgroupControllers.HugeTlb);
            test.Cgroup.DisableControllers(CgroupControllers.HugeTlb);
            root.DisableControllers(root.ChildControllers & ~before);
        }
    }

    [LinuxFact(Needs.Root)]
    public void A_child_is_born_in_it_by_its_descriptor()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        using Cgroup cgroup = test.Cgroup.CreateChild("born");
        var program = new SyscallProgramBuilder();
        program.Call(SyscallNumber.Execve, new StepNote("execute", "sleep"), program.Text("/bin/sleep"), program.Strings(["sleep", "1000"]), program.Strings([]));
        using ChildProcess child = ChildProcess.Start(new ChildStartInfo(program.Build()) { Cgroup = (int)cgroup.Handle.DangerousGetHandle() });
        Assert.Equal([child.ProcessId], cgroup.ListProcesses());
        cgroup.Kill();
        Assert.Equal(9, child.WaitForExit().Signal);
    }

    [LinuxFact(Needs.Root)]
    public void A_removed_one_says_so()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        using Cgroup gone = test.Cgroup.CreateChild("gone");
        gone.Delete();
        foreach (Action use in (Action[])[
            () => gone.ReadFile("cgroup.stat"),
            () => gone.CreateChild("x"),
            () => gone.AddProcess(0),
            () => _ = gone.Type,
            () => _ = gone.IsPopulated,
            () => _ = gone.IsFrozen,
            () => _ = gone.Controllers,
            () => gone.MaximumDepth = 1,
            () => gone.ListProcesses(),
            () => gone.ListChildren(),
            () => gone.Apply(CgroupLimits.None.WithPidsMax(1)),
            () => gone.ReadLimits(),
            () => gone.ReadMemoryEvents(),
            () => gone.Freeze(),
            () => gone.Kill()])
        {
            CgroupException error = Assert.Throws<CgroupException>(use);
            Assert.Equal(Errno.ENODEV, error.Errno);
            Assert.Contains("The cgroup has been removed", error.Message, StringComparison.Ordinal);
        }
    }

    [LinuxFact(Needs.Root)]
    public void One_that_is_disposed_does_nothing_to_whatever_has_its_descriptor_now()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        Cgroup disposed = test.Cgroup.CreateChild("disposed");
        disposed.Dispose();
        using Cgroup other = test.Cgroup.CreateChild("other"), child = other.CreateChild("child");
        foreach (Action use in (Action[])[
            () => disposed.CreateChild("x"),
            () => disposed.OpenChild("child"),
            () => disposed.ListChildren(),
            () => disposed.Delete(recursive: true),
            () => disposed.DelegateTo(4242),
            () => disposed.ListProcesses(),
            () => disposed.Freeze(),
            () => disposed.AttachDeviceRules(DeviceRules.DenyAll),
            () => _ = disposed.Handle])
        {
            Assert.Throws<ObjectDisposedException>(use);
        }

        Assert.Equal(["disposed", "other"], test.Cgroup.ListChildren());
        Assert.Empty(other.ListDeviceFilters());
    }

    [LinuxFact(Needs.Root)]
    public void A_directory_that_took_the_place_is_not_removed()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        using Cgroup first = test.Cgroup.CreateChild("same");
        first.Delete();
        using Cgroup second = test.Cgroup.CreateChild("same");
        first.Delete();
        Assert.Equal(["same"], test.Cgroup.ListChildren());
    }

    [LinuxFact(Needs.Root)]
    public void Processes_are_moved_listed_and_found()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        Process process = test.Start("exec sleep 1000");
        Assert.Contains(process.Id, test.Cgroup.ListProcesses());
        Assert.True(test.Cgroup.IsPopulated);
        using (Cgroup found = CgroupHierarchy.Find().OpenOf(process.Id))
            Assert.Equal(test.Cgroup.Path, found.Path);
        CgroupException busy = Assert.Throws<CgroupException>(() => test.Cgroup.Delete(timeout: TimeSpan.FromMilliseconds(50)));
        Assert.Contains($"{process.Id} (", busy.Message, StringComparison.Ordinal);
        Assert.Equal(Errno.ESRCH, Assert.Throws<CgroupException>(() => test.Cgroup.AddProcess(int.MaxValue)).Errno);
    }

    [LinuxFact(Needs.Root)]
    public void Processes_are_moved_into_a_leaf()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        int[] processes = [.. Enumerable.Range(0, 3).Select(_ => test.Start("exec sleep 1000").Id)];
        using Cgroup leaf = test.Cgroup.MoveProcessesToChild("leaf");
        Assert.Empty(test.Cgroup.ListProcesses());
        Assert.Superset(processes.ToHashSet(), leaf.ListProcesses().ToHashSet());
    }

    [LinuxFact(Needs.Root)]
    public void Without_descriptors_left_nothing_is_made_and_everything_says_so()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        FreshProcess.Run(UseWithoutDescriptors, test.Cgroup.Path).EnsureSuccess();
        Assert.Empty(test.Cgroup.ListChildren());
    }

    private static void UseWithoutDescriptors(string path)
    {
        using Cgroup cgroup = Cgroup.Open(path);

        // What the runtime loads for it, it loads before.
        cgroup.CreateChild("warm").Delete();
        Assert.Throws<CgroupException>(() => cgroup.OpenChild("warm"));
        Assert.True(cgroup.HasFile("cgroup.procs"));
        Assert.Empty(cgroup.ListChildren());
        RunningProcess own = RunningProcess.Current;
        ResourceLimit limit = own.GetLimit(LimitedResource.OpenFiles);
        (Errno Made, Errno Listed, Errno Found) errors;
        own.SetLimit(LimitedResource.OpenFiles, new ResourceLimit(1, limit.Hard));
        try
        {
            errors = (
                Assert.Throws<CgroupException>(() => cgroup.CreateChild("new")).Errno,
                Assert.Throws<CgroupException>(() => cgroup.ListChildren()).Errno,
                Assert.Throws<CgroupException>(() => cgroup.HasFile("cgroup.procs")).Errno);
        }
        finally
        {
            own.SetLimit(LimitedResource.OpenFiles, limit);
        }

        Assert.Equal((Errno.EMFILE, Errno.EMFILE, Errno.EMFILE), errors);
    }
}
