using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using FsCheck.Xunit;
using Isolation.Fs.Images;
using Isolation.Fs.Layers;
using Isolation.Fs.Tests.Layers;
using Isolation.Syscalls;

namespace Isolation.Fs.Tests.Images;

/// <summary>Layouts of images: what is read, what is chosen, what is refused.</summary>
[NativeOnly]
public sealed class ImageLayoutTests : IDisposable
{
    private static readonly string s_here = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64";
    private static readonly byte[] s_archive = new TarBuilder().Directory("d").File("d/f").Build();

    private readonly string _folder = Directory.CreateTempSubdirectory("isolation-images-").FullName;
    private readonly LayoutBuilder _layout;

    public ImageLayoutTests() => _layout = new LayoutBuilder(Path.Combine(_folder, "layout"));

    public void Dispose() => Command.Run("rm", "-rf", "--one-file-system", _folder).EnsureSuccess();

    [LinuxFact]
    public void The_configuration_is_read()
    {
        _layout.Tag(_layout.Image(s_here, Plain()), "latest");
        using ImageLayout layout = Open();
        Assert.Equal("latest", Assert.Single(layout.Tags).Name);
        Image image = layout.Find("latest");
        Assert.Equal(layout.Tags[0].Digest, image.Digest);
        Assert.Equal(ImagePlatform.Current, image.Platform);
        Assert.Equal(["/bin/sh", "-c"], image.Config.Entrypoint);
        Assert.Equal(["echo hello"], image.Config.Command);
        Assert.Equal(["PATH=/bin", "A=b=c"], image.Config.Environment);
        Assert.Equal(("web:www", "/srv", null), (image.Config.User, image.Config.WorkingDirectory, image.Config.StopSignal));
        Assert.Equal("test", image.Config.Labels["title"]);
        Assert.Equal(s_archive.Length, image.Size);
    }

    [LinuxFact]
    public void A_configuration_that_says_nothing_is_one()
    {
        _layout.ChangeConfig = c => c.Remove("config");
        _layout.Tag(_layout.Image(s_here, Plain()), null);
        using ImageLayout layout = Open();
        Assert.Equal((0, 0, null), (layout.Find().Config.Entrypoint.Length, layout.Find().Config.Environment.Length, layout.Find().Config.User));
    }

