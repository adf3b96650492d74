namespace Isolation.TestKit;

/// <summary>The test's own files where every user can read them: the repository may lie in a folder that only its owner can enter.</summary>
internal static class AccessibleCopy
{
    private static readonly Lock s_lock = new();
    private static string? s_copy;

    public static string Of(string folder)
    {
        if (IsAccessible(folder))
            return folder;
        lock (s_lock)
        {
            return s_copy ??= Make(folder);
        }
    }

    private static bool IsAccessible(string folder)
    {
        for (DirectoryInfo? current = new(folder); current is not null; current = current.Parent)
        {
            if (!current.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
                return false;
        }

        return true;
    }

    private static string Make(string folder)
    {
        // Its name is none that a ResidueCheck looks for: the test that needs it first would have left it behind.
        string copy = Directory.CreateTempSubdirectory("tests-of-isolation-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(copy, recursive: true);
        foreach (string directory in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories).Prepend(folder))
        {
            DirectoryInfo made = Directory.CreateDirectory(Path.Combine(copy, Path.GetRelativePath(folder, directory)));
            made.UnixFileMode |= UnixFileMode.OtherRead | UnixFileMode.OtherExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;
        }

        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(copy, Path.GetRelativePath(folder, file));
            File.Copy(file, target);
            UnixFileMode mode = File.GetUnixFileMode(target) | UnixFileMode.OtherRead | UnixFileMode.GroupRead;
            File.SetUnixFileMode(target, mode.HasFlag(UnixFileMode.UserExecute) ? mode | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute : mode);
        }

        return copy;
    }
}
