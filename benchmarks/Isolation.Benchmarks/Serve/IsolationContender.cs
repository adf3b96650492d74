using System.Diagnostics;
using Isolation.Fs;
using Isolation.Namespaces;

namespace Isolation.Benchmarks.Serve;

/// <summary>The library: a template, prepared once and started each time.</summary>
internal sealed class IsolationContender(ContainerTemplate template) : IContender
{
    public string Name => "Isolation";

    /// <summary>A program without any isolation.</summary>
    public static IsolationContender Spawn(string program) => new(new ContainerBuilder().WithCommand(program).Build());

    /// <summary>The container of reference/container.c.</summary>
    public static IsolationContender Container(string rootFs, string user = "none") => new(Describe(rootFs, user).WithCommand("/true").Build());

    public static ContainerBuilder Describe(string rootFs, string user)
    {
        ContainerBuilder container = new ContainerBuilder()
            .WithRootFs(rootFs, RootFsMode.ReadWrite)
            .WithDefaultMounts(DefaultMounts.Proc)
            .WithNetNs().WithPidNs().WithUtsNs("bench").WithIpcNs().WithCgroupNs();
        return user switch
        {
            "single" => container.WithUserNs(UserNamespaceMaps.Caller),
            "range" => container.WithUserNs(new UserNamespaceMaps(new IdRange(0, 0, 65536))),
            _ => container,
        };
    }

    public Figures RunOnce()
    {
        long before = Stopwatch.GetTimestamp();
        using Container container = template.Start();
        TimeSpan exec = Stopwatch.GetElapsedTime(before);
        ContainerExit exit = container.WaitForExit();
        return new Figures(exec.TotalMicroseconds, Stopwatch.GetElapsedTime(before).TotalMicroseconds, exit.ExitCode);
    }

    public void Dispose()
    {
    }
}
