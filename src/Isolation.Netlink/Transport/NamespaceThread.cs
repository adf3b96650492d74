using Isolation.Netlink.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.Netlink.Transport;

/// <summary>Does something in another network namespace.</summary>
internal static class NamespaceThread
{
    /// <summary>Runs a function there. Only a thread that ends afterwards may change its namespace: the pool's threads are everybody's.</summary>
    /// <exception cref="LinuxException">From the function, or the namespace may not be entered (setns(2)).</exception>
    public static T Run<T>(System.Runtime.InteropServices.SafeHandle networkNamespace, Func<T> function)
    {
        T? result = default;
        LinuxException? failure = null;
        bool entered = false;
        var thread = new Thread(
            () =>
            {
                try
                {
                    Sys.Check("enter the network namespace", null, SyscallNumber.SetNs, networkNamespace.DangerousGetHandle(), NetlinkConstants.CLONE_NEWNET);
                    entered = true;
                    result = function();
                }
                catch (LinuxException e)
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

        if (failure is null)
            return result!;
        throw new LinuxException(failure.Operation, failure.Target, failure.Errno, failure.Call, failure.Errno switch
        {
            Errno.EINVAL when !entered => "The handle is of no network namespace",
            Errno.EPERM when !entered => "This needs CAP_SYS_ADMIN, in the user namespace that owns the network namespace and in the caller's own (setns(2))",
            _ => failure.Hint,
        });
    }
}
