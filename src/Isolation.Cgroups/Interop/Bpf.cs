using System.Runtime.InteropServices;
using Isolation.Cgroups.Devices;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Cgroups.Interop;

/// <summary>bpf(2), as far as a device filter needs it.</summary>
internal static unsafe class Bpf
{
    private const int ProgramLoad = 5, ProgramAttach = 8, ProgramDetach = 9, ProgramDescriptorById = 13, ObjectInfo = 15, ProgramQuery = 16;
    private const int CgroupDeviceType = 15, CgroupDeviceAttach = 6;
    private const uint AllowMultiple = 2, Replace = 4;

    /// <summary>Loads a program. What the verifier says stands in the hint.</summary>
    public static SafeFileHandle Load(ReadOnlySpan<BpfInstruction> program, ReadOnlySpan<byte> name)
    {
        byte[] log = new byte[16 << 10];
        ReadOnlySpan<byte> license = "MIT\0"u8;
        fixed (BpfInstruction* instructions = program)
        fixed (byte* text = log, licenseText = license)
        {
            var load = new LoadAttributes { prog_type = CgroupDeviceType, insn_cnt = (uint)program.Length, insns = (ulong)instructions, license = (ulong)licenseText };
            name[..Math.Min(name.Length, 15)].CopyTo(new Span<byte>(load.prog_name, 16));
            long result = Call(ProgramLoad, &load, sizeof(LoadAttributes));
            if (result == -(long)Errno.EINVAL || result == -(long)Errno.EACCES)
            {
                // Again, with its reasons.
                (load.log_level, load.log_size, load.log_buf) = (1, (uint)log.Length, (ulong)text);
                result = Call(ProgramLoad, &load, sizeof(LoadAttributes));
            }

            if (result >= 0)
                return new SafeFileHandle((nint)result, ownsHandle: true);
            string reasons = System.Text.Encoding.UTF8.GetString(log.AsSpan(0, Math.Max(0, log.AsSpan().IndexOf((byte)0)))).Trim();
            throw new LinuxException("load a device filter", null, (Errno)(-result), "bpf", (Errno)(-result) == Errno.EPERM
                ? "This needs CAP_BPF and CAP_NET_ADMIN, or CAP_SYS_ADMIN, in the first user namespace"
                : reasons.Length > 0 ? $"The verifier says: {reasons}" : null);
        }
    }

    /// <summary>Attaches a program to a cgroup, beside those that are there or in the place of one. Returns the errno.</summary>
    public static Errno Attach(SafeHandle cgroup, SafeHandle program, SafeHandle? inPlaceOf)
    {
        var attach = new AttachAttributes
        {
            target_fd = (uint)cgroup.DangerousGetHandle(),
            attach_bpf_fd = (uint)program.DangerousGetHandle(),
            attach_type = CgroupDeviceAttach,
            attach_flags = AllowMultiple | (inPlaceOf is null ? 0 : Replace),
            replace_bpf_fd = inPlaceOf is null ? 0 : (uint)inPlaceOf.DangerousGetHandle(),
        };
        return ToErrno(Call(ProgramAttach, &attach, sizeof(AttachAttributes)));
    }

    public static Errno Detach(SafeHandle cgroup, SafeHandle program)
    {
        var detach = new AttachAttributes { target_fd = (uint)cgroup.DangerousGetHandle(), attach_bpf_fd = (uint)program.DangerousGetHandle(), attach_type = CgroupDeviceAttach };
        return ToErrno(Call(ProgramDetach, &detach, sizeof(AttachAttributes)));
    }

    /// <summary>The ids of the programs that are attached. Returns the errno.</summary>
    public static Errno Query(SafeHandle cgroup, out uint[] ids)
    {
        ids = new uint[64];
        fixed (uint* found = ids)
        {
            var query = new QueryAttributes { target_fd = (uint)cgroup.DangerousGetHandle(), attach_type = CgroupDeviceAttach, prog_ids = (ulong)found, prog_cnt = (uint)ids.Length };
            Errno errno = ToErrno(Call(ProgramQuery, &query, sizeof(QueryAttributes)));
            ids = errno == Errno.None ? ids[..(int)query.prog_cnt] : [];
            return errno;
        }
    }

    /// <summary>The name of a program; null when it is gone or not ours to see.</summary>
    public static string? NameOf(uint id)
    {
        var byId = new ByIdAttributes { prog_id = id };
        long descriptor = Call(ProgramDescriptorById, &byId, sizeof(ByIdAttributes));
        if (descriptor < 0)
            return null;
        using var program = new SafeFileHandle((nint)descriptor, ownsHandle: true);
        ProgramInfo info = default;
        var ask = new InfoAttributes { bpf_fd = (uint)descriptor, info_len = (uint)sizeof(ProgramInfo), info = (ulong)(&info) };
        return Call(ObjectInfo, &ask, sizeof(InfoAttributes)) < 0 ? null : Marshal.PtrToStringUTF8((nint)info.name);
    }

    private static long Call(int command, void* attributes, int size) => Sys.Call(SyscallNumber.Bpf, command, (nint)attributes, size);

    private static Errno ToErrno(long result) => result < 0 ? (Errno)(-result) : Errno.None;

    // The members of union bpf_attr, each up to the last field that is used.
    [StructLayout(LayoutKind.Sequential)]
    private struct LoadAttributes
    {
        public uint prog_type, insn_cnt;
        public ulong insns, license;
        public uint log_level, log_size;
        public ulong log_buf;
        public uint kern_version, prog_flags;
        public fixed byte prog_name[16];
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct AttachAttributes
    {
        public uint target_fd, attach_bpf_fd, attach_type, attach_flags, replace_bpf_fd;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct QueryAttributes
    {
        public uint target_fd, attach_type, query_flags, attach_flags;
        public ulong prog_ids;
        public uint prog_cnt;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ByIdAttributes
    {
        public uint prog_id;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct InfoAttributes
    {
        public uint bpf_fd, info_len;
        public ulong info;
    }

    // struct bpf_prog_info up to the name.
    [StructLayout(LayoutKind.Sequential)]
    private struct ProgramInfo
    {
        public uint type, id;
        public ulong tag;
        public uint jited_prog_len, xlated_prog_len;
        public ulong jited_prog_insns, xlated_prog_insns, load_time;
        public uint created_by_uid, nr_map_ids;
        public ulong map_ids;
        public fixed byte name[16];
    }
}
