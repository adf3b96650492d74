namespace Isolation.Benchmarks;

/// <summary>One way to do the work that a scenario compares.</summary>
internal interface IContender : IDisposable
{
    string Name { get; }

    /// <summary>Does the work once: starts the program and waits until it is reaped.</summary>
    Figures RunOnce();
}

/// <summary>How long one start took, told by whoever did it.</summary>
/// <param name="Exec">Microseconds until the program was executed; for a tool, until the tool itself was. Of the works of netlink and cgroups: microseconds of CPU time.</param>
/// <param name="Reaped">Microseconds until the program had ended and was reaped. Of the works of netlink and cgroups: until the work was done.</param>
internal readonly record struct Figures(double Exec, double Reaped, int ExitCode);
