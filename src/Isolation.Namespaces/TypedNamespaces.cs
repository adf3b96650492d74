using Isolation.Syscalls;

namespace Isolation.Namespaces;

/// <summary>Opens and makes namespaces of a kind that is known when the program is compiled: <c>PidNamespace.OfProcess(1)</c>.</summary>
/// <remarks>For a kind that is known at run time only, <see cref="Namespace"/> has the same with a <see cref="NamespaceKinds"/>.</remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1000", Justification = "The type argument is the receiver: nobody writes it.")]
public static class TypedNamespaces
{
    extension<T>(T)
        where T : Namespace, INamespace<T>
    {
        /// <summary>Opens a namespace of this kind by a path, as <see cref="Namespace.Open(string, NamespaceKinds)"/> does.</summary>
        /// <exception cref="LinuxException">ENOENT, EACCES; EINVAL: the path leads to no namespace, or one of another kind.</exception>
        public static T Open(string path) => (T)Namespace.Open(path, T.OwnKind);

        /// <summary>Opens a process's namespace, as <see cref="Namespace.OfProcess(int, NamespaceKinds)"/> does.</summary>
        /// <exception cref="LinuxException">ESRCH: no such process; EACCES: it may not be looked into.</exception>
        public static T OfProcess(int processId) => (T)Namespace.OfProcess(processId, T.OwnKind);

        /// <summary>Opens a process's namespace, as <see cref="Namespace.OfProcess(PidFd, NamespaceKinds)"/> does.</summary>
        /// <exception cref="LinuxException">ESRCH: the process has ended; EACCES: it may not be looked into.</exception>
        public static T OfProcess(PidFd process) => (T)Namespace.OfProcess(process, T.OwnKind);

        /// <summary>Opens the namespace of the calling thread.</summary>
        public static T OfThisThread() => (T)Namespace.OfThisThread(T.OwnKind);
    }

    extension<T>(T)
        where T : ThreadNamespace, INamespace<T>
    {
        /// <summary>
        /// Makes a new namespace that no process is in and only the handle holds. The caller's thread stays where it is:
        /// another one makes the namespace, and ends.
        /// </summary>
        /// <exception cref="LinuxException">EPERM: needs CAP_SYS_ADMIN; ENOSPC: a limit of namespaces(7) is reached.</exception>
        public static T Create() => (T)NewNamespace.OnThread(T.OwnKind);

        /// <summary>
        /// Makes a new namespace that belongs to a new user namespace, which <see cref="Namespace.OpenOwner"/> opens. Needs no
        /// privilege; no process is in either of them, and only the handle holds them.
        /// </summary>
        /// <param name="maps">The ids of the user namespace: <see cref="UserNamespaceMaps.Caller"/>, for one.</param>
        /// <exception cref="LinuxException">EPERM: user namespaces or the maps are not allowed; ENOSPC: a limit of namespaces(7) is reached.</exception>
        public static T Create(UserNamespaceMaps maps) => (T)NewNamespace.WithUserNamespace(T.OwnKind, maps);
    }
}
