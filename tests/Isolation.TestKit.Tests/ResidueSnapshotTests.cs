using System.Diagnostics;
using Isolation.Syscalls;
using Isolation.Syscalls.Children;
using Isolation.Syscalls.Interop;
using Tmds.Linux;

namespace Isolation.TestKit.Tests;

/// <summary>That the snapshot sees what a test can leave behind. Each leak happens in a process of its own.</summary>
public sealed unsafe class ResidueSnapshotTests
{
    // signal(7), prctl(2), getrlimit(2), keyctl(2), mount(2), memfd_create(2), madvise(2).
    private const int SigUsr1 = 10, SetDumpable = 4, JoinSessionKeyring = 1, Recursive = 0x4000, Private = 1 << 18;

    // pipe2(2): O_NONBLOCK|O_CLOEXEC.
    private const int NonBlockingCloseOnExec = 0x80800;

    [LinuxFact]
    public void A_process_that_does_nothing_shows_nothing() => Assert.Empty(Seen(Nothing));

    private static void Nothing() => Show(() => { });

    [LinuxFact]
    public void A_process_that_cleans_up_shows_nothing() => Assert.Empty(Seen(CleanUp));

    private static void CleanUp() => Show(() =>
    {
        File.OpenHandle("/dev/zero").Dispose();
        long umask = Sys.Call(SyscallNumber.Umask, 0x3f);
        Sys.Call(SyscallNumber.Umask, (nint)umask);
        string directory = Environment.CurrentDirectory;
        Environment.CurrentDirectory = "/";
        Environment.CurrentDirectory = directory;
    });

    [LinuxFact]
    public void A_leaked_descriptor_is_seen() => Assert.Equal(["+1 descriptor /dev/zero"], Seen(LeakDescriptor));

    private static void LeakDescriptor()
    {
        IDisposable? leaked = null;
        Show(() => leaked = File.OpenHandle("/dev/zero"));
        GC.KeepAlive(leaked);
    }

    [LinuxFact]
    public void A_closed_descriptor_is_seen() => Assert.Equal(["-1 descriptor /dev/zero"], Seen(CloseDescriptor));

