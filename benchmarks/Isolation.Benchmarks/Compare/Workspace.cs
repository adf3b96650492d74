using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Isolation.Benchmarks.Compare;

/// <summary>A temporary folder with the C programs, the root file system and the peers' bundles. Disposing deletes it.</summary>
internal sealed class Workspace : IDisposable
{
    private const string GoPath = "/usr/share/gocode";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("isolation-benchmarks-");

    public Workspace()
    {
        RunTool("make", "-s", "-C", Shipped("reference"), $"OUT={_folder.FullName}");
        RootFs = MakeRootFs("root");
    }

    /// <summary>A root file system with nothing but the payloads and an empty /proc.</summary>
    public string RootFs { get; }

    public string Built(string program) => Path.Combine(_folder.FullName, program);

    /// <summary>Builds a program of peers with Debian's packages of Go and of the libraries that it compares with.</summary>
    /// <param name="name">The program.</param>
    /// <param name="library">What it compares with.</param>
    public string BuildGoPeer(string name, string library)
    {
        string program = Built($"{name}-go");
        Scenarios.FindProgram("go");
        if (!Directory.Exists(Path.Combine(GoPath, "src", library)))
            throw new MissingPeerException($"Go's {library}");
        if (!File.Exists(program))
        {
            RunTool(
                "env",
                "GO111MODULE=off",
                "GOFLAGS=",
                $"GOPATH={GoPath}",
                $"GOCACHE={Environment.GetEnvironmentVariable("GOCACHE") ?? Built("go-cache")}",
                "go", "build", "-o", program, Shipped($"peers/{name}.go"));
        }

        return program;
    }

    public static string Shipped(string path) => Path.Combine(AppContext.BaseDirectory, path);

    /// <summary>Makes an OCI bundle of six namespaces and /proc.</summary>
    public string MakeMinimalBundle(string name) => MakeMinimalBundle(name, "/true");

    /// <summary>Makes an OCI bundle of six namespaces and /proc, for another payload.</summary>
    public string MakeMinimalBundle(string name, string payload) => MakeBundle(name, File.ReadAllText(Shipped("peers/minimal.json")), payload);

    /// <summary>Makes an OCI bundle with the configuration that <c>runc spec</c> proposes.</summary>
    public string MakeDefaultBundle(string name)
    {
        string proposal = Directory.CreateDirectory(Built($"{name}-spec")).FullName;
        RunTool(Scenarios.FindProgram("runc", "crun"), "spec", "--bundle", proposal);
        return MakeBundle(name, File.ReadAllText(Path.Combine(proposal, "config.json")));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>A bundle has a root of its own: the runtimes leave the mount points that they make in it.</summary>
    private string MakeBundle(string name, string text, string payload = "/true")
    {
        JsonNode config = JsonNode.Parse(text)!;
        config["process"]!["terminal"] = false;
        config["process"]!["args"] = new JsonArray(payload);
        config["root"]!["path"] = MakeRootFs($"{name}-root");
        string bundle = Directory.CreateDirectory(Built(name)).FullName;
        File.WriteAllText(Path.Combine(bundle, "config.json"), config.ToJsonString());
        return bundle;
    }

    private string MakeRootFs(string name)
    {
        string root = Directory.CreateDirectory(Built(name)).FullName;
        foreach (string folder in (string[])["proc", "dev", "sys"])
            Directory.CreateDirectory(Path.Combine(root, folder));
        foreach (string payload in (string[])["true", "pause"])
            File.Copy(Built(payload), Path.Combine(root, payload));
        return root;
    }

    private static void RunTool(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} exited with {process.ExitCode}");
    }
}
