namespace Isolation.Syscalls.Children;

/// <summary>Where the runner has its parts: known to runner.x64.S and runner.arm64.S.</summary>
internal static class RunnerLayout
{
    /// <summary>Where the program is mapped, read-only, and for how many bytes: more than the largest program has.</summary>
    public const long ProgramAddress = 0x1000_0000, ProgramSize = 0x100_0000;

    /// <summary>Where the frame is mapped, shared with the manager, and the size of its file.</summary>
    public const long FrameAddress = 0x2000_0000, FrameSize = 0xa000;

    /// <summary>Where the values lie in the frame's file.</summary>
    public const int ValuesOffset = 0x200;

    /// <summary>The descriptors that the runner begins with. What the program was given follows.</summary>
    public const int ProgramDescriptor = 3, FrameDescriptor = 4, ChannelDescriptor = 5, FirstInput = 6;
}
