using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.Tests;

/// <summary>Containers start the same from managers that the system has tied down, and leave the manager's own flags alone.</summary>
public class HardenedTests
{
    [LinuxFact(Needs.Root | Needs.Busybox)]
    public void With_no_new_privs_containers_start()
    {
        using var root = new BusyboxRoot();
        CommandResult result = FreshProcess.Run(["setpriv", "--no-new-privs"], StartFull, [root.Path]);
        Assert.Equal("ok", result.EnsureSuccess().Output.Trim());
    }

    private static void StartFull(string root)
        => Console.WriteLine(new ContainerBuilder().WithRootFs(root).WithUserNs().WithPidNs().WithNetNs().Shell("echo ok"));

    [LinuxFact(Needs.Root | Needs.Busybox)]
    public void The_dumpable_flag_survives_a_change_of_user()
    {
        using var root = new BusyboxRoot();
        Assert.Equal("1 1 1", FreshProcess.Run(ChangeUsers, root.Path).EnsureSuccess().Output.Trim());
    }

    private static void ChangeUsers(string root)
    {
        static long Dumpable() => Sys.Call(SyscallNumber.Prctl, 3);
        long before = Dumpable();
        ContainerTemplate other = new ContainerBuilder().WithRootFs(root).WithPidNs().WithUser("1000").WithCommand("/bin/true").Build();
        ContainerTemplate visible = new ContainerBuilder().WithUser("1000").WithCommand("true").Build();
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(i => new Thread(() =>
        {
            for (int n = 0; n < 20; n++)
                (i % 2 == 0 ? other : visible).Run().EnsureSuccess();
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        long after = Dumpable();
        Assert.Throws<LinuxException>(() => { other.Start(new Isolation.Syscalls.Children.Fault((uint)other.Program.Steps.Length - 1, Errno.EIO)); });
        Console.WriteLine($"{before} {after} {Dumpable()}");
    }

    [LinuxFact(Needs.Root | Needs.Busybox | Needs.CCompiler | Needs.Sdk)]
    public void Where_clone3_is_refused_clone_does_the_same()
    {
        using var root = new BusyboxRoot();
        string folder = Directory.CreateTempSubdirectory("isolation-seccomp-").FullName;
        File.WriteAllText(folder + "/refuse.c", Refuse);
        Command.Run("gcc", "-O2", "-o", folder + "/refuse", folder + "/refuse.c").EnsureSuccess();

        // ENOSYS. Where a profile says EPERM, glibc itself can start no thread, and so no .NET either.
        CommandResult result = FreshProcess.Run([folder + "/refuse", "38"], StartFullAndShowSignals, [root.Path]);
        Assert.Equal("ok\nSigIgn:\t0000000000000000\nSigCgt:\t0000000000000000", result.EnsureSuccess().Output.Trim());

        // Steps are counted as where clone3 works: what comes before the program there is none of its steps.
        Assert.Equal("0 3 7", FreshProcess.Run([folder + "/refuse", "38"], FailAtSteps, []).EnsureSuccess().Output.Trim());
        Directory.Delete(folder, recursive: true);
    }

    private static void FailAtSteps()
    {
        ContainerTemplate template = new ContainerBuilder().WithCommand("/bin/true").Build();
        Console.WriteLine(string.Join(' ', ((uint[])[0, 3, 7]).Select(k => Assert.Throws<LinuxException>(() => { template.Start(new Isolation.Syscalls.Children.Fault(k, Errno.EIO)); }).Step)));
    }

    private static void StartFullAndShowSignals(string root)
    {
        StartFull(root);
        Console.WriteLine(new ContainerBuilder().WithRootFs(root).WithPidNs().WithCommand("/bin/grep", "-E", "Sig(Ign|Cgt)", "/proc/self/status").RunAndCaptureText().StandardOutput.Trim());
    }

    /// <summary>Runs a program under a seccomp filter that refuses clone3 with the given errno.</summary>
    private const string Refuse = """
        #include <errno.h>
        #include <linux/filter.h>
        #include <linux/seccomp.h>
        #include <stddef.h>
        #include <stdlib.h>
        #include <sys/prctl.h>
        #include <sys/syscall.h>
        #include <unistd.h>
        int main(int argc, char **argv)
        {
            struct sock_filter filter[] = {
                BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
                BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_clone3, 0, 1),
                BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | atoi(argv[1])),
                BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
            };
            struct sock_fprog program = { sizeof filter / sizeof *filter, filter };
            if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
                return 125;
            execv(argv[2], argv + 2);
            return 126;
        }
        """;

    [LinuxFact(Needs.Root | Needs.FullSpeed)]
    public void While_a_visible_child_has_other_credentials_the_managers_memory_is_closed_to_others()
        => Assert.Equal("0 1", FreshProcess.Run(HoldVisibleChild).EnsureSuccess().Output.Trim());

    private static void HoldVisibleChild()
    {
        ContainerTemplate template = new ContainerBuilder().WithUserNs(Namespaces.UserNamespaceMaps.Caller).WithCommand("true").Build();
        template.Run().EnsureSuccess();
        var starter = new Thread(() => template.Start(new Isolation.Syscalls.Children.Fault(5, Errno.None) { Hold = TimeSpan.FromSeconds(1) }).Dispose());
        starter.Start();
        Thread.Sleep(400);
        long during = Sys.Call(SyscallNumber.Prctl, 3);
        starter.Join();
        Console.WriteLine($"{during} {Sys.Call(SyscallNumber.Prctl, 3)}");
    }

    [LinuxFact(Needs.Root)]
    public void The_stub_is_never_writable_and_is_backed_by_a_sealed_file()
    {
        new ContainerBuilder().WithCommand("true").Run();
        string[] mappings = [.. File.ReadLines("/proc/self/maps").Where(l => l.Contains("memfd:isolation-child", StringComparison.Ordinal))];
        Assert.Single(mappings);
        Assert.Contains(" r-xp ", mappings[0], StringComparison.Ordinal);
    }
}
