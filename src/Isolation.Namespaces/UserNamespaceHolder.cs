using Isolation.Syscalls;
using Isolation.Syscalls.Children;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Namespaces;

/// <summary>Makes a user namespace that no process is in, held by a descriptor.</summary>
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
            SafeFileHandle made = Create(maps);
            if (s_kept.Count == MaxKept)
                s_kept.Clear();
            return s_kept[key] = made;
        }
    }

    /// <summary>A child makes the namespace; the manager maps its ids and opens it at a gate; then the child ends.</summary>
    private static SafeFileHandle Create(UserNamespaceMaps maps)
    {
        var program = new SyscallProgramBuilder();
        HandOver.Begin(program, detached: false);
        program.Gate(NamespaceSteps.MapGate, IdMapWriter.Explain(maps));
        SafeFileHandle? handle = null;
        using ChildProcess child = ChildProcess.Start(new ChildStartInfo(program.Build())
        {
            // In a pid namespace of its own nobody sees it while it shares our memory.
            CloneFlags = CloneFlags.NewUser | CloneFlags.NewPid,
            IsHelper = true,
            AtGate = (_, processId) =>
            {
                IdMapWriter.Write(processId, maps);
                handle = File.OpenHandle($"/proc/{processId}/ns/user");
            },
        });
        child.WaitForExit();
        return handle!;
    }
}
