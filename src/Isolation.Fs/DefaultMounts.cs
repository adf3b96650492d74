namespace Isolation.Fs;

/// <summary>The file systems that programs expect to find in a root.</summary>
[Flags]
public enum DefaultMounts
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>/proc of the container's own pid namespace. Without one there is none: the host's would lead out of the root.</summary>
    Proc = 1,

    /// <summary>
    /// /dev: null, zero, full, random, urandom and tty of the host, an own /dev/pts and /dev/shm, and the usual links. With an IPC namespace
    /// of its own /dev/mqueue, too (mq_overview(7)), and /dev/console when standard input is a terminal, which it is then.
    /// </summary>
    Dev = 2,

    /// <summary>/sys, read-only: of the container's own network namespace, or else the host's.</summary>
    Sys = 4,

    /// <summary>All of them.</summary>
    All = Proc | Dev | Sys,
}
