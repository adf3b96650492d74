using System.Runtime.InteropServices;
using System.Text;

namespace Isolation.Syscalls;

/// <summary>A system call failed: what was being done, on what, with which errno, and what may help.</summary>
/// <remarks>
/// The message is a sentence, for example
/// <c>mount proc on /proc failed: Operation not permitted (EPERM from fsmount). Add WithPidNs().</c>
/// Nothing that the failed operation had begun is left behind.
/// </remarks>
public class LinuxException : Exception
{
    /// <summary>Describes a failed system call.</summary>
    /// <param name="operation">What was being done, as a verb phrase: <c>mount proc on</c>.</param>
    /// <param name="target">What it was done to: a path, a name. <see langword="null"/> when the operation says it all.</param>
    /// <param name="errno">The kernel's error number.</param>
    /// <param name="call">The system call that failed, by its kernel name.</param>
    /// <param name="hint">What to try, as a sentence.</param>
    /// <param name="step">The zero-based index of the failed step in its <see cref="SyscallProgram"/>, when it was one.</param>
    public LinuxException(string operation, string? target, Errno errno, string? call = null, string? hint = null, int? step = null)
        : base(Describe(operation, target, errno, call, hint ?? Limit(errno)))
    {
        Operation = operation;
        Target = target;
        Errno = errno;
        Call = call;
        Hint = hint ?? Limit(errno);
        Step = step;
    }

    /// <summary>What was being done, as a verb phrase.</summary>
    public string Operation { get; }

    /// <summary>What it was done to, if there is such a thing.</summary>
    public string? Target { get; }

    /// <summary>The kernel's error number.</summary>
    public Errno Errno { get; }

    /// <summary>The system call that failed, by its kernel name.</summary>
    public string? Call { get; }

    /// <summary>What to try, where the cause is known.</summary>
    public string? Hint { get; }

    /// <summary>The zero-based index of the failed step, when a step of a <see cref="SyscallProgram"/> failed.</summary>
    public int? Step { get; }

    // What these two mean, they mean of any call.
    private static string? Limit(Errno errno) => errno switch
    {
        Errno.EMFILE => "The limit on open files (RLIMIT_NOFILE) is reached",
        Errno.ENFILE => "The system's limit on open files (fs.file-max) is reached",
        _ => null,
    };

    private static string Describe(string operation, string? target, Errno errno, string? call, string? hint)
    {
        ArgumentException.ThrowIfNullOrEmpty(operation);
        var text = new StringBuilder(operation);
        if (target is not null)
            text.Append(' ').Append(target);
        text.Append(" failed: ").Append(Marshal.GetPInvokeErrorMessage((int)errno)).Append(" (").Append(errno);
        if (call is not null)
            text.Append(" from ").Append(call);
        text.Append(')');
        if (hint is not null)
            text.Append(". ").Append(hint);
        else
            text.Append('.');
        return text.ToString();
    }
}
