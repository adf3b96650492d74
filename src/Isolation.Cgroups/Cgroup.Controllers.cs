using Isolation.Cgroups.Files;
using Isolation.Syscalls;

namespace Isolation.Cgroups;

public sealed partial class Cgroup
{
    /// <summary>The controllers that this cgroup has, and can give on (<c>cgroup.controllers</c>).</summary>
    public CgroupControllers Controllers => ControllerNames.Parse(_directory.Read("cgroup.controllers"));

    /// <summary>The controllers that the cgroups below have from this one (<c>cgroup.subtree_control</c>).</summary>
    public CgroupControllers ChildControllers => ControllerNames.Parse(_directory.Read("cgroup.subtree_control"));

    /// <summary>Gives controllers to the cgroups below this one.</summary>
    /// <remarks>
    /// A cgroup that gives controllers on cannot have processes itself, the root cgroup aside (cgroups(7), "no internal
    /// processes"). <see cref="MoveProcessesToChild(string)"/> makes room. <see cref="ObtainControllers"/> has those above give them first.
    /// </remarks>
    /// <exception cref="CgroupException">ENOENT: this cgroup does not have one of them itself; EBUSY: it has processes; EACCES: it is not the caller's.</exception>
    public void EnableControllers(CgroupControllers controllers)
    {
        Check(controllers);
        EnsureHas(controllers);
        CgroupControllers wanted = controllers & ~ChildControllers;
        if (wanted != CgroupControllers.None)
            _directory.Write("cgroup.subtree_control", Signed('+', wanted));
    }

    /// <summary>Takes controllers from the cgroups below this one. Their limits and counts are gone then.</summary>
    /// <exception cref="CgroupException">EBUSY: a cgroup below gives one of them on.</exception>
    public void DisableControllers(CgroupControllers controllers)
    {
        Check(controllers);
        CgroupControllers wanted = controllers & ChildControllers;
        if (wanted != CgroupControllers.None)
            _directory.Write("cgroup.subtree_control", Signed('-', wanted));
    }

    /// <summary>
    /// Moves the processes of this cgroup, those below it not, into one right below it, which is made if it is not there: then
    /// this one can give controllers on.
    /// </summary>
    /// <param name="name">The child's name, such as <c>leaf</c>.</param>
    /// <returns>The child.</returns>
    /// <exception cref="CgroupException">EBUSY: new processes came faster than they could be moved.</exception>
    public Cgroup MoveProcessesToChild(string name)
    {
        Cgroup child = OpenOrCreateChild(name);
        try
        {
            // What is born meanwhile is here again, so until there is none.
            for (int round = 0; round < 100; round++)
            {
                IReadOnlyList<int> processes = ListProcesses();
                if (processes.Count == 0)
                    return child;
                foreach (int process in processes)
                    child.TryAddProcess(process);
            }

            throw Hints.Failure("move the processes out of", Path, null, null, Errno.EBUSY, null, "New ones come faster than they can be moved, or some cannot be moved");
        }
        catch
        {
            child.Dispose();
            throw;
        }
    }

    private void EnsureHas(CgroupControllers controllers)
    {
        CgroupControllers missing = controllers & ~Controllers;
        if (missing == CgroupControllers.None)
            return;
        throw Hints.Failure(
            "enable controllers in",
            Path,
            "cgroup.subtree_control",
            Signed('+', controllers),
            Errno.ENOENT,
            null,
            $"The cgroup does not have {string.Join(", ", ControllerNames.Of(missing))} itself: either its parent does not give it (see ObtainControllers), or this kernel lacks it, or it is used by cgroup version 1 on this machine");
    }

    private static void Check(CgroupControllers controllers)
    {
        if ((controllers & ~ControllerNames.All) != CgroupControllers.None)
            throw new ArgumentOutOfRangeException(nameof(controllers), controllers, "There are no such controllers.");
        if (controllers.HasFlag(CgroupControllers.PerfEvent))
            throw new ArgumentOutOfRangeException(nameof(controllers), controllers, "perf_event is on everywhere and cannot be switched.");
    }

    private static string Signed(char sign, CgroupControllers controllers) => string.Join(' ', ControllerNames.Of(controllers).Select(n => sign + n));
}