    [LinuxFact]
    public void The_image_for_this_machine_is_chosen_and_another_when_asked_for()
    {
        string other = s_here == "amd64" ? "arm64" : "amd64";
        JsonObject ours = LayoutBuilder.For(_layout.Image(s_here, Plain()), s_here), theirs = LayoutBuilder.For(_layout.Image(other, Plain()), other);
        _layout.Tag(_layout.IndexOf(_layout.IndexOf(theirs, ours)), "multi");
        using ImageLayout layout = Open();
        Assert.Equal(s_here, layout.Find("multi").Platform.Architecture);
        Assert.Equal(other, layout.Find("multi", new ImagePlatform("linux", other)).Platform.Architecture);
        LayerException e = Assert.Throws<LayerException>(() => layout.Find("multi", new ImagePlatform("linux", "riscv64")));
        Assert.Equal(LayerFault.Missing, e.Fault);
        Assert.Contains("riscv64", e.Message, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void An_image_for_another_machine_is_refused_unless_asked_for()
    {
        _layout.Tag(_layout.Image("s390x", Plain()), "one");
        using ImageLayout layout = Open();
        Assert.Contains("linux/s390x", Assert.Throws<LayerException>(() => layout.Find()).Message, StringComparison.Ordinal);
        Assert.Equal("s390x", layout.Find("one", new ImagePlatform("linux", "s390x")).Platform.Architecture);
    }

    [LinuxFact]
    public void Of_two_images_one_has_to_be_named()
    {
        _layout.Tag(_layout.Image(s_here, Plain()), "one").Tag(_layout.Image(s_here), "two");
        using ImageLayout layout = Open();
        Assert.Contains("one, two", Assert.Throws<LayerException>(() => layout.Find()).Message, StringComparison.Ordinal);
        Assert.Contains("one, two", Assert.Throws<LayerException>(() => layout.Find("three")).Message, StringComparison.Ordinal);
        Assert.Empty(layout.Find("two").Layers);
    }

    [LinuxTheory]
    [InlineData(null, false, false)]
    [InlineData("x", false, true)]
    [InlineData(null, true, true)]
    [InlineData("x", true, false)]
    public void Two_images_that_nothing_tells_apart_are_refused(string? tag, bool inIndex, bool withPlatform)
    {
        JsonObject one = _layout.Image(s_here, Plain()), two = _layout.Image(s_here);
        if (withPlatform)
            (one, two) = (LayoutBuilder.For(one, s_here), LayoutBuilder.For(two, s_here));
        if (inIndex)
            _layout.Tag(_layout.IndexOf(one, two), tag);
        else
            _layout.Tag(one, tag).Tag(two, tag);
        using ImageLayout layout = Open();
        LayerException e = Assert.Throws<LayerException>(() => layout.Find(tag));
        Assert.Equal(LayerFault.Missing, e.Fault);
        Assert.Contains($"2 different images for {ImagePlatform.Current}", e.Message, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void Of_several_variants_the_first_is_taken_and_one_that_is_listed_twice_is_one()
    {
        JsonObject[] images = [.. ((string[])["v7", "v7", "v6"]).Select(Variant)];
        _layout.Tag(_layout.IndexOf(images), null).Tag(_layout.IndexOf([.. images.Select(i => (JsonObject)i.DeepClone())]), null);
        using ImageLayout layout = Open();
        Assert.Equal("v7", layout.Find(platform: new ImagePlatform("linux", "arm")).Platform.Variant);
        Assert.Equal("v6", layout.Find(platform: new ImagePlatform("linux", "arm", "v6")).Platform.Variant);

        JsonObject Variant(string variant)
        {
            _layout.ChangeConfig = c => c["variant"] = variant;
            JsonObject image = LayoutBuilder.For(_layout.Image("arm", Plain()), "arm");
            image["platform"]!["variant"] = variant;
            return image;
        }
    }

    [LinuxFact]
    public void A_blob_that_cannot_be_read_is_named()
    {
        _layout.Tag(_layout.Image(s_here, Plain()), "x");
        CommandResult result = FreshProcess.Run(UnpackWithoutReads, _layout.Folder, LayoutBuilder.DigestOf(s_archive)[7..], At("root"));
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    [LinuxFact]
    public void Layers_are_unpacked_one_over_another_however_they_are_compressed()
    {
        byte[] second = new TarBuilder().File("d/.wh.f", "").File("d/g").Build(), third = new TarBuilder().File("h").Build();
        _layout.Tag(_layout.Image(s_here, Plain(), (LayoutBuilder.Gzip, HostileLayerCases.Gzip(second), second), (LayoutBuilder.Zstd, HostileLayerCases.Zstd(third), third)), "x");
        using ImageLayout layout = Open();
        LayerResult result = layout.Find().Unpack(At("root"));
        Assert.Equal(5, result.Entries);
        using RootDirectory root = RootDirectory.Open(At("root"));
        Assert.Equal(["d", "d/g", "h"], root.Walk().Select(e => e.Path));
    }

    [LinuxTheory]
    [InlineData("blob of a layer", LayerFault.WrongDigest)]
    [InlineData("byte more in a layer", LayerFault.WrongDigest)]
    [InlineData("layer that is gone", LayerFault.Missing)]
    [InlineData("layer that is a link to outside", LayerFault.Missing)]
    [InlineData("digest of the archive", LayerFault.WrongDigest)]
    public void A_layer_that_is_not_what_its_digests_say_is_refused_and_nothing_stays(string what, LayerFault fault)
    {
        byte[] gzip = HostileLayerCases.Gzip(s_archive);
        if (what == "digest of the archive")
            _layout.ChangeConfig = c => c["rootfs"]!["diff_ids"] = new JsonArray(LayoutBuilder.DigestOf([]));
        _layout.Tag(_layout.Image(s_here, (LayoutBuilder.Gzip, gzip, s_archive)), "x");
        string blob = _layout.PathOf(LayoutBuilder.DigestOf(gzip));
        switch (what)
        {
            case "blob of a layer":
                gzip[^20] ^= 1;
                File.WriteAllBytes(blob, gzip);
                break;
            case "byte more in a layer":
                File.AppendAllText(blob, "x");
                break;
            case "layer that is gone":
                File.Delete(blob);
                break;
            case "layer that is a link to outside":
                File.Move(blob, At("stolen"));
                File.CreateSymbolicLink(blob, At("stolen"));
                break;
        }

        using ImageLayout layout = Open();
        Image image = layout.Find();
        Assert.Equal(fault, Assert.Throws<LayerException>(() => image.Unpack(At("root"))).Fault);
        Assert.DoesNotContain(Directory.GetFileSystemEntries(_folder), e => e.Contains("root", StringComparison.Ordinal));
    }

    [LinuxTheory]
    [InlineData("no oci-layout", LayerFault.Missing)]
    [InlineData("another version", LayerFault.Unsupported)]
    [InlineData("index that is no JSON", LayerFault.Malformed)]
    [InlineData("index that is null", LayerFault.Malformed)]
    [InlineData("index with a null", LayerFault.Malformed)]
    [InlineData("index of 5 MB", LayerFault.TooLarge)]
    [InlineData("index of depth 100,000", LayerFault.Malformed)]
    [InlineData("index with a key twice", LayerFault.Malformed)]
    [InlineData("index without a version", LayerFault.Malformed)]
    [InlineData("index without manifests", LayerFault.Malformed)]
    [InlineData("index with a size that is no number", LayerFault.Malformed)]
    [InlineData("index with half a character", LayerFault.Malformed)]
    [InlineData("manifest without a digest", LayerFault.Unsupported)]
    [InlineData("manifest without a kind", LayerFault.Unsupported)]
    [InlineData("manifest without a size", LayerFault.WrongDigest)]
    [InlineData("digest that is a path", LayerFault.Malformed)]
    [InlineData("digest in capitals", LayerFault.Malformed)]
    [InlineData("digest of another kind", LayerFault.Unsupported)]
    [InlineData("manifest that is changed", LayerFault.WrongDigest)]
    [InlineData("manifest of another size", LayerFault.WrongDigest)]
    [InlineData("manifest of 5 GB", LayerFault.TooLarge)]
    [InlineData("manifest of minus one byte", LayerFault.TooLarge)]
    [InlineData("manifest that calls itself an index", LayerFault.Malformed)]
    [InlineData("manifest without layers", LayerFault.Malformed)]
    [InlineData("manifest with a null for a layer", LayerFault.Malformed)]
    [InlineData("manifest of an unknown kind", LayerFault.Unsupported)]
    [InlineData("layer of an unknown kind", LayerFault.Unsupported)]
    [InlineData("layer of minus one byte", LayerFault.Malformed)]
    [InlineData("layers of more bytes than can be", LayerFault.Malformed)]
    [InlineData("configuration of an unknown kind", LayerFault.Unsupported)]
    [InlineData("fewer digests than layers", LayerFault.Malformed)]
    [InlineData("index that is its own", LayerFault.TooLarge)]
    public void A_layout_that_lies_is_refused(string what, LayerFault fault)
    {
        _layout.ChangeManifest = what switch
        {
            "manifest that calls itself an index" => m => m["mediaType"] = LayoutBuilder.Index,
            "manifest without layers" => m => m.Remove("layers"),
            "manifest with a null for a layer" => m => m["layers"] = new JsonArray((JsonNode?)null),
            "layer of an unknown kind" => m => m["layers"]![0]!["mediaType"] = LayoutBuilder.Tar + "+encrypted",
            "layer of minus one byte" => m => m["layers"]![0]!["size"] = -1,
            "layers of more bytes than can be" => m => m["layers"]!.AsArray().Add(SizedAs(m["layers"]![0]!, long.MaxValue)),
            "configuration of an unknown kind" => m => m["config"]!["mediaType"] = "application/vnd.helm.config.v1+json",
            _ => null,
        };
        if (what == "layers of more bytes than can be")
            _layout.ChangeConfig = c => c["rootfs"]!["diff_ids"]!.AsArray().Add(LayoutBuilder.DigestOf(s_archive));
        if (what == "fewer digests than layers")
            _layout.ChangeConfig = c => c["rootfs"]!["diff_ids"] = new JsonArray();
        JsonObject manifest = _layout.Image(s_here, Plain());
        string path = _layout.PathOf((string)manifest["digest"]!), index = Path.Combine(_layout.Folder, "index.json");
        switch (what)
        {
            case "manifest without a digest":
                manifest.Remove("digest");
                break;
            case "manifest without a kind":
                manifest.Remove("mediaType");
                break;
            case "manifest without a size":
                manifest.Remove("size");
                break;
            case "index with a size that is no number":
                manifest["size"] = "12";
                break;
            case "digest that is a path":
                manifest["digest"] = "sha256:../../../../../../etc/passwd" + new string('a', 36);
                break;
            case "digest in capitals":
                manifest["digest"] = "sha256:" + new string('A', 64);
                break;
            case "digest of another kind":
                manifest["digest"] = "md5:" + new string('a', 32);
                break;
            case "manifest of another size":
                manifest["size"] = 3;
                break;
            case "manifest of 5 GB":
                manifest["size"] = 5L << 30;
                break;
            case "manifest of minus one byte":
                manifest["size"] = -1;
                break;
            case "manifest of an unknown kind":
                manifest["mediaType"] = "application/json";
                break;
            case "index that is its own":
                for (int i = 0; i < 6; i++)
                    manifest = _layout.IndexOf(manifest);
                break;
        }

        _layout.Tag(manifest, "x");
        switch (what)
        {
            case "no oci-layout":
                File.Delete(Path.Combine(_layout.Folder, "oci-layout"));
                break;
            case "another version":
                File.WriteAllText(Path.Combine(_layout.Folder, "oci-layout"), """{"imageLayoutVersion":"2.0.0"}""");
                break;
            case "index that is no JSON":
                File.WriteAllText(index, "{");
                break;
            case "index that is null":
                File.WriteAllText(index, "null");
                break;
            case "index with a null":
                File.WriteAllText(index, """{"schemaVersion":2,"manifests":[null]}""");
                break;
            case "index without a version":
                File.WriteAllText(index, """{"manifests":[]}""");
                break;
            case "index without manifests":
                File.WriteAllText(index, """{"schemaVersion":2}""");
                break;
            case "index with half a character":
                File.WriteAllText(index, """{"schemaVersion":2,"manifests":[{"digest":"\ud800"}]}""");
                break;
            case "index of 5 MB":
                File.WriteAllText(index, new string(' ', 5 << 20));
                break;
            case "index of depth 100,000":
                File.WriteAllText(index, """{"schemaVersion":2,"x":""" + new string('[', 100_000));
                break;
            case "index with a key twice":
                File.WriteAllText(index, File.ReadAllText(index).Replace("\"schemaVersion\":2", "\"schemaVersion\":2,\"schemaVersion\":2", StringComparison.Ordinal));
                break;
            case "manifest that is changed":
                File.WriteAllText(path, File.ReadAllText(path).Replace('2', '3'));
                break;
        }

        Assert.Equal(fault, Assert.Throws<LayerException>(() =>
        {
            using ImageLayout layout = Open();
            layout.Find("x");
        }).Fault);
    }

    [LinuxTheory]
    [InlineData("tag")]
    [InlineData("many tags")]
    [InlineData("platform")]
    [InlineData("platform of the configuration")]
    [InlineData("kind of a manifest")]
    [InlineData("kind that a manifest says")]
    [InlineData("kind of a configuration")]
    [InlineData("kind of a layer")]
    [InlineData("version")]
    public void A_hostile_text_neither_steers_the_terminal_nor_fills_it(string what)
    {
        string hostile = "\u001b]0;title\u0007\r\n" + new string('x', 100_000);
        _layout.ChangeManifest = m => Set(what switch { "kind that a manifest says" => m, "kind of a configuration" => m["config"]!, "kind of a layer" => m["layers"]![0]!, _ => new JsonObject() }, "mediaType");
        _layout.ChangeConfig = c => Set(what == "platform of the configuration" ? c : new JsonObject(), "architecture");
        JsonObject image = _layout.Image(s_here, Plain());
        if (what == "platform")
            LayoutBuilder.For(image, hostile);
        if (what == "kind of a manifest")
            Set(image, "mediaType");
        _layout.Tag(image, what == "tag" ? hostile : "x");
        for (int i = 0; what == "many tags" && i < 1000; i++)
            _layout.Tag((JsonObject)image.DeepClone(), $"tag{i}");
        if (what == "version")
            File.WriteAllText(Path.Combine(_layout.Folder, "oci-layout"), new JsonObject { ["imageLayoutVersion"] = hostile }.ToJsonString());
        LayerException e = Assert.Throws<LayerException>(() =>
        {
            using ImageLayout layout = Open();
            layout.Find(what is "tag" or "many tags" ? "another" : "x");
        });
        Assert.DoesNotContain(e.Message, char.IsControl);
        Assert.InRange(e.Message.Length, 1, 1000);

        void Set(JsonNode document, string key) => document[key] = hostile;
    }

    [LinuxTheory]
    [InlineData("Entrypoint")]
    [InlineData("Cmd")]
    [InlineData("Env")]
    [InlineData("Labels")]
    public void A_null_in_the_configuration_is_refused(string key)
    {
        _layout.ChangeConfig = c => c["config"]![key] = key == "Labels" ? new JsonObject { ["title"] = null } : new JsonArray((JsonNode?)null);
        _layout.Tag(_layout.Image(s_here, Plain()), "x");
        using ImageLayout layout = Open();
        Assert.Equal(LayerFault.Malformed, Assert.Throws<LayerException>(() => layout.Find()).Fault);
    }

    [Property(MaxTest = 500)]
    public void Whatever_the_documents_hold_errors_are_typed(byte[] noise, int at, bool insert)
    {
        string index = Path.Combine(_layout.Folder, "index.json");
        if (!File.Exists(index))
            _layout.Tag(_layout.Image(s_here, Plain()), "x");
        byte[] good = File.ReadAllBytes(index);
        int place = (int)((uint)at % good.Length);
        File.WriteAllBytes(index, insert ? [.. good[..place], .. noise, .. good[place..]] : [.. good[..place], .. noise]);
        try
        {
            using ImageLayout layout = Open();
            layout.Find();
        }
        catch (LayerException)
        {
        }
        finally
        {
            File.WriteAllBytes(index, good);
        }
    }

    [LinuxFact]
    public void What_is_no_directory_is_told()
        => Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => ImageLayout.Open(At("missing"))).Errno);

    private static JsonNode SizedAs(JsonNode descriptor, long size)
    {
        JsonNode other = descriptor.DeepClone();
        other["size"] = size;
        return other;
    }

    private static void UnpackWithoutReads(string folder, string blob, string root)
    {
        using ImageLayout layout = ImageLayout.Open(folder);
        Image image = layout.Find();
        RefusedCalls.Refuse(Errno.EIO, SyscallNumber.Custom("pread64", RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 67 : 17));
        LinuxException e = Assert.Throws<LinuxException>(() => image.Unpack(root));
        Assert.Equal(("read", Errno.EIO), (e.Operation, e.Errno));
        Assert.Equal($"blobs/sha256/{blob} in {folder}", e.Target);
    }

    private static (string, byte[], byte[]) Plain() => (LayoutBuilder.Tar, s_archive, s_archive);

    private ImageLayout Open() => ImageLayout.Open(_layout.Folder);

    private string At(string path) => Path.Combine(_folder, path);
}
