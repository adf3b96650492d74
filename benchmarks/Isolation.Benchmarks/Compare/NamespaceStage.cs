using System.Diagnostics;
using System.Globalization;

namespace Isolation.Benchmarks.Compare;

/// <summary>A throw-away namespace with something in it, where the contenders work in turn. Disposing ends it.</summary>
internal class NamespaceStage : IDisposable
{
    private readonly Process _keeper;
    private readonly string _option, _file;

    /// <param name="option">The kind, as unshare(1) and nsenter(1) name it.</param>
    /// <param name="file">The kind, as /proc/PID/ns names it.</param>
    /// <param name="keeper">A program that fills it, says "ready", and stays until its input ends.</param>
    protected NamespaceStage(string option, string file, params string[] keeper)
    {
        (_option, _file) = (option, file);
        _keeper = Process.Start(new ProcessStartInfo("unshare", [$"--{option}", .. keeper])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        if (_keeper.StandardOutput.ReadLine() != "ready")
            throw new InvalidOperationException($"The stage '{string.Join(' ', keeper)}' could not be made.");
    }

    /// <summary>A path of the namespace.</summary>
    public string Path => $"/proc/{_keeper.Id}/ns/{_file}";

    public string ProcessId => _keeper.Id.ToString(CultureInfo.InvariantCulture);

    /// <summary>A command line that runs another one there.</summary>
    public string[] Inside(params ReadOnlySpan<string> command) => ["nsenter", $"--{_option}={Path}", .. command];

    public void Dispose()
    {
        _keeper.StandardInput.Close();
        _keeper.WaitForExit();
        _keeper.Dispose();
    }
}

/// <summary>A network namespace.</summary>
/// <param name="workspace">Where reference/netlink.c was built.</param>
/// <param name="content">What it is filled with: one of that program's words.</param>
/// <param name="count">How much of it.</param>
internal sealed class NetlinkStage(Workspace workspace, string content, int count)
    : NamespaceStage("net", "net", workspace.Built("netlink"), "stage", content, count.ToString(CultureInfo.InvariantCulture));

/// <summary>A mount namespace.</summary>
/// <param name="workspace">Where reference/files.c was built.</param>
/// <param name="folder">A folder of the host, below which things are mounted, here only.</param>
/// <param name="count">How many.</param>
internal sealed class MountStage(Workspace workspace, string folder, int count)
    : NamespaceStage("mount", "mnt", workspace.Built("files"), "stage", folder, count.ToString(CultureInfo.InvariantCulture));
