using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Tests;

/// <summary>A terminal of the test's own (pty(7), ioctl_tty(2)).</summary>
internal sealed unsafe class PseudoTerminal : IDisposable
{
    private const uint SetLock = 0x40045431, GetPeer = 0x5441;
    private const int ReadWriteNoTerminal = 0x102 | 0x80000;

    public PseudoTerminal()
    {
        int unlocked = 0;
        int master = (int)Master.DangerousGetHandle();
        Sys.Check("unlock", "the terminal", SyscallNumber.Ioctl, master, unchecked((nint)SetLock), (nint)(&unlocked));
        Slave = new SafeFileHandle((nint)Sys.Check("open", "the terminal", SyscallNumber.Ioctl, master, unchecked((nint)GetPeer), ReadWriteNoTerminal), ownsHandle: true);
    }

    /// <summary>The end that a terminal's window has.</summary>
    public SafeFileHandle Master { get; } = File.OpenHandle("/dev/ptmx", access: FileAccess.ReadWrite);

    /// <summary>The end that a program has.</summary>
    public SafeFileHandle Slave { get; }

    /// <summary>The path of the slave.</summary>
    public string Path => File.ResolveLinkTarget($"/proc/self/fd/{Slave.DangerousGetHandle()}", false)!.FullName;

    /// <summary>What is written to the terminal next.</summary>
    public string Read()
    {
        Span<byte> buffer = stackalloc byte[256];
        int count;
        fixed (byte* bytes = buffer)
            count = (int)Sys.Check("read", "the terminal", SyscallNumber.Read, (nint)Master.DangerousGetHandle(), (nint)bytes, buffer.Length);
        return System.Text.Encoding.UTF8.GetString(buffer[..count]);
    }

    public void Dispose()
    {
        Slave.Dispose();
        Master.Dispose();
    }
}
