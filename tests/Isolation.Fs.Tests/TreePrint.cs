namespace Isolation.Fs.Tests;

/// <summary>All of a tree as text. Made by tools of the system, so that it proves something.</summary>
internal sealed record TreePrint(string Text)
{
    /// <summary>With inode numbers and times, which any touch of the tree changes.</summary>
    public static TreePrint Of(string path) => new(Find(path, "%P %i %y %m %U %G %n %s %T@ %C@ %l") + Sums(path));

    /// <summary>What two unpackings of the same layers have in common: names, kinds, modes, owners, times, links, contents, attributes.</summary>
    public static TreePrint Content(string path)
        => new(Find(path, "%P %y %m %U %G %T@ %l", "-mindepth", "1") + Find(path, "%P %s %n", "-type", "f") + Devices(path) + Sums(path) + Attributes(path));

    private static string Find(string path, string format, params string[] tests) => Sorted(Shell(path, $"find . {string.Join(' ', tests)} -printf '{format}\\n'"));

    private static string Devices(string path) => Sorted(Shell(path, @"find . \( -type b -o -type c \) -exec stat -c '%n %t:%T' {} +"));

    private static string Sums(string path) => Sorted(Shell(path, "find . -type f -exec sha256sum {} +"));

    private static string Attributes(string path) => Machine.Has("getfattr") ? Shell(path, "find . -mindepth 1 -print0 | LC_ALL=C sort -z | xargs -0 -r getfattr -h -d -m - -e hex") : "";

    private static string Shell(string path, string line) => Command.Run("sh", "-c", $"cd \"$0\" && {line}", path).EnsureSuccess().Output;

    private static string Sorted(string lines) => string.Join('\n', lines.Split('\n').Order(StringComparer.Ordinal)) + "\n";
}
