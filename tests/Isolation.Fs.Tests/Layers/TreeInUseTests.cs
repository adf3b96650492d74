using Isolation.Fs.Layers;
using Isolation.Syscalls;

namespace Isolation.Fs.Tests.Layers;

/// <summary>Copies and layers of a tree that somebody changes meanwhile: no content gets the permissions of another file.</summary>
[NativeOnly]
public sealed class TreeInUseTests
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite, Public = Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    [LinuxFact(Needs.FullSpeed)]
    public void A_secret_is_never_copied_with_the_permissions_of_what_took_its_place()
    {
        int exchanges = Attack(static (source, folder) =>
        {
            using RootDirectory target = RootDirectory.Open(folder);
            TreeCopy.Copy(source, target, TestContext.Current.CancellationToken);
        });
        Assert.True(exchanges > 1000, $"{exchanges} exchanges");
    }

    [LinuxFact(Needs.FullSpeed)]
    public void A_secret_is_never_in_a_layer_with_the_permissions_of_what_took_its_place()
    {
        int exchanges = Attack(static (source, folder) =>
        {
            using var layer = new MemoryStream();
            Layer.Write(null, source, layer);
            layer.Position = 0;
            using RootDirectory target = RootDirectory.Open(folder);
            Layer.Apply(layer, target, new LayerOptions { Privilege = LayerPrivilege.None });
        });
        Assert.True(exchanges > 1000, $"{exchanges} exchanges");
    }

    private static int Attack(Action<RootDirectory, string> copy)
    {
        string folder = Directory.CreateTempSubdirectory("isolation-tree-").FullName;
        string tree = Directory.CreateDirectory(Path.Combine(folder, "tree")).FullName;
        for (int i = 0; i < 20; i++)
        {
            Write(Path.Combine(tree, $"secret{i}"), "secret", Private);
            Write(Path.Combine(tree, $"word{i}"), "public", Public);
        }

        Command.Run("mkfifo", Path.Combine(tree, "pipe")).EnsureSuccess();
        File.CreateSymbolicLink(Path.Combine(tree, "link"), "secret0");
        Directory.CreateDirectory(Path.Combine(tree, "folder"));

        int whole = 0, refused = 0, exchanges;
        using (RootDirectory source = RootDirectory.Open(tree))
        using (RootDirectory parent = RootDirectory.Open(folder))
        using (var exchanger = new Exchanger([.. Pairs(tree)]))
        {
            for (long begun = Environment.TickCount64; Environment.TickCount64 - begun < 3000;)
            {
                string made = Directory.CreateDirectory(Path.Combine(folder, "copy")).FullName;
                try
                {
                    copy(source, made);
                    whole++;
                }
                catch (Exception e) when (e is LayerException or LinuxException { Errno: Errno.ESTALE or Errno.EINVAL or Errno.EISDIR or Errno.ENXIO or Errno.ENOTDIR or Errno.EEXIST })
                {
                    refused++;
                }

                foreach (string file in Directory.GetFiles(made))
                {
                    if (new FileInfo(file) is { LinkTarget: null, Length: > 0 } && File.ReadAllText(file) == "secret")
                        Assert.Equal(Private, File.GetUnixFileMode(file));
                }

                parent.DeleteTree("copy");
            }

            exchanges = exchanger.Exchanges;
        }

        // What was written before a refusal is looked at as well.
        TestContext.Current.TestOutputHelper?.WriteLine($"{whole} whole, {refused} refused");
        Assert.True(whole + refused > 10, $"{whole} whole, {refused} refused");
        Directory.Delete(folder, recursive: true);
        return exchanges;
    }

    // Each secret and each word take the other's place, and some that of what is no regular file.
    private static IEnumerable<(string, string)> Pairs(string tree)
    {
        for (int i = 0; i < 20; i++)
            yield return (Path.Combine(tree, $"secret{i}"), Path.Combine(tree, $"word{i}"));
        yield return (Path.Combine(tree, "word1"), Path.Combine(tree, "pipe"));
        yield return (Path.Combine(tree, "word2"), Path.Combine(tree, "link"));
        yield return (Path.Combine(tree, "word3"), Path.Combine(tree, "folder"));
    }

    private static void Write(string file, string text, UnixFileMode mode)
    {
        File.WriteAllText(file, text);
        File.SetUnixFileMode(file, mode);
    }
}
