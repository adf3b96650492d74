using Isolation.Syscalls;
using Isolation.Syscalls.Children;

namespace Isolation.Namespaces;

/// <summary>The steps that furnish new namespaces from within.</summary>
internal static class NamespaceSteps
{
    /// <summary>The gate at which the manager writes the id maps.</summary>
    public const string MapGate = "write the id maps";

    extension(SyscallProgramBuilder program)
    {
        /// <summary>Gives a new user namespace its ids: by the child itself where it may, else by the manager at <see cref="MapGate"/>.</summary>
        public void MapIds(UserNamespaceMaps maps)
        {
            if (maps.IsCallerOnly)
            {
                // user_namespaces(7): without privilege outside, setgroups must be denied before gid_map is written.
                program.WriteFile("/proc/self/setgroups", "deny", "deny setgroups in");
                program.WriteFile("/proc/self/uid_map", $"{maps.Users[0]}\n", "map the user in");
                program.WriteFile("/proc/self/gid_map", $"{maps.Groups[0]}\n", "map the group in");
                return;
            }

            program.Gate(MapGate, IdMapWriter.Explain(maps));
        }

        /// <summary>
        /// Makes the child root of its user namespace. Whoever mapped only themselves is it already; else the child is still
        /// who it was outside, and nobody inside.
        /// </summary>
        public void BecomeRoot(UserNamespaceMaps maps, bool detached)
        {
            if (maps.IsCallerOnly)
                return;
            program.SetIdentity(0, 0, []);
            if (!detached)
                HandOver.DieWithManager(program);
        }

        /// <summary>Groups first, the user last: after it the privilege for the others is gone.</summary>
        public void SetIdentity(uint user, uint group, ReadOnlySpan<uint> groups)
        {
            program.Call(
                SyscallNumber.SetGroups,
                new StepNote("set the supplementary groups") { Hint = static e => e == Errno.EPERM ? "Only the caller is mapped, so groups cannot change (user_namespaces(7)); map more ids" : null },
                groups.Length,
                program.Bytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(groups), $"[{string.Join(", ", groups.ToArray())}]"));
            program.Call(SyscallNumber.SetResGid, new StepNote("become group", $"{group}") { Hint = IdHint }, group, group, group);
            program.Call(SyscallNumber.SetResUid, new StepNote("become user", $"{user}") { Hint = IdHint }, user, user, user);
        }

        /// <summary>Sets a new time namespace's clocks; the program that is executed enters it.</summary>
        public void SetTimeOffsets(TimeOffsets offsets)
            => program.WriteFile("/proc/self/timens_offsets", offsets.ToKernelText(), "set the clocks in", static e => e switch
            {
                Errno.EACCES => "A started program gets clocks of its own on Linux 6.3 and later",
                Errno.ERANGE => "No clock may become negative, or go past 146 years",
                _ => null,
            });

        /// <summary>Brings the loopback device up, which gives it 127.0.0.1/8 and ::1/128 (netdevice(7)).</summary>
        public void BringLoopbackUp()
        {
            const int IPv4 = 2, Datagram = 2, CloseOnExec = 0x80000, SetFlags = 0x8914;
            const short Up = 1;
            Span<byte> request = stackalloc byte[40];
            request.Clear();
            "lo"u8.CopyTo(request);
            System.Runtime.InteropServices.MemoryMarshal.Write(request[16..], Up);
            StepValue socket = program.Call(
                SyscallNumber.Socket,
                new StepNote("bring up", "lo") { Result = "socket" },
                Argument.Constant(IPv4, "AF_INET"),
                Argument.Constant(Datagram | CloseOnExec, "SOCK_DGRAM|SOCK_CLOEXEC"),
                0);
            program.Call(
                SyscallNumber.Ioctl,
                new StepNote("bring up", "lo"),
                socket,
                Argument.Constant(SetFlags, "SIOCSIFFLAGS"),
                program.Bytes(request, "{ifr_name=\"lo\", ifr_flags=IFF_UP}"));
        }

        /// <summary>Sets the host name of a new UTS namespace.</summary>
        public void SetHostName(string name) => program.SetName(SyscallNumber.SetHostName, "set the host name", name);

        /// <summary>Sets the NIS domain name of a new UTS namespace.</summary>
        public void SetDomainName(string name) => program.SetName(SyscallNumber.SetDomainName, "set the domain name", name);

        private void SetName(SyscallNumber call, string operation, string name)
            => program.Call(call, new StepNote(operation, name), program.Text(name), System.Text.Encoding.UTF8.GetByteCount(name));

        private void WriteFile(string path, string content, string operation, Func<Errno, string?>? hint = null)
        {
            var note = new StepNote(operation, path) { Hint = hint };
            StepValue file = program.Call(
                SyscallNumber.OpenAt,
                note with { Result = "file" },
                Argument.Constant(-100, "AT_FDCWD"),
                program.Text(path),
                Argument.Constant(0x80001, "O_WRONLY|O_CLOEXEC"));
            program.Call(SyscallNumber.Write, note, file, program.Text(content), System.Text.Encoding.UTF8.GetByteCount(content));
            program.Call(SyscallNumber.Close, note, file);
        }
    }

    private static string? IdHint(Errno errno) => errno == Errno.EINVAL ? "The id is not mapped in the user namespace" : null;
}
