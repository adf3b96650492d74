using System.Net.Sockets;
using Isolation.Syscalls;

namespace Isolation.Namespaces.Tests.Delegates;

/// <summary>What a user without privilege can enter.</summary>
public sealed class OrdinaryUserTests
{
    private static readonly string[] s_asUser = Environment.IsPrivilegedProcess ? ["setpriv", $"--reuid={FreshProcess.UserId}", $"--regid={FreshProcess.UserId}", "--clear-groups", "--inh-caps=-all"] : [];

    [LinuxFact(Needs.UserNamespaces)]
    public void Root_of_a_user_namespace_runs_delegates_in_its_namespaces()
        => FreshProcess.Run([.. s_asUser, "unshare", "--user", "--map-root-user"], RunInside, []).EnsureSuccess();

    private static void RunInside()
    {
        Assert.DoesNotContain("4294967295", File.ReadAllText("/proc/self/uid_map"), StringComparison.Ordinal);
        using NetworkNamespace ns = Fresh.Network();
        using UtsNamespace uts = Fresh.Uts();
        using ThreadNamespace mount = Fresh.Make(NamespaceKinds.Mount);
        Assert.Equal(["lo"], ns.Run(Fresh.Links));
        Assert.Equal(mount.ToString(), mount.Run(() => Fresh.Here("mnt")));
        using Socket socket = ns.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var inside = new NamespaceThread(ns, uts);
        inside.Run(() => Fresh.SetHostName("inside"));
        Assert.Equal("inside", uts.Run(Fresh.HostName));
    }

    [LinuxFact(Needs.UserNamespaces)]
    public void A_namespace_of_another_user_namespace_is_refused_and_the_error_says_why()
        => FreshProcess.Run(s_asUser, EnterWithoutPrivilege, []).EnsureSuccess();

    // Even its own: setns(2) wants CAP_SYS_ADMIN in the caller's user namespace as well.
    private static async Task EnterOneOfAChild(int child)
    {
        foreach (NamespaceKinds kind in (NamespaceKinds[])[NamespaceKinds.Network, NamespaceKinds.Uts, NamespaceKinds.Mount])
        {
            using var ns = (ThreadNamespace)Namespace.OfProcess(child, kind);
            bool ran = false;
            AssertRefusal(Assert.Throws<LinuxException>(() => ns.Run(() => ran = true)), ns);
            AssertRefusal(await Assert.ThrowsAsync<LinuxException>(() => ns.RunAsync(() => Task.FromResult(ran = true))), ns);
            AssertRefusal(Assert.Throws<LinuxException>(() => new NamespaceThread(ns)), ns);
            Assert.False(ran);
        }

        Assert.DoesNotContain("isolation-inside", Directory.GetDirectories("/proc/self/task").Select(t => File.ReadAllText($"{t}/comm").Trim()));
    }

    private static void EnterWithoutPrivilege()
    {
        using System.Diagnostics.Process child = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("unshare", ["--user", "--map-root-user", "--net", "--uts", "--mount", "sh", "-c", "echo; exec cat"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        child.StandardOutput.ReadLine();
        try
        {
            EnterOneOfAChild(child.Id).GetAwaiter().GetResult();
        }
        finally
        {
            child.Kill();
            child.WaitForExit();
        }
    }

    private static void AssertRefusal(LinuxException e, ThreadNamespace ns)
    {
        Assert.Equal((Errno.EPERM, "setns", ns.ToString()), (e.Errno, e.Call, e.Target));
        Assert.Contains("CAP_SYS_ADMIN", e.Hint, StringComparison.Ordinal);
    }
}
