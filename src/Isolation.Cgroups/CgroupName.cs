using System.Buffers;
using System.Text;

namespace Isolation.Cgroups;

/// <summary>Names of cgroups: what mkdir(2) takes, without what could be mistaken for a file of the kernel or leave the directory.</summary>
internal static class CgroupName
{
    private const int MaximumBytes = 255;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly SearchValues<char> s_refused = SearchValues.Create('/', '\0', '\n');

    /// <summary>The prefixes of the kernel's files: a cgroup named <c>memory.max</c> could not be told from one.</summary>
    private static readonly string[] s_prefixes = ["cgroup.", "cpu.", "cpuset.", "memory.", "io.", "pids.", "hugetlb.", "rdma.", "misc.", "dmem.", "irq.", "net_cls.", "perf_event."];

    /// <exception cref="ArgumentException">It cannot be the name of a cgroup.</exception>
    public static string Check(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name is "." or ".." || name.AsSpan().ContainsAny(s_refused))
            throw new ArgumentException($"A cgroup cannot be named '{name.Replace("\0", "\\0", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}': a name is one part of a path, without NUL and line end.", nameof(name));
        int bytes;
        try
        {
            bytes = s_strict.GetByteCount(name);
        }
        catch (EncoderFallbackException)
        {
            throw new ArgumentException("The name of a cgroup is text: this has half of a surrogate pair.", nameof(name));
        }

        if (bytes > MaximumBytes)
            throw new ArgumentException($"The name of a cgroup has at most {MaximumBytes} bytes.", nameof(name));
        foreach (string prefix in s_prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
                throw new ArgumentException($"A cgroup cannot be named '{name}': it looks like a file of the kernel.", nameof(name));
        }

        return name;
    }
}
