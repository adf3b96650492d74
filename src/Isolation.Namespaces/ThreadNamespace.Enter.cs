using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.Namespaces;

public abstract partial class ThreadNamespace
{
    /// <summary>Moves the calling thread into the namespace. The caller sees to it that the thread ends there or comes back.</summary>
    internal void Enter()
    {
        // setns(2): a thread that shares its root and working directory with others cannot change its mount namespace.
        if (Kind == NamespaceKinds.Mount)
            Sys.Check("leave the working directory of the process, to enter", ToString(), SyscallNumber.Unshare, (nint)CloneFlags.Fs);
        Errno errno = TryEnter();
        if (errno != Errno.None)
            throw new LinuxException("enter the namespace", ToString(), errno, SyscallNumber.SetNs.Name, Hint(errno));
    }

    /// <summary>The same, for a thread that has entered a namespace of the kind before.</summary>
    /// <exception cref="ObjectDisposedException">The handle was disposed.</exception>
    internal Errno TryEnter()
    {
        bool isHeld = false;
        try
        {
            Handle.DangerousAddRef(ref isHeld);
            return (Errno)(-Sys.Call(SyscallNumber.SetNs, Handle.DangerousGetHandle(), (nint)Kind.ToCloneFlags()));
        }
        finally
        {
            if (isHeld)
                Handle.DangerousRelease();
        }
    }

    private string? Hint(Errno errno) => errno switch
    {
        Errno.EPERM when Kind == NamespaceKinds.Mount
            => "It takes CAP_SYS_ADMIN in the user namespace that owns it, and CAP_SYS_ADMIN and CAP_SYS_CHROOT in the caller's own",
        Errno.EPERM
            => "It takes CAP_SYS_ADMIN both in the user namespace that owns it and in the caller's own. A thread cannot change its user namespace; a program can be started in it",
        _ => null,
    };
}
