using Isolation.Namespaces.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.Namespaces;

public sealed unsafe partial class UserNamespace
{
    /// <summary>The user who made it, as the caller's own user namespace numbers users: 65534 for one who does not exist there (NS_GET_OWNER_UID).</summary>
    public uint OwnerUserId
    {
        get
        {
            uint owner = 0;
            using var use = new DescriptorUse(Handle);
            Sys.Check("find who made", ToString(), SyscallNumber.Ioctl, use.Descriptor, unchecked((nint)NamespaceFile.NS_GET_OWNER_UID), (nint)(&owner));
            return owner;
        }
    }

    /// <summary>Makes a user namespace with ids that no process is in: only the handle holds it. Needs no privilege for <see cref="UserNamespaceMaps.Caller"/>.</summary>
    /// <exception cref="LinuxException">EPERM: user namespaces or the maps are not allowed; ENOSPC: a limit of namespaces(7) is reached.</exception>
    public static UserNamespace Create(UserNamespaceMaps maps) => (UserNamespace)NewNamespace.WithUserNamespace(NamespaceKinds.User, maps);

    /// <summary>Opens the namespace that it was made in (NS_GET_PARENT).</summary>
    /// <returns>Null when the parent lies outside the caller's own user namespace, or there is none: the initial user namespace's.</returns>
    public UserNamespace? OpenParent() => (UserNamespace?)OpenRelated(NamespaceFile.NS_GET_PARENT, "open the parent of");

    /// <summary>Whether setgroups(2) is allowed in the user namespace of a process (user_namespaces(7), /proc/PID/setgroups).</summary>
    /// <exception cref="LinuxException">ESRCH: no such process.</exception>
    public static bool AllowsSetGroups(int processId)
        => ProcessFile.Read(processId, "setgroups").AsSpan().Trim() is "allow";
}
