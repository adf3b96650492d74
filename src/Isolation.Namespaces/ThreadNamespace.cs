using Microsoft.Win32.SafeHandles;

namespace Isolation.Namespaces;

/// <summary>A namespace that a single thread of a process can enter (setns(2)): network, UTS, IPC, mount, cgroup.</summary>
/// <remarks>User, pid and time namespaces are entered by whole processes, so by programs that are started in them.</remarks>
public abstract partial class ThreadNamespace : Namespace
{
    private protected ThreadNamespace(SafeFileHandle handle, NamespaceId id)
        : base(handle, id)
    {
    }
}
