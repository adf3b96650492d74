using System.Collections.Immutable;
using Isolation.Syscalls;

namespace Isolation.Fs;

/// <summary>A file system could not be made or mounted. What the kernel says about it is in the message.</summary>
public sealed class MountException : LinuxException
{
    internal MountException(string operation, string? target, Errno errno, string call, string? hint, ImmutableArray<string> kernelMessages)
        : base(operation, target, errno, call, Describe(hint, kernelMessages)) => KernelMessages = kernelMessages;

    /// <summary>The kernel's own words, as it left them at the file system's context (fsopen(2)): errors, warnings and notes, in their order.</summary>
    public ImmutableArray<string> KernelMessages { get; }

    private static string? Describe(string? hint, ImmutableArray<string> messages)
    {
        if (messages.IsEmpty)
            return hint;
        string words = "The kernel says: " + string.Join("; ", messages);
        return hint is null ? words : $"{words}. {hint}";
    }
}
