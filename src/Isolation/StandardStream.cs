using Isolation.Fs;
using Microsoft.Win32.SafeHandles;

namespace Isolation;

/// <summary>Where a container's standard input comes from, or its output goes to.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1711", Justification = "The field's term: a standard stream.")]
public sealed class StandardStream
{
    private StandardStream(StreamKind kind, SafeFileHandle? handle = null)
    {
        Kind = kind;
        Handle = handle;
    }

    /// <summary>The same as the caller's.</summary>
    public static StandardStream Inherit { get; } = new(StreamKind.Inherit);

    /// <summary>/dev/null.</summary>
    public static StandardStream Null { get; } = new(StreamKind.Null);

    /// <summary>A pipe, whose other end the <see cref="Container"/> has.</summary>
    public static StandardStream Pipe { get; } = new(StreamKind.Pipe);

    internal StreamKind Kind { get; }

    internal SafeFileHandle? Handle { get; }

    /// <summary>For a standard input: the path of the terminal that it is; null when it is none.</summary>
    internal string? Terminal => Kind switch
    {
        StreamKind.Inherit => HostTerminal.PathOf(new SafeFileHandle(0, ownsHandle: false)),
        StreamKind.Handle => HostTerminal.PathOf(Handle!),
        _ => null,
    };

    /// <summary>A descriptor, such as a file's or a terminal's. The caller keeps it open until the container has started.</summary>
    public static StandardStream FromHandle(SafeFileHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return new StandardStream(StreamKind.Handle, handle);
    }
}

internal enum StreamKind
{
    Inherit,
    Null,
    Pipe,
    Handle,
}

/// <summary>A descriptor that a container gets besides its standard streams, under a number of its own.</summary>
internal sealed record InheritedDescriptor(SafeFileHandle Handle, int Target);
