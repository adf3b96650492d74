namespace Isolation.Syscalls;

/// <summary>The kernel's names of resources.</summary>
internal static class LimitedResources
{
    private static readonly string[] s_names = ["CPU", "FSIZE", "DATA", "STACK", "CORE", "RSS", "NPROC", "NOFILE", "MEMLOCK", "AS", "LOCKS", "SIGPENDING", "MSGQUEUE", "NICE", "RTPRIO", "RTTIME"];

    public static string KernelName(LimitedResource resource) => "RLIMIT_" + s_names[(int)resource];

    /// <exception cref="ArgumentOutOfRangeException">There is no such resource.</exception>
    public static LimitedResource Check(LimitedResource resource)
        => Enum.IsDefined(resource) ? resource : throw new ArgumentOutOfRangeException(nameof(resource), resource, "There is no such resource.");
}
