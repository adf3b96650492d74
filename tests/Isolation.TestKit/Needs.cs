namespace Isolation.TestKit;

/// <summary>What a test needs of the machine. Where it is missing the test is skipped, and says why.</summary>
[Flags]
public enum Needs
{
    Nothing = 0,

    /// <summary>Every capability that the tests use.</summary>
    Root = 1,

    /// <summary>Ordinary users can make user namespaces.</summary>
    UserNamespaces = 2,

    /// <summary>The pids and memory controllers of cgroup v2.</summary>
    CgroupV2 = 4,

    /// <summary>strace(1).</summary>
    Strace = 8,

    /// <summary>A static busybox.</summary>
    Busybox = 16,

    /// <summary>An x64 process.</summary>
    X64 = 32,

    /// <summary>A C compiler.</summary>
    CCompiler = 64,

    /// <summary>Not one of the emulated machines: the test takes too long there.</summary>
    FullSpeed = 128,

    /// <summary>GNU as for arm64.</summary>
    Arm64Assembler = 256,

    /// <summary>The .NET SDK and the sources of the repository.</summary>
    Sdk = 512,

    /// <summary>newuidmap(1).</summary>
    NewUidMap = 1024,

    /// <summary>ip(8), that of busybox too.</summary>
    Ip = 2048,

    /// <summary>A kernel where a child that shares memory enters its time namespace at exec.</summary>
    TimeOffsets = 4096,

    /// <summary>Nothing of the test itself is below /run, over which it mounts.</summary>
    FreeRun = 8192,

    /// <summary>nft(8).</summary>
    Nft = 16384,

    /// <summary>ip(8), bridge(8) and tc(8) of iproute2.</summary>
    Iproute2 = 32768,

    /// <summary>umoci(1), skopeo(1) and getfattr(1).</summary>
    Umoci = 1 << 20,

    /// <summary>mmdebstrap(1), and package sources of this machine's release that it can use.</summary>
    Mmdebstrap = 1 << 21,
}

/// <summary>A test that says what it needs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute(
        Needs needs = Needs.Nothing,
        [System.Runtime.CompilerServices.CallerFilePath] string? file = null,
        [System.Runtime.CompilerServices.CallerLineNumber] int line = 0)
        : base(file, line)
    {
        Skip = Machine.Missing(needs);
        Timeout = 300_000;
    }
}

/// <summary>A test with data that says what it needs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute(
        Needs needs = Needs.Nothing,
        [System.Runtime.CompilerServices.CallerFilePath] string? file = null,
        [System.Runtime.CompilerServices.CallerLineNumber] int line = 0)
        : base(file, line)
    {
        Skip = Machine.Missing(needs);
        Timeout = 300_000;
    }
}
