using System.Collections.Immutable;
using System.Text;
using Isolation.Syscalls.Children;
using Isolation.Syscalls.Interop;

namespace Isolation.Syscalls;

/// <summary>A list of system calls that a child makes between clone and exec, without managed code.</summary>
/// <remarks>Immutable: one program can be started many times, from many threads. Made by <see cref="SyscallProgramBuilder"/>.</remarks>
public sealed class SyscallProgram
{
    private readonly byte[] _memory;
    private readonly ImmutableArray<(int Location, int Target)> _pointers;
    private readonly Lazy<ProgramImage> _image;
    private readonly Lazy<SyscallProgram> _forClone;
    private CloneFlags? _checkedFor;

    internal SyscallProgram(
        ImmutableArray<SyscallStep> steps,
        ImmutableArray<string> inputs,
        ImmutableArray<string> gates,
        byte[] memory,
        ImmutableArray<(int Location, int Target)> pointers,
        SyscallProgram? continuation = null)
    {
        Steps = steps;
        Inputs = inputs;
        Gates = gates;
        _memory = memory;
        _pointers = pointers;
        Continuation = continuation;
        ChangesCredentials = SharedMemoryRules.ChangesCredentials(this);
        _image = new(() => new ProgramImage(Steps, _memory, _pointers));
        _forClone = new(() => ClonePrologue.Add(this));
    }

    /// <summary>The steps, in the order in which they run.</summary>
    public ImmutableArray<SyscallStep> Steps { get; }

    /// <summary>The names of the values that each start supplies; the first two come from the engine.</summary>
    public ImmutableArray<string> Inputs { get; }

    /// <summary>What the manager does at each gate, in order.</summary>
    public ImmutableArray<string> Gates { get; }

    /// <summary>What the runner does, in a fresh address space, once this program has executed it.</summary>
    internal SyscallProgram? Continuation { get; }

    /// <summary>The steps of this program and of its continuation, as <see cref="LinuxException.Step"/> counts them.</summary>
    internal IEnumerable<SyscallStep> AllSteps => Continuation is null ? Steps : Steps.Concat(Continuation.Steps);

    internal ProgramImage Image => _image.Value;

    /// <summary>The same program for a child of clone(2), which has to do itself what clone3(2) does.</summary>
    internal SyscallProgram ForClone => _forClone.Value;

    /// <summary>Whether a step changes user, group or capabilities.</summary>
    internal bool ChangesCredentials { get; }

    /// <summary>Refuses a program that a child which shares the manager's memory may not run.</summary>
    internal void EnsureMayShareMemory(CloneFlags namespaces)
    {
        if (_checkedFor == namespaces)
            return;
        SharedMemoryRules.Check(this, namespaces);
        _checkedFor = namespaces;
    }

    /// <summary>The program as a file that the runner maps.</summary>
    internal byte[] ToRunnerFile() => ProgramImage.For(RunnerLayout.ProgramAddress, Steps, _memory, _pointers);

    internal int ValueCount => Inputs.Length + Steps.Length;

    /// <summary>The plan: each step's purpose, as a comment, and its call as strace(1) prints it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        string? heading = null;
        foreach (SyscallStep step in Steps)
        {
            string purpose = step.Note.ToString();
            if (purpose != heading)
                text.Append("# ").Append(heading = purpose).Append('\n');
            foreach (string act in step.ManagerActs)
                text.Append("# the manager: ").Append(act).Append('\n');
            text.Append(step).Append('\n');
        }

        return text.Append(Continuation).ToString();
    }

    internal SyscallProgram With(ImmutableArray<SyscallStep> steps, SyscallProgramBuilder memoryOf)
    {
        SyscallProgram other = memoryOf.Build();
        if (other._pointers.Length > 0)
            throw new NotSupportedException("A prologue has no pointer arrays.");
        return new SyscallProgram(steps, Inputs, Gates, [.. _memory, .. other._memory], _pointers, Continuation);
    }

    internal int MemoryLength => _memory.Length;
}
