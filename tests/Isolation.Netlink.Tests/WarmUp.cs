using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

[assembly: AssemblyFixture(typeof(Isolation.Netlink.Tests.WarmUp))]

namespace Isolation.Netlink.Tests;

/// <summary>Makes, before the first test, what a process makes once: the event loop, and what the runtime needs to wait for programs.</summary>
public sealed class WarmUp
{
    public WarmUp()
    {
        Command.Run("true").EnsureSuccess();
        using var file = new SafeFileHandle((nint)Sys.Check("make", "an event descriptor", SyscallNumber.Custom("eventfd2", System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? 19 : 290), 1), ownsHandle: true);
        EventLoop.Cancel(EventLoop.WhenReadable(file, static () => { }));
    }
}
