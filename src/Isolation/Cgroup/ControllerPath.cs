using Isolation.Cgroups;
using Isolation.Cgroups.Files;
using Isolation.Syscalls;

namespace Isolation;

/// <summary>Switches controllers on from the top down to where they are needed (cgroups(7), <c>cgroup.subtree_control</c>).</summary>
internal static class ControllerPath
{
    /// <summary>Sees to it that the cgroups below one have the controllers.</summary>
    /// <exception cref="LinuxException">ENOENT: this machine's cgroup v2 lacks one of them; EACCES: a cgroup on the way is not the caller's; EBUSY: one has processes.</exception>
    public static void Enable(Cgroup cgroup, CgroupControllers controllers)
    {
        if (controllers == CgroupControllers.None)
            return;
        CgroupControllers missing = controllers & ~cgroup.ChildControllers;
        if (missing == CgroupControllers.None)
            return;
        CgroupControllers lacking = missing & ~cgroup.Controllers;
        if (lacking != CgroupControllers.None)
        {
            using Cgroup? above = Above(cgroup);
            Enable(above ?? throw Lacks(cgroup, lacking), lacking);
        }

        // The kernel would let the threaded ones through, and then nothing could be born below (cgroups(7), "domain invalid").
        if (cgroup.HasFile("cgroup.type") && cgroup.ListProcesses().Count > 0)
            throw Hints.Failure("switch on controllers by", cgroup.Path, "cgroup.subtree_control", null, Errno.EBUSY, null);
        cgroup.EnableControllers(missing);
    }

    private static Cgroup? Above(Cgroup cgroup)
    {
        try
        {
            return cgroup.Path.LastIndexOf('/') > 0 ? Cgroup.Open(Path.GetDirectoryName(cgroup.Path)!) : null;
        }
        catch (CgroupException e) when (e.Errno is Errno.EINVAL or Errno.EACCES)
        {
            // Another file system, or not ours to look at: what can be had ends here.
            return null;
        }
    }

    private static LinuxException Lacks(Cgroup top, CgroupControllers controllers)
    {
        string[] names = [.. ControllerNames.Of(controllers)];
        string[] version1 = [.. CgroupHierarchy.Find().Version1Controllers.Intersect(names)];
        return new LinuxException(
            $"limit the container by the controller{(names.Length == 1 ? "" : "s")}",
            $"{string.Join(", ", names)} of {top.Path}",
            Errno.ENOENT,
            null,
            version1.Length > 0
                ? $"On this machine cgroup version 1 has {string.Join(", ", version1)}. Version 2 has them when the kernel is started with cgroup_no_v1=all, or on a system with systemd with systemd.unified_cgroup_hierarchy=1"
                : "Either this kernel was built without, or they were not given to this part of the tree");
    }
}
