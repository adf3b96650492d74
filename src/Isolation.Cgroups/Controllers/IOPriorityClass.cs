namespace Isolation.Cgroups;

/// <summary>What is done to the priority class of requests (<c>io.prio.class</c>, Linux 5.14).</summary>
public enum IOPriorityClass
{
    /// <summary>Nothing (<c>no-change</c>).</summary>
    NoChange,

    /// <summary>What is not real-time becomes real-time (<c>promote-to-rt</c>).</summary>
    PromoteToRealTime,

    /// <summary>What has no class, or real-time, becomes best-effort (<c>restrict-to-be</c>).</summary>
    RestrictToBestEffort,

    /// <summary>All becomes idle (<c>idle</c>).</summary>
    Idle,
}
