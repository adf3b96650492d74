using System.Text;
using Isolation.Namespaces.Interop;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.Namespaces;

/// <remarks>
/// The kernel tells and takes the names of the namespace that a thread is in. So a thread enters, asks, and ends, unless the
/// caller is there already.
/// </remarks>
public sealed unsafe partial class UtsNamespace
{
    /// <summary>Reads the host name (uname(2)).</summary>
    /// <exception cref="LinuxException">EPERM: entering needs CAP_SYS_ADMIN, in the owner of the namespace too (setns(2)).</exception>
    public string GetHostName() => Inside(static () => File.ReadAllText("/proc/sys/kernel/hostname").TrimEnd('\n'));

    /// <summary>Reads the NIS domain name (getdomainname(2)), which is <c>(none)</c> where none was set.</summary>
    /// <exception cref="LinuxException">EPERM: entering needs CAP_SYS_ADMIN, in the owner of the namespace too (setns(2)).</exception>
    public string GetDomainName() => Inside(static () => File.ReadAllText("/proc/sys/kernel/domainname").TrimEnd('\n'));

    /// <summary>Sets the host name (sethostname(2)).</summary>
    /// <param name="name">64 bytes at the most.</param>
    /// <exception cref="LinuxException">EPERM: needs CAP_SYS_ADMIN; EINVAL: the name is too long.</exception>
    public void SetHostName(string name) => Set(SyscallNumber.SetHostName, "set the host name", name);

    /// <summary>Sets the NIS domain name (setdomainname(2)).</summary>
    /// <param name="name">64 bytes at the most.</param>
    /// <exception cref="LinuxException">EPERM: needs CAP_SYS_ADMIN; EINVAL: the name is too long.</exception>
    public void SetDomainName(string name) => Set(SyscallNumber.SetDomainName, "set the domain name", name);

    private void Set(SyscallNumber call, string operation, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        Inside(() =>
        {
            fixed (byte* text = bytes)
            {
                long result = Sys.Call(call, (nint)text, bytes.Length);
                return result >= 0 ? result : throw new LinuxException(operation, name, (Errno)(-result), call.Name, Hint((Errno)(-result)));
            }
        });
    }

    private static string? Hint(Errno errno) => errno switch
    {
        Errno.EINVAL => "A name has 64 bytes at the most",
        Errno.EPERM => "It needs CAP_SYS_ADMIN in the owner of the namespace",
        _ => null,
    };

    private T Inside<T>(Func<T> function)
    {
        if (NamespaceFile.TryIdentify("/proc/thread-self/ns/uts") == Id)
            return function();
        return ThrowawayThread.Run(() =>
        {
            using var use = new DescriptorUse(Handle);
            Sys.Check("enter", ToString(), SyscallNumber.SetNs, use.Descriptor, (nint)CloneFlags.NewUts);
            return function();
        });
    }
}
