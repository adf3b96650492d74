using Isolation.Namespaces.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Children;
using Isolation.Syscalls.Interop;

namespace Isolation.Namespaces;

/// <summary>Makes namespaces that no process is in, each held by a descriptor.</summary>
internal static class NewNamespace
{
    private const string OpenGate = "open the namespace";

    /// <summary>A thread unshares, opens what it got, and ends.</summary>
    public static Namespace OnThread(NamespaceKinds kind) => ThrowawayThread.Run(() =>
    {
        Unshare(kind);
        return Namespace.OfThisThread(kind);
    });

    /// <summary>A child makes a user namespace and one of a kind in it. They are opened at a gate; then the child ends.</summary>
    public static Namespace WithUserNamespace(NamespaceKinds kind, UserNamespaceMaps maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        var program = new SyscallProgramBuilder();
        HandOver.Begin(program, detached: false);
        program.MapIds(maps);
        program.Gate(OpenGate);
        Namespace? opened = null;
        try
        {
            using ChildProcess child = ChildProcess.Start(new ChildStartInfo(program.Build())
            {
                // In a pid namespace of its own nobody sees it while it shares our memory.
                CloneFlags = (kind | NamespaceKinds.User | NamespaceKinds.Pid).ToCloneFlags(),
                IsHelper = true,
                AtGate = (string gate, in WaitingChild waiting) =>
                {
                    if (gate == OpenGate)
                        opened = Namespace.OfProcess(waiting.ProcessId, kind);
                    else
                        IdMapWriter.Write(waiting.ProcessId, maps);
                },
            });
            child.WaitForExit();
        }
        catch
        {
            opened?.Dispose();
            throw;
        }

        return opened!;
    }

    /// <summary>Moves the calling thread into a new namespace; for time, only its children to come.</summary>
    public static void Unshare(NamespaceKinds kind)
    {
        string shown = $"a namespace of the kind {NamespaceFile.Name(kind)}";
        long result = Sys.Call(SyscallNumber.Unshare, unchecked((nint)kind.ToCloneFlags()));
        if (result < 0)
            throw new LinuxException("make", shown, (Errno)(-result), "unshare", Hint(kind, (Errno)(-result)));
    }

    private static string? Hint(NamespaceKinds kind, Errno errno) => errno switch
    {
        Errno.EPERM when kind == NamespaceKinds.Time => "It needs CAP_SYS_ADMIN",
        Errno.EPERM => "It needs CAP_SYS_ADMIN; one that belongs to a new user namespace needs nothing: Create(UserNamespaceMaps.Caller)",
        Errno.ENOSPC => $"The limit /proc/sys/user/max_{NamespaceFile.Name(kind)}_namespaces is reached",
        Errno.EINVAL => "This kernel has no namespaces of the kind",
        _ => null,
    };
}
