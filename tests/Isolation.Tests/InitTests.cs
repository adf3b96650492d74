using System.Globalization;
using System.Runtime.InteropServices;
using Isolation.Syscalls;

namespace Isolation.Tests;

/// <summary>The minimal init of <see cref="ContainerBuilder.WithInit"/>.</summary>
public class InitTests
{
    [LinuxFact(Needs.Root | Needs.Busybox)]
    public void The_program_is_the_child_of_the_init_and_has_the_world_of_a_container()
    {
        using var root = new BusyboxRoot();
        Containers.Full(root).WithInit().Shell("true");
        using var nothingLeft = new ResidueCheck();
        const string Script = "id; hostname; env | sort; umask; ls /proc/self/fd; grep -E 'Sig(Blk|Ign|Cgt)|Cap|Groups|Umask' /proc/self/status; grep -E 'core|open files' /proc/self/limits";
        Assert.Equal(Containers.Full(root).Shell(Script), Containers.Full(root).WithInit().Shell(Script));

        // The init closes its descriptors while the program begins.
        string[] ids = Containers.Full(root).WithInit().Shell("cat /proc/$$/stat; i=0; while [ $(ls /proc/1/fd | wc -l) != 0 ] && [ $i -lt 50 ]; do sleep 0.1; i=$((i + 1)); done; ls /proc/1/fd | wc -l").Split('\n');
        string[] stat = ids[0][(ids[0].LastIndexOf(')') + 2)..].Split(' ');
        Assert.Equal(("2", "1", "2", "0"), (ids[0].Split(' ')[0], stat[1], stat[3], ids[1]));
    }

    [LinuxTheory(Needs.Root | Needs.Busybox)]
    [InlineData("exit 0", 0, 0)]
    [InlineData("exit 7", 7, 0)]
    [InlineData("exit 143", 143, 0)]
    [InlineData("kill -TERM $$", 143, 15)]
    [InlineData("kill -KILL $$", 137, 9)]
    [InlineData("kill -SEGV $$", 139, 11)]
    public void The_exit_is_that_of_the_program(string script, int code, int signal)
    {
        using var root = new BusyboxRoot();
        Containers.Full(root).WithInit().Shell("true");
        using var nothingLeft = new ResidueCheck();
        ContainerExit exit = Containers.Full(root).WithInit().WithCommand("/bin/sh", "-c", script).Run();
        Assert.Equal((code, signal == 0 ? (PosixSignal?)null : PosixSignals.FromNumber(signal)), (exit.ExitCode, exit.Signal));
    }

    [LinuxTheory(Needs.Root | Needs.Busybox)]
    [InlineData("HUP", 1)]
    [InlineData("USR1", 10)]
    [InlineData("TERM", 15)]
    [InlineData("WINCH", 28)]
    [InlineData("40", 40)]
    public async Task Signals_reach_the_program(string name, int number)
    {
        using var root = new BusyboxRoot();
        await using Container container = await Containers.Full(root).WithInit().WithStandardOutput(StandardStream.Pipe)
            .WithCommand("/bin/sh", "-c", $"trap 'exit 9' {name}; echo ready; while true; do sleep 0.01; done").StartAsync(TestContext.Current.CancellationToken);
        await container.StandardOutput!.ReadAsync(TestContext.Current.CancellationToken);
        Assert.True(container.Signal((PosixSignal)number));
        Assert.Equal(9, (await container.WaitForExitAsync(TestContext.Current.CancellationToken)).ExitCode);
    }

    [LinuxFact(Needs.Root | Needs.Busybox)]
    public void A_program_without_a_handler_ends_by_the_signal()
    {
        using var root = new BusyboxRoot();
        using Container container = Containers.Full(root).WithInit().WithCommand("/bin/sleep", "1000").Start();
        container.Signal(PosixSignal.SIGTERM);
        ContainerExit exit = container.WaitForExit();
        Assert.Equal((143, PosixSignal.SIGTERM), (exit.ExitCode, exit.Signal));
    }

