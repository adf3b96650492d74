using System.Collections.Immutable;
using System.Globalization;
using Isolation.Syscalls;
using Isolation.Syscalls.Children;

namespace Isolation.Namespaces;

/// <summary>Writes the id maps of a child from outside: as root directly, else through newuidmap(1) and newgidmap(1).</summary>
internal static class IdMapWriter
{
    private const int SigKill = 9;

    // The tools do next to nothing; but they may ask a server for the user's name.
    private static readonly TimeSpan s_toolTimeout = TimeSpan.FromSeconds(20);

    /// <summary>Writes both maps of a process's user namespace.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="maps">The maps.</param>
    /// <param name="toolTimeout">How long each tool may take; 20 seconds when null.</param>
    public static void Write(int processId, UserNamespaceMaps maps, TimeSpan? toolTimeout = null)
    {
        TimeSpan timeout = toolTimeout ?? s_toolTimeout;
        if (Environment.IsPrivilegedProcess)
        {
            WriteMap(processId, "uid_map", maps.Users);
            WriteMap(processId, "gid_map", maps.Groups);
            return;
        }

        RunTool("newuidmap", processId, maps.Users, timeout);
        RunTool("newgidmap", processId, maps.Groups, timeout);
    }

    /// <summary>What <see cref="Write"/> will do, for listings.</summary>
    public static string[] Explain(UserNamespaceMaps maps)
        => Environment.IsPrivilegedProcess
            ? [$"write(\"/proc/CHILD/uid_map\", \"{Escaped(maps.Users)}\")", $"write(\"/proc/CHILD/gid_map\", \"{Escaped(maps.Groups)}\")"]
            : [$"newuidmap CHILD {string.Join(' ', maps.Users)}", $"newgidmap CHILD {string.Join(' ', maps.Groups)}"];

    private static string Escaped(ImmutableArray<IdRange> ranges) => string.Concat(ranges.Select(r => $"{r}\\n"));

    // The kernel takes a map in one write, and one map only.
    private static void WriteMap(int processId, string map, ImmutableArray<IdRange> ranges)
    {
        string path = $"/proc/{processId}/{map}";
        try
        {
            File.WriteAllText(path, UserNamespaceMaps.ToKernelText(ranges));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var errno = e is UnauthorizedAccessException ? Errno.EPERM : (Errno)(e.HResult & 0xff);
            throw new LinuxException("write", path, errno, "write", "The ranges must lie within the ids of the caller's own user namespace (/proc/self/uid_map)");
        }
    }

    private static void RunTool(string tool, int processId, ImmutableArray<IdRange> ranges, TimeSpan timeout)
    {
        string[] arguments = [tool, processId.ToString(CultureInfo.InvariantCulture), .. ranges.SelectMany(r => r.ToString().Split(' '))];
        var program = new SyscallProgramBuilder();
        HandOver.Begin(program, detached: false);
        HandOver.SetDescriptors(program, []);
        HandOver.RestoreDefaults(program);
        HandOver.Execute(
            program,
            tool,
            [$"/usr/bin/{tool}", $"/bin/{tool}", $"/run/wrappers/bin/{tool}"],
            arguments,
            ["PATH=/usr/bin:/bin"],
            static e => e == Errno.ENOENT ? "Maps of more than the caller's own ids need it; Debian has it in the package uidmap" : null);
        using ChildProcess child = ChildProcess.Start(new ChildStartInfo(program.Build()) { IsHelper = true });
        if (!child.PidFd.WaitUntilEnded(timeout))
        {
            // kill(2): though the tool is set-user-ID, its real user is still the caller.
            child.PidFd.Signal(SigKill);
            child.WaitForExit();
            throw new LinuxException($"map ids with {tool}", string.Join(", ", ranges), Errno.ETIMEDOUT, tool, $"{tool} took longer than {timeout} and was killed");
        }

        if (child.WaitForExit() is not { Status: 0 })
        {
            throw new LinuxException(
                $"map ids with {tool}",
                string.Join(", ", ranges),
                Errno.EPERM,
                tool,
                $"{tool} refused. The ranges must be the caller's own id or lie in {(tool == "newuidmap" ? "/etc/subuid" : "/etc/subgid")}");
        }
    }
}
