using System.Runtime.CompilerServices;

namespace Isolation.Syscalls.Interop;

/// <summary>Signals by number and name (signal(7); the numbers of x64 and arm64).</summary>
internal static unsafe class SignalSet
{
    private const int SigKill = 9, SigStop = 19, Last = 64;

    private static readonly string[] s_names =
    [
        "0", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2",
        "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU",
        "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
    ];

    public static string Name(int signal) => signal < s_names.Length ? s_names[signal] : $"SIGRT_{signal - 32}";

    /// <summary>The signals that this process ignores now, and so would its children.</summary>
    public static List<int> Ignored()
    {
        var ignored = new List<int>();
        for (int signal = 1; signal <= Last; signal++)
        {
            // struct sigaction begins with the handler; SIG_IGN is 1.
            KernelAction action = default;
            if (signal is not (SigKill or SigStop)
                && Sys.Call(SyscallNumber.RtSigaction, signal, 0, (nint)(&action), 8) == 0
                && action[0] == 1)
            {
                ignored.Add(signal);
            }
        }

        return ignored;
    }

    [InlineArray(4)]
    private struct KernelAction
    {
        private nint _first;
    }
}
