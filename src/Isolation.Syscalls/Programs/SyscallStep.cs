using System.Collections.Immutable;

namespace Isolation.Syscalls;

/// <summary>One system call of a <see cref="SyscallProgram"/>.</summary>
public sealed record SyscallStep
{
    internal SyscallStep(SyscallNumber call, ImmutableArray<Argument> arguments, StepNote note, int resultSlot)
    {
        Call = call;
        Arguments = arguments;
        Note = note;
        ResultSlot = resultSlot;
    }

    /// <summary>The system call.</summary>
    public SyscallNumber Call { get; }

    /// <summary>What the step is for, and which failures it tolerates.</summary>
    public StepNote Note { get; }

    internal ImmutableArray<Argument> Arguments { get; }

    internal int ResultSlot { get; }

    internal StepFlags Flags { get; init; }

    /// <summary>What the manager does while the step waits, as listings show it.</summary>
    internal ImmutableArray<string> ManagerActs { get; init; } = [];

    /// <summary>Whether the step, when it succeeds, ends the program.</summary>
    internal bool IsExec => Call == SyscallNumber.Execve || Call == SyscallNumber.ExecveAt;

    /// <summary>The call as strace(1) would print it, with names in place of descriptors: <c>fchdir(root)</c>.</summary>
    public override string ToString()
    {
        string text = $"{Call}({string.Join(", ", Arguments.Select(a => a.Text))})";
        return Note.Result is null ? text : $"{text} = {Note.Result}";
    }
}

/// <summary>What a step is for, in words, and how its failures are taken.</summary>
/// <param name="Operation">A verb phrase: <c>mount proc on</c>.</param>
/// <param name="Target">What it is done to: a path, a name.</param>
public sealed record StepNote(string Operation, string? Target = null)
{
    /// <summary>How many different errnos a step can tolerate.</summary>
    public const int MaxTolerated = 4;

    /// <summary>Errnos that are no failure here: the program goes on with the next step.</summary>
    public ImmutableArray<Errno> Tolerates { get; init; } = [];

    /// <summary>The name of the result in listings, such as <c>root</c> for a descriptor.</summary>
    public string? Result { get; init; }

    /// <summary>A sentence that helps with an errno of this step, or <see langword="null"/>.</summary>
    public Func<Errno, string?>? Hint { get; init; }

    /// <summary>The note as a phrase: <c>mount proc on /proc</c>.</summary>
    public override string ToString() => Target is null ? Operation : $"{Operation} {Target}";
}

/// <summary>What the stub does around a call. The numbers are known to the stub.</summary>
[Flags]
internal enum StepFlags : byte
{
    None = 0,

    /// <summary>Write the number of the gate (its index plus one) where the manager waits, then call.</summary>
    Announce = 1,

    /// <summary>Call again for as long as the call succeeds, or is interrupted.</summary>
    Repeat = 2,

    /// <summary>The call makes a child, which goes on with the next step. The parent ends.</summary>
    Fork = 4,

    /// <summary>With <see cref="Fork"/>, in the runner: the parent stays, as the init of its pid namespace.</summary>
    Stay = 8,
}
