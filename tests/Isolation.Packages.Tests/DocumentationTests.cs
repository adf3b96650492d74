namespace Isolation.Packages.Tests;

public sealed class DocumentationTests(PackedPackages packages)
{
    [LinuxFact(Needs.Sdk | Needs.Root, Timeout = 400_000)]
    public async Task Every_piece_of_code_in_the_documentation_compiles_against_the_packages()
    {
        CodeBlock[] blocks = [.. Pages().SelectMany(p => CodeBlock.Read(p, File.ReadAllLines(Path.Combine(Machine.Repository!, p))))];
        Assert.Contains(blocks, b => b.Page == "README.md");
        Assert.All(PackedPackages.Projects, p => Assert.Contains(blocks, b => b.Page == $"src/{p}/README.md"));

        await packages.EnsurePackedAsync(TestContext.Current.CancellationToken);
        string folder = packages.MakeConsumerFolder("documentation");
        File.WriteAllText(Path.Combine(folder, "Documentation.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Isolation" Version="{packages.Version}" />
                <PackageReference Include="Isolation.Cgroups" Version="{packages.Version}" />
                <PackageReference Include="Isolation.Netlink" Version="{packages.Version}" />
              </ItemGroup>
            </Project>
            """);
        for (int i = 0; i < blocks.Length; i++)
            File.WriteAllText(Path.Combine(folder, $"Block{i}.cs"), blocks[i].ToSource(i));
        CommandResult build = await Dotnet.RunAsync(packages.PackagesFolder, "build", folder, "-v", "minimal");
        Dotnet.EnsureNoWarning(build);
    }

    private static IEnumerable<string> Pages()
        => ((string[])["README.md", .. Files("docs", "*.md"), .. PackedPackages.Projects.Select(p => $"src/{p}/README.md")]).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Files(string folder, string pattern)
        => Directory.GetFiles(Path.Combine(Machine.Repository!, folder), pattern).Select(f => $"{folder}/{Path.GetFileName(f)}");
}
