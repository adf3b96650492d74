using Microsoft.Win32.SafeHandles;

namespace Isolation.Namespaces;

/// <summary>Host name and NIS domain name (uts_namespaces(7)).</summary>
public sealed partial class UtsNamespace : ThreadNamespace, INamespace<UtsNamespace>
{
    internal UtsNamespace(SafeFileHandle handle, NamespaceId id)
        : base(handle, id)
    {
    }

    /// <inheritdoc/>
    public override NamespaceKinds Kind => NamespaceKinds.Uts;

    static NamespaceKinds INamespace<UtsNamespace>.OwnKind => NamespaceKinds.Uts;
}
