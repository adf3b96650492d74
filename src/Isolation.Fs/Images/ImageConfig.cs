using System.Collections.Immutable;

namespace Isolation.Fs.Images;

/// <summary>How an image wants its program to be started (OCI image specification, config.md).</summary>
public sealed record ImageConfig
{
    /// <summary>The program and its first arguments. What a user asks for comes after it.</summary>
    public ImmutableArray<string> Entrypoint { get; init; } = [];

    /// <summary>The arguments, or the program when there is no entrypoint, unless a user asks for others.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>Variables, as <c>NAME=value</c>.</summary>
    public ImmutableArray<string> Environment { get; init; } = [];

    /// <summary>The user: name, uid, name:group or uid:gid (<see cref="RootUser.Find"/>); null for root.</summary>
    public string? User { get; init; }

    /// <summary>The working directory; null for <c>/</c>.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The signal that asks the program to end, such as <c>SIGTERM</c>.</summary>
    public string? StopSignal { get; init; }

    /// <summary>What the image says about itself.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    internal static ImageConfig From(ExecutionDocument? document) => new()
    {
        Entrypoint = [.. document?.Entrypoint ?? []],
        Command = [.. document?.Command ?? []],
        Environment = [.. document?.Environment ?? []],
        User = string.IsNullOrEmpty(document?.User) ? null : document.User,
        WorkingDirectory = string.IsNullOrEmpty(document?.WorkingDirectory) ? null : document.WorkingDirectory,
        StopSignal = string.IsNullOrEmpty(document?.StopSignal) ? null : document.StopSignal,
        Labels = (document?.Labels ?? []).ToImmutableSortedDictionary(StringComparer.Ordinal),
    };
}
