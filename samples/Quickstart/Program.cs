// A container from one expression: own pids, host name, network, mounts, a throw-away root, root inside while nobody outside.
// It needs no image and no privilege: the host's own files are its root, and what it changes there is thrown away.
using Isolation;
using Isolation.Fs;

ContainerBuilder container = new ContainerBuilder()
    .WithRootFs("/", RootFsMode.Overlay)
    .WithUserNs()
    .WithPidNs()
    .WithNetNs()
    .WithUtsNs("quickstart")
    .WithIpcNs()
    .WithCgroupNs();

if (args is ["--explain"])
{
    Console.Write(container.WithCommand("/bin/sh").Explain());
    return 0;
}

// With arguments, run those in it: dotnet run --project samples/Quickstart -- bash
if (args.Length > 0)
    return container.WithCommand(args).WithTerminal().WithInheritedEnvironment().Run().ExitCode;

const string Tour = """
    echo "process id    $$"
    echo "host name     $(cat /proc/sys/kernel/hostname)"
    echo "user          $(id -un), uid $(id -u)"
    echo "user map      $(tr -s ' ' < /proc/self/uid_map)"
    echo "processes     $(ls -d /proc/[0-9]* | wc -l)"
    echo "interfaces    $(ls /sys/class/net | tr '\n' ' ')"
    echo "written in the container" > /quickstart.txt
    echo "/quickstart.txt: $(cat /quickstart.txt)"
    """;
ContainerExit exit = container.WithCommand("/bin/sh", "-c", Tour).Run();
Console.WriteLine($"The container ended with exit code {exit.ExitCode} after {exit.RunTime.TotalMilliseconds:F1} ms.");
Console.WriteLine($"On the host /quickstart.txt {(File.Exists("/quickstart.txt") ? "exists" : "does not exist")}.");
return exit.ExitCode;
