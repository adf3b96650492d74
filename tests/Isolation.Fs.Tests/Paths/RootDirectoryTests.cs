using System.Diagnostics;
using FsCheck.Xunit;
using Isolation.Syscalls;

namespace Isolation.Fs.Tests;

/// <summary>Paths in a tree that somebody else has made: none leads outside, none makes the reader wait.</summary>
public abstract class RootDirectoryTests : IDisposable
{
    private const int Limit = 1 << 20;
    private const string Inside = "inside", Secret = "outside";

    private readonly string _folder = Directory.CreateTempSubdirectory("isolation-hostile-").FullName;
    private readonly PathResolver _resolver;

    protected RootDirectoryTests(bool inUserSpace)
    {
        _resolver = Resolvers.Get(inUserSpace);
        Directory.CreateDirectory(At("etc/deep/er"));
        File.WriteAllText(Path.Combine(_folder, "secret"), Secret);
        File.WriteAllText(At("etc/passwd"), Inside);
        Link("absolute", "/etc/passwd");
        Link("out-absolute", Path.Combine(_folder, "secret"));
        Link("out-relative", "../secret");
        Link("etc/deep/er/out", "../../../../../../secret");
        Link("out-folder", _folder);
        Link("up", "..");
        Link("etc/up", "../../..");
        Link("slash", "/");
        Link("here", ".");
        Link("loop", "loop");
        Link("ping", "pong");
        Link("pong", "ping");
        Link("nowhere", "/no/such/file");
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [LinuxFact]
    public void A_file_of_the_tree_is_read()
    {
        Assert.Equal(Inside, Read("etc/passwd"));
        Assert.Equal(Inside, Read("/etc/passwd"));
        Assert.Equal(Inside, Read("/etc/../etc/./passwd"));
    }

    [LinuxFact]
    public void An_absolute_link_begins_at_the_root() => Assert.Equal(Inside, Read("/absolute"));

    [LinuxTheory]
    [InlineData("../secret")]
    [InlineData("../../../../../../../../secret")]
    [InlineData("/../secret")]
    [InlineData("etc/../../secret")]
    [InlineData("out-absolute")]
    [InlineData("out-relative")]
    [InlineData("etc/deep/er/out")]
    [InlineData("out-folder/secret")]
    [InlineData("up/secret")]
    [InlineData("up/up/up/secret")]
    [InlineData("etc/up/secret")]
    [InlineData("slash/../secret")]
    [InlineData("nowhere")]
    [InlineData("etc/passwd/secret")]
    public void What_lies_outside_is_not_there(string path) => Assert.Null(Read(path));

    [LinuxFact]
    public void Dots_stop_at_the_root()
    {
        Assert.Equal(Inside, Read("../../../etc/passwd"));
        Assert.Equal(Inside, Read("up/up/etc/passwd"));
        Assert.Equal(Inside, Read("etc/up/slash/here/etc/passwd"));
    }

    [LinuxTheory]
    [InlineData("loop")]
    [InlineData("ping")]
    [InlineData("loop/secret")]
    public void A_loop_of_links_is_told(string path) => Assert.Equal(Errno.ELOOP, Fails(path).Errno);

    // proc(5): such links lead wherever the kernel says, past every root.
    [LinuxTheory]
    [InlineData("/proc", "self/exe")]
    [InlineData("/proc", "self/root/etc/passwd")]
    [InlineData("/proc", "self/cwd/file")]
    [InlineData("/proc/self", "fd/0")]
    [InlineData("/", "proc/self/root/etc/passwd")]
    public void A_magic_link_is_not_followed(string root, string path)
    {
        using RootDirectory directory = Open(root);
        Assert.Equal(Errno.ELOOP, Assert.Throws<LinuxException>(() => directory.TryReadText(path, Limit)).Errno);
    }

    [LinuxFact]
    public void A_FIFO_is_an_error_at_once()
    {
        Command.Run("mkfifo", At("fifo")).EnsureSuccess();
        Link("to-fifo", "/fifo");
        long begun = Stopwatch.GetTimestamp();
        Assert.Equal(Errno.EINVAL, Fails("fifo").Errno);
        Assert.Equal(Errno.EINVAL, Fails("to-fifo").Errno);
        Assert.InRange(Stopwatch.GetElapsedTime(begun).TotalSeconds, 0, 1);
    }

    [LinuxFact(Needs.Root)]
    public void A_device_is_an_error_at_once()
    {
        Command.Run("mknod", At("endless"), "c", "1", "5").EnsureSuccess();
        long begun = Stopwatch.GetTimestamp();
        LinuxException e = Assert.Throws<LinuxException>(() => Read("endless"));
        Assert.InRange(Stopwatch.GetElapsedTime(begun).TotalSeconds, 0, 1);

        // EACCES: the file system that holds the temporary files may be mounted nodev.
        Assert.True(e.Errno is Errno.EINVAL or Errno.EACCES, e.Message);
    }

    [LinuxFact]
    public void A_socket_is_an_error()
    {
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(At("socket")));
        Assert.Equal(Errno.ENXIO, Fails("socket").Errno);
    }

