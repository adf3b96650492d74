using System.Formats.Tar;
using Isolation.Fs.Layers;

namespace Isolation.Fs.Tests.Layers;

/// <summary>Layers made from the difference of two trees.</summary>
[NativeOnly]
public sealed class LayerDifferenceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("isolation-difference-").FullName;

    public void Dispose() => Command.Run("rm", "-rf", "--one-file-system", _folder).EnsureSuccess();

    [LinuxFact(Needs.Root)]
    public void Applied_to_the_lower_tree_it_gives_the_upper_one()
    {
        RichTree.Make(At("lower"));
        Command.Run("cp", "-a", At("lower"), At("upper")).EnsureSuccess();
        Command.Run("cp", "-a", At("lower"), At("applied")).EnsureSuccess();
        Shell("upper", """
            rm -r var; printf more >> etc/conf; mkdir new; printf n > new/file; rm link; mkdir link; printf x > link/x
            chmod 600 zeros; ln new/file new/same; rm etc/conf-linked; cp -a etc/conf etc/conf-linked; touch -d 2020-01-01 etc/conf-linked
            printf y > 'a name with spaces'; touch -d '2001-02-03 04:05:06' 'a name with spaces'; rm fifo; setfattr -n user.new -v 1 empty || true
            mv bin/tool bin/renamed; rm null; mknod null c 1 5; touch -d '1969-12-31 23:59:58.25 UTC' bin/renamed; touch -d '2001-02-03 04:05:06.123456789' new
            """);
        byte[] layer = Write("lower", "upper");
        using (RootDirectory applied = RootDirectory.Open(At("applied")))
            Layer.Apply(new MemoryStream(layer), applied);
        Assert.Equal(TreePrint.Content(At("upper")).Text, TreePrint.Content(At("applied")).Text);
    }

    [LinuxFact(Needs.Root)]
    public void A_whole_tree_comes_back_also_by_GNU_tar()
    {
        RichTree.Make(At("tree"));
        byte[] layer = Write(null, "tree");
        Layer.Unpack(At("ours"), [() => new MemoryStream(layer)]);
        File.WriteAllBytes(At("layer.tar"), layer);
        Directory.CreateDirectory(At("theirs"));
        Command.Run("tar", "--xattrs", "--xattrs-include=*", "--numeric-owner", "-xpf", At("layer.tar"), "-C", At("theirs")).EnsureSuccess();
        Assert.Equal(TreePrint.Content(At("tree")).Text, TreePrint.Content(At("ours")).Text);
        Assert.Equal(TreePrint.Content(At("tree")).Text, TreePrint.Content(At("theirs")).Text);
    }

    [LinuxFact]
    public void The_same_tree_has_no_difference_and_the_same_bytes()
    {
        Shell("", "mkdir lower; cd lower; mkdir d; printf x > d/f; ln d/f d/g; ln -s f d/l; cd ..; cp -a lower upper");
        Assert.Equal(new byte[1024], Write("lower", "upper"));
        Assert.Equal(Write(null, "lower"), Write(null, "upper"));
    }

    [LinuxFact]
    public void It_is_read_by_another_reader_in_order_with_whiteouts_first()
    {
        Shell("", "mkdir -p lower/gone/in lower/d upper/d; touch lower/gone/in/file lower/d/gone upper/d/new; touch -d 2001-01-01 upper/d");
        var reader = new TarReader(new MemoryStream(Write("lower", "upper")));
        var names = new List<string>();
        while (reader.GetNextEntry() is { } entry)
            names.Add(entry.Name);
        Assert.Equal(["d/.wh.gone", ".wh.gone", "d/", "d/new"], names);
    }

    [LinuxFact]
    public void A_name_that_would_be_read_as_a_whiteout_is_refused()
    {
        Shell("", "mkdir upper; touch upper/.wh.file");
        Assert.Equal(LayerFault.Unsupported, Assert.Throws<LayerException>(() => Write(null, "upper")).Fault);

        // Its whiteout would be the marker of an opaque directory.
        Shell("", "mkdir -p lower/d later/d; touch lower/d/.wh..opq");
        Assert.Equal(LayerFault.Unsupported, Assert.Throws<LayerException>(() => Write("lower", "later")).Fault);
    }

    [LinuxFact]
    public void A_file_that_a_socket_has_replaced_is_gone()
    {
        Shell("", "mkdir lower upper; echo old > lower/s; touch -d 2001-01-01 upper");
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(At("upper/s")));
        byte[] layer = Write("lower", "upper");
        using (RootDirectory lower = RootDirectory.Open(At("lower")))
            Layer.Apply(new MemoryStream(layer), lower, new LayerOptions { Privilege = LayerPrivilege.None });
        Assert.Empty(Directory.GetFileSystemEntries(At("lower")));
    }

    [LinuxFact]
    public void An_attribute_that_no_record_can_name_is_refused()
    {
        Shell("", "mkdir upper; touch upper/f; setfattr -n user.a=b -v 1 upper/f");
        LayerException e = Assert.Throws<LayerException>(() => Write(null, "upper"));
        Assert.Equal((LayerFault.Unsupported, "f"), (e.Fault, e.Entry));
        Assert.Contains("user.a=b", e.Message, StringComparison.Ordinal);
    }

    private byte[] Write(string? lower, string upper)
    {
        using RootDirectory? below = lower is null ? null : RootDirectory.Open(At(lower));
        using RootDirectory above = RootDirectory.Open(At(upper));
        var archive = new MemoryStream();
        Layer.Write(below, above, archive);
        return archive.ToArray();
    }

    private void Shell(string folder, string script) => Command.Run("sh", "-ec", $"cd \"$0\"; {script}", At(folder)).EnsureSuccess();

    private string At(string path) => Path.Combine(_folder, path);
}
