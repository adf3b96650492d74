namespace Isolation.Benchmarks.Serve;

/// <summary>The library: a template that starts a program in a running container.</summary>
internal sealed class ExecContender(Container container, IContender exec) : IContender
{
    public string Name => "Isolation";

    /// <summary>Starts the container of reference/container.c, to stay, and makes ready to start programs in it.</summary>
    public static ExecContender Start(string rootFs)
    {
        Container container = IsolationContender.Describe(rootFs, user: "none").WithCommand("/pause").Start();
        return new ExecContender(container, new IsolationContender(new ContainerBuilder().WithContainer(container).WithCommand("/true").Build()));
    }

    public Figures RunOnce() => exec.RunOnce();

    public void Dispose()
    {
        exec.Dispose();
        container.Dispose();
    }
}
