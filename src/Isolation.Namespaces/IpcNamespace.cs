using Microsoft.Win32.SafeHandles;

namespace Isolation.Namespaces;

/// <summary>System V IPC and POSIX message queues (ipc_namespaces(7)).</summary>
public sealed partial class IpcNamespace : ThreadNamespace, INamespace<IpcNamespace>
{
    internal IpcNamespace(SafeFileHandle handle, NamespaceId id)
        : base(handle, id)
    {
    }

    /// <inheritdoc/>
    public override NamespaceKinds Kind => NamespaceKinds.Ipc;

    static NamespaceKinds INamespace<IpcNamespace>.OwnKind => NamespaceKinds.Ipc;
}