    [NativeOnly]
    [LinuxFact(Needs.Root | Needs.Busybox | Needs.CCompiler)]
    public void Ten_thousand_orphans_are_reaped()
    {
        using var root = new BusyboxRoot();
        CFile.Compile(root.At("bin/orphans"), """
            #include <stdio.h>
            #include <stdlib.h>
            #include <string.h>
            #include <dirent.h>
            #include <unistd.h>
            #include <sys/wait.h>
            static int others(void)
            {
                int count = 0;
                DIR *proc = opendir("/proc");
                for (struct dirent *entry; (entry = readdir(proc)); )
                    count += entry->d_name[0] >= '1' && entry->d_name[0] <= '9';
                closedir(proc);
                return count - 2;
            }
            int main(void)
            {
                for (int i = 0; i < 10000; i++) {
                    pid_t parent = fork();
                    if (parent < 0)
                        return 3;
                    if (parent == 0)
                        _exit(fork() < 0 ? 4 : 0);
                    int status;
                    waitpid(parent, &status, 0);
                    if (status)
                        return 5;
                }
                for (int i = 0; i < 5000 && others(); i++)
                    usleep(1000);
                printf("%d\n", others());
                return 0;
            }
            """);
        ContainerOutput output = Containers.Full(root).WithInit().WithCommand("/bin/orphans").RunAndCaptureText();
        Assert.Equal((0, "0\n"), (output.ExitCode, output.StandardOutput));
    }

    [LinuxFact(Needs.Root | Needs.Busybox)]
    public void Others_are_killed_when_the_program_ends()
    {
        using var root = new BusyboxRoot();
        Containers.Full(root).WithInit().Shell("true");
        using var nothingLeft = new ResidueCheck();
        Assert.Equal(0, Containers.Full(root).WithInit().WithCommand("/bin/sh", "-c", "sleep 1000 & exit 0").Run().ExitCode);
    }

    [LinuxFact(Needs.Root | Needs.Busybox)]
    public void A_missing_program_is_named()
    {
        using var root = new BusyboxRoot();
        Containers.Full(root).WithInit().WithCommand("/bin/true").Run();
        using var nothingLeft = new ResidueCheck();
        LinuxException error = Assert.Throws<LinuxException>(() => Containers.Full(root).WithInit().WithCommand("/missing").Start());
        Assert.Equal(("execute", "/missing", Errno.ENOENT), (error.Operation, error.Target, error.Errno));
    }

    [LinuxFact(Needs.Root | Needs.Busybox)]
    public void The_init_keeps_no_pipe_open()
    {
        using var root = new BusyboxRoot();
        using Container container = Containers.Full(root).WithInit().WithStandardOutput(StandardStream.Pipe).WithCommand("/bin/sh", "-c", "exec >&-; sleep 1000").Start();
        Assert.True(container.StandardOutput!.ReadAsync(TestContext.Current.CancellationToken).AsTask().Result.IsCompleted);
        Assert.False(container.HasExited);
    }

    [LinuxFact(Needs.Root | Needs.Busybox)]
    public void Exec_and_a_user_work_beside_an_init()
    {
        using var root = new BusyboxRoot();
        using Container container = Containers.Full(root).WithInit().WithUser("alice").WithCommand("/bin/sleep", "1000").Start();
        Assert.Equal("1000", new ContainerBuilder().WithContainer(container).Shell("id -u"));
    }

    [LinuxFact(Needs.UserNamespaces | Needs.Busybox)]
    public void An_ordinary_user_has_an_init_too()
    {
        using var root = new BusyboxRoot();
        CommandResult result = FreshProcess.RunAsUser(RunAsUser, root.Path);
        Assert.Equal("9 0", result.EnsureSuccess().Output.Trim());
    }

    private static void RunAsUser(string root)
    {
        using Container container = new ContainerBuilder().WithRootFs(root).WithUserNs().WithInit().WithCommand("/bin/sh", "-c", "while ! test -e /go; do sleep 0.01; done; exit 9").Start();
        int code = new ContainerBuilder().WithContainer(container).WithCommand("/bin/touch", "/go").Run().ExitCode;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{container.WaitForExit().ExitCode} {code}"));
    }
}
