namespace Isolation.Namespaces;

/// <summary>What tells one namespace from another: its file in the kernel's nsfs (namespaces(7)). A number can be used again once its namespace is gone.</summary>
/// <param name="Device">The device number of nsfs, as stat(2) gives it.</param>
/// <param name="Inode">The inode number, which <c>/proc/PID/ns</c> shows in brackets.</param>
public readonly record struct NamespaceId(ulong Device, ulong Inode);
