using System.Runtime.InteropServices;

namespace Isolation;

/// <summary>.NET numbers the signals that every Unix has from -1 down; the kernel counts in its own way (signal(7)).</summary>
internal static class PosixSignals
{
    private static readonly (PosixSignal Signal, int Number)[] s_numbers =
    [
        (PosixSignal.SIGHUP, 1), (PosixSignal.SIGINT, 2), (PosixSignal.SIGQUIT, 3), (PosixSignal.SIGTERM, 15), (PosixSignal.SIGCHLD, 17),
        (PosixSignal.SIGCONT, 18), (PosixSignal.SIGTSTP, 20), (PosixSignal.SIGTTIN, 21), (PosixSignal.SIGTTOU, 22), (PosixSignal.SIGWINCH, 28),
    ];

    public static int ToNumber(PosixSignal signal)
    {
        if ((int)signal is >= 1 and <= 64)
            return (int)signal;
        foreach ((PosixSignal known, int number) in s_numbers)
        {
            if (known == signal)
                return number;
        }

        throw new ArgumentOutOfRangeException(nameof(signal), signal, "Unknown signal; the kernel's own numbers, 1 to 64, are taken too.");
    }

    public static PosixSignal FromNumber(int number)
    {
        foreach ((PosixSignal signal, int known) in s_numbers)
        {
            if (known == number)
                return signal;
        }

        return (PosixSignal)number;
    }
}
