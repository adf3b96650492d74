using System.Diagnostics;
using FsCheck.Xunit;
using Isolation.Cgroups.Devices;
using Isolation.Syscalls;

namespace Isolation.Cgroups.Tests;

/// <summary>Rules about devices: what the kernel's program decides, and what programs see of it.</summary>
public sealed class DeviceTests
{
    [LinuxFact(Needs.Root)]
    public void A_container_may_use_null_but_neither_the_log_of_the_kernel_nor_raw_memory()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        using (DeviceFilter filter = test.Cgroup.AttachDeviceRules(DeviceRules.ContainerDefault))
        {
            (_, string? name) = Assert.Single(test.Cgroup.ListDeviceFilters());
            Assert.Equal("isolation_dev", name);
            Assert.Equal(0, Use(test, "echo hello >/dev/null && head -c 4 /dev/zero >/dev/null && head -c 4 /dev/urandom >/dev/null"));
            Assert.NotEqual(0, Use(test, ": </dev/kmsg"));
            Assert.NotEqual(0, Use(test, ": </dev/mem"));
            filter.Replace(DeviceRules.ContainerDefault.Allow("c 1:11 r").Deny("c 1:3 w"));
            Assert.Single(test.Cgroup.ListDeviceFilters());
            Assert.Equal(0, Use(test, ": </dev/kmsg"));
            Assert.NotEqual(0, Use(test, ": >/dev/kmsg"));
            Assert.Equal(0, Use(test, ": </dev/null"));
            Assert.NotEqual(0, Use(test, ": >/dev/null"));
            filter.Detach();
        }

