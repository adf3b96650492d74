using System.Runtime.InteropServices;
using Isolation.Netlink.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.Netlink.Transport;

/// <summary>Does things in another network namespace.</summary>
internal static class NetworkNamespaceThread
{
    private const string Enter = "enter the network namespace";

    /// <summary>Runs a function on a thread that enters the namespace and ends afterwards: those of the pool are everybody's.</summary>
    /// <exception cref="LinuxException">EINVAL: the handle is of no network namespace; EPERM: it may not be entered. Or what the function throws.</exception>
    public static T Run<T>(SafeHandle networkNamespace, Func<T> function)
    {
        T? result = default;
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    Sys.Check(Enter, null, SyscallNumber.SetNs, networkNamespace.DangerousGetHandle(), NetlinkConstants.CLONE_NEWNET);
                    result = function();
                }
                catch (Exception e)
                {
                    failure = e;
                }
            },
            maxStackSize: 256 << 10);
        bool added = false;
        networkNamespace.DangerousAddRef(ref added);
        try
        {
            thread.Start();
            thread.Join();
        }
        finally
        {
            networkNamespace.DangerousRelease();
        }

        switch (failure)
        {
            case null:
                return result!;
            case LinuxException { Operation: Enter } e:
                throw new LinuxException(e.Operation, e.Target, e.Errno, e.Call, e.Errno switch
                {
                    Errno.EINVAL => "The handle is of no network namespace",
                    Errno.EPERM => "This needs CAP_SYS_ADMIN, in the user namespace that owns the network namespace and in the caller's own (setns(2))",
                    _ => e.Hint,
                });
            default:
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
                return default;
        }
    }
}
