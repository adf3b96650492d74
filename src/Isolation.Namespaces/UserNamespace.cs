using Microsoft.Win32.SafeHandles;

namespace Isolation.Namespaces;

/// <summary>User and group ids, capabilities, keyrings (user_namespaces(7)).</summary>
public sealed partial class UserNamespace : Namespace, INamespace<UserNamespace>
{
    internal UserNamespace(SafeFileHandle handle, NamespaceId id)
        : base(handle, id)
    {
    }

    /// <inheritdoc/>
    public override NamespaceKinds Kind => NamespaceKinds.User;

    static NamespaceKinds INamespace<UserNamespace>.OwnKind => NamespaceKinds.User;
}
