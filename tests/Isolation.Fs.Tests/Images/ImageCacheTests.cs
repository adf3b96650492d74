using System.Runtime.InteropServices;
using Isolation.Fs.Images;
using Isolation.Fs.Layers;
using Isolation.Fs.Tests.Layers;
using Isolation.Syscalls;

namespace Isolation.Fs.Tests.Images;

/// <summary>A folder of unpacked images: once each, whole or not at all, and its owner's alone.</summary>
public sealed class ImageCacheTests : IDisposable
{
    private static readonly string s_here = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64";

    private readonly string _folder = Directory.CreateTempSubdirectory("isolation-images-").FullName;
    private readonly ImageLayout _layout;
    private readonly Image _image;
    private readonly ImageCache _cache;

    public ImageCacheTests()
    {
        byte[] lower = new TarBuilder().Directory("d").File("d/f", "lower").Build(), upper = new TarBuilder().File("d/g", "upper").Build();
        var layout = new LayoutBuilder(Path.Combine(_folder, "layout"));
        layout.Tag(layout.Image(s_here, (LayoutBuilder.Tar, lower, lower), (LayoutBuilder.Tar, upper, upper)), "latest");
        _layout = ImageLayout.Open(layout.Folder);
        _image = _layout.Find();
        _cache = new ImageCache(Path.Combine(_folder, "made", "cache"));
    }

    public void Dispose()
    {
        _layout.Dispose();
        Command.Run("rm", "-rf", "--one-file-system", _folder).EnsureSuccess();
    }

    [LinuxFact]
    public void An_image_is_unpacked_by_its_digest_once()
    {
        using var nothingLeft = new ResidueCheck();
        Assert.Null(_cache.TryFind(_image));
        Assert.False(Directory.Exists(_cache.Folder));
        var progress = new Recorder();
        CachedImage first = _cache.Unpack(_image, progress: progress), second = _cache.Unpack(_image);
        Assert.Equal(Path.Combine(_cache.Folder, "sha256", _image.Digest["sha256:".Length..]), first.Path);
        Assert.Equal("upper", File.ReadAllText(first.Path + "/d/g"));
        Assert.Equal(3, first.Result!.Entries);
        Assert.Equal(new CachedImage(first.Path, null), second);
        Assert.Equal(second, _cache.TryFind(_image));
        Assert.Equal(progress.Values.Order(), progress.Values);
        Assert.Equal(_image.Size, progress.Values[^1]);
        Assert.Equal((UnixFileMode)0x1c0, File.GetUnixFileMode(_cache.Folder));
    }

    [LinuxFact]
    public async Task While_another_one_unpacks_it_that_one_is_waited_for()
    {
        using var begun = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        Task<CachedImage> first = Task.Run(() => _cache.Unpack(_image, progress: new Holder(begun, goOn)), TestContext.Current.CancellationToken);
        begun.Wait(TestContext.Current.CancellationToken);
        Task<CachedImage> second = Task.Run(() => _cache.Unpack(_image), TestContext.Current.CancellationToken);
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        Assert.ThrowsAny<OperationCanceledException>(() => _cache.Unpack(_image, cancellationToken: impatient.Token));
        Assert.False(second.IsCompleted);
        goOn.Set();
        Assert.NotNull((await first).Result);
        Assert.Equal(new CachedImage((await first).Path, null), await second);
    }

    [LinuxFact]
    public void What_is_in_the_place_of_an_image_and_is_none_is_an_error()
    {
        CachedImage unpacked = _cache.Unpack(_image);
        Directory.Delete(unpacked.Path, recursive: true);
        File.WriteAllText(unpacked.Path, "");
        Assert.Equal(Errno.ENOTDIR, Assert.Throws<LinuxException>(() => _cache.Unpack(_image)).Errno);
    }

    [LinuxFact]
    public void A_folder_that_others_can_write_to_is_refused()
    {
        string path = _cache.Unpack(_image).Path;
        foreach (string folder in (string[])[_cache.Folder, Path.GetDirectoryName(path)!])
        {
            File.SetUnixFileMode(folder, (UnixFileMode)0x1f8);
            Assert.Equal(Errno.EPERM, Assert.Throws<LinuxException>(() => _cache.TryFind(_image)).Errno);
            Assert.Equal(Errno.EPERM, Assert.Throws<LinuxException>(() => _cache.Unpack(_image)).Errno);
            File.SetUnixFileMode(folder, (UnixFileMode)0x1c0);
        }

        Assert.NotNull(_cache.TryFind(_image));
    }

    [LinuxFact]
    public void A_layer_that_is_too_large_leaves_nothing()
    {
        LayerException e = Assert.Throws<LayerException>(() => _cache.Unpack(_image, new LayerLimits { MaxBytes = 2 }));
        Assert.Equal(LayerFault.TooLarge, e.Fault);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_cache.Folder, "sha256")));
    }

    [LinuxFact]
    public void The_default_is_a_folder_of_the_caller()
    {
        CommandResult named = FreshProcess.Run(["env", "XDG_CACHE_HOME=/named"], ShowDefault, []), ignored = FreshProcess.Run(["env", "XDG_CACHE_HOME=relative", "HOME=/home/x"], ShowDefault, []);
        Assert.Equal("/named/isolation/images\n", named.EnsureSuccess().Output);
        Assert.Equal("/home/x/.cache/isolation/images\n", ignored.EnsureSuccess().Output);
    }

    private static void ShowDefault() => Console.WriteLine(new ImageCache().Folder);

    private sealed class Recorder : IProgress<long>
    {
        public List<long> Values { get; } = [];

        public void Report(long value) => Values.Add(value);
    }

    private sealed class Holder(ManualResetEventSlim begun, ManualResetEventSlim goOn) : IProgress<long>
    {
        public void Report(long value)
        {
            begun.Set();
            goOn.Wait(TimeSpan.FromSeconds(60));
        }
    }
}
