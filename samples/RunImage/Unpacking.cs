using Isolation.Fs.Images;
using Isolation.Fs.Layers;
using Spectre.Console;

namespace Isolation.Samples.RunImage;

/// <summary>Unpacks an image, once, with a bar that shows how far it is. All of it goes to standard error: the output is the program's.</summary>
internal static class Unpacking
{
    public static void Run(ImageName name, ImageCache cache, CancellationToken cancellationToken)
    {
        using ImageLayout layout = ImageLayout.Open(name.Layout);
        Image image = layout.Find(name.Tag);
        if (cache.TryFind(image) is not null)
            return;
        string what = $"unpacking {image.Digest.Split(':')[1][..12]}";
        if (Console.IsErrorRedirected)
            Console.Error.WriteLine($"run-image: {what}, {image.Size} bytes");
        LayerResult? result = Console.IsErrorRedirected ? cache.Unpack(image, cancellationToken: cancellationToken).Result : UnpackWithBar(what, image, cache, cancellationToken);
        foreach (LayerOmission omission in result?.Omissions ?? [])
            Console.Error.WriteLine($"run-image: left out {omission.Count} times: {omission.What}, such as of {omission.FirstPath}");
    }

    private static LayerResult? UnpackWithBar(string what, Image image, ImageCache cache, CancellationToken cancellationToken)
        => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }).Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn())
            .Start(context =>
            {
                ProgressTask task = context.AddTask(what, maxValue: Math.Max(1, image.Size));
                return cache.Unpack(image, progress: new Bar(task), cancellationToken: cancellationToken).Result;
            });

    /// <summary>Unlike <see cref="Progress{T}"/>, at once and in order.</summary>
    private sealed class Bar(ProgressTask task) : IProgress<long>
    {
        public void Report(long value) => task.Value = value;
    }
}
