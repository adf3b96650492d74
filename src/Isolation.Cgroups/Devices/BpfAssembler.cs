namespace Isolation.Cgroups.Devices;

/// <summary>Writes BPF programs: the few instructions that a device filter needs (Documentation/bpf/standardization/instruction-set.rst). Jumps go forward, to labels that are placed later.</summary>
internal sealed class BpfAssembler
{
    private const byte LoadWord = 0x61, MoveRegister = 0xbf, MoveConstant = 0xb7, AndConstant32 = 0x54, ShiftRight32 = 0x74, JumpNotEqual = 0x55, JumpEqual = 0x15, JumpIfBits = 0x45, ExitCode = 0x95;

    private readonly List<BpfInstruction> _instructions = [];
    private readonly List<(int From, Label To)> _jumps = [];

    /// <summary>A 32-bit field of the struct that a register points to.</summary>
    public void Load(BpfRegister to, BpfRegister from, short offset) => Add(LoadWord, to, from, offset, 0);

    public void Move(BpfRegister to, BpfRegister from) => Add(MoveRegister, to, from, 0, 0);

    public void Move(BpfRegister to, int constant) => Add(MoveConstant, to, 0, 0, constant);

    public void And(BpfRegister register, int mask) => Add(AndConstant32, register, 0, 0, mask);

    public void ShiftRight(BpfRegister register, int bits) => Add(ShiftRight32, register, 0, 0, bits);

    public void IfNotEqual(BpfRegister register, int constant, Label to) => Jump(JumpNotEqual, register, constant, to);

    public void IfEqual(BpfRegister register, int constant, Label to) => Jump(JumpEqual, register, constant, to);

    public void IfAnyBit(BpfRegister register, int mask, Label to) => Jump(JumpIfBits, register, mask, to);

    public void Exit() => Add(ExitCode, 0, 0, 0, 0);

    /// <summary>Places a label before the next instruction.</summary>
    public void Place(Label label) => label.Position = _instructions.Count;

    /// <summary>The program.</summary>
    public BpfInstruction[] Assemble()
    {
        BpfInstruction[] program = [.. _instructions];
        foreach ((int from, Label to) in _jumps)
        {
            if (to.Position < 0)
                throw new InvalidOperationException("A label was not placed.");
            program[from] = program[from] with { Offset = checked((short)(to.Position - from - 1)) };
        }

        return program;
    }

    private void Jump(byte code, BpfRegister register, int constant, Label to)
    {
        _jumps.Add((_instructions.Count, to));
        Add(code, register, 0, 0, constant);
    }

    private void Add(byte code, BpfRegister to, BpfRegister from, short offset, int immediate)
        => _instructions.Add(new BpfInstruction(code, (byte)((int)to | ((int)from << 4)), offset, immediate));

    internal sealed class Label
    {
        public int Position { get; set; } = -1;
    }
}
