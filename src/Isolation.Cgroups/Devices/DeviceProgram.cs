namespace Isolation.Cgroups.Devices;

/// <summary>Compiles rules to a program of BPF_PROG_TYPE_CGROUP_DEVICE, which returns 1 to allow and 0 to deny.</summary>
internal static class DeviceProgram
{
    // struct bpf_cgroup_dev_ctx: the access in the high half of the first word and the kind in the low one, then the numbers.
    private const short KindAndAccess = 0, MajorField = 4, MinorField = 8;

    private const BpfRegister Result = BpfRegister.R0, Context = BpfRegister.R1, Kind = BpfRegister.R2, Left = BpfRegister.R3, Major = BpfRegister.R4, Minor = BpfRegister.R5;

    public static BpfInstruction[] Compile(DeviceRules rules)
    {
        var program = new BpfAssembler();
        program.Load(Kind, Context, KindAndAccess);
        program.Move(Left, Kind);
        program.ShiftRight(Left, 16);
        program.And(Kind, 0xffff);
        program.Load(Major, Context, MajorField);
        program.Load(Minor, Context, MinorField);
        var allow = new BpfAssembler.Label();
        var deny = new BpfAssembler.Label();

        // The last rule first: what it does not decide is left to those before it.
        foreach (DeviceRule rule in rules.Reverse())
        {
            var next = new BpfAssembler.Label();
            if (rule.Kind != DeviceKind.Any)
                program.IfNotEqual(Kind, (int)rule.Kind, next);
            if (rule.Major is { } major)
                program.IfNotEqual(Major, major, next);
            if (rule.Minor is { } minor)
                program.IfNotEqual(Minor, minor, next);
            if (rule.IsAllowed)
            {
                program.And(Left, ~(int)rule.Access);
                program.IfEqual(Left, 0, allow);
            }
            else
            {
                program.IfAnyBit(Left, (int)rule.Access, deny);
            }

            program.Place(next);
        }

        // Nobody asks for nothing, but if so, it is no device that is used.
        program.IfEqual(Left, 0, allow);
        program.Place(deny);
        program.Move(Result, 0);
        program.Exit();
        program.Place(allow);
        program.Move(Result, 1);
        program.Exit();
        return program.Assemble();
    }
}
