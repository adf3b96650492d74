using Isolation.Syscalls;
using Isolation.Syscalls.Children;

namespace Isolation.Namespaces.Visits;

/// <summary>The namespaces of <see cref="HomeThread"/>, to which threads of the library return.</summary>
internal static class Home
{
    private static readonly Lock s_lock = new();
    private static readonly Dictionary<NamespaceKinds, ThreadNamespace> s_known = [];

    /// <summary>The namespace of a kind. It belongs to the process; do not dispose it.</summary>
    public static ThreadNamespace Get(NamespaceKinds kind)
    {
        lock (s_lock)
        {
            if (s_known.TryGetValue(kind, out ThreadNamespace? known))
                return known;
            return s_known[kind] = HomeThread.Run(() => (ThreadNamespace)Namespace.OfThisThread(kind));
        }
    }

    /// <summary>Takes this thread home, as far as threads of the process have ever left it. Never throws.</summary>
    public static bool TryReturn()
    {
        lock (s_lock)
        {
            bool isHome = true;
            foreach (ThreadNamespace ns in s_known.Values)
                isHome &= ns.TryEnter() == Errno.None;
            return isHome;
        }
    }
}
