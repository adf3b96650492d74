using Isolation.Cgroups;
using Isolation.Syscalls;

namespace Isolation;

/// <summary>
/// Cgroups of containers whose manager was killed: nobody was there to remove them. A living manager holds a lock on each of
/// its own (flock(2)), which the kernel ends with it, so who gets the lock has found one of these.
/// </summary>
internal static class LeftBehind
{
    /// <summary>How the names begin of cgroups that are nobody's but a container's.</summary>
    public const string Prefix = "isolation-container-";

    private static int s_done;

    /// <summary>Kills and removes what is left behind there, once in the life of this process.</summary>
    public static void Remove(Cgroup parent)
    {
        if (Interlocked.Exchange(ref s_done, 1) != 0)
            return;
        foreach (string name in parent.ListChildren().Where(static n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            if (parent.TryOpenChild(name) is not { } cgroup)
                continue;
            var left = new ContainerCgroup(cgroup);
            try
            {
                left.Claim();

                // That it is still there is no failure of the container that is being started.
                left.Close();
            }
            catch (LinuxException)
            {
                cgroup.Dispose();
            }
        }
    }
}
