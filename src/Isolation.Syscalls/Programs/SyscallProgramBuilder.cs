using System.Runtime.InteropServices;
using System.Text;

namespace Isolation.Syscalls;

/// <summary>Collects the steps of a <see cref="SyscallProgram"/> and the memory that they point to.</summary>
/// <remarks>Not thread-safe. What is built from it is immutable.</remarks>
public sealed class SyscallProgramBuilder
{
    /// <summary>How many steps a program can have.</summary>
    public const int MaxSteps = 4096;

    /// <summary>How many bytes of strings and buffers a program can own: 8 MiB, above what execve(2) takes.</summary>
    public const int MaxMemory = 8 << 20;

    internal const int MaxInputs = 64;

    private readonly List<SyscallStep> _steps = [];
    private readonly List<string> _inputs;
    private readonly List<(int Location, int Target)> _pointers = [];
    private readonly List<string> _gates = [];
    private readonly BoundedBuffer _memory = new(MaxMemory);

    // What arguments carry to say whose they are; not the builder itself, which a program need not keep.
    private readonly object _identity = new();

    /// <summary>Begins a program.</summary>
    public SyscallProgramBuilder()
        => _inputs = ["&manager", "manager"];

    private SyscallProgramBuilder(Argument channel)
    {
        _inputs = ["channel", "manager"];
        Channel = channel;
    }

    /// <summary>Begins a program for the runner, which is another process: its manager is not in its memory, but at the other end of a channel.</summary>
    /// <param name="isProcessOne">Whether the runner is process 1 of a pid namespace, so that getppid(2) tells it nothing.</param>
    internal static SyscallProgramBuilder ForRunner(bool isProcessOne) => new(RunnerChannel) { IsProcessOne = isProcessOne };

    /// <summary>In the runner: whether it is process 1.</summary>
    internal bool IsProcessOne { get; private init; }

    /// <summary>Whether the program is for the runner.</summary>
    internal bool IsForRunner => Channel is not null;

    /// <summary>In the runner: the descriptor of the channel to the manager.</summary>
    internal Argument? Channel { get; set; }

    /// <summary>How many values each program is given by the engine, before its own inputs.</summary>
    internal const int EngineInputs = 2;

    /// <summary>The address of a word that holds <see cref="ManagerId"/> for as long as the thread that clones lives.</summary>
    internal static StepValue ManagerWord => new(0, "&manager");

    /// <summary>In the runner: the descriptor of the channel to the manager, as it begins.</summary>
    internal static StepValue RunnerChannel => new(0, "channel");

    /// <summary>The id of the thread that clones; in the runner, of the manager's process.</summary>
    internal static StepValue ManagerId => new(1, "manager");

    /// <summary>The number of steps so far.</summary>
    public int Count => _steps.Count;

    /// <summary>Declares a value that each start supplies, such as a descriptor. All inputs come before the first step.</summary>
    /// <param name="name">The name in listings.</param>
    public StepValue Input(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (_steps.Count > 0)
            throw new InvalidOperationException("Inputs are declared before the first step.");
        if (_inputs.Count == MaxInputs)
            throw new InvalidOperationException($"A program has {MaxInputs} inputs at the most.");
        _inputs.Add(name);
        return new StepValue(_inputs.Count - 1, name, _identity);
    }

    /// <summary>Text, as a NUL-terminated UTF-8 string in the program's memory.</summary>
    /// <exception cref="ArgumentException">The text holds a NUL, which the kernel would take for its end.</exception>
    public Argument Text(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Text(value, '"' + Escape(value) + '"');
    }

    /// <summary>Bytes in the program's memory, 8-byte aligned, shown as <paramref name="text"/>.</summary>
    public Argument Bytes(ReadOnlySpan<byte> value, string text) => new(ArgumentKind.Memory, _memory.Append(value), text, _identity);

