using Isolation.Fs;
using Isolation.Namespaces;

namespace Isolation.Tests;

/// <summary>The containers that several tests start.</summary>
internal static class Containers
{
    /// <summary>All namespaces but time, an overlay root with all mounts, a host name: the whole set-up.</summary>
    public static ContainerBuilder Full(BusyboxRoot root) => Isolated(root).WithUserNsOfRoot();

    /// <summary>A user namespace in which the files of root's roots are root's.</summary>
    /// <remarks>The labs' roots lie on a tmpfs, whose ids their kernel (6.1) cannot map, so there the ids are the host's.</remarks>
    public static ContainerBuilder WithUserNsOfRoot(this ContainerBuilder container)
        => Machine.Lab is null ? container.WithUserNs() : container.WithUserNs(new UserNamespaceMaps(new IdRange(0, 0, 65536)));

    /// <summary>The same without a user namespace: for root.</summary>
    public static ContainerBuilder Isolated(BusyboxRoot root) => new ContainerBuilder()
        .WithRootFs(root.Path, RootFsMode.Overlay)
        .WithNetNs()
        .WithPidNs()
        .WithUtsNs("test")
        .WithIpcNs()
        .WithCgroupNs()
        .WithTmpfsMount("/scratch", size: 1 << 20)
        .WithBindMount("/etc/passwd", "/etc/host-name", MountAccess.ReadOnly)
        .WithStandardInput(StandardStream.Null);

    /// <summary>What a shell command in a container writes; it has to succeed.</summary>
    public static string Shell(this ContainerBuilder container, string script)
    {
        ContainerOutput output = container.WithCommand("/bin/sh", "-c", script).RunAndCaptureText();
        Assert.True(output.ExitCode == 0, $"exit code {output.ExitCode}: {output.StandardOutput}{output.StandardError}");
        return output.StandardOutput.TrimEnd('\n');
    }
}
