using System.Globalization;
using System.IO.Compression;

[assembly: AssemblyFixture(typeof(Isolation.Packages.Tests.PackedPackages))]

namespace Isolation.Packages.Tests;

/// <summary>The packages of the repository, packed once for all tests into a temporary folder, with a version that no cache knows.</summary>
public sealed class PackedPackages : IDisposable
{
    private readonly Lazy<Task> _packed;

    public PackedPackages() => _packed = new Lazy<Task>(PackAsync);

    /// <summary>A folder outside the repository, deleted at the end.</summary>
    public string Work { get; } = Directory.CreateTempSubdirectory("isolation-packages-").FullName;

    public string Version { get; } = string.Create(CultureInfo.InvariantCulture, $"0.1.0-test.{DateTime.UtcNow.Ticks}");

    /// <summary>The local feed.</summary>
    public string Feed => Path.Combine(Work, "feed");

    /// <summary>A global packages folder that only these tests use.</summary>
    public string PackagesFolder => Path.Combine(Work, "packages");

    /// <summary>The projects under src, each of which is a package.</summary>
    public static IReadOnlyList<string> Projects
        => [.. Directory.GetDirectories(Path.Combine(Machine.Repository!, "src")).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];

    /// <summary>Packs, unless it is done.</summary>
    public Task EnsurePackedAsync(CancellationToken cancellationToken) => _packed.Value.WaitAsync(cancellationToken);

    /// <summary>Opens a package for reading.</summary>
    /// <param name="project">Its id.</param>
    /// <param name="extension">nupkg, or snupkg for its symbols.</param>
    public ZipArchive Open(string project, string extension) => ZipFile.OpenRead(Path.Combine(Feed, $"{project}.{Version}.{extension}"));

    /// <summary>A new folder for somebody else's project: it knows the local feed besides the machine's own sources.</summary>
    public string MakeConsumerFolder(string name)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Work, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <add key="packed" value="{Feed}" />
              </packageSources>
            </configuration>
            """);
        return folder;
    }

    public void Dispose() => Directory.Delete(Work, recursive: true);

    private async Task PackAsync()
    {
        // All output goes to a folder of its own, so that no other build of the repository is disturbed.
        CommandResult pack = await Dotnet.RunAsync(
            PackagesFolder,
            "pack",
            Path.Combine(Machine.Repository!, "Isolation.sln"),
            "-c", "Release",
            "--artifacts-path", Path.Combine(Work, "artifacts"),
            $"-p:PackageOutputPath={Feed}",
            $"-p:Version={Version}",
            "-v", "minimal");
        pack.EnsureSuccess();
    }
}
