using Isolation.Fs;
using Isolation.Namespaces;

[assembly: AssemblyFixture(typeof(Isolation.Tests.WarmUp))]

namespace Isolation.Tests;

/// <summary>What a process makes once is made before the first test: the engine too, with its stub and runner, and what threads need to come home from a namespace.</summary>
public sealed class WarmUp
{
    public WarmUp()
    {
        ProcessWarmUp.Run();
        if (!Environment.IsPrivilegedProcess)
            return;
        using (Container container = new ContainerBuilder().WithPidNs().WithCommand("sleep", "1000").Start())
        {
            using Container exec = container.Exec("true");
            exec.WaitForExit().EnsureSuccess();
        }

        // The namespaces that hold the ids of containers whose root belongs to the host's.
        if (File.Exists("/bin/busybox"))
        {
            using var root = new BusyboxRoot();
            foreach (ContainerBuilder container in (ContainerBuilder[])[new ContainerBuilder().WithUserNs(), new ContainerBuilder().WithUserNsOfRoot()])
                container.WithRootFs(root.Path).WithDefaultMounts(DefaultMounts.None).WithCommand("/bin/true").Run().EnsureSuccess();
        }

        using var elsewhere = NetworkNamespace.Create();
        elsewhere.Run(static () => { });
    }
}
