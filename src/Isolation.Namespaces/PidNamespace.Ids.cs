using Isolation.Namespaces.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.Namespaces;

/// <remarks>
/// A process has an id in its own pid namespace and in each of those above it. Ids are translated by the kernel from Linux 6.12
/// on (linux/nsfs.h), before that by the lines NSpid of /proc/PID/status, for namespaces that are the caller's or below.
/// </remarks>
public sealed partial class PidNamespace
{
    /// <summary>Opens the namespace that it was made in (NS_GET_PARENT).</summary>
    /// <returns>Null when the parent lies outside the caller's own pid namespace, or there is none: the initial pid namespace's.</returns>
    public PidNamespace? OpenParent() => (PidNamespace?)OpenRelated(NamespaceFile.NS_GET_PARENT, "open the parent of");

    /// <summary>The id that a process has in this namespace.</summary>
    /// <param name="processId">The process, or one of its threads, as the caller's pid namespace numbers it.</param>
    /// <returns>Null when there is no such process, or it is not in this namespace.</returns>
    public int? ProcessIdInside(int processId)
        => Translate(NamespaceFile.NS_GET_TGID_IN_PIDNS, processId, static (ns, id) => PidTranslation.Inside(ns, id, threads: false));

    /// <summary>The id, in the caller's pid namespace, of a process of this namespace.</summary>
    /// <param name="processIdInside">The process, or one of its threads, as this namespace numbers it.</param>
    /// <returns>Null when there is no such process, or the caller's namespace has no id for it.</returns>
    public int? ProcessIdOutside(int processIdInside)
        => Translate(NamespaceFile.NS_GET_TGID_FROM_PIDNS, processIdInside, static (ns, id) => PidTranslation.Outside(ns, id, threads: false));

    /// <summary>The id that a thread has in this namespace.</summary>
    /// <param name="threadId">The thread, as the caller's pid namespace numbers it.</param>
    /// <returns>Null when there is no such thread, or it is not in this namespace.</returns>
    public int? ThreadIdInside(int threadId)
        => Translate(NamespaceFile.NS_GET_PID_IN_PIDNS, threadId, static (ns, id) => PidTranslation.Inside(ns, id, threads: true));

    /// <summary>The id, in the caller's pid namespace, of a thread of this namespace.</summary>
    /// <param name="threadIdInside">The thread, as this namespace numbers it.</param>
    /// <returns>Null when there is no such thread, or the caller's namespace has no id for it.</returns>
    public int? ThreadIdOutside(int threadIdInside)
        => Translate(NamespaceFile.NS_GET_PID_FROM_PIDNS, threadIdInside, static (ns, id) => PidTranslation.Outside(ns, id, threads: true));

    private int? Translate(uint request, int id, Func<PidNamespace, int, int?> before612)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(id);
        using var use = new DescriptorUse(Handle);
        long result = Sys.Call(SyscallNumber.Ioctl, use.Descriptor, unchecked((nint)request), id);
        return result switch
        {
            > 0 => (int)result,
            -(long)Errno.ESRCH => null,
            -(long)Errno.ENOTTY => before612(this, id),
            _ => throw new LinuxException("translate a process id of", ToString(), (Errno)(-result), SyscallNumber.Ioctl.Name),
        };
    }
}
