using System.IO.Compression;
using System.Xml.Linq;

namespace Isolation.Packages.Tests;

public sealed class PackageTests(PackedPackages packages)
{
    // One direction: Isolation -> the areas -> Isolation.Syscalls -> Tmds.LibC.
    private static readonly Dictionary<string, string[]> s_dependencies = new()
    {
        ["Isolation"] = ["Isolation.Cgroups", "Isolation.Fs", "Isolation.Namespaces", "Isolation.Netlink"],
        ["Isolation.Cgroups"] = ["Isolation.Syscalls"],
        ["Isolation.Fs"] = ["Isolation.Syscalls", "ZstdSharp.Port"],
        ["Isolation.Netlink"] = ["Isolation.Syscalls"],
        ["Isolation.Namespaces"] = ["Isolation.Syscalls"],
        ["Isolation.Syscalls"] = ["Tmds.LibC"],
    };

    [LinuxFact(Needs.Sdk | Needs.Root, Timeout = 400_000)]
    public async Task Each_project_under_src_packs_into_one_package_and_one_of_symbols()
    {
        await packages.EnsurePackedAsync(TestContext.Current.CancellationToken);
        IEnumerable<string> expected = PackedPackages.Projects.SelectMany(p => new[] { $"{p}.{packages.Version}.nupkg", $"{p}.{packages.Version}.snupkg" });
        Assert.Equal(expected.Order(StringComparer.Ordinal), Directory.GetFiles(packages.Feed).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        Assert.Equal(s_dependencies.Keys.Order(), PackedPackages.Projects.Order());
    }

    [LinuxFact(Needs.Sdk | Needs.Root, Timeout = 400_000)]
    public async Task Each_package_has_its_assembly_documentation_readme_and_licence_and_nothing_else()
    {
        await packages.EnsurePackedAsync(TestContext.Current.CancellationToken);
        foreach (string project in PackedPackages.Projects)
        {
            using ZipArchive package = packages.Open(project, "nupkg"), symbols = packages.Open(project, "snupkg");
            Assert.Equal(["README.md", $"lib/net10.0/{project}.dll", $"lib/net10.0/{project}.xml"], Content(package));
            Assert.Equal([$"lib/net10.0/{project}.pdb"], Content(symbols));

            XElement metadata = Metadata(package, project);
            Assert.Equal("MIT", Value(metadata, "license"));
            Assert.Equal("README.md", Value(metadata, "readme"));
            Assert.NotEmpty(Value(metadata, "description"));
            Assert.StartsWith($"# {project}\n", Text(package, "README.md"), StringComparison.Ordinal);
            Assert.Contains("<summary>", Text(package, $"lib/net10.0/{project}.xml"), StringComparison.Ordinal);
        }
    }

    [LinuxFact(Needs.Sdk | Needs.Root, Timeout = 400_000)]
    public async Task Dependencies_point_one_way_and_none_is_of_the_build_only()
    {
        await packages.EnsurePackedAsync(TestContext.Current.CancellationToken);
        foreach (string project in PackedPackages.Projects)
        {
            using ZipArchive package = packages.Open(project, "nupkg");
            XElement[] dependencies = [.. Metadata(package, project).Descendants().Where(e => e.Name.LocalName == "dependency")];
            Assert.Equal(s_dependencies[project], dependencies.Select(d => d.Attribute("id")!.Value).Order());
            Assert.All(dependencies, d => Assert.Equal(d.Attribute("id")!.Value.StartsWith("Isolation", StringComparison.Ordinal), d.Attribute("version")!.Value == packages.Version));
        }
    }

    // Without what the package format itself puts into the archive.
    private static IEnumerable<string> Content(ZipArchive package)
        => package.Entries.Select(e => e.FullName)
            .Where(n => !n.StartsWith("_rels/", StringComparison.Ordinal) && !n.StartsWith("package/", StringComparison.Ordinal) && n != "[Content_Types].xml" && !n.EndsWith(".nuspec", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    private static XElement Metadata(ZipArchive package, string project)
        => XDocument.Parse(Text(package, $"{project}.nuspec")).Root!.Elements().Single(e => e.Name.LocalName == "metadata");

    private static string Value(XElement metadata, string name) => metadata.Elements().Single(e => e.Name.LocalName == name).Value;

    private static string Text(ZipArchive package, string name)
    {
        using var reader = new StreamReader(package.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }
}