    [LinuxTheory]
    [InlineData("etc")]
    [InlineData("/")]
    [InlineData("up")]
    public void A_directory_is_an_error(string path) => Assert.Equal(Errno.EINVAL, Fails(path).Errno);

    [LinuxFact]
    public void A_file_of_2_MB_is_too_big()
    {
        File.WriteAllBytes(At("big"), new byte[2 << 20]);
        LinuxException e = Fails("big");
        Assert.Equal(Errno.EFBIG, e.Errno);
        Assert.Contains("1048576", e.Message, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void A_sparse_file_of_a_terabyte_is_too_big_at_once()
    {
        using (FileStream sparse = File.Create(At("sparse")))
            sparse.SetLength(1L << 40);
        long begun = Stopwatch.GetTimestamp();
        Assert.Equal(Errno.EFBIG, Fails("sparse").Errno);
        Assert.InRange(Stopwatch.GetElapsedTime(begun).TotalSeconds, 0, 1);
    }

    [LinuxFact]
    public void A_file_of_exactly_the_limit_is_read()
    {
        File.WriteAllText(At("full"), new string('x', 100));
        using RootDirectory root = Open(_folder + "/root");
        Assert.Equal(100, root.TryReadText("full", 100)!.Length);
        Assert.Equal(Errno.EFBIG, Assert.Throws<LinuxException>(() => root.TryReadText("full", 99)).Errno);
        Assert.Equal("", root.TryReadText("/etc/../empty", 0) ?? "");
    }

    [LinuxFact]
    public void Bytes_that_are_no_UTF_8_are_replaced()
    {
        File.WriteAllBytes(At("bytes"), [0x61, 0xff, 0xfe, 0x62]);
        Assert.Equal("a\ufffd\ufffdb", Read("bytes"));
    }

    [LinuxFact]
    public void An_empty_path_and_a_NUL_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Read(""));
        Assert.Throws<ArgumentException>(() => Read("etc/passwd\0.txt"));
        Assert.Throws<ArgumentException>(() => Open("/\0"));
        Assert.Throws<ArgumentException>(() => Open(""));
    }

    [LinuxFact]
    public void A_name_that_is_too_long_is_told() => Assert.Equal(Errno.ENAMETOOLONG, Fails(new string('x', 5000)).Errno);

    [LinuxTheory]
    [InlineData("no-such", Errno.ENOENT)]
    [InlineData("etc/passwd", Errno.ENOTDIR)]
    public void A_root_that_is_no_directory_is_told(string path, Errno errno)
    {
        LinuxException e = Assert.Throws<LinuxException>(() => Open(At(path)));
        Assert.Equal(errno, e.Errno);
        Assert.Contains(At(path), e.Message, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void After_Dispose_it_is_closed()
    {
        RootDirectory root = Open(_folder);
        root.Dispose();
        Assert.Throws<ObjectDisposedException>(() => root.OpenRead("secret"));
    }

    [LinuxFact]
    public void It_goes_on_reading_the_directory_that_it_opened_under_another_name()
    {
        using RootDirectory root = Open(_folder + "/root");
        Directory.Move(_folder + "/root", _folder + "/moved");
        Directory.CreateSymbolicLink(_folder + "/root", "/");
        Assert.Equal(Inside, root.TryReadText("etc/passwd", Limit));
    }

    [LinuxFact]
    public void Whatever_happens_no_descriptor_is_left()
    {
        Fails("etc");
        Read("nowhere");
        using var check = new ResidueCheck();
        Fails("etc");
        Fails("loop");
        Read("nowhere");
        Read("etc/passwd");
    }

    [Property(MaxTest = 500)]
    public void No_path_through_the_hostile_tree_comes_out(byte[] steps)
    {
        string[] parts = ["..", ".", "", "etc", "deep", "er", "up", "slash", "here", "out-folder", "out-relative", "out-absolute", "out", "secret", "passwd", "absolute", "loop", "root", Path.GetFileName(_folder), "tmp"];
        string path = "/" + string.Join('/', steps.Select(s => parts[s % parts.Length]));
        try
        {
            Assert.NotEqual(Secret, Read(path));
        }
        catch (LinuxException e)
        {
            Assert.True(e.Errno is Errno.EINVAL or Errno.ELOOP or Errno.ENAMETOOLONG, e.Message);
        }
    }

    [Property]
    public void Any_text_is_no_file_or_a_typed_error(string? path)
    {
        try
        {
            Assert.NotEqual(Secret, Read(path!));
        }
        catch (Exception e) when (e is ArgumentException or LinuxException)
        {
        }
    }

    private RootDirectory Open(string path) => RootDirectory.Open(path, _resolver);

    private string At(string path) => Path.Combine(_folder, "root", path);

    private void Link(string path, string target) => File.CreateSymbolicLink(At(path), target);

    private string? Read(string path)
    {
        using RootDirectory root = Open(_folder + "/root");
        return root.TryReadText(path, Limit);
    }

    private LinuxException Fails(string path) => Assert.Throws<LinuxException>(() => Read(path));
}
