namespace Isolation.Cgroups;

/// <summary>What can be lacking (Documentation/accounting/psi.rst).</summary>
public enum PressureResource
{
    /// <summary>Processors (<c>cpu.pressure</c>).</summary>
    Cpu,

    /// <summary>Memory (<c>memory.pressure</c>).</summary>
    Memory,

    /// <summary>Block devices (<c>io.pressure</c>).</summary>
    IO,

    /// <summary>Processors for interrupts (<c>irq.pressure</c>, Linux 6.1).</summary>
    Irq,
}
