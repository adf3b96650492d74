using System.Diagnostics;
using Isolation.Syscalls;
using Isolation.Syscalls.Children;

[assembly: AssemblyFixture(typeof(Isolation.Cgroups.Tests.WarmUp))]

namespace Isolation.Cgroups.Tests;

/// <summary>What a process makes once is made before the first test: also the inotify and the epoll instance that all share.</summary>
public sealed class WarmUp
{
    public WarmUp()
    {
        ProcessWarmUp.Run();
        var program = new SyscallProgramBuilder();
        program.Call(SyscallNumber.Execve, new StepNote("execute", "true"), program.Text("/bin/true"), program.Strings(["true"]), program.Strings([]));
        using (ChildProcess process = ChildProcess.Start(new ChildStartInfo(program.Build())))
            process.WaitForExit();

        // The runtime keeps what it makes for a child whose input is redirected.
        using (Process process = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true })!)
        {
            process.StandardInput.Close();
            process.WaitForExit();
        }

        if (!Environment.IsPrivilegedProcess)
            return;
        using Cgroup root = CgroupHierarchy.Find().OpenRoot();
        using Cgroup child = root.CreateChild("isolation-warm-" + Guid.NewGuid().ToString("N")[..6]);
        try
        {
            child.WaitUntilEmptyAsync().Wait();
            if (child.HasFile("cpu.pressure"))
                WatchPressureAsync(child).Wait();
        }
        finally
        {
            child.Delete();
        }
    }

    private static async Task WatchPressureAsync(Cgroup cgroup)
    {
        using var end = new CancellationTokenSource();
        await using IAsyncEnumerator<Pressure> pressure = cgroup.WatchPressureAsync(PressureResource.Cpu, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), cancellationToken: end.Token).GetAsyncEnumerator(end.Token);
        ValueTask<bool> fired = pressure.MoveNextAsync();
        await end.CancelAsync();
        try
        {
            await fired;
        }
        catch (OperationCanceledException)
        {
            // As it was to be.
        }
    }
}
