using System.Diagnostics;

namespace Isolation.Cgroups.Tests;

/// <summary>A throw-away cgroup right below the mount point, and processes in it.</summary>
internal sealed class TestCgroup : IDisposable
{
    private readonly List<Process> _processes = [];
    private readonly CgroupControllers _enabled;

    public TestCgroup(CgroupControllers controllers = CgroupControllers.None)
    {
        using Cgroup root = CgroupHierarchy.Find().OpenRoot();
        _enabled = controllers & ~root.ChildControllers;
        root.EnableControllers(controllers);
        Cgroup = root.CreateChild("isolation-" + Guid.NewGuid().ToString("N")[..8]);
    }

    public Cgroup Cgroup { get; }

    /// <summary>Starts a shell command and moves it into a cgroup, this one if none is named. The command begins when it is there.</summary>
    public Process Start(string command, Cgroup? cgroup = null)
    {
        Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "read go; " + command]) { RedirectStandardInput = true })!;
        _processes.Add(process);
        (cgroup ?? Cgroup).AddProcess(process.Id);
        process.StandardInput.WriteLine();
        process.StandardInput.Dispose();
        return process;
    }

    public void Dispose()
    {
        try
        {
            Cgroup.Thaw();
            Cgroup.Kill();
            Cgroup.Delete(recursive: true);
        }
        finally
        {
            Cgroup.Dispose();
            using (Cgroup root = CgroupHierarchy.Find().OpenRoot())
                root.DisableControllers(_enabled);
            foreach (Process process in _processes)
            {
                process.WaitForExit();
                process.Dispose();
            }
        }
    }
}
