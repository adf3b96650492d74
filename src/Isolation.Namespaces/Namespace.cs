using System.Globalization;
using Isolation.Namespaces.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Namespaces;

/// <summary>A handle of a namespace, which keeps it alive (namespaces(7)). Two handles are equal when they mean the same namespace.</summary>
/// <remarks>What a handle can do depends on its kind: <see cref="NetworkNamespace"/>, <see cref="UserNamespace"/> and so on.</remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1716", Justification = "The field's term.")]
public abstract partial class Namespace : IDisposable, IEquatable<Namespace>
{
    private protected Namespace(SafeFileHandle handle, NamespaceId id)
    {
        Handle = handle;
        Id = id;
    }

    /// <summary>The descriptor. It belongs to this object.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>What tells it from others.</summary>
    public NamespaceId Id { get; }

    /// <summary>Its kind.</summary>
    public abstract NamespaceKinds Kind { get; }

    /// <summary>Opens the user namespace that it belongs to (ioctl_ns(2), NS_GET_USERNS): whoever has a capability there has it here.</summary>
    /// <returns>Null when the owner lies outside the caller's own user namespace, or there is none: the initial user namespace's.</returns>
    public UserNamespace? OpenOwner() => (UserNamespace?)OpenRelated(NamespaceFile.NS_GET_USERNS, "open the owner of");

    /// <inheritdoc/>
    public bool Equals(Namespace? other) => other is not null && Id == other.Id;

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as Namespace);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => Id.GetHashCode();

    /// <summary>As <c>/proc/PID/ns</c> shows it: <c>net:[4026531840]</c>.</summary>
    public sealed override string ToString() => Show(Kind, Id);

    /// <summary>Closes the descriptor. The namespace lives on while processes, mounts or other descriptors hold it.</summary>
    public void Dispose()
    {
        Handle.Dispose();
        GC.SuppressFinalize(this);
    }

    internal static string Show(NamespaceKinds kind, NamespaceId id) => string.Create(CultureInfo.InvariantCulture, $"{NamespaceFile.Name(kind)}:[{id.Inode}]");

    private protected Namespace? OpenRelated(uint request, string operation)
        => NamespaceFile.OpenRelated(Handle, request, operation, ToString()) is { } related ? FromHandle(related, ToString()) : null;
}
