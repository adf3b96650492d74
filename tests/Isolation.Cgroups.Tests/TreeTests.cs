using System.Diagnostics;
using Isolation.Syscalls;

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
    [InlineData("")]
    public void A_name_that_is_none_is_refused_before_anything_is_made(string name)
    {
        using Cgroup root = CgroupHierarchy.Find().OpenRoot();
        Assert.ThrowsAny<ArgumentException>(() => root.CreateChild(name));
        Assert.ThrowsAny<ArgumentException>(() => root.OpenChild(name));
    }

    [LinuxFact]
    public void A_long_name_is_refused()
    {
        using Cgroup root = CgroupHierarchy.Find().OpenRoot();
        Assert.Throws<ArgumentException>(() => root.CreateChild(new string('a', 256)));
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
    }

    [LinuxFact(Needs.Root)]
    public void A_removed_one_says_so()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        using Cgroup gone = test.Cgroup.CreateChild("gone");
        gone.Delete();
        CgroupException error = Assert.Throws<CgroupException>(() => gone.ReadFile("cgroup.stat"));
        Assert.True(error.Errno is Errno.ENODEV or Errno.ENOENT);
        Assert.Equal(Errno.ENOENT, Assert.Throws<CgroupException>(() => gone.CreateChild("x")).Errno);
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
        using var nothingLeft = Warm();
        using var test = new TestCgroup();
        Process process = test.Start("sleep 1000");
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
        using var nothingLeft = Warm();
        using var test = new TestCgroup();
        int[] processes = [.. Enumerable.Range(0, 3).Select(_ => test.Start("sleep 1000").Id)];
        using Cgroup leaf = test.Cgroup.MoveProcessesToChild("leaf");
        Assert.Empty(test.Cgroup.ListProcesses());
        Assert.Superset(processes.ToHashSet(), leaf.ListProcesses().ToHashSet());
    }

    [LinuxFact(Needs.Root)]
    public void What_is_given_to_a_user_is_that_users()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        test.Cgroup.DelegateTo(4242, 4243);
        string[] owners = [.. new[] { "", "/cgroup.procs", "/cgroup.subtree_control", "/cgroup.threads" }.Select(f => Command.Run("stat", "-c", "%u:%g", test.Cgroup.Path + f).EnsureSuccess().Output.Trim())];
        Assert.All(owners, o => Assert.Equal("4242:4243", o));
        Assert.Equal("0:0", Command.Run("stat", "-c", "%u:%g", test.Cgroup.Path + "/cgroup.freeze").EnsureSuccess().Output.Trim());
    }

    // What .NET makes once for all its children, and once a process for descriptors that are waited for.
    internal static ResidueCheck Warm()
    {
        using (Process process = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true, RedirectStandardOutput = true })!)
        {
            process.StandardInput.Close();
            process.StandardOutput.ReadToEnd();
            process.StandardOutput.Dispose();
            process.WaitForExit();
        }

        return new ResidueCheck();
    }
}