    private static void CloseDescriptor()
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle handle = File.OpenHandle("/dev/zero");
        Show(handle.Dispose);
    }

    [LinuxFact]
    public void Each_of_many_leaked_pipes_counts() => Assert.Equal(["+6 descriptor pipe:[n]"], Seen(LeakPipes));

    private static void LeakPipes() => Show(() =>
    {
        int* ends = stackalloc int[2];
        for (int i = 0; i < 3; i++)
            Sys.Check("make", "a pipe", SyscallNumber.Pipe2, (nint)ends, 0);
    });

    [LinuxFact]
    public void The_runtimes_pipe_for_unwinding_is_no_residue() => Assert.Empty(Seen(MakePipeAsTheRuntimeDoes));

    private static void MakePipeAsTheRuntimeDoes() => Show(MakePipe);

    [LinuxFact]
    public void The_runtime_makes_one_such_pipe_and_each_further_one_is_seen() => Assert.Equal(["+2 descriptor pipe:[n]"], Seen(LeakNonBlockingPipes));

    private static void LeakNonBlockingPipes() => Show(() =>
    {
        MakePipe();
        MakePipe();
    });

    private static void MakePipe()
    {
        int* ends = stackalloc int[2];
        Sys.Check("make", "a pipe", SyscallNumber.Pipe2, (nint)ends, NonBlockingCloseOnExec);
    }

    [LinuxFact]
    public void One_end_of_a_pipe_that_does_not_block_is_seen() => Assert.Equal(["+1 descriptor pipe:[n]"], Seen(LeakEnd));

    private static void LeakEnd() => Show(() =>
    {
        int* ends = stackalloc int[2];
        Sys.Check("make", "a pipe", SyscallNumber.Pipe2, (nint)ends, NonBlockingCloseOnExec);
        Sys.Check("close", "an end", SyscallNumber.Close, ends[0]);
    });

    [LinuxFact]
    public void A_running_child_is_seen() => Assert.Matches(@"^\+1 child \(sleep\)$", Assert.Single(Seen(LeakChild)));

    private static void LeakChild()
    {
        // What .NET makes once for all its children.
        Process.Start("true").WaitForExit();
        Process? child = null;
        Show(() =>
        {
            child = Process.Start("sleep", "100");

            // After exec the name is the program's.
            while (File.ReadAllText($"/proc/{child.Id}/comm") != "sleep\n")
                Thread.Sleep(1);
        });
        child!.Kill();
        child.WaitForExit();
    }

    [LinuxFact]
    public void A_zombie_is_seen() => Assert.Matches(@"^\+1 zombie \(.*\)$", Assert.Single(Seen(LeakZombie), l => l.Contains("zombie", StringComparison.Ordinal)));

    private static void LeakZombie()
    {
        ChildProcess Start()
        {
            ChildProcess started = ChildProcess.Start(new ChildStartInfo(new SyscallProgramBuilder().Build()));
            started.PidFd.WaitUntilEnded(TimeSpan.FromSeconds(10));
            return started;
        }

        using (ChildProcess warm = Start())
            warm.WaitForExit();
        ChildProcess? child = null;
        Show(() => child = Start());
        child!.WaitForExit();
        child.Dispose();
    }

    [LinuxFact(Needs.Root)]
    public void A_mount_is_seen()
        => Assert.Matches(@"^\+1 mount .* /proc/tty rw.* - tmpfs leaked rw", Assert.Single(Seen(LeakMount)));

    private static void LeakMount()
    {
        OwnMounts();
        Show(() => Mount("leaked", "/proc/tty", "tmpfs"));
    }

    [LinuxFact(Needs.Root)]
    public void A_thread_that_stays_in_another_namespace_is_seen()
        => Assert.Matches(@"^\+1 thread namespace net:\[", Assert.Single(Seen(LeakNamespace)));

    private static void LeakNamespace()
    {
        using var go = new SemaphoreSlim(0);
        using var there = new SemaphoreSlim(0);
        using var end = new SemaphoreSlim(0);
        var thread = new Thread(() =>
        {
            go.Wait();
            Sys.Check("make", "a network namespace", SyscallNumber.Unshare, unchecked((nint)CloneFlags.NewNet));
            there.Release();
            end.Wait();
        });
        thread.Start();
        Show(() =>
        {
            go.Release();
            there.Wait();
        });
        end.Release();
        thread.Join();
    }

    [LinuxFact(Needs.Root | Needs.Ip)]
    public void A_network_link_is_seen() => Assert.Equal(["+1 link leak0", "+1 link leak1"], Seen(LeakLink).Where(l => l.Contains(" link ", StringComparison.Ordinal)));

    private static void LeakLink()
    {
        OwnMounts();
        Sys.Check("make", "a network namespace", SyscallNumber.Unshare, unchecked((nint)CloneFlags.NewNet));
        Mount("sysfs", "/sys", "sysfs");
        Show(() => Command.Run("ip", "link", "add", "leak0", "type", "veth", "peer", "name", "leak1").EnsureSuccess());
    }

    [LinuxFact]
    public void An_ignored_signal_is_seen() => Assert.Contains(Seen(LeakIgnoredSignal), l => l.StartsWith("+1 thread SigIgn:", StringComparison.Ordinal));

    private static void LeakIgnoredSignal() => Show(() =>
    {
        // struct sigaction of the kernel: SIG_IGN is 1.
        nint* action = stackalloc nint[4] { 1, 0, 0, 0 };
        Sys.Check("ignore", "SIGUSR1", SyscallNumber.RtSigaction, SigUsr1, (nint)action, 0, 8);
    });

    [LinuxFact]
    public void A_blocked_signal_is_seen() => Assert.Contains(Seen(LeakBlockedSignal), l => l.StartsWith("+1 thread SigBlk:", StringComparison.Ordinal));

    private static void LeakBlockedSignal() => Show(() =>
    {
        ulong mask = 1UL << (SigUsr1 - 1);
        Sys.Check("block", "SIGUSR1", SyscallNumber.RtSigprocmask, 0, (nint)(&mask), 0, 8);
    });

    [LinuxFact]
    public void A_changed_umask_is_seen() => Assert.Contains("+1 Umask:\t0177", Seen(LeakUmask));

    private static void LeakUmask() => Show(() => Sys.Call(SyscallNumber.Umask, 0x7f));

    [LinuxFact]
    public void A_changed_working_directory_is_seen() => Assert.Contains("+1 cwd /proc", Seen(LeakDirectory));

    private static void LeakDirectory() => Show(() => Environment.CurrentDirectory = "/proc");

    [LinuxFact]
    public void A_changed_resource_limit_is_seen() => Assert.Contains(Seen(LeakLimit), l => l.StartsWith("+1 limit Max core file size", StringComparison.Ordinal));

    private static void LeakLimit()
    {
        static void Set(long soft)
        {
            var limit = new ResourceLimit(soft, ResourceLimit.Get(LimitedResource.CoreSize).Hard);
            Sys.Check("set", "the core limit", SyscallNumber.Prlimit64, 0, (nint)LimitedResource.CoreSize, (nint)(&limit), 0);
        }

        ResourceLimit before = ResourceLimit.Get(LimitedResource.CoreSize);
        Show(() => Set(before.Soft == 0 ? 1 : 0));
    }

    [LinuxFact]
    public void An_executable_mapping_of_a_memory_file_is_seen() => Assert.Equal(["+1 mapping r-xp memfd"], Seen(LeakMapping));

    private static void LeakMapping() => Show(() =>
    {
        int file;
        fixed (byte* name = "isolation-leak"u8)
            file = (int)Sys.Check("create", "a memory file", SyscallNumber.MemfdCreate, (nint)name, 1);
        Sys.Check("write", "a memory file", SyscallNumber.Write, file, (nint)(&file), sizeof(int));
        Sys.Check("map", "a memory file", SyscallNumber.Mmap, 0, 4096, LibC.PROT_READ | LibC.PROT_EXEC, LibC.MAP_PRIVATE, file, 0);
        Sys.Call(SyscallNumber.Close, file);
    });

    [LinuxFact]
    public void The_dumpable_flag_is_seen()
    {
        IReadOnlyList<string> seen = Seen(LeakDumpable);
        Assert.Contains("+1 dumpable 0", seen);
        Assert.Contains("-1 dumpable 1", seen);
    }

    private static void LeakDumpable() => Show(() => Sys.Check("clear", "dumpable", SyscallNumber.Prctl, SetDumpable, 0));

    [LinuxFact]
    public void The_no_new_privileges_flag_is_seen() => Assert.Contains("+1 no_new_privs 1", Seen(LeakNoNewPrivileges));

    private static void LeakNoNewPrivileges() => Show(() => Sys.Check("set", "no_new_privs", SyscallNumber.Prctl, 38, 1, 0, 0, 0));

    [LinuxFact]
    public void A_new_session_is_seen() => Assert.Contains(Seen(LeakSession), l => l.StartsWith("+1 NSsid:", StringComparison.Ordinal));

    private static void LeakSession() => Show(() => Sys.Check("begin", "a session", SyscallNumber.SetSid));

    [LinuxFact]
    public void A_file_with_our_name_is_seen() => Assert.Matches("^\\+1 file .*/isolation-leak-", Assert.Single(Seen(LeakFile)));

    private static void LeakFile()
    {
        string path = Path.Combine(Path.GetTempPath(), $"isolation-leak-{Environment.ProcessId}");
        try
        {
            Show(() => File.WriteAllText(path, ""));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [LinuxFact]
    public void A_directory_with_our_name_is_seen() => Assert.Matches("^\\+1 file .*/isolation-leak-", Assert.Single(Seen(LeakDirectoryOfFiles)));

    private static void LeakDirectoryOfFiles()
    {
        string? path = null;
        try
        {
            Show(() => path = Directory.CreateTempSubdirectory("isolation-leak-").FullName);
        }
        finally
        {
            Directory.Delete(path!);
        }
    }

    [LinuxFact]
    public void A_new_keyring_is_seen() => Assert.Contains(Seen(LeakKeyring), l => l.StartsWith("+1 keyring ", StringComparison.Ordinal));

    private static void LeakKeyring() => Show(() => Sys.Check("join", "a session keyring", SyscallNumber.Keyctl, JoinSessionKeyring, 0));

    [LinuxFact(Needs.Root)]
    public void A_cgroup_with_our_name_is_seen()
    {
        Assert.SkipUnless(CgroupRoot is not null, "needs cgroup v2");
        Assert.Equal([$"+1 file {CgroupRoot}/isolation-leak"], Seen(LeakCgroup));
    }

    private static void LeakCgroup()
    {
        string path = CgroupRoot + "/isolation-leak";
        try
        {
            Show(() => Directory.CreateDirectory(path));
        }
        finally
        {
            Directory.Delete(path);
        }
    }

    private static string? CgroupRoot { get; } = ((string[])["/sys/fs/cgroup/unified", "/sys/fs/cgroup"]).FirstOrDefault(d => File.Exists(d + "/cgroup.procs"));

    private static string[] Seen(Delegate leak)
    {
        // A folder of its own for temporary files: other tests may be making theirs at the same time.
        DirectoryInfo folder = Directory.CreateTempSubdirectory("isolation-seen-");
        try
        {
            CommandResult result = FreshProcess.Run([], leak, [], environment: new Dictionary<string, string?> { ["TMPDIR"] = folder.FullName });
            return result.EnsureSuccess().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>In the fresh process: prints what the snapshot sees of an action.</summary>
    private static void Show(Action leave)
    {
        // The runtime opens and starts once what it needs for a snapshot.
        _ = ResidueSnapshot.Take().Difference(ResidueSnapshot.Take());
        ResidueSnapshot before = ResidueSnapshot.Take();
        leave();
        foreach (string line in before.Difference(ResidueSnapshot.Take()))
            Console.WriteLine(line);
    }

    private static void OwnMounts()
    {
        Sys.Check("make", "a mount namespace", SyscallNumber.Unshare, (nint)CloneFlags.NewNs);
        fixed (byte* none = "none\0"u8, root = "/\0"u8)
            Sys.Check("make", "all mounts private", SyscallNumber.Mount, (nint)none, (nint)root, 0, Recursive | Private, 0);
    }

    private static void Mount(string source, string target, string type)
    {
        fixed (byte* s = System.Text.Encoding.UTF8.GetBytes(source + '\0'), t = System.Text.Encoding.UTF8.GetBytes(target + '\0'), f = System.Text.Encoding.UTF8.GetBytes(type + '\0'))
            Sys.Check("mount", target, SyscallNumber.Mount, (nint)s, (nint)t, (nint)f, 0, 0);
    }
}
