using Isolation.Syscalls;

namespace Isolation.Namespaces.Tests;

/// <summary>The names of a UTS namespace.</summary>
public sealed class UtsNamespaceTests
{
    [LinuxFact(Needs.Root)]
    public void Names_are_set_and_read_inside_only()
    {
        using var nothingLeft = new ResidueCheck();
        using UtsNamespace own = UtsNamespace.OfThisThread(), made = UtsNamespace.Create();
        (string, string) before = (own.GetHostName(), own.GetDomainName());
        Assert.Equal(before, (made.GetHostName(), made.GetDomainName()));
        made.SetHostName("h\u00f6st.example");
        made.SetDomainName("domain");
        Assert.Equal(("h\u00f6st.example", "domain"), (made.GetHostName(), made.GetDomainName()));
        Assert.Equal(before, (own.GetHostName(), own.GetDomainName()));
        Assert.Equal("h\u00f6st.example", Command.Run("nsenter", $"--uts=/proc/{Environment.ProcessId}/fd/{made.Handle.DangerousGetHandle()}", "hostname").EnsureSuccess().Output.Trim());
    }

    [LinuxFact(Needs.Root)]
    public void A_name_has_64_bytes_at_the_most()
    {
        using var nothingLeft = new ResidueCheck();
        using UtsNamespace made = UtsNamespace.Create();
        string longest = new('a', 64);
        made.SetHostName(longest);
        made.SetDomainName(longest);
        Assert.Equal((longest, longest), (made.GetHostName(), made.GetDomainName()));
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => made.SetHostName(longest + "b")).Errno);
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => made.SetDomainName(longest + "b")).Errno);
    }

    [LinuxFact(Needs.Root)]
    public void An_ordinary_user_reads_its_own_names() => FreshProcess.RunAsUser(ReadAsUser).EnsureSuccess();

    private static void ReadAsUser()
    {
        using UtsNamespace own = UtsNamespace.OfThisThread();
        Assert.Equal(Command.Run("uname", "--nodename").EnsureSuccess().Output.Trim(), own.GetHostName());
        Assert.Equal(Errno.EPERM, Assert.Throws<LinuxException>(() => own.SetHostName("mine")).Errno);
        using UtsNamespace other = UtsNamespace.Create(UserNamespaceMaps.Caller);
        Assert.Equal((Errno.EPERM, "setns"), (Assert.Throws<LinuxException>(other.GetHostName).Errno, Assert.Throws<LinuxException>(other.GetHostName).Call));
    }
}
