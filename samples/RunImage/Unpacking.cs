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
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        LayerResult? result = console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn())
            .Start(context =>
            {
                ProgressTask task = context.AddTask($"unpacking {image.Digest.Split(':')[1][..12]}", maxValue: Math.Max(1, image.Size));
                return cache.Unpack(image, progress: new Bar(task), cancellationToken: cancellationToken).Result;
            });
        foreach (LayerOmission omission in result?.Omissions ?? [])
            Console.Error.WriteLine($"run-image: left out {omission.Count} times: {omission.What}, such as of {omission.FirstPath}");
    }

    /// <summary>Unlike <see cref="Progress{T}"/>, at once and in order.</summary>
    private sealed class Bar(ProgressTask task) : IProgress<long>
    {
        public void Report(long value) => task.Value = value;
    }
}
