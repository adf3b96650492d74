using Isolation.Cgroups.Files;
using Isolation.Syscalls;

namespace Isolation.Cgroups;

public sealed partial class Cgroup
{
    private const string DelegateFile = "/sys/kernel/cgroup/delegate";

    /// <summary>
    /// Gives the cgroup to a user, who can then make cgroups below it, move processes between them and switch controllers, but
    /// not change the limits of this one (cgroups(7), "delegation"): the directory and exactly the files that the kernel
    /// lists in <c>/sys/kernel/cgroup/delegate</c>.
    /// </summary>
    /// <param name="userId">The user.</param>
    /// <param name="groupId">The group; null leaves it.</param>
    /// <exception cref="CgroupException">EPERM: this needs CAP_CHOWN.</exception>
    public void DelegateTo(uint userId, uint? groupId = null)
    {
        uint group = groupId ?? uint.MaxValue;
        Chown("", userId, group);
        foreach (string file in DelegatedFiles())
            Chown(file, userId, group);
    }

    // Linux 4.15 lists them; before, these three were all.
    private static IEnumerable<string> DelegatedFiles()
        => File.Exists(DelegateFile) ? File.ReadLines(DelegateFile).Select(static l => l.Trim()).Where(static l => l.Length > 0) : ["cgroup.procs", "cgroup.threads", "cgroup.subtree_control"];

    private void Chown(string file, uint user, uint group)
    {
        Errno errno = _directory.TryChown(file, user, group);

        // The list names files of all controllers, and this cgroup may not have all.
        if (errno != Errno.None && !(errno == Errno.ENOENT && file.Length > 0))
            throw Hints.Failure("give away", Path, file.Length > 0 ? file : null, null, errno, "fchownat", errno == Errno.EPERM ? "This needs CAP_CHOWN" : null);
    }
}
