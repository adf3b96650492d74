using System.Reflection;
using System.Runtime.InteropServices;
using Isolation.Cgroups.Devices;
using Isolation.Cgroups.Events;
using Isolation.Cgroups.Files;
using Isolation.Cgroups.Interop;
using Isolation.Syscalls.Tests;

namespace Isolation.Cgroups.Tests;

/// <summary>The constants and structures of the kernel against the C headers.</summary>
public sealed class HeaderTests
{
    private const string Headers = """
        #include <fcntl.h>
        #include <stddef.h>
        #include <poll.h>
        #include <sys/epoll.h>
        #include <sys/inotify.h>
        #include <sys/stat.h>
        #include <linux/bpf.h>
        #include <linux/magic.h>
        """;

    private static readonly (Type Type, string Pairs)[] s_constants =
    [
        (typeof(FileConstants), "AtCwd=AT_FDCWD RemoveDirectory=AT_REMOVEDIR NoFollow=AT_SYMLINK_NOFOLLOW EmptyPath=AT_EMPTY_PATH ReadOnly=O_RDONLY WriteOnly=O_WRONLY ReadWrite=O_RDWR NonBlocking=O_NONBLOCK CloseOnExec=O_CLOEXEC OpenPath=O_PATH OwnerAndReaders=0755 StatxInode=STATX_INO CgroupSuperMagic=CGROUP_SUPER_MAGIC Cgroup2SuperMagic=CGROUP2_SUPER_MAGIC DirectoryOnly=O_DIRECTORY NoFollowLinks=O_NOFOLLOW StatxInodeOffset=offsetof(struct+statx,stx_ino)"),
        (typeof(DeviceNumbers), "ModeOffset=offsetof(struct+statx,stx_mode) SpecialOffset=offsetof(struct+statx,stx_rdev_major) HoldsOffset=offsetof(struct+statx,stx_dev_major) TypeAndMode=STATX_TYPE|STATX_MODE"),
        (typeof(Inotify), "NonBlocking=IN_NONBLOCK CloseOnExec=IN_CLOEXEC HeaderSize=sizeof(struct+inotify_event) Modified=IN_MODIFY Deleted=IN_DELETE OnlyDirectory=IN_ONLYDIR Overflow=IN_Q_OVERFLOW"),
        (typeof(Epoll), "AddOperation=EPOLL_CTL_ADD DeleteOperation=EPOLL_CTL_DEL CloseOnExec=EPOLL_CLOEXEC Priority=EPOLLPRI Error=EPOLLERR HangUp=EPOLLHUP EdgeTriggered=(unsigned)EPOLLET"),
        (typeof(PollEvents), "Priority=POLLPRI"),
        (typeof(Bpf), "ProgramLoad=BPF_PROG_LOAD ProgramAttach=BPF_PROG_ATTACH ProgramDetach=BPF_PROG_DETACH ProgramDescriptorById=BPF_PROG_GET_FD_BY_ID ObjectInfo=BPF_OBJ_GET_INFO_BY_FD ProgramQuery=BPF_PROG_QUERY CgroupDeviceType=BPF_PROG_TYPE_CGROUP_DEVICE CgroupDeviceAttach=BPF_CGROUP_DEVICE AllowMultiple=BPF_F_ALLOW_MULTI Replace=BPF_F_REPLACE"),
        (typeof(DeviceProgram), "KindAndAccess=offsetof(struct+bpf_cgroup_dev_ctx,access_type) MajorField=offsetof(struct+bpf_cgroup_dev_ctx,major) MinorField=offsetof(struct+bpf_cgroup_dev_ctx,minor)"),
        (typeof(DeviceKind), "Block=BPF_DEVCG_DEV_BLOCK Character=BPF_DEVCG_DEV_CHAR"),
        (typeof(DeviceAccess), "MakeNode=BPF_DEVCG_ACC_MKNOD Read=BPF_DEVCG_ACC_READ Write=BPF_DEVCG_ACC_WRITE"),
        (typeof(BpfRegister), "R0=BPF_REG_0 R1=BPF_REG_1 R2=BPF_REG_2 R3=BPF_REG_3 R4=BPF_REG_4 R5=BPF_REG_5"),
    ];

    [LinuxFact(Needs.CCompiler)]
    public void Every_constant_has_the_value_of_the_headers()
    {
        (string Name, long Value)[] ours =
        [
            .. s_constants.SelectMany(c => c.Pairs.Split(' ').Select(p => p.Split('=', 2)).Select(p => (Expression(p[1]), Value(c.Type, p[0])))),
            .. Structs(),
        ];
        CProgram.AssertSame(ours, CProgram.Values(Headers, ours.Select(o => o.Name)));
    }

    [LinuxFact]
    public void Every_constant_of_these_types_is_compared()
    {
        foreach ((Type type, string pairs) in s_constants.Where(c => c.Type.IsClass))
        {
            IEnumerable<string> constants = type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Where(f => f.IsLiteral && f.FieldType != typeof(string) && f.FieldType != typeof(BpfRegister)).Select(f => f.Name);
            Assert.Subset(pairs.Split(' ').Select(p => p.Split('=')[0]).ToHashSet(), constants.ToHashSet());
        }
    }

    // The unnamed members of union bpf_attr begin where it does.
    private static IEnumerable<(string Name, long Value)> Structs()
    {
        foreach ((string name, string kernel) in ((string, string)[])[("LoadAttributes", "union bpf_attr"), ("AttachAttributes", "union bpf_attr"), ("QueryAttributes", "union bpf_attr"), ("ByIdAttributes", "union bpf_attr"), ("InfoAttributes", "union bpf_attr"), ("ProgramInfo", "struct bpf_prog_info")])
        {
            Type type = typeof(Bpf).GetNestedType(name, BindingFlags.NonPublic)!;
            foreach (FieldInfo field in type.GetFields())
            {
                string member = (name, field.Name) switch
                {
                    ("QueryAttributes", "prog_cnt" or "target_fd" or "attach_type" or "query_flags" or "attach_flags" or "prog_ids") => "query." + field.Name,
                    ("InfoAttributes", _) => "info." + field.Name,
                    _ => field.Name,
                };
                yield return ($"offsetof({kernel}, {member})", (long)Marshal.OffsetOf(type, field.Name));
            }
        }

        yield return ("sizeof(struct bpf_insn)", Marshal.SizeOf<BpfInstruction>());
        yield return ("offsetof(struct bpf_insn, off)", (long)Marshal.OffsetOf<BpfInstruction>("<Offset>k__BackingField"));
        yield return ("offsetof(struct bpf_insn, imm)", (long)Marshal.OffsetOf<BpfInstruction>("<Immediate>k__BackingField"));
    }

    private static string Expression(string text) => text.Replace('+', ' ').Replace(",", ", ", StringComparison.Ordinal);

    private static long Value(Type type, string name)
    {
        const BindingFlags Any = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        object? value = type.GetField(name, Any) is { } field ? field.GetValue(null) : type.GetProperty(name, Any)!.GetValue(null);
        return Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture);
    }
}
