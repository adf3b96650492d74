using Isolation.Fs.Images;
using Isolation.Fs.Layers;
using Isolation.Fs.Tests.Layers;

namespace Isolation.Fs.Tests.Images;

/// <summary>The same image unpacked here and by umoci(1), after skopeo(1) has copied it: file by file the same.</summary>
public sealed class PeerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("isolation-peers-").FullName;

    public void Dispose() => Command.Run("rm", "-rf", "--one-file-system", _folder).EnsureSuccess();

    [LinuxFact(Needs.Root | Needs.Umoci | Needs.FullSpeed)]
    public void Images_that_skopeo_copies_are_unpacked_as_umoci_does()
    {
        // What umoci makes of a tree and two changes to it, with skopeo's compression.
        RichTree.Make(At("bundle-source"));
        Run("umoci", "init", "--layout", At("made"));
        Run("umoci", "new", "--image", At("made") + ":first");
        Run("umoci", "unpack", "--image", At("made") + ":first", At("work"));
        Run("sh", "-ec", "cp -a \"$0\"/. \"$1\"", At("bundle-source"), At("work/rootfs"));
        Run("umoci", "repack", "--image", At("made") + ":second", At("work"));
        Run("rm", "-rf", "--one-file-system", At("work"));
        Run("umoci", "unpack", "--image", At("made") + ":second", At("work"));
        Run("sh", "-ec", "cd \"$0\"; rm -r var bin/dangling; printf more >> etc/conf; mkdir new; printf n > new/file; ln new/file new/same; rm link; mkdir link; printf x > link/x; chmod 600 zeros; mv bin/tool new/tool", At("work/rootfs"));
        Run("umoci", "repack", "--image", At("made") + ":third", At("work"));
        Run("umoci", "config", "--image", At("made") + ":third", "--config.entrypoint", "/bin/tool", "--config.user", "5:6", "--config.env", "A=b", "--config.workingdir", "/etc", "--config.cmd", "x");
        Run("skopeo", "--insecure-policy", "copy", $"oci:{At("made")}:third", $"oci:{At("copied")}:tag");

        Image image = Compare("copied", "tag");
        Assert.Equal(2, image.Layers.Length);
        Assert.Equal(["/bin/tool"], image.Config.Entrypoint);
        Assert.Equal(["x"], image.Config.Command);
        Assert.Equal(("5:6", "/etc"), (image.Config.User, image.Config.WorkingDirectory));
        Assert.Contains("A=b", image.Config.Environment);
    }

    // umoci-insert(1) ends its archives where the last content ends, without its padding and without blocks of zeros.
    [LinuxFact(Needs.Root | Needs.Umoci | Needs.FullSpeed)]
    public void Images_that_umoci_inserts_into_are_unpacked_as_umoci_does()
    {
        RichTree.Make(At("tree"));
        File.WriteAllText(At("file"), "not a multiple of 512");
        Directory.CreateDirectory(At("empty"));
        Run("umoci", "init", "--layout", At("inserted"));
        Run("umoci", "new", "--image", At("inserted") + ":tag");
        Run("umoci", "insert", "--image", At("inserted") + ":tag", At("tree"), "/opt");
        Run("umoci", "insert", "--image", At("inserted") + ":tag", At("file"), "/file");
        Run("umoci", "insert", "--image", At("inserted") + ":tag", "--opaque", At("empty"), "/opt/bin");
        Run("umoci", "insert", "--image", At("inserted") + ":tag", "--whiteout", "/opt/etc");
        Assert.Equal(4, Compare("inserted", "tag").Layers.Length);
        Assert.Equal("not a multiple of 512", File.ReadAllText(At("ours/file")));
        Assert.False(Directory.Exists(At("ours/opt/etc")));
    }

    [LinuxFact(Needs.Root | Needs.Umoci | Needs.FullSpeed)]
    public void Images_of_our_own_layers_are_unpacked_as_umoci_does()
    {
        RichTree.Make(At("tree"));
        byte[] first = Write(null, "tree");
        Run("cp", "-a", At("tree"), At("changed"));
        Run("sh", "-ec", "cd \"$0\"; rm -r etc; mkdir etc; printf x > etc/x; mkfifo etc/fifo; chmod 700 bin", At("changed"));
        byte[] second = Write("tree", "changed");
        byte[] third = new TarBuilder().File("bin/.wh..wh..opq", "").File("bin/new").File("implied/deep/file").Build();
        var layout = new LayoutBuilder(At("layout")) { ChangeConfig = c => c["config"]!["User"] = "5:6" };
        layout.Tag(
            layout.Image(ImagePlatform.Current.Architecture, (LayoutBuilder.Tar, first, first), (LayoutBuilder.Gzip, HostileLayerCases.Gzip(second), second), (LayoutBuilder.Gzip, HostileLayerCases.Gzip(third), third)),
            "tag");
        Compare("layout", "tag", except: "implied");
    }

    // What is made because it is missing has no time of its own, so it is left out where asked.
    private Image Compare(string name, string tag, string? except = null)
    {
        Run("umoci", "unpack", "--image", $"{At(name)}:{tag}", At("theirs"));
        using ImageLayout layout = ImageLayout.Open(At(name));
        Image image = layout.Find(tag);
        Assert.Empty(image.Unpack(At("ours")).Omissions);
        if (except is not null)
        {
            foreach (string root in (string[])["ours", "theirs/rootfs"])
            {
                Assert.Equal("text", File.ReadAllText(At($"{root}/{except}/deep/file")));
                Directory.Delete(At($"{root}/{except}"), recursive: true);
            }
        }

        Assert.Equal(TreePrint.Content(At("theirs/rootfs")).Text, TreePrint.Content(At("ours")).Text);
        return image;
    }

    private byte[] Write(string? lower, string upper)
    {
        using RootDirectory? below = lower is null ? null : RootDirectory.Open(At(lower));
        using RootDirectory above = RootDirectory.Open(At(upper));
        var archive = new MemoryStream();
        Layer.Write(below, above, archive);
        return archive.ToArray();
    }

    private static void Run(string program, params string[] arguments) => Command.Run(program, arguments).EnsureSuccess();

    private string At(string path) => Path.Combine(_folder, path);
}
