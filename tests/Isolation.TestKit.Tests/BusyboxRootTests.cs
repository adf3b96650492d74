using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.TestKit.Tests;

/// <summary>The root file system that tests start containers in.</summary>
public sealed class BusyboxRootTests
{
    [LinuxFact(Needs.Busybox)]
    public void Its_programs_run()
    {
        using var root = new BusyboxRoot();
        Assert.Equal("hello\n", Command.Run(root.At("bin/echo"), "hello").EnsureSuccess().Output);
    }

    [LinuxFact(Needs.Busybox)]
    public void Every_user_can_run_them() => FreshProcess.RunAsUser(RunProgram).EnsureSuccess();

    private static int RunProgram()
    {
        using var root = new BusyboxRoot();
        return Command.Run(root.At("bin/true")).ExitCode;
    }

    [LinuxFact(Needs.Busybox)]
    public void Nothing_of_it_remains()
    {
        var root = new BusyboxRoot();
        File.CreateSymbolicLink(root.At("tmp/host"), "/etc");
        root.Dispose();
        Assert.False(Directory.Exists(root.Path));
        Assert.True(Directory.Exists("/etc"));
    }

    [LinuxFact(Needs.Root | Needs.Busybox)]
    public void A_forgotten_mount_is_told_and_what_is_mounted_stays() => FreshProcess.Run(ForgetMount).EnsureSuccess();

    private static void ForgetMount()
    {
        Sys.Check("make", "a mount namespace", SyscallNumber.Unshare, (nint)CloneFlags.NewNs);
        Command.Run("mount", "--make-rprivate", "/").EnsureSuccess();
        DirectoryInfo mounted = Directory.CreateTempSubdirectory("isolation-mounted-");
        string file = Path.Combine(mounted.FullName, "file");
        File.WriteAllText(file, "");
        try
        {
            var root = new BusyboxRoot();
            Command.Run("mount", "--bind", mounted.FullName, root.At("tmp")).EnsureSuccess();
            Command.Run("mount", "-t", "tmpfs", "below", root.At("tmp")).EnsureSuccess();
            Assert.Contains(root.Path + "/tmp", Assert.Throws<InvalidOperationException>(root.Dispose).Message, StringComparison.Ordinal);
            Assert.True(File.Exists(file));
            Assert.False(Directory.Exists(root.Path));
        }
        finally
        {
            mounted.Delete(recursive: true);
        }
    }
}
