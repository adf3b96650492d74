namespace Isolation.Syscalls;

/// <summary>One argument of a step: a constant, an address in the program's own memory, or a value known when the step runs.</summary>
/// <remarks>Integers and <see cref="StepValue"/> convert to it; text, bytes and pointer arrays come from <see cref="SyscallProgramBuilder"/>.</remarks>
public readonly struct Argument
{
    internal Argument(ArgumentKind kind, long value, string text, object? owner = null)
    {
        Kind = kind;
        Value = value;
        Text = text;
        Owner = owner;
    }

    internal ArgumentKind Kind { get; }

    /// <summary>The constant; the offset in the program's memory; or the slot of the value.</summary>
    internal long Value { get; }

    internal string Text { get; }

    /// <summary>The builder's identity whose memory or value it is; null for what means the same in every program.</summary>
    internal object? Owner { get; }

    /// <summary>A constant, shown as <paramref name="text"/> in listings, such as <c>MS_REC|MS_PRIVATE</c>.</summary>
    public static Argument Constant(long value, string text) => new(ArgumentKind.Constant, value, text);

    /// <summary>A constant.</summary>
    public static implicit operator Argument(int value) => FromInt64(value);

    /// <summary>A constant.</summary>
    public static implicit operator Argument(long value) => FromInt64(value);

    /// <summary>A value known when the step runs.</summary>
    public static implicit operator Argument(StepValue value) => FromStepValue(value);

    /// <summary>A constant.</summary>
    public static Argument FromInt64(long value) => new(ArgumentKind.Constant, value, value.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>A value known when the step runs.</summary>
    public static Argument FromStepValue(StepValue value) => new(ArgumentKind.Value, value.Slot, value.Name, value.Owner);

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>How the child finds an argument's value. The numbers are known to the stub.</summary>
internal enum ArgumentKind : byte
{
    Constant = 0,

    /// <summary>An offset in the program's memory; becomes a constant when the program is built.</summary>
    Memory = 1,

    /// <summary>The content of a value slot: an input, or the result of an earlier step.</summary>
    Value = 2,

    /// <summary>An offset in the child's frame.</summary>
    Frame = 3,
}

/// <summary>A value that is known when the program runs: an input, or the result of an earlier step.</summary>
public readonly struct StepValue
{
    internal StepValue(int slot, string name, object? owner = null)
    {
        Slot = slot;
        Name = name;
        Owner = owner;
    }

    internal int Slot { get; }

    internal object? Owner { get; }

    /// <summary>The name that listings show.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
