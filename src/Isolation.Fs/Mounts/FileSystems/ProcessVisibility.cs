namespace Isolation.Fs;

/// <summary>What /proc shows of the processes of others (proc(5), hidepid).</summary>
public enum ProcessVisibility
{
    /// <summary>All that permissions allow.</summary>
    All = 0,

    /// <summary>That they are there, and nothing in their directories.</summary>
    NoContent = 1,

    /// <summary>Nothing: not even that they are there.</summary>
    Hidden = 2,

    /// <summary>Only those that the reader may trace (ptrace(2)).</summary>
    Traceable = 4,
}
