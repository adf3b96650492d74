using System.Collections.Immutable;
using Isolation.Fs;
using Isolation.Fs.Images;
using Isolation.Fs.Layers;
using Isolation.Namespaces;

namespace Isolation;

/// <summary>
/// Makes a description with an image into one without: with a root file system, a program, and all that the image says of it
/// (OCI image specification, conversion.md). What the caller has given goes before the image.
/// </summary>
internal static class ContainerImage
{
    /// <exception cref="LayerException">There is no such image, or it is not what its digests say, or cannot be started.</exception>
    public static ContainerSpec Resolve(ContainerSpec spec, CancellationToken cancellationToken)
    {
        if (spec.Image is not { } wanted)
            return spec.Entrypoint is { } entrypoint ? spec with { Command = [.. entrypoint, .. spec.Command] } : spec;
        using ImageLayout layout = ImageLayout.Open(wanted.Layout);
        Image image = layout.Find(wanted.Tag, wanted.Options.Platform);

        // First what its configuration says: an image that cannot be started need not be unpacked.
        ContainerSpec resolved = Apply(spec, image);
        CachedImage unpacked = new ImageCache(wanted.Options.CacheFolder).Unpack(image, wanted.Options.Limits, wanted.Options.Progress, cancellationToken);
        if (unpacked.Result is { } result)
            wanted.Options.Unpacked?.Invoke(result);
        return resolved with
        {
            Image = null,
            Root = unpacked.Path,
            RootMode = wanted.Options.Mode,
            ImageOrigin = $"unpack the image {image.Digest} of {wanted.Layout}, once, to {unpacked.Path}",
        };
    }

    private static ContainerSpec Apply(ContainerSpec spec, Image image) => spec with
    {
        Command = CommandOf(spec, image),
        Environment = EnvironmentOf(image).SetItems(spec.Environment),
        User = spec.User ?? UserOf(spec, image),
        WorkingDirectory = spec.WorkingDirectory ?? WorkingDirectoryOf(image),
    };

    // config.md: an entrypoint of the caller's is another program, for which the image's arguments are not meant.
    private static ImmutableArray<string> CommandOf(ContainerSpec spec, Image image)
    {
        ImageConfig config = image.Config;
        ImmutableArray<string> arguments = !spec.Command.IsEmpty ? spec.Command : spec.Entrypoint is null ? config.Command : [];
        ImmutableArray<string> command = [.. spec.Entrypoint ?? config.Entrypoint, .. arguments];
        if (command.IsEmpty)
            throw new LayerException(LayerFault.Missing, image.Digest, "The image names no program; name one with WithCommand");
        if (string.IsNullOrEmpty(command[0]) || command.Any(a => !IsText(a)))
            throw Malformed(image, "The entrypoint or the command names no program, or holds a NUL character");
        return command;
    }

    private static ImmutableDictionary<string, string> EnvironmentOf(Image image)
    {
        var environment = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (string variable in image.Config.Environment)
        {
            int equals = IsText(variable) ? variable.IndexOf('=', StringComparison.Ordinal) : -1;
            if (equals <= 0)
                throw Malformed(image, $"'{Shown(variable)}' is no variable of the environment");
            environment[variable[..equals]] = variable[(equals + 1)..];
        }

        return environment.ToImmutable();
    }

    private static string? UserOf(ContainerSpec spec, Image image)
    {
        if (image.Config.User is not { } user || (user is "root" or "0" or "root:root" or "0:0" && IsNobodyButRoot(spec)))
            return null;
        try
        {
            RootUser.Validate(user);
            return user;
        }
        catch (ArgumentException e)
        {
            throw Malformed(image, $"'{Shown(user)}' is no user", e);
        }
    }

    // user_namespaces(7): where only the caller is mapped, groups cannot be set; and who is root there stays it.
    private static bool IsNobodyButRoot(ContainerSpec spec)
        => spec.Namespaces.HasFlag(NamespaceKinds.User)
            && (spec.Maps ?? UserNamespaceMaps.Default) is { IsCallerOnly: true, Users: [{ Inside: 0 }], Groups: [{ Inside: 0 }] };

    private static string? WorkingDirectoryOf(Image image) => image.Config.WorkingDirectory switch
    {
        null => null,
        ['/', ..] path when IsText(path) => path,
        var path => throw Malformed(image, $"The working directory '{Shown(path)}' is no absolute path"),
    };

    // What the kernel could take: text ends at a NUL there. JSON has null, too.
    private static bool IsText(string? text) => text?.Contains('\0', StringComparison.Ordinal) == false;

    // It may be long, and may steer a terminal.
    private static string Shown(string? text) => string.Concat((text ?? "").Take(100).Select(c => char.IsControl(c) ? '?' : c));

    private static LayerException Malformed(Image image, string reason, Exception? cause = null) => new(LayerFault.Malformed, image.Digest, reason, cause);
}
