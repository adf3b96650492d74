using System.Diagnostics;
using System.Globalization;

namespace Isolation.Namespaces.Tests;

/// <summary>A process that sleeps in namespaces which unshare(1) made for it.</summary>
internal sealed class Bystander : IDisposable
{
    private readonly Process _outermost;

    /// <param name="unshare">The arguments of unshare; an element that is <c>unshare</c> itself begins another, inside.</param>
    public Bystander(params string[] unshare)
    {
        _outermost = Process.Start("unshare", [.. unshare, "sleep", "1000"]);
        try
        {
            Path = Lineage();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The process ids from the outermost unshare, which stays where a pid namespace is made, to the sleeper.</summary>
    public IReadOnlyList<int> Path { get; }

    /// <summary>The sleeper's process id.</summary>
    public int Id => Path[^1];

    public void Dispose()
    {
        // The innermost first: those outside reap it.
        foreach (int id in (IEnumerable<int>)(Path ?? [_outermost.Id]).Reverse())
        {
            using Syscalls.PidFd? process = TryOpen(id);
            process?.Signal(9);
        }

        _outermost.WaitForExit();
        _outermost.Dispose();
    }

    private static Syscalls.PidFd? TryOpen(int id)
    {
        try
        {
            return Syscalls.PidFd.Open(id);
        }
        catch (Syscalls.LinuxException e) when (e.Errno == Syscalls.Errno.ESRCH)
        {
            return null;
        }
    }

    // What is run before it sleeps may have just ended.
    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return "";
        }
    }

    private List<int> Lineage()
    {
        for (DateTime end = DateTime.UtcNow + TimeSpan.FromSeconds(10); DateTime.UtcNow < end; Thread.Sleep(5))
        {
            List<int> path = [_outermost.Id];
            while (Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{path[^1]}/task/{path[^1]}/children")).Trim() is { Length: > 0 } child)
                path.Add(int.Parse(child.Split(' ')[0], CultureInfo.InvariantCulture));
            if (Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{path[^1]}/comm")) == "sleep\n")
                return path;
        }

        throw new TimeoutException("unshare does not come to sleep.");
    }
}
