using Isolation.Cgroups.Devices;
using Isolation.Cgroups.Files;
using Isolation.Cgroups.Interop;
using Isolation.Syscalls;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Cgroups;

/// <summary>Rules about devices that hold for a cgroup and those below it: a program in the kernel. From <see cref="Cgroup.AttachDeviceRules"/>.</summary>
/// <remarks>Access must be allowed by all that are attached to a cgroup and to those above it. It stays until it is detached or the cgroup is removed, also when this object is gone.</remarks>
public sealed class DeviceFilter : IDisposable
{
    private readonly CgroupDirectory _directory;
    private SafeFileHandle _program;

    internal DeviceFilter(CgroupDirectory directory, DeviceRules rules)
    {
        _directory = directory;
        Rules = rules;
        _program = Attach(rules, inPlaceOf: null);
    }

    /// <summary>The rules that hold.</summary>
    public DeviceRules Rules { get; private set; }

    /// <summary>Puts other rules in their place, without a moment in which neither hold.</summary>
    /// <exception cref="LinuxException">The kernel refused them; the old ones hold.</exception>
    public void Replace(DeviceRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        SafeFileHandle program = Attach(rules, _program);
        _program.Dispose();
        (_program, Rules) = (program, rules);
    }

    /// <summary>Takes the rules away.</summary>
    /// <exception cref="CgroupException">ENOENT: they are not attached any more.</exception>
    public void Detach()
    {
        Errno errno = Bpf.Detach(_directory.Handle, _program);
        if (errno != Errno.None)
            throw Hints.Failure("detach the device filter of", _directory.Path, null, null, errno, "bpf");
    }

    /// <summary>Forgets them; they still hold.</summary>
    public void Dispose() => _program.Dispose();

    private SafeFileHandle Attach(DeviceRules rules, SafeFileHandle? inPlaceOf)
    {
        SafeFileHandle program = Bpf.Load(DeviceProgram.Compile(rules), "isolation_dev"u8);
        Errno errno = Bpf.Attach(_directory.Handle, program, inPlaceOf);
        if (errno == Errno.None)
            return program;
        program.Dispose();
        throw Hints.Failure("attach a device filter to", _directory.Path, null, null, errno, "bpf", errno switch
        {
            Errno.EPERM => "One above has a filter that allows none below, or CAP_NET_ADMIN is missing",
            Errno.E2BIG => "It has 64 filters already",
            Errno.EINVAL => "This kernel was built without CONFIG_CGROUP_BPF",
            _ => null,
        });
    }
}
