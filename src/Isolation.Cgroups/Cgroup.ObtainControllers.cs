using Isolation.Syscalls;

namespace Isolation.Cgroups;

public sealed partial class Cgroup
{
    /// <summary>
    /// Has those above give controllers on, all the way down to this cgroup: from the nearest one that has them. All or none: when
    /// one refuses, those above it are switched back.
    /// </summary>
    /// <param name="controllers">The controllers that this cgroup needs.</param>
    /// <param name="moveProcessesTo">
    /// The name of a child that the processes of one above are moved to when they are in the way (cgroups(7), "no internal
    /// processes"); null for an error instead. Moved ones stay there.
    /// </param>
    /// <exception cref="CgroupException">ENOENT: none above has them; EBUSY: one above has processes; EACCES: one above is not the caller's. The message names it.</exception>
    public void ObtainControllers(CgroupControllers controllers, string? moveProcessesTo = null)
    {
        Check(controllers);
        if (moveProcessesTo is not null)
            CgroupName.Check(moveProcessesTo);
        var above = new Stack<Cgroup>();
        var given = new Stack<(Cgroup Giver, CgroupControllers Controllers)>();
        try
        {
            Cgroup top = this;
            while ((controllers & ~top.Controllers) != CgroupControllers.None && top._directory.OpenParent() is { } parent)
                above.Push(top = new Cgroup(parent));
            foreach (Cgroup giver in above)
            {
                CgroupControllers wanted = controllers & ~giver.ChildControllers;
                giver.GiveOn(wanted, moveProcessesTo);
                given.Push((giver, wanted));
            }

            // The topmost of all lacks them: its own words about that.
            if (above.Count == 0)
                EnsureHas(controllers);
        }
        catch
        {
            while (given.TryPop(out (Cgroup Giver, CgroupControllers Controllers) back))
                back.Giver._directory.TryWrite("cgroup.subtree_control", Signed('-', back.Controllers), out _);
            throw;
        }
        finally
        {
            foreach (Cgroup giver in above)
                giver.Dispose();
        }
    }

    private void GiveOn(CgroupControllers controllers, string? moveProcessesTo)
    {
        try
        {
            EnableControllers(controllers);
        }
        catch (CgroupException e) when (e.Errno == Errno.EBUSY && moveProcessesTo is not null)
        {
            MoveProcessesToChild(moveProcessesTo).Dispose();
            EnableControllers(controllers);
        }
    }
}
