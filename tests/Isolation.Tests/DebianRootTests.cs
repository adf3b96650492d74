using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Isolation.Fs;
using Isolation.Fs.Layers;
using Isolation.Fs.Tests.Images;

namespace Isolation.Tests;

/// <summary>Roots that people have: a Debian system with its package manager, and a busybox. Both are as they were afterwards.</summary>
[NativeOnly]
public class DebianRootTests(DebianRoot debian) : IClassFixture<DebianRoot>
{
    private const Needs Everything = Needs.Root | Needs.Mmdebstrap | Needs.FullSpeed;

    // What its package manager says of itself and of what is installed.
    private const string Ask = """
        . /etc/os-release && echo "$ID"
        apt-get --version | while read -r line; do echo "$line"; break; done
        dpkg -l | grep -E '^ii  (bash|base-files) '
        """;

    public static TheoryData<RootFsMode, bool> Modes { get; } = new() { { RootFsMode.Overlay, false }, { RootFsMode.Overlay, true }, { RootFsMode.ReadOnly, false }, { RootFsMode.ReadOnly, true } };

    [LinuxTheory(Everything)]
    [MemberData(nameof(Modes))]
    public void Debian_boots_a_shell_and_its_package_manager_works(RootFsMode mode, bool userNs)
    {
        string before = debian.Listing();
        using (new ResidueCheck())
        {
            ContainerBuilder container = new ContainerBuilder().WithRootFs(debian.Path, mode).WithPidNs().WithNetNs().WithIpcNs().WithUtsNs("box").WithStandardInput(StandardStream.Null);
            AssertDebian((userNs ? container.WithUserNs() : container).Shell(Ask));
        }

        Assert.Equal(before, debian.Listing());
    }

    [LinuxTheory(Everything)]
    [InlineData(false)]
    [InlineData(true)]
    public void Changes_to_Debian_in_an_overlay_are_thrown_away(bool userNs)
    {
        string before = debian.Listing();
        ContainerBuilder container = new ContainerBuilder().WithRootFs(debian.Path).WithPidNs().WithStandardInput(StandardStream.Null);
        container = userNs ? container.WithUserNs() : container;

        // dpkg locks and rewrites its data base, and runs as root does: with owners of its files that are not root.
        Assert.Equal("hold 0 changed", container.Shell("echo 'bash hold' | dpkg --set-selections && echo $(dpkg --get-selections bash | while read -r p s; do echo $s; done) $(stat -c %u /etc/shadow) && rm -rf /usr/share /etc/apt && echo changed > /etc/hostname && cat /etc/hostname").Replace('\n', ' '));
        Assert.Equal(before, debian.Listing());
    }

    [LinuxFact(Everything | Needs.UserNamespaces)]
    public void Debian_runs_for_an_ordinary_user()
    {
        string before = debian.Listing();
        foreach (string mode in (string[])["Overlay", "ReadOnly"])
            AssertDebian(FreshProcess.RunAsUser(AskAsUser, debian.Path, mode).EnsureSuccess().Output);
        Assert.Equal(before, debian.Listing());
    }

    private static void AskAsUser(string root, string mode)
        => Console.WriteLine(new ContainerBuilder().WithRootFs(root, Enum.Parse<RootFsMode>(mode)).WithUserNs().WithPidNs().WithStandardInput(StandardStream.Null).Shell(Ask));

    [LinuxFact(Everything)]
    public void Debian_runs_with_a_changed_root_directory()
    {
        string before = debian.Listing();
        ContainerBuilder container = new ContainerBuilder().WithChroot(debian.Path).WithStandardInput(StandardStream.Null);
        AssertDebian(container.Shell(Ask));
        AssertDebian(container.WithUserNs(Namespaces.UserNamespaceMaps.Caller).Shell(Ask));
        Assert.Equal(before, debian.Listing());
    }

    [LinuxFact(Everything)]
    public void Debians_own_resolver_reads_the_files_of_etc()
    {
        string before = debian.Listing();
        ContainerBuilder container = new ContainerBuilder().WithRootFs(debian.Path).WithPidNs().WithHostname("web.example.org").WithStandardInput(StandardStream.Null)
            .WithNetNs(net => net.WithLink("eth0", new Netlink.BridgeLink(), "10.1.2.3/24"))
            .WithEtcFiles();
        Assert.Equal("10.1.2.3 web.example.org web\n10.1.2.3 web.example.org web\nweb.example.org", container.Shell("getent hosts web.example.org web | while read -r line; do echo $line; done; cat /etc/hostname"));
        Assert.Equal(before, debian.Listing());
    }

    [LinuxFact(Everything)]
    public void Debian_runs_as_an_image()
    {
        string source = debian.Path; // Made before the check: whichever test comes first makes it, and it stays for the others.
        using var nothingLeft = new ResidueCheck();
        string folder = Directory.CreateTempSubdirectory("isolation-image-").FullName;
        var layout = new LayoutBuilder(Path.Combine(folder, "layout")) { ChangeConfig = document => document["config"] = new JsonObject { ["Cmd"] = new JsonArray("/bin/sh", "-c", Ask) } };
        byte[] archive;
        using (RootDirectory root = RootDirectory.Open(source))
        using (var stream = new MemoryStream())
        {
            Layer.Write(null, root, stream);
            archive = stream.ToArray();
        }

        layout.Tag(layout.Image(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64", (LayoutBuilder.Tar, archive, archive)), "debian");
        ContainerBuilder container = new ContainerBuilder().WithImage(layout.Folder, "debian", new ImageOptions { CacheFolder = Path.Combine(folder, "cache") }).WithPidNs().WithStandardInput(StandardStream.Null);
        AssertDebian(container.RunAndCaptureText().StandardOutput);
        AssertDebian(container.WithUserNs().RunAndCaptureText().StandardOutput);
        Command.Run("rm", "-rf", "--one-file-system", folder).EnsureSuccess();
    }

    [LinuxTheory(Needs.Root | Needs.Busybox | Needs.FullSpeed)]
    [MemberData(nameof(Modes))]
    public void A_busybox_boots_a_shell(RootFsMode mode, bool userNs)
    {
        using var nothingLeft = new ResidueCheck();
        using var root = new BusyboxRoot();
        string before = Command.Run("find", root.Path, "-printf", "%P %m %s %T@ %C@\\n").EnsureSuccess().Output;
        ContainerBuilder container = new ContainerBuilder().WithRootFs(root.Path, mode).WithPidNs().WithStandardInput(StandardStream.Null);
        Assert.Equal("0 1 busybox", (userNs ? container.WithUserNs() : container).Shell("echo $(id -u) $$ $(readlink /bin/sh)"));
        Assert.Equal(before, Command.Run("find", root.Path, "-printf", "%P %m %s %T@ %C@\\n").EnsureSuccess().Output);
    }

    private static void AssertDebian(string output)
    {
        string[] lines = output.TrimEnd('\n').Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.Equal("debian", lines[0]);
        Assert.Matches(@"^apt \d+\.\d+", lines[1]);
        Assert.Matches(@"^ii  base-files +\d", lines[2]);
        Assert.Matches(@"^ii  bash +\d", lines[3]);
    }
}
