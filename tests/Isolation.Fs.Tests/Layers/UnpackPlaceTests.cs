using System.Runtime.InteropServices;
using Isolation.Fs.Images;
using Isolation.Fs.Layers;
using Isolation.Fs.Tests.Images;
using Isolation.Syscalls;

namespace Isolation.Fs.Tests.Layers;

/// <summary>The folder beside the one that is to be: on file systems without its locks or its renames, and by its handle alone.</summary>
[NativeOnly]
public sealed class UnpackPlaceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("isolation-place-").FullName;

    public void Dispose() => Command.Run("rm", "-rf", "--one-file-system", _folder).EnsureSuccess();

    [LinuxTheory]
    [InlineData("ENOLCK", true)]
    [InlineData("EBADF", true)]
    [InlineData("EOPNOTSUPP", true)]
    [InlineData("EIO", false)]
    public void A_lock_that_fails_is_told_and_not_waited_for(string errno, bool isHinted)
    {
        byte[] layer = new TarBuilder().File("f").Build();
        var layout = new LayoutBuilder(_folder + "/layout");
        layout.Tag(layout.Image(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64", (LayoutBuilder.Tar, layer, layer)), "x");
        CommandResult result = FreshProcess.Run(UnpackWithoutLocks, _folder, errno, isHinted.ToString());
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    [LinuxFact(Needs.Strace | Needs.FullSpeed)]
    public void A_lock_that_a_signal_interrupted_is_asked_for_again() => Injected("flock:error=EINTR:when=1+2", UnpackTwice);

    [LinuxFact(Needs.Strace | Needs.FullSpeed)]
    public void Where_rename_cannot_refuse_what_is_there_a_plain_one_does() => Injected("renameat2:error=EINVAL:when=1+2", UnpackTwice);

    [LinuxTheory(Needs.Strace | Needs.FullSpeed)]
    [InlineData(true)]
    [InlineData(false)]
    public void A_plain_rename_replaces_nothing(bool isFolder) => Injected("renameat2:error=EINVAL:when=1+2", isFolder ? CompleteOverFolder : CompleteOverFile);

    [LinuxFact(Needs.Strace | Needs.FullSpeed)]
    public void What_is_locked_is_what_is_unpacked_to_wherever_its_name_leads()
    {
        string trace = _folder + "/trace";
        FreshProcess.Run(["strace", "-f", "-o", trace, "-e", "trace=openat,openat2,chmod,fchmodat,fchownat"], UnpackTwice, [_folder]).EnsureSuccess();
        string[] lookups = [.. File.ReadLines(trace).Where(l => l.Contains("root.incomplete\"", StringComparison.Ordinal))];
        Assert.NotEmpty(lookups);
        Assert.All(lookups, l => Assert.Contains("O_NOFOLLOW", l, StringComparison.Ordinal));
    }

    private void Injected(string injection, Action<string> work)
    {
        CommandResult result = FreshProcess.Run(["strace", "-f", "-o", "/dev/null", "-e", "trace=" + injection.Split(':')[0], "-e", "inject=" + injection], work, [_folder]);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    private static void UnpackWithoutLocks(string folder, string errno, string isHinted)
    {
        using ImageLayout layout = ImageLayout.Open(folder + "/layout");
        Image image = layout.Find();
        var cache = new ImageCache(folder + "/cache");
        RefusedCalls.Refuse(Enum.Parse<Errno>(errno), SyscallNumber.Flock);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        LinuxException direct = Assert.Throws<LinuxException>(() => image.Unpack(folder + "/root")), cached = Assert.Throws<LinuxException>(() => cache.Unpack(image, cancellationToken: patience.Token));
        Assert.All([direct, cached], e => Assert.Equal((errno, "lock", "flock", bool.Parse(isHinted)), (e.Errno.ToString(), e.Operation, e.Call, e.Hint is not null)));
        Assert.Contains("root.incomplete", direct.Target, StringComparison.Ordinal);
        Assert.Equal(["cache", "layout"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order());
    }

    private static void UnpackTwice(string folder)
    {
        byte[] layer = new TarBuilder().File("f", "new").Build();
        Layer.Unpack(folder + "/root", [() => new MemoryStream(layer)], new LayerOptions { Privilege = LayerPrivilege.None });
        Assert.Equal("new", File.ReadAllText(folder + "/root/f"));
        Assert.Equal((UnixFileMode)0x1ed, File.GetUnixFileMode(folder + "/root"));
        Assert.Equal(Errno.EEXIST, Assert.Throws<LinuxException>(() => Layer.Unpack(folder + "/root", [() => new MemoryStream(layer)])).Errno);
        Assert.False(Directory.Exists(folder + "/root.incomplete"));
    }

    private static void CompleteOverFolder(string folder)
    {
        Complete(folder, () => Directory.CreateDirectory(folder + "/root/kept"));
        Assert.True(Directory.Exists(folder + "/root/kept"));
    }

    private static void CompleteOverFile(string folder)
    {
        Complete(folder, () => File.WriteAllText(folder + "/root", "kept"));
        Assert.Equal("kept", File.ReadAllText(folder + "/root"));
    }

    private static void Complete(string folder, Action others)
    {
        using (var place = UnpackPlace.Open(folder + "/root", new LayerOptions()))
        {
            others();
            Assert.Equal(Errno.EEXIST, Assert.Throws<LinuxException>(place.Complete).Errno);
        }

        Assert.False(Directory.Exists(folder + "/root.incomplete"));
    }
}
