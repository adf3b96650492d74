using System.Collections.Immutable;

namespace Isolation.Namespaces;

/// <summary>A namespace of the machine, as <see cref="Namespace.List"/> found it.</summary>
public sealed class NamespaceInfo
{
    internal NamespaceInfo(NamespaceKinds kind, NamespaceId id)
    {
        Kind = kind;
        Id = id;
    }

    /// <summary>Its kind.</summary>
    public NamespaceKinds Kind { get; }

    /// <summary>What tells it from others.</summary>
    public NamespaceId Id { get; }

    /// <summary>The processes in it that the caller may look into, by their ids. Empty when a mount or another namespace keeps it.</summary>
    public ImmutableArray<NamespaceProcess> Processes { get; internal init; } = [];

    /// <summary>The user namespace that it belongs to; null when that lies outside the caller's own, or there is none.</summary>
    public NamespaceId? Owner { get; internal init; }

    /// <summary>The namespace that a user or pid namespace was made in; null when that lies outside the caller's own, or there is none.</summary>
    public NamespaceId? Parent { get; internal init; }

    /// <summary>Files on which it is mounted, of those that the caller sees.</summary>
    public ImmutableArray<string> MountPoints { get; internal init; } = [];

    /// <summary>As <see cref="Namespace.ToString"/>: <c>net:[4026531840]</c>.</summary>
    public override string ToString() => Namespace.Show(Kind, Id);
}
