namespace Isolation.Fs.Tests;

/// <summary>What resolving costs: as strace(1) sees it.</summary>
public sealed class PathCallTests
{
    [LinuxTheory(Needs.Strace | Needs.FullSpeed)]
    [InlineData("read", 1)]
    [InlineData("status", 1)]
    [InlineData("make", 1)]
    public void A_resolve_beneath_a_root_is_one_system_call(string work, int calls)
    {
        string folder = Directory.CreateTempSubdirectory("isolation-calls-").FullName;
        string trace = Path.Combine(folder, "trace");
        try
        {
            Directory.CreateDirectory(folder + "/a/b/c/d");
            File.WriteAllText(folder + "/a/b/c/d/marked", "");
            File.CreateSymbolicLink(folder + "/link", "/a/b");
            FreshProcess.Run(["strace", "-f", "-o", trace, "-e", "trace=openat,openat2,open,readlinkat,mkdirat"], Work, [work, folder]).EnsureSuccess();
            string[] lines = [.. File.ReadLines(trace).Where(l => l.Contains("link/../b/c/d", StringComparison.Ordinal))];

            // openat2(2): EAGAIN when anybody renames or mounts something anywhere at that moment; it is asked again then.
            string[] answered = [.. lines.Where(l => !l.Contains("EAGAIN", StringComparison.Ordinal))];
            Assert.Equal(calls, answered.Length);
            Assert.All(lines, l => Assert.Contains("openat2", l, StringComparison.Ordinal));
            Assert.DoesNotContain(lines, l => l.Contains("readlinkat", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [LinuxTheory(Needs.Strace | Needs.FullSpeed)]
    [InlineData("ENOSYS")]
    [InlineData("EPERM")]
    public void Where_openat2_is_refused_paths_are_walked(string errno)
    {
        string folder = Directory.CreateTempSubdirectory("isolation-refused-").FullName;
        try
        {
            Directory.CreateDirectory(folder + "/a/b/c/d");
            File.CreateSymbolicLink(folder + "/link", "/a/b");
            File.WriteAllText(folder + "/a/b/c/d/marked", "found");
            CommandResult result = FreshProcess.Run(["strace", "-f", "-o", "/dev/null", "-e", "trace=openat2", "-e", $"inject=openat2:error={errno}"], ReadRefused, [folder]);
            Assert.True(result.ExitCode == 0, result.Output + result.Error);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void ReadRefused(string folder)
    {
        using RootDirectory root = RootDirectory.Open(folder);
        Assert.Same(PathResolver.UserSpace, root.Resolver);
        Assert.Equal("found", root.TryReadText("link/../b/c/d/marked", 100));
        Assert.Null(root.TryReadText("link/../../../etc/passwd", 100_000));
    }

    private static void Work(string work, string folder)
    {
        const string Way = "link/../b/c/d";
        using RootDirectory root = RootDirectory.Open(folder);
        switch (work)
        {
            case "read":
                root.OpenRead($"{Way}/marked").Dispose();
                break;
            case "status":
                root.GetStatus($"{Way}/marked");
                break;
            case "make":
                root.CreateDirectory($"{Way}/new");
                break;
        }
    }
}
