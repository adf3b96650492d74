using Isolation.Syscalls;

namespace Isolation.Cgroups;

/// <summary>The kernel refused something of a cgroup: which file, and which value was to be written.</summary>
public sealed class CgroupException : LinuxException
{
    internal CgroupException(string operation, string cgroup, string? file, string? value, Errno errno, string? call, string? hint)
        : base(operation, file is null ? cgroup : $"{file} of the cgroup {cgroup}", errno, call, hint)
    {
        Cgroup = cgroup;
        File = file;
        Value = value;
    }

    /// <summary>The directory of the cgroup.</summary>
    public string Cgroup { get; }

    /// <summary>The file in it; null when it is about the cgroup itself.</summary>
    public string? File { get; }

    /// <summary>What was to be written, when it was a write.</summary>
    public string? Value { get; }
}
