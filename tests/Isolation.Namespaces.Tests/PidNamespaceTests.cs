using System.Globalization;

namespace Isolation.Namespaces.Tests;

/// <summary>Process ids in nested pid namespaces.</summary>
public sealed class PidNamespaceTests
{
    [LinuxFact(Needs.Root)]
    public void A_process_has_an_id_in_each_namespace_from_its_own_upwards()
    {
        using var nothingLeft = new ResidueCheck();
        using var nested = new Bystander("--pid", "--fork", "unshare", "--pid", "--fork");
        using PidNamespace own = PidNamespace.OfThisThread(), middle = PidNamespace.OfProcess(nested.Path[1]), inner = PidNamespace.OfProcess(nested.Id);
        Assert.Equal(3, new[] { own, middle, inner }.Distinct().Count());

        // proc_pid_status(5): all three ids in one line.
        string[] ids = File.ReadLines($"/proc/{nested.Id}/status").First(l => l.StartsWith("NStgid:", StringComparison.Ordinal)).Split('\t')[^3..];
        Assert.Equal([nested.Id, 2, 1], ids.Select(i => int.Parse(i, CultureInfo.InvariantCulture)));
        Assert.Equal(nested.Id, own.ProcessIdInside(nested.Id));
        Assert.Equal(2, middle.ProcessIdInside(nested.Id));
        Assert.Equal(1, inner.ProcessIdInside(nested.Id));
        Assert.Equal(nested.Id, own.ProcessIdOutside(nested.Id));
        Assert.Equal(nested.Id, middle.ProcessIdOutside(2));
        Assert.Equal(nested.Id, inner.ProcessIdOutside(1));
        Assert.Equal(nested.Path[1], middle.ProcessIdOutside(1));
    }

    [LinuxFact(Needs.Root)]
    public void Each_namespace_opens_its_parent()
    {
        using var nothingLeft = new ResidueCheck();
        using var nested = new Bystander("--pid", "--fork", "unshare", "--pid", "--fork");
        using PidNamespace own = PidNamespace.OfThisThread(), middle = PidNamespace.OfProcess(nested.Path[1]), inner = PidNamespace.OfProcess(nested.Id);
        using PidNamespace? aboveInner = inner.OpenParent(), aboveMiddle = middle.OpenParent();
        Assert.Equal(middle, aboveInner);
        Assert.Equal(own, aboveMiddle);
    }

    [LinuxFact(Needs.Root)]
    public void Who_is_not_in_a_namespace_has_no_id_there()
    {
        using var nothingLeft = new ResidueCheck();
        using var nested = new Bystander("--pid", "--fork");
        using PidNamespace inner = PidNamespace.OfProcess(nested.Id);
        Assert.Null(inner.ProcessIdInside(Environment.ProcessId));
        Assert.Null(inner.ProcessIdInside(int.MaxValue));
        Assert.Null(inner.ProcessIdOutside(2));
        Assert.Null(inner.ThreadIdInside(Environment.ProcessId));
        Assert.Null(inner.ThreadIdOutside(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => inner.ProcessIdInside(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => inner.ThreadIdOutside(-1));
    }

    [LinuxFact]
    public void A_thread_has_an_id_of_its_own_and_that_of_its_process()
    {
        using PidNamespace own = PidNamespace.OfThisThread();
        (int Id, int? Thread, int? Process, int? Back) seen = ThrowawayThread.Run(() =>
        {
            int id = int.Parse(Path.GetFileName(new FileInfo("/proc/thread-self").LinkTarget!), CultureInfo.InvariantCulture);
            return (id, own.ThreadIdInside(id), own.ProcessIdInside(id), own.ThreadIdOutside(id));
        });
        Assert.NotEqual(Environment.ProcessId, seen.Id);
        Assert.Equal((seen.Id, Environment.ProcessId, seen.Id), (seen.Thread, seen.Process, seen.Back));
    }

    [LinuxFact(Needs.Root)]
    public void Without_the_kernels_help_the_ids_are_the_same()
    {
        using var nothingLeft = new ResidueCheck();
        using var nested = new Bystander("--pid", "--fork", "unshare", "--pid", "--fork");
        using PidNamespace own = PidNamespace.OfThisThread(), middle = PidNamespace.OfProcess(nested.Path[1]), inner = PidNamespace.OfProcess(nested.Id);

        // Not 1 of the machine: even root may be kept from looking into it.
        foreach ((PidNamespace space, int[] inside) in ((PidNamespace, int[])[])[(own, [.. nested.Path, int.MaxValue]), (middle, [1, 2, 3]), (inner, [1, 2])])
        {
            foreach (int id in (int[])[.. nested.Path, Environment.ProcessId, int.MaxValue])
            {
                Assert.Equal(space.ProcessIdInside(id), PidTranslation.Inside(space, id, threads: false));
                Assert.Equal(space.ThreadIdInside(id), PidTranslation.Inside(space, id, threads: true));
            }

            foreach (int id in inside)
            {
                Assert.Equal(space.ProcessIdOutside(id), PidTranslation.Outside(space, id, threads: false));
                Assert.Equal(space.ThreadIdOutside(id), PidTranslation.Outside(space, id, threads: true));
            }
        }
    }

    [LinuxFact]
    public void Without_the_kernels_help_a_thread_is_found_too()
    {
        using PidNamespace own = PidNamespace.OfThisThread();
        (int Id, int? Thread, int? Process, int? Back, int? BackProcess) seen = ThrowawayThread.Run(() =>
        {
            int id = int.Parse(Path.GetFileName(new FileInfo("/proc/thread-self").LinkTarget!), CultureInfo.InvariantCulture);
            return (id, PidTranslation.Inside(own, id, threads: true), PidTranslation.Inside(own, id, threads: false), PidTranslation.Outside(own, id, threads: true), PidTranslation.Outside(own, id, threads: false));
        });
        Assert.Equal((seen.Id, Environment.ProcessId, seen.Id, Environment.ProcessId), (seen.Thread, seen.Process, seen.Back, seen.BackProcess));
    }
}
