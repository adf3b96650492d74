using Isolation.Fs.Layers;
using Isolation.Syscalls;

namespace Isolation.Fs.Tests.Layers;

/// <summary>Copies and layers of a tree that somebody changes meanwhile: no content gets the permissions, the attributes or the directory of another file.</summary>
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

        // Everybody may read what is in it, but nobody can come there.
        Directory.CreateDirectory(Path.Combine(tree, "closed"), Private | UnixFileMode.UserExecute);
        Write(Path.Combine(tree, "closed", "paper"), "closed", Public);
        Directory.CreateDirectory(Path.Combine(tree, "open"));
        Write(Path.Combine(tree, "open", "paper"), "public", Public);
        File.CreateSymbolicLink(Path.Combine(tree, "way"), "closed");

        int whole = 0, refused = 0, exchanges;
        using (RootDirectory source = RootDirectory.Open(tree))
        {
            for (int i = 0; i < 20; i++)
                source.SetAttribute($"secret{i}", "user.of", "secret"u8);
        }

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

                using (RootDirectory copied = RootDirectory.Open(made))
                    AssertOfOnePiece(copied);

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

    private static void AssertOfOnePiece(RootDirectory copied)
    {
        foreach (RootEntry file in copied.Walk())
        {
            if (file.Status is not { IsRegularFile: true, Size: > 0 })
                continue;
            string text = copied.TryReadText(file.Path, 10)!;
            Assert.Equal(text == "secret" ? Private : Public, file.Status.Permissions);
            Assert.Equal(text == "secret", copied.TryGetAttribute(file.Path, "user.of") is not null);
            if (text == "closed")
                Assert.Equal(Private | UnixFileMode.UserExecute, copied.GetStatus(Path.GetDirectoryName(file.Path)!).Permissions);
        }
    }

    // Each secret and each word take the other's place, and some that of what is no regular file.
    private static IEnumerable<(string, string)> Pairs(string tree)
    {
        for (int i = 0; i < 20; i++)
            yield return (Path.Combine(tree, $"secret{i}"), Path.Combine(tree, $"word{i}"));
        yield return (Path.Combine(tree, "open"), Path.Combine(tree, "closed"));
        yield return (Path.Combine(tree, "open"), Path.Combine(tree, "way"));
        yield return (Path.Combine(tree, "word1"), Path.Combine(tree, "pipe"));
        yield return (Path.Combine(tree, "word2"), Path.Combine(tree, "link"));
        yield return (Path.Combine(tree, "word3"), Path.Combine(tree, "folder"));
    }

    private static void Write(string file, string text, UnixFileMode mode)
    {
        File.WriteAllText(file, text);
        File.SetUnixFileMode(file, mode);
    }

    [LinuxFact]
    public void What_is_deleted_while_a_tree_is_copied_is_left_out()
    {
        string folder = Directory.CreateTempSubdirectory("isolation-tree-").FullName;
        string tree = Directory.CreateDirectory(Path.Combine(folder, "tree")).FullName, made = Directory.CreateDirectory(Path.Combine(folder, "copy")).FullName;
        for (int i = 0; i < 3000; i++)
            File.WriteAllText(Path.Combine(tree, $"{i:D4}"), "");
        var other = new Thread(() =>
        {
            Eventually.Equal(true, () => File.Exists(Path.Combine(made, "0000")));
            File.Delete(Path.Combine(tree, "2999"));
        });
        other.Start();
        using (RootDirectory source = RootDirectory.Open(tree), target = RootDirectory.Open(made))
            TreeCopy.Copy(source, target, TestContext.Current.CancellationToken);
        other.Join();
        Assert.True(File.Exists(Path.Combine(made, "2998")));
        Directory.Delete(folder, recursive: true);
    }
}
