using Isolation.Fs;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Tests;

/// <summary>/dev of a root, name by name.</summary>
public class DevTests
{
    private const Needs Everything = Needs.Root | Needs.Busybox | Needs.FullSpeed;

    // OCI runtime specification, config-linux.md, "Default Devices", with the links of "Dev symbolic links" (runtime-linux.md).
    private const string Golden = """
        fd -> /proc/self/fd
        full c 666 1:7
        mqueue d 1777
        null c 666 1:3
        ptmx -> pts/ptmx
        pts d 755
        pts/ptmx c 666 5:2
        random c 666 1:8
        shm d 1777
        stderr -> /proc/self/fd/2
        stdin -> /proc/self/fd/0
        stdout -> /proc/self/fd/1
        tty c 666 5:0
        urandom c 666 1:9
        zero c 666 1:5
        """;

    private const string List = """
        cd /dev
        for f in * pts/*; do
          if test -L $f; then echo "$f -> $(readlink $f)"
          elif test -d $f; then echo "$f d $(stat -c %a $f)"
          elif test -c $f; then echo "$f c $(stat -c '%a %t:%T' $f)"
          else echo "$f ?"
          fi
        done
        """;

    [LinuxTheory(Needs.Root | Needs.Busybox)]
    [InlineData(RootFsMode.Overlay, false)]
    [InlineData(RootFsMode.Overlay, true)]
    [InlineData(RootFsMode.ReadOnly, false)]
    [InlineData(RootFsMode.ReadOnly, true)]
    public void Root_has_these_names_and_no_others(RootFsMode mode, bool userNs)
    {
        using var nothingLeft = new ResidueCheck();
        using var root = new BusyboxRoot();
        ContainerBuilder container = Rooted(root.Path, mode);
        Assert.Equal(Golden, Listed(userNs ? container.WithUserNs() : container));
    }

    [LinuxFact(Everything | Needs.UserNamespaces)]
    public void An_ordinary_user_has_the_same()
    {
        using var root = new BusyboxRoot();
        Assert.Equal(Golden, FreshProcess.RunAsUser(ShowList, root.Path).EnsureSuccess().Output.TrimEnd('\n'));
    }

    private static void ShowList(string root) => Console.WriteLine(Listed(Rooted(root, RootFsMode.Overlay).WithUserNs()));

    [LinuxTheory(Everything)]
    [InlineData(false)]
    [InlineData(true)]
    public void Devices_of_the_host_work_and_cannot_be_changed(bool userNs)
    {
        using var root = new BusyboxRoot();
        string mode = Command.Run("stat", "-c", "%a", "/dev/full").EnsureSuccess().Output.Trim();
        ContainerBuilder container = Rooted(root.Path, RootFsMode.ReadWrite).WithMaskedPath("/etc/passwd");
        container = userNs ? container.WithUserNsOfRoot() : container;
        foreach (string path in (string[])["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/etc/passwd"])
        {
            // The mode that it has, so that a host which is not protected stays as it is.
            Assert.EndsWith($"{path}: Read-only file system", container.Shell($"chmod {mode} {path} 2>&1 || true"), StringComparison.Ordinal);
            Assert.Equal("ro,nosuid,noexec", container.Shell($"grep ' {path} ' /proc/self/mountinfo | cut -d ' ' -f 6 | grep -o ro,nosuid,noexec"));
        }

        Assert.Equal("1 No space left on device", container.Shell("echo x > /dev/null; echo $(head -c 1 /dev/zero | wc -c) $(/bin/busybox echo x 2>&1 > /dev/full | grep -o 'No space.*')"));
        Assert.Equal("rw,nosuid,relatime made", container.Shell("touch /dev/made; echo $(grep ' /dev ' /proc/self/mountinfo | cut -d ' ' -f 6) $(ls /dev | grep made)"));
    }

    [LinuxFact(Everything)]
    public void Message_queues_are_the_containers_own_or_not_there()
    {
        using var root = new BusyboxRoot();
        ContainerBuilder container = new ContainerBuilder().WithRootFs(root.Path).WithPidNs().WithStandardInput(StandardStream.Null);
        Assert.Equal("none", container.Shell("test -e /dev/mqueue || echo none"));
        foreach (ContainerBuilder own in (ContainerBuilder[])[container.WithIpcNs(), container.WithUserNs().WithIpcNs()])
            Assert.Equal("mqueue 1", own.Shell("touch /dev/mqueue/queue; grep -q QSIZE /dev/mqueue/queue && echo mqueue $(ls /dev/mqueue | wc -l)"));
    }

    [LinuxFact(Everything)]
    public void A_terminal_is_the_console()
    {
        using var nothingLeft = new ResidueCheck();
        using var root = new BusyboxRoot();
        using var terminal = new PseudoTerminal();
        ContainerBuilder container = Rooted(root.Path, RootFsMode.Overlay).WithStandardInput(StandardStream.FromHandle(terminal.Slave));
        string device = Command.Run("stat", "-c", "%a %t:%T", terminal.Path).EnsureSuccess().Output.Trim();
        foreach (ContainerBuilder shown in (ContainerBuilder[])[container, container.WithUserNs()])
        {
            Assert.Equal($"{Golden.Replace("fd -> ", "console c " + device + "\nfd -> ", StringComparison.Ordinal)}", Listed(shown));
            Assert.Contains("# show the host's /dev/console\n", shown.Explain(), StringComparison.Ordinal);
        }

        container.Shell("test -t 0 && echo shown > /dev/console");
        Assert.Equal("shown\r\n", terminal.Read());

        // Nobody's terminal is a console that way.
        using SafeFileHandle file = File.OpenHandle("/dev/null");
        Assert.Equal(Golden, Listed(container.WithStandardInput(StandardStream.FromHandle(file))));
    }

    [LinuxFact(Everything | Needs.UserNamespaces)]
    public void An_ordinary_users_terminal_is_the_console()
    {
        using var root = new BusyboxRoot();
        Assert.Equal("shown\n", FreshProcess.RunAsUser(ShowConsole, root.Path).EnsureSuccess().Output);
    }

    private static void ShowConsole(string root)
    {
        using var terminal = new PseudoTerminal();
        Rooted(root, RootFsMode.Overlay).WithUserNs().WithStandardInput(StandardStream.FromHandle(terminal.Slave)).Shell("echo shown > /dev/console");
        Console.WriteLine(terminal.Read().Trim());
    }

    private static ContainerBuilder Rooted(string root, RootFsMode mode)
        => new ContainerBuilder().WithRootFs(root, mode).WithPidNs().WithIpcNs().WithStandardInput(StandardStream.Null);

    private static string Listed(ContainerBuilder container) => string.Join('\n', container.Shell(List).Split('\n').Order(StringComparer.Ordinal));
}
