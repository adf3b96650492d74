namespace Isolation.TestKit;

/// <summary>
/// A root file system with Debian's minimal system and apt, made by mmdebstrap(1) from the package sources that this machine uses itself.
/// It is made when it is first asked for. Every user can read it.
/// </summary>
public sealed class DebianRoot : IDisposable
{
    private readonly Lazy<string> _path = new(Make);

    /// <summary>The directory.</summary>
    public string Path => _path.Value;

    /// <summary>Names, kinds, permissions, owners, sizes, the times of the last write and of the last change of any kind, and targets of links.</summary>
    public string Listing() => Command.Run("find", Path, "-printf", "%P %y %m %U:%G %s %T@ %C@ %l\\n").EnsureSuccess().Output;

    public void Dispose()
    {
        if (_path.IsValueCreated)
            Command.Run("rm", "-rf", "--one-file-system", Path).EnsureSuccess();
    }

    /// <summary>The release that this machine runs (os-release(5)); null if it is none of Debian's kind.</summary>
    internal static string? Release { get; } = File.Exists("/etc/os-release")
        ? File.ReadLines("/etc/os-release").Select(l => l.Split('=', 2)).FirstOrDefault(p => p[0] == "VERSION_CODENAME")?[1].Trim('"')
        : null;

    /// <summary>The files that name the package sources of the release (sources.list(5)).</summary>
    internal static string[] Sources { get; } = Release is null ? [] : [.. Files().Where(f => File.ReadLines(f).Any(IsOfRelease))];

    private static IEnumerable<string> Files()
    {
        const string Folder = "/etc/apt/sources.list.d";
        IEnumerable<string> more = Directory.Exists(Folder) ? Directory.GetFiles(Folder).Where(f => System.IO.Path.GetExtension(f) is ".list" or ".sources").Order(StringComparer.Ordinal) : [];
        return more.Prepend("/etc/apt/sources.list").Where(File.Exists);
    }

    private static bool IsOfRelease(string line)
        => !line.StartsWith('#') && line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries) is ["Suites:" or "deb", .. var words] && words.Contains(Release);

    private static string Make()
    {
        string path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "isolation-debian-" + Guid.NewGuid().ToString("N")[..12]);

        // Without waiting for the disk. To leave documentation out would take longer: mmdebstrap filters each archive in Python then.
        // It mounts /proc and /sys below: in a mount namespace of its own, so that they go with it even if it is killed.
        string[] arguments = ["--mount", "--propagation=private", "mmdebstrap", "--mode=root", "--format=directory", "--variant=apt", "--aptopt=Acquire::Languages \"none\"", "--dpkgopt=force-unsafe-io", Release!, path, .. Sources];
        Command.Run(TimeSpan.FromMinutes(5), null, "unshare", arguments).EnsureSuccess();
        return path;
    }
}
