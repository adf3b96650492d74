namespace Isolation.Fs.Tests.Layers;

/// <summary>A root with links that lead out of it, and beside it what they lead to: the canary, which must stay as it is.</summary>
internal sealed class LayerFolder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("isolation-layers-").FullName;
    private readonly TreePrint _canary;

    public LayerFolder()
    {
        Directory.CreateDirectory(Path.Combine(Outside, "etc"));
        File.WriteAllText(Path.Combine(Outside, "canary"), "sings");
        File.WriteAllText(Path.Combine(Outside, "etc", "canary"), "sings");
        Directory.CreateDirectory(Path.Combine(_folder, "root"));
        Fill(Root);
        _canary = TreePrint.Of(Outside);
    }

    public string Folder => _folder;

    public string Root => Path.Combine(_folder, "root");

    public string Outside => Path.Combine(_folder, "outside");

    public void Fill(string root)
    {
        Directory.CreateDirectory(Path.Combine(root, "lower", "deep"));
        File.WriteAllText(Path.Combine(root, "lower", "file"), "lower");
        File.WriteAllText(Path.Combine(root, "lower", "deep", "file"), "lower");
        File.CreateSymbolicLink(Path.Combine(root, "out"), Outside);
        File.CreateSymbolicLink(Path.Combine(root, "up"), "../outside");
        File.CreateSymbolicLink(Path.Combine(root, "out-file"), Path.Combine(Outside, "canary"));
    }

    public void AssertCanary() => Assert.Equal(_canary, TreePrint.Of(Outside));

    public void Dispose() => Command.Run("rm", "-rf", "--one-file-system", _folder).EnsureSuccess();
}
