using System.Runtime.ExceptionServices;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.Namespaces.Tests.Delegates;

/// <summary>New namespaces for the tests of delegates, and what the tests look at inside.</summary>
internal static unsafe class Fresh
{
    private const int SIOCSIFFLAGS = 0x8914, SIOCSIFNAME = 0x8923;

    public static NetworkNamespace Network()
    {
        var ns = (NetworkNamespace)Make(NamespaceKinds.Network);
        ns.Run(BringLoopbackUp);
        return ns;
    }

    public static UtsNamespace Uts() => (UtsNamespace)Make(NamespaceKinds.Uts);

    public static ThreadNamespace Make(NamespaceKinds kind) => OnNewThread(() =>
    {
        ThreadNamespace.Unshare(kind);
        return (ThreadNamespace)Namespace.OfThisThread(kind);
    });

    /// <summary>Runs a function on a thread that ends with it.</summary>
    public static T OnNewThread<T>(Func<T> function)
    {
        T? result = default;
        ExceptionDispatchInfo? error = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = function();
            }
            catch (Exception e)
            {
                error = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        error?.Throw();
        return result!;
    }

    /// <summary>The namespace that this thread is in, as /proc shows it.</summary>
    public static string Here(string kind = "net") => new FileInfo($"/proc/thread-self/ns/{kind}").LinkTarget!;

    public static string[] Links() => [.. File.ReadLines("/proc/thread-self/net/dev").Skip(2).Select(l => l.Split(':')[0].Trim())];

    public static string HostName() => File.ReadAllText("/proc/sys/kernel/hostname").Trim();

    public static void SetHostName(string name)
    {
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes(name);
        fixed (byte* text = bytes)
            Sys.Check("set", "the host name", SyscallNumber.SetHostName, (nint)text, bytes.Length);
    }

    /// <summary>Renames lo, which must be down.</summary>
    public static void RenameLoopback(string name)
    {
        // netdevice(7), struct ifreq: the old name, then the new one.
        byte* request = stackalloc byte[40];
        "lo"u8.CopyTo(new Span<byte>(request, 16));
        System.Text.Encoding.ASCII.GetBytes(name).CopyTo(new Span<byte>(request + 16, 16));
        Control(SIOCSIFNAME, request);
    }

    private static void BringLoopbackUp()
    {
        byte* request = stackalloc byte[40];
        "lo"u8.CopyTo(new Span<byte>(request, 16));
        *(short*)(request + 16) = 1; // IFF_UP
        Control(SIOCSIFFLAGS, request);
    }

    private static void Control(int operation, byte* request)
    {
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Dgram, 0);
        Sys.Check("change", "lo", SyscallNumber.Ioctl, socket.Handle, operation, (nint)request);
    }
}

/// <summary>Makes what the library and the runtime make once, so that no test's residue check finds it.</summary>
public sealed class WarmUp
{
    public WarmUp()
    {
        if (!Environment.IsPrivilegedProcess)
            return;
        foreach (NamespaceKinds kind in (NamespaceKinds[])[NamespaceKinds.Network, NamespaceKinds.Uts, NamespaceKinds.Ipc, NamespaceKinds.Cgroup])
        {
            using ThreadNamespace ns = Fresh.Make(kind);
            ns.Run(() => { });
        }
    }
}
