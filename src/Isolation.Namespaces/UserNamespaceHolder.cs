using Microsoft.Win32.SafeHandles;

namespace Isolation.Namespaces;

/// <summary>Keeps user namespaces that no process is in, each held by a descriptor.</summary>
internal static class UserNamespaceHolder
{
    // Kept for the process: starts with the same ids share one, and few programs use more than one or two maps.
    private const int MaxKept = 16;

    private static readonly Dictionary<string, SafeFileHandle> s_kept = [];

    /// <summary>A user namespace with these ids. It belongs to the process; do not dispose it.</summary>
    public static SafeFileHandle Get(UserNamespaceMaps maps)
    {
        string key = $"{string.Join(',', maps.Users)};{string.Join(',', maps.Groups)}";
        lock (s_kept)
        {
            if (s_kept.TryGetValue(key, out SafeFileHandle? kept))
                return kept;
            SafeFileHandle made = UserNamespace.Create(maps).Handle;
            if (s_kept.Count == MaxKept)
                s_kept.Clear();
            return s_kept[key] = made;
        }
    }
}
