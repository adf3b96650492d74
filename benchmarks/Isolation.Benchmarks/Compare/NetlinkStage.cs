using System.Diagnostics;
using System.Globalization;

namespace Isolation.Benchmarks.Compare;

/// <summary>A throw-away network namespace with something in it, where the contenders work in turn. Disposing ends it.</summary>
internal sealed class NetlinkStage : IDisposable
{
    private readonly Process _keeper;

    /// <param name="workspace">Where reference/netlink.c was built.</param>
    /// <param name="content">What it is filled with: one of that program's words.</param>
    /// <param name="count">How much of it.</param>
    public NetlinkStage(Workspace workspace, string content, int count)
    {
        _keeper = Process.Start(new ProcessStartInfo("unshare", ["--net", workspace.Built("netlink"), "stage", content, count.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        if (_keeper.StandardOutput.ReadLine() != "ready")
            throw new InvalidOperationException($"The stage '{content}' could not be made.");
    }

    /// <summary>A path of the namespace.</summary>
    public string Path => $"/proc/{_keeper.Id}/ns/net";

    public string ProcessId => _keeper.Id.ToString(CultureInfo.InvariantCulture);

    /// <summary>A command line that runs another one there.</summary>
    public string[] Inside(params ReadOnlySpan<string> command) => ["nsenter", $"--net={Path}", .. command];

    public void Dispose()
    {
        _keeper.StandardInput.Close();
        _keeper.WaitForExit();
        _keeper.Dispose();
    }
}
