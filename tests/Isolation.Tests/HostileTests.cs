using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Isolation.Syscalls;
using Isolation.Syscalls.Children;
using Isolation.Syscalls.Interop;

namespace Isolation.Tests;

/// <summary>
/// S01 and S02 of the project's security checks: whoever is inside attacks all that joins, and reaches neither the manager's
/// memory nor a descriptor. Each case has its control: the same with a child that shares the manager's memory, which the
/// engine does for tests only, and the attacker reads the secret.
/// </summary>
public unsafe class HostileTests(ITestOutputHelper console)
{
    public const int Joins = 2000, ControlJoins = 200;

    [LinuxTheory(Needs.Root | Needs.Busybox | Needs.CCompiler | Needs.FullSpeed)]
    [InlineData("CAP_SYS_PTRACE")]
    [InlineData("default capabilities")]
    [InlineData("user namespace")]
    public void An_attacker_inside_reaches_nothing_of_the_manager(string kind) => AssertNothingSeen(Attack(kind, FreshProcess.Run, Join));

    [LinuxFact(Needs.UserNamespaces | Needs.Busybox | Needs.CCompiler | Needs.FullSpeed)]
    public void An_attacker_inside_reaches_nothing_of_an_ordinary_users_manager() => AssertNothingSeen(Attack("rootless", FreshProcess.RunAsUser, Join));

    [LinuxTheory(Needs.Root | Needs.Busybox | Needs.CCompiler | Needs.FullSpeed)]
    [InlineData("CAP_SYS_PTRACE")]
    [InlineData("default capabilities")]
    [InlineData("user namespace")]
    public void The_attacker_reads_the_memory_of_a_manager_that_shares_it_with_who_joins(string kind)
        => Assert.Contains("SECRET", Attack(kind, FreshProcess.Run, JoinSharingMemory), StringComparison.Ordinal);

    [LinuxFact(Needs.UserNamespaces | Needs.Busybox | Needs.CCompiler | Needs.FullSpeed)]
    public void The_attacker_reads_the_memory_of_an_ordinary_users_manager_that_shares_it_with_who_joins()
        => Assert.Contains("SECRET", Attack("rootless", FreshProcess.RunAsUser, JoinSharingMemory), StringComparison.Ordinal);

    private string Attack(string kind, Func<Delegate, string[], CommandResult> run, Action<string, string> manager)
    {
        using var root = new BusyboxRoot();
        Attacker.Compile(root.At("bin/attacker"));
        using var nothingLeft = new ResidueCheck();
        string output = run(manager, [kind, root.Path]).EnsureSuccess().Output;
        console.WriteLine(output);
        return output;
    }

    private static void AssertNothingSeen(string output)
    {
        // That it saw the processes at all shows that it had its chance.
        string[] lines = output.TrimEnd().Split('\n');
        Assert.StartsWith("SEEN ", lines[^1], StringComparison.Ordinal);
        Assert.True(long.Parse(lines[^1].AsSpan(5), CultureInfo.InvariantCulture) > Joins / 10, lines[^1]);
        Assert.Equal(["READY", lines[^1]], lines);
    }

    private static void Join(string kind, string root)
        => Under(kind, root, container =>
        {
            ContainerTemplate joining = new ContainerBuilder().WithContainer(container).WithCommand("/bin/true")
                .WithStandardInput(StandardStream.Null).WithStandardOutput(StandardStream.Null).WithStandardError(StandardStream.Null).Build();
            for (int i = 0; i < Joins; i++)
                joining.Run().EnsureSuccess();
        });

    /// <summary>What the engine refuses: a child that shares our memory joins, makes a child in the pid namespace, and takes its time.</summary>
    private static void JoinSharingMemory(string kind, string root)
        => Under(kind, root, container =>
        {
            const long Others = (long)(CloneFlags.NewNs | CloneFlags.NewPid);
            var program = new SyscallProgramBuilder();
            StepValue process = program.Input("process");
            HandOver.Begin(program, detached: false);
            StepNote note = new("join");
            if (kind == "rootless")
                program.Call(SyscallNumber.SetNs, note, process, (long)CloneFlags.NewUser);
            program.Call(SyscallNumber.SetNs, note, process, Others);
            if (kind == "user namespace")
                program.Call(SyscallNumber.SetNs, note, process, (long)CloneFlags.NewUser);
            if (kind == "default capabilities")
            {
                program.Call(
                    SyscallNumber.Capset,
                    note,
                    program.Bytes([0x22, 0x05, 0x08, 0x20, 0, 0, 0, 0], "header"),
                    program.Bytes(new CapabilitySets(Attacker.DefaultCapabilities, Attacker.DefaultCapabilities, 0).ToKernel(), "default"));
            }

            program.Fork(SyscallNumber.Clone, new StepNote("fork"), parentStays: false, (long)(CloneFlags.Vm | CloneFlags.VFork));
            program.Call(SyscallNumber.Ppoll, new StepNote("hold"), 0, 0, program.Structure(new Timespec(0, 5_000_000), "5 ms"), 0, 8);
            HandOver.UnblockSignals(program);
            HandOver.Execute(program, "/bin/true", ["/bin/true"], ["/bin/true"], [], static _ => null);
            SyscallProgram built = program.Build();
            long[] inputs = [container.PidFd.DangerousGetHandle()];
            Assert.Throws<InvalidOperationException>(() => { ChildProcess.Start(new ChildStartInfo(built) { Inputs = inputs }); });
            for (int i = 0; i < ControlJoins && !container.HasExited; i++)
            {
                try
                {
                    using ChildProcess child = ChildProcess.Start(new ChildStartInfo(built) { Inputs = inputs, IgnoresSharedMemoryRules = true });
                    child.WaitForExit();
                }
                catch (LinuxException e) when (e.Errno is Errno.ECHILD or Errno.ESRCH or Errno.ENOMEM)
                {
                    // The attacker has what it wants and ended, and all in its pid namespace with it.
                    container.WaitForExit();
                }
            }
        });

    /// <summary>Runs a manager with a secret, and a container with an attacker that knows where it is; then tells what that found.</summary>
    private static void Under(string kind, string root, Action<Container> manage)
    {
        byte* secret = (byte*)NativeMemory.AllocZeroed(4096);
        RandomNumberGenerator.Fill(new Span<byte>(secret, 32));
        string inverted = Convert.ToHexString([.. new ReadOnlySpan<byte>(secret, 32).ToArray().Select(b => (byte)~b)]);
        ulong capabilities = kind == "default capabilities" ? Attacker.DefaultCapabilities : ulong.MaxValue;
        ContainerBuilder builder = new ContainerBuilder().WithRootFs(root).WithPidNs().WithStandardOutput(StandardStream.Pipe)
            .WithCommand("/bin/attacker", $"{(nint)secret:x}", inverted, $"{capabilities:x}");
        if (kind is "user namespace" or "rootless")
            builder = builder.WithUserNs();
        using Container container = builder.Start();
        using Stream output = container.StandardOutput!.AsStream();
        using var reader = new StreamReader(output);
        Console.WriteLine(reader.ReadLine());
        Task<string> found = reader.ReadToEndAsync();
        manage(container);
        container.Signal(PosixSignal.SIGTERM);
        container.WaitForExit().EnsureSuccess();
        Console.Write(found.GetAwaiter().GetResult());
        NativeMemory.Free(secret);
    }
}