    /// <summary>A structure in the program's memory, shown as <paramref name="text"/>.</summary>
    public Argument Structure<T>(in T value, string text)
        where T : unmanaged
        => Bytes(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)), text);

    /// <summary>A NULL-terminated array of pointers to strings, as execve(2) takes it.</summary>
    public Argument Strings(IEnumerable<string> values, string? text = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        string[] strings = [.. values];
        int array = _memory.Append(new byte[checked((strings.Length + 1) * sizeof(long))]);
        for (int i = 0; i < strings.Length; i++)
            _pointers.Add((array + (i * sizeof(long)), (int)Text(strings[i]).Value));
        return new Argument(ArgumentKind.Memory, array, text ?? $"[{string.Join(", ", strings.Select(v => '"' + Escape(v) + '"'))}]", _identity);
    }

    /// <summary>Adds a system call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="note">What it is for.</param>
    /// <param name="arguments">Up to six; missing ones are 0.</param>
    /// <returns>Its result, for later steps.</returns>
    public StepValue Call(SyscallNumber call, StepNote note, params ReadOnlySpan<Argument> arguments) => Add(call, note, StepFlags.None, arguments);

    /// <summary>
    /// Adds a gate: the child tells the manager that it has come here, and waits. The manager acts (writes id maps, moves a
    /// device) with the child's pid, then the child goes on.
    /// </summary>
    /// <param name="name">What the manager does meanwhile; it names the gate's handler.</param>
    /// <param name="acts">The manager's calls, as listings show them.</param>
    public void Gate(string name, params ReadOnlySpan<string> acts)
    {
        int number = _gates.Count;
        _gates.Add(name);
        if (Channel is { } channel)
        {
            AskManager(name, channel, number + 1);
            return;
        }

        // The manager's word is one that the kernel wakes as well, so of the shared form; the child's is private.
        Add(SyscallNumber.Futex, new StepNote("tell the manager to", name), StepFlags.Announce, [new(ArgumentKind.Frame, Children.ChildFrame.AttentionOffset, "&attention"), Argument.Constant(1, "FUTEX_WAKE"), 1]);
        Add(
            SyscallNumber.Futex,
            new StepNote("wait for the manager to", name) { Tolerates = [Errno.EAGAIN] },
            StepFlags.Repeat,
            [new(ArgumentKind.Frame, Children.ChildFrame.GateOffset, "&gate"), Argument.Constant(128, "FUTEX_WAIT_PRIVATE"), number, Argument.Constant(0, "NULL")]);
        _steps[^1] = _steps[^1] with { ManagerActs = [.. acts] };
    }

    /// <summary>Makes the program.</summary>
    public SyscallProgram Build() => Build(null);

    /// <summary>Makes the program; its last step executes the runner, with the continuation.</summary>
    internal SyscallProgram Build(SyscallProgram? continuation) => new([.. _steps], [.. _inputs], [.. _gates], _memory.ToArray(), [.. _pointers], continuation);

    /// <summary>Adds a call that makes a child; the steps that follow are the child's.</summary>
    internal void Fork(SyscallNumber call, StepNote note, bool parentStays, params ReadOnlySpan<Argument> arguments)
        => Add(call, note, parentStays ? StepFlags.Fork | StepFlags.Stay : StepFlags.Fork, arguments);

    /// <summary>In the runner: fails with EAGAIN unless a value is the expected one (futex(2), a comparison that wakes and moves nobody).</summary>
    internal void Require(StepNote note, StepValue value, Argument expected)
        => Require(note, new Argument(ArgumentKind.Frame, Children.RunnerLayout.ValuesOffset + (value.Slot * sizeof(long)), $"&{value.Name}"), expected);

    private void Require(StepNote note, Argument word, Argument expected)
        => Add(SyscallNumber.Futex, note, StepFlags.None, [word, Argument.Constant(132, "FUTEX_CMP_REQUEUE_PRIVATE"), 0, 0, word, expected]);

    /// <summary>
    /// The gate of a program in the runner. The answer is another for each gate, and none comes from a manager that has
    /// ended: so a read that was answered says that the manager lived after the child had come here.
    /// </summary>
    private void AskManager(string name, Argument channel, int answer)
    {
        Argument word = new(ArgumentKind.Frame, Children.ChildFrame.AnswerOffset, "&answer");
        Add(SyscallNumber.Write, new StepNote("tell the manager to", name), StepFlags.None, [channel, Bytes([1], "\"\\1\""), 1]);
        Add(SyscallNumber.Read, new StepNote("wait for the manager to", name), StepFlags.None, [channel, word, 1]);
        Require(new StepNote("make sure that the manager lives") { Hint = static _ => "It has ended" }, word, answer);
    }

    private Argument Text(string value, string shown)
    {
        if (value.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException($"The text {shown} holds a NUL character.", nameof(value));
        return new Argument(ArgumentKind.Memory, _memory.AppendText(value), shown, _identity);
    }

    private StepValue Add(SyscallNumber call, StepNote note, StepFlags flags, ReadOnlySpan<Argument> arguments)
    {
        ArgumentNullException.ThrowIfNull(note);
        if (arguments.Length > 6)
            throw new ArgumentException("A system call has six arguments at the most.", nameof(arguments));
        if (note.Tolerates.IsDefault)
            note = note with { Tolerates = [] };
        if (note.Tolerates.Length > StepNote.MaxTolerated)
            throw new ArgumentException($"A step tolerates {StepNote.MaxTolerated} errnos at the most.", nameof(note));
        if (_steps.Count == MaxSteps)
            throw new InvalidOperationException($"A program has {MaxSteps} steps at the most.");
        int slot = _inputs.Count + _steps.Count;
        foreach (Argument argument in arguments)
        {
            if (argument.Text is null)
                throw new ArgumentException("An argument was never given a value.", nameof(arguments));
            if (argument.Owner is not null && argument.Owner != _identity)
                throw new ArgumentException($"The argument {argument.Text} belongs to another program.", nameof(arguments));
        }

        _steps.Add(new SyscallStep(call, [.. arguments], note, slot) { Flags = flags });
        return new StepValue(slot, note.Result ?? call.Name, _identity);
    }

    // As strace(1) prints strings: C escapes, and a bound on the length.
    private static string Escape(string value)
    {
        const int Shown = 200;
        var text = new StringBuilder();
        foreach (char c in value.AsSpan(0, Math.Min(value.Length, Shown)))
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\t' => text.Append("\\t"),
                _ when char.IsControl(c) => text.Append('\\').Append(Convert.ToString(c, 8)),
                _ => text.Append(c),
            };
        }

        return value.Length > Shown ? text.Append("...").ToString() : text.ToString();
    }

    /// <summary>A growing buffer of 8-byte aligned pieces with an upper bound.</summary>
    private sealed class BoundedBuffer(int limit)
    {
        private byte[] _buffer = new byte[1024];
        private int _length;

        public int Append(ReadOnlySpan<byte> bytes)
        {
            int offset = Reserve(bytes.Length);
            bytes.CopyTo(_buffer.AsSpan(offset));
            return offset;
        }

        public int AppendText(string text)
        {
            int offset = Reserve(checked(Encoding.UTF8.GetByteCount(text) + 1));
            int written = Encoding.UTF8.GetBytes(text, _buffer.AsSpan(offset));
            _buffer[offset + written] = 0;
            return offset;
        }

        public byte[] ToArray() => _buffer.AsSpan(0, _length).ToArray();

        private int Reserve(int count)
        {
            int offset = (_length + 7) & ~7;
            long needed = (long)offset + count;
            if (needed > limit)
                throw new ArgumentException($"A program owns {limit} bytes of strings and buffers at the most; this one needs more.");
            if (needed > _buffer.Length)
                Array.Resize(ref _buffer, (int)Math.Min(limit, Math.Max(needed, 2L * _buffer.Length)));
            _length = (int)needed;
            return offset;
        }
    }
}
