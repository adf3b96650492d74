using Isolation.Fs;

namespace Isolation.Tests;

/// <summary>What of later mounts is seen where: on the host, in a container, and in mount namespaces made inside it.</summary>
public class PropagationTests
{
    private const Needs Everything = Needs.Root | Needs.Busybox | Needs.FullSpeed;

    [LinuxTheory(Everything)]
    [InlineData("host root", "Private host's 0 nested 0, Shared host's 1 nested 1, Slave host's 1 nested 0, Unbindable host's 0 nested 0, on the host 0\n")]
    [InlineData("root", "Private host's 0 nested 0, Shared host's 1 nested 1, Slave host's 1 nested 0, Unbindable host's 0 nested 0, on the host 0\n")]
    [InlineData("user namespace", "Private host's 0 nested 0, Shared host's 1 nested 1, Slave host's 1 nested 0, Unbindable host's 0 nested 0, on the host 0\n")]
    [InlineData("root, user namespace", "Private host's 0 nested 0, Shared host's 1 nested 1, Slave host's 1 nested 0, Unbindable host's 0 nested 0, on the host 0\n")]
    [InlineData("bind", "Private host's 0 nested 0, Shared host's 1 nested 1, Slave host's 1 nested 0, Unbindable host's 0 nested 0, on the host 0\n")]
    [InlineData("bind, user namespace", "Private host's 0 nested 0, Shared host's 1 nested 1, Slave host's 1 nested 0, Unbindable host's 0 nested 0, on the host 0\n")]
    public void Later_mounts_are_seen_where_they_should(string kind, string seen)
    {
        using var root = new BusyboxRoot();
        string folder = Directory.CreateTempSubdirectory("isolation-shared-").FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)0x1ed);
        Assert.Equal(seen, FreshProcess.Run(["unshare", "--mount", "--propagation=private"], MountLater, [kind, root.Path, folder]).EnsureSuccess().Output);
        Directory.Delete(folder);
    }

    // In a mount namespace that ends with this process.
    private static void MountLater(string kind, string root, string folder)
    {
        Command.Run("mount", "-t", "tmpfs", "isolation-shared", folder).EnsureSuccess();
        Command.Run("mount", "--make-shared", folder).EnsureSuccess();
        Directory.CreateDirectory(folder + "/later");
        Directory.CreateDirectory(folder + "/own");
        foreach (MountPropagation propagation in Enum.GetValues<MountPropagation>())
        {
            ContainerBuilder builder = kind.Contains("user namespace", StringComparison.Ordinal) ? new ContainerBuilder().WithUserNs() : new();
            builder = kind.StartsWith("bind", StringComparison.Ordinal)
                ? builder.WithBindMount(folder, folder, new MountChange { Propagation = propagation })
                : builder.WithPropagation(propagation).WithBindMount(folder, folder);
            if (kind.Contains("root", StringComparison.Ordinal) && !kind.StartsWith("host", StringComparison.Ordinal) || kind[0] == 'b')
                builder = builder.WithRootFs(root);

            // A mount namespace below, and then a mount that only one that receives from the container has.
            string script = $"busybox unshare -m --propagation slave sh -c 'echo; exec sleep 60' & sleep 0.5; busybox mount -t tmpfs isolation-own {folder}/own; echo; echo; exec sleep 60";
            using Container container = builder.WithPidNs().WithCommand("/bin/sh", "-c", script.Replace("busybox", "/bin/busybox", StringComparison.Ordinal)).WithStandardOutput(StandardStream.Pipe).Start();
            using var output = new StreamReader(container.StandardOutput!.AsStream());
            for (int i = 0; i < 3; i++)
                output.ReadLine();
            Command.Run("mount", "-t", "tmpfs", "isolation-later", folder + "/later").EnsureSuccess();
            int nested = Directory.EnumerateDirectories("/proc").Select(d => int.TryParse(Path.GetFileName(d), out int id) ? id : 0).Single(id => id > 0 && ParentOf(id) == container.ProcessId);
            Console.Write($"{propagation} host's {Count($"/proc/{container.ProcessId}/mountinfo", "isolation-later")} nested {Count($"/proc/{nested}/mountinfo", "isolation-own")}, ");
            Command.Run("umount", folder + "/later").EnsureSuccess();
        }

        Console.WriteLine($"on the host {Count("/proc/self/mountinfo", "isolation-own")}");

        static int ParentOf(int id)
        {
            try
            {
                return int.Parse(File.ReadAllText($"/proc/{id}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);
            }
            catch (IOException)
            {
                return 0;
            }
        }

        // A bind over its own source makes two mounts of one.
        static int Count(string table, string source) => File.ReadLines(table).Any(l => l.Contains(source, StringComparison.Ordinal)) ? 1 : 0;
    }

    [LinuxFact(Everything)]
    public void What_is_unbindable_cannot_be_bound_elsewhere()
    {
        using var nothingLeft = new ResidueCheck();
        using var root = new BusyboxRoot();
        const string Bind = "/bin/busybox mount -o bind /etc /tmp 2>/dev/null && echo bound; /bin/busybox mount -o bind /data /root 2>/dev/null && echo bound; true";
        foreach (ContainerBuilder container in (ContainerBuilder[])[new(), new ContainerBuilder().WithUserNs()])
        {
            ContainerBuilder builder = container.WithPidNs().WithRootFs(root.Path);
            Assert.Equal("bound\nbound", builder.WithBindMount("/etc", "/data").Shell(Bind));
            Assert.Equal("bound", builder.WithBindMount("/etc", "/data", new MountChange { Propagation = MountPropagation.Unbindable }).Shell(Bind));
            Assert.Equal("", builder.WithBindMount("/etc", "/data").WithPropagation(MountPropagation.Unbindable).Shell(Bind));
        }

        Assert.Equal("", new ContainerBuilder().WithPropagation(MountPropagation.Unbindable).Shell("mount --bind /etc /mnt 2>/dev/null && echo bound; true"));
    }

    [LinuxFact]
    public void A_bind_that_receives_in_a_container_that_receives_nothing_is_refused()
    {
        foreach (MountPropagation own in (MountPropagation[])[MountPropagation.Slave, MountPropagation.Shared])
        {
            ContainerBuilder container = new ContainerBuilder().WithPropagation(MountPropagation.Unbindable).WithBindMount("/etc", "/data", new MountChange { Propagation = own });
            Assert.StartsWith("A bind at /data that goes on receiving", Assert.Throws<ArgumentException>(() => { container.Build(); }).Message, StringComparison.Ordinal);
        }
    }

    [LinuxFact]
    public void A_propagation_that_is_none_is_refused()
        => Assert.Throws<ArgumentOutOfRangeException>(() => new ContainerBuilder().WithPropagation((MountPropagation)4));
}
