using Isolation.Syscalls;
using Isolation.Syscalls.Children;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Namespaces;

/// <summary>Makes a user namespace that no process is in, held by a descriptor.</summary>
internal static class UserNamespaceHolder
{
    /// <summary>A child makes the namespace; the manager maps its ids and opens it at a gate; then the child ends.</summary>
    public static SafeFileHandle Create(UserNamespaceMaps maps)
    {
        var program = new SyscallProgramBuilder();
        HandOver.Begin(program, detached: false);
        program.Gate(NamespaceSteps.MapGate);
        SafeFileHandle? handle = null;
        using ChildProcess child = ChildProcess.Start(new ChildStartInfo(program.Build())
        {
            CloneFlags = CloneFlags.NewUser,
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
