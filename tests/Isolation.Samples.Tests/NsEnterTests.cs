using System.Globalization;
using Isolation.Namespaces.Tests;

namespace Isolation.Samples.Tests;

/// <summary>samples/NsEnter beside nsenter(1): the same words, the same output and exit code.</summary>
public sealed class NsEnterTests
{
    public static TheoryData<string> Lines { get; } =
    [
        "-t {pid} -n readlink /proc/self/ns/net",
        "--target {pid} --net readlink /proc/self/ns/net",
        "-t {pid} -u hostname",
        "-t {pid} --ipc readlink /proc/self/ns/ipc",
        "-t {pid} -m readlink /proc/self/ns/mnt",
        "-t {pid} -m sh -c \"grep -c ' /mnt ' /proc/self/mountinfo\"",
        "-t {pid} -m -p sh -c \"ls -d /proc/[0-9]* | head -n 1\"",
        "-t {pid} -C readlink /proc/self/ns/cgroup",
        "-t {pid} -U id -u",
        "-t {pid} -U -n sh -c \"readlink /proc/self/ns/net; cat /proc/self/uid_map\"",
        "-t {pid} -T readlink /proc/self/ns/time",
        "-t {pid} -p -m sh -c \"cat /proc/1/comm\"",
        "-t {pid} -a sh -c \"hostname; id -u; readlink /proc/self/ns/net; readlink /proc/self/ns/pid\"",
        "--all --target {pid} cat /proc/self/uid_map",
        "-a -t {pid} sh -c \"exit 7\"",
        "-a -t {pid} sh -c \"kill -9 $$\"",
        "--net=/proc/{pid}/ns/net readlink /proc/self/ns/net",
        "-u/proc/{pid}/ns/uts hostname",
        "--mount=/proc/{pid}/ns/mnt readlink /proc/self/ns/mnt",
        "-t {pid} -n -S 1234 -G 2345 sh -c \"id -u; id -g\"",
        "-t {pid} -m --wdns=/mnt pwd",
        "-t {pid} -F -u hostname",
    ];

    [LinuxTheory(Needs.Root)]
    [MemberData(nameof(Lines))]
    public void It_does_what_nsenter_does(string line)
    {
        using var nothingLeft = new ResidueCheck();
        using var bystander = new Bystander("-r", "-m", "-u", "-i", "-n", "-p", "-C", "-T", "-f", "--mount-proc", "sh", "-c", "hostname inside; mount -t tmpfs none /mnt; exec \"$@\"", "sh");
        string[] words = UnshareTests.Words(line.Replace("{pid}", bystander.Id.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        CommandResult theirs = Command.Run("nsenter", words), ours = Run(words);
        Assert.Equal((theirs.ExitCode, theirs.Output), (ours.ExitCode, ours.Output));
    }

    [LinuxFact]
    public void A_process_that_does_not_exist_is_told()
    {
        CommandResult result = Run("-t", "4194305", "-n", "true");
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("nsenter: open the process 4194305 failed:", result.Error, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void A_file_of_another_kind_is_told()
    {
        CommandResult result = Run("--net=/proc/self/ns/uts", "true");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("It is of the kind 'uts', not 'net'", result.Error, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void Namespaces_of_nobody_are_told()
    {
        CommandResult result = Run("-n", "true");
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("nsenter: Name a process with --target", result.Error, StringComparison.Ordinal);
    }

    private static CommandResult Run(params string[] words) => Command.Run(Path.Combine(AppContext.BaseDirectory, "NsEnter"), words);
}