        Assert.Empty(test.Cgroup.ListDeviceFilters());
        Assert.Equal(0, Use(test, ": >/dev/null"));
    }

    [LinuxFact(Needs.Root)]
    public void A_raw_disk_is_refused_while_the_filter_is_there()
    {
        using var nothingLeft = new ResidueCheck();
        if (RawDisk.Find() is not { } disk)
        {
            Assert.Skip("needs a block device");
            return;
        }

        try
        {
            using var test = new TestCgroup();
            Assert.Equal(0, Use(test, $": <{disk}"));
            using DeviceFilter filter = test.Cgroup.AttachDeviceRules(DeviceRules.ContainerDefault);
            Assert.NotEqual(0, Use(test, $": <{disk}"));
            Assert.Equal(0, Use(test, "echo >/dev/null"));
            filter.Detach();
            Assert.Equal(Errno.ENOENT, Assert.Throws<CgroupException>(filter.Detach).Errno);
        }
        finally
        {
            RawDisk.Remove(disk);
        }
    }

    [LinuxFact(Needs.Root)]
    public void A_filter_above_holds_for_those_below_and_two_must_agree()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        using Cgroup below = test.Cgroup.CreateChild("below");
        using DeviceFilter above = test.Cgroup.AttachDeviceRules(DeviceRules.DenyAll.Allow("c 1:3 rw").Allow("c 1:5 r"));
        using DeviceFilter own = below.AttachDeviceRules(DeviceRules.DenyAll.Allow("a").Deny("c 1:5 rwm"));
        Assert.Equal(0, Use(test, ": </dev/null", below));
        Assert.NotEqual(0, Use(test, ": </dev/zero", below));
        Assert.NotEqual(0, Use(test, ": </dev/full", below));
        Assert.Equal(0, Use(test, ": </dev/zero"));
    }

    [LinuxFact(Needs.Root)]
    public void The_verifier_takes_long_lists_and_the_kernel_decides_as_we_do()
    {
        using var nothingLeft = new ResidueCheck();
        using var test = new TestCgroup();
        DeviceRules rules = DeviceRules.DenyAll.Allow("c 1:3 rw").Allow("c 1:5 r").Allow("c 1:* m").Allow("c 1:7 w").Deny("c 1:7 r").Allow("c 1:8 r").Allow("c 1:8 w").Deny("c 1:9 rwm").Allow("b 7:0 r");
        for (int i = 0; i < 200; i++)
            rules = rules.Allow($"c {500 + i}:{i} rwm");
        using DeviceFilter filter = test.Cgroup.AttachDeviceRules(rules);
        foreach ((string device, int minor) in ((string, int)[])[("null", 3), ("full", 7), ("urandom", 9)])
        {
            foreach ((string redirection, DeviceAccess access) in ((string, DeviceAccess)[])[("<", DeviceAccess.Read), (">", DeviceAccess.Write), ("<>", DeviceAccess.Read | DeviceAccess.Write)])
                Assert.Equal((device, access, rules.Allows(DeviceKind.Character, 1, minor, access)), (device, access, Use(test, $": {redirection}/dev/{device}") == 0));
        }
    }

    [Property(MaxTest = 100)]
    public void The_program_decides_as_the_rules_do(byte[] numbers)
    {
        DeviceRules rules = DeviceRules.DenyAll;
        for (int i = 0; i + 4 < numbers.Length; i += 5)
            rules = rules.With(new DeviceRule((numbers[i] & 1) != 0, (DeviceKind)(numbers[i + 1] % 3), numbers[i + 2] % 4 == 0 ? null : numbers[i + 2] % 4, numbers[i + 3] % 4 == 0 ? null : numbers[i + 3] % 4, (DeviceAccess)(numbers[i + 4] % 8)));
        BpfInstruction[] program = DeviceProgram.Compile(rules);
        foreach (DeviceKind kind in (DeviceKind[])[DeviceKind.Block, DeviceKind.Character])
        {
            for (int major = 0; major < 5; major++)
            {
                for (int minor = 0; minor < 5; minor++)
                {
                    for (int access = 1; access < 8; access++)
                        Assert.Equal(rules.Allows(kind, major, minor, (DeviceAccess)access), Run(program, [((uint)access << 16) | (uint)kind, (uint)major, (uint)minor]) == 1);
                }
            }
        }
    }

    [Property(MaxTest = 300)]
    public void Any_rule_comes_back_as_it_was(bool isAllowed, byte kind, ushort? major, ushort? minor, byte access)
    {
        var rule = new DeviceRule(isAllowed, (DeviceKind)(kind % 3), major, minor, (DeviceAccess)(1 + (access % 7)));
        Assert.Equal(rule, DeviceRule.Parse(isAllowed, rule.ToString()));
    }

    [Property(MaxTest = 500)]
    public void Any_text_is_a_rule_or_a_typed_error(string? text, byte shape)
    {
        string rule = (shape % 3) switch { 0 => text ?? "", 1 => $"c {text}:* rw", _ => $"b 8:{shape} {text}" };
        try
        {
            DeviceRule read = DeviceRule.Parse(isAllowed: true, rule);
            Assert.Equal(read, DeviceRule.Parse(isAllowed: true, read.ToString()));
        }
        catch (FormatException e)
        {
            Assert.Contains("'", e.Message, StringComparison.Ordinal);
        }
    }

    [LinuxTheory]
    [InlineData("c 1:3 rwm")]
    [InlineData("b *:* m")]
    [InlineData("a *:* rwm")]
    [InlineData("c 136:* rw")]
    public void A_rule_comes_back_as_it_was(string text) => Assert.Equal(text, DeviceRule.Parse(isAllowed: true, text).ToString());

    [LinuxTheory]
    [InlineData("")]
    [InlineData("x 1:3 r")]
    [InlineData("c 1 r")]
    [InlineData("c 1:3 x")]
    [InlineData("c -1:3 r")]
    [InlineData("c 1:3")]
    public void What_is_no_rule_is_refused(string text) => Assert.Throws<FormatException>(() => DeviceRule.Parse(isAllowed: true, text));

    // The redirections happen in a shell in the cgroup: it says whether they worked by its exit code. Bash exits for a failed one of ':'.
    private static int Use(TestCgroup test, string command, Cgroup? cgroup = null)
    {
        Process process = test.Start($"{{ {command} ; }} 2>&-", cgroup);
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(20)));
        return process.ExitCode;
    }

    // The few instructions that the assembler knows, as instruction-set.rst defines them.
    private static long Run(BpfInstruction[] program, uint[] context)
    {
        long[] registers = new long[11];
        for (int at = 0; ; at++)
        {
            BpfInstruction i = program[at];
            int to = i.Registers & 15, from = i.Registers >> 4;
            switch (i.Code)
            {
                case 0x61: registers[to] = context[i.Offset / 4]; break;
                case 0xbf: registers[to] = registers[from]; break;
                case 0xb7: registers[to] = i.Immediate; break;
                case 0x54: registers[to] = (uint)registers[to] & (uint)i.Immediate; break;
                case 0x74: registers[to] = (uint)registers[to] >> i.Immediate; break;
                case 0x55: at += registers[to] != i.Immediate ? i.Offset : 0; break;
                case 0x15: at += registers[to] == i.Immediate ? i.Offset : 0; break;
                case 0x45: at += (registers[to] & i.Immediate) != 0 ? i.Offset : 0; break;
                case 0x95: return registers[0];
                default: throw new InvalidOperationException($"{i}");
            }
        }
    }
}
