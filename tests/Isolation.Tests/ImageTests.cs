using System.Text.Json.Nodes;
using Isolation.Fs;
using Isolation.Fs.Layers;
using Isolation.Syscalls;

namespace Isolation.Tests;

/// <summary>Containers of images: what the image's configuration does, what goes before it, and what is refused before anything starts.</summary>
public class ImageTests
{
    private const Needs Everything = Needs.Root | Needs.Busybox | Needs.X64;

    [LinuxFact(Everything)]
    public void An_image_tells_program_environment_user_and_directory()
    {
        using var nothingLeft = new ResidueCheck();
        using var image = new BusyboxImage();
        Assert.Equal("a=b 1000:1001 /srv /home/alice\n", image.Container().RunAndCaptureText().StandardOutput);
        Assert.Equal("a=b 1000:1001 /srv /home/alice\n", image.Container().WithUserNs().WithNetNs().RunAndCaptureText().StandardOutput);
    }

    [LinuxFact(Everything)]
    public void What_the_caller_gives_goes_before_the_image()
    {
        using var nothingLeft = new ResidueCheck();
        using var image = new BusyboxImage();
        ContainerBuilder given = image.Container().WithUserNs().WithEnvironment("GREETING", "mine").WithUser("0").WithWorkingDirectory("/etc");
        Assert.Equal("mine 0:0 /etc /root\n", given.RunAndCaptureText().StandardOutput);

        // The command is what the entrypoint gets; another entrypoint gets the command, and not the image's.
        Assert.Equal("hello\n", image.Container().WithCommand("echo hello").RunAndCaptureText().StandardOutput);
        Assert.Equal("second layer\n", image.Container().WithEntrypoint("cat").WithCommand("file").RunAndCaptureText().StandardOutput);
        Assert.Equal("/srv\n", image.Container().WithEntrypoint("sh", "-c", "pwd").RunAndCaptureText().StandardOutput);
        Assert.Equal("second layer\n", image.Container().WithEntrypoint().WithCommand("/bin/cat", "/srv/file").RunAndCaptureText().StandardOutput);
    }

    [LinuxFact]
    public void An_entrypoint_without_an_image_goes_before_the_command()
        => Assert.Equal("a b\n", new ContainerBuilder().WithCommand("b").WithEntrypoint("echo", "a").RunAndCaptureText().StandardOutput);

    [LinuxFact(Everything)]
    public void An_image_is_unpacked_once_and_changes_are_thrown_away()
    {
        using var nothingLeft = new ResidueCheck();
        using var image = new BusyboxImage();
        var results = new List<LayerResult>();
        ContainerBuilder container = image.Container(new ImageOptions { Unpacked = results.Add }).WithUser("0");
        Assert.Equal("new\n", container.WithCommand("ls /etc/made 2>/dev/null; echo new > /etc/made; cat /etc/made").RunAndCaptureText().StandardOutput);
        Assert.Equal("new\n", container.WithCommand("ls /etc/made 2>/dev/null; echo new > /etc/made; cat /etc/made").RunAndCaptureText().StandardOutput);
        Assert.Empty(Assert.Single(results).Omissions);
        Assert.False(File.Exists(Path.Combine(image.Unpacked, "etc/made")));
        Assert.Equal("1000:1001", Command.Run("stat", "-c", "%u:%g", Path.Combine(image.Unpacked, "srv/file")).Output.Trim());

        // Programs with set-user-ID of the image are not for the host's users.
        Assert.Equal("700", Command.Run("stat", "-c", "%a", image.Cache).Output.Trim());
        Assert.Equal([image.Unpacked], Directory.GetFileSystemEntries(Path.GetDirectoryName(image.Unpacked)!));
    }

    [LinuxFact(Everything)]
    public void Devices_of_an_image_do_nothing_and_those_of_dev_work()
    {
        using var image = new BusyboxImage();
        foreach (ContainerBuilder container in (ContainerBuilder[])[image.Container(), image.Container(new ImageOptions { Mode = RootFsMode.ReadOnly }), image.Container().WithUserNs()])
            Assert.Equal("crw-rw-rw- 0 4\n", container.WithUser("0").WithCommand("echo $(stat -c %A zero) $(head -c 1 zero 2>/dev/null | wc -c) $(head -c 4 /dev/zero | wc -c)").RunAndCaptureText().StandardOutput);
    }

    [LinuxFact(Everything)]
    public void A_read_only_image_refuses_changes()
    {
        using var image = new BusyboxImage();
        ContainerOutput output = image.Container(new ImageOptions { Mode = RootFsMode.ReadOnly }).WithUser("0").WithCommand("touch /etc/made").RunAndCaptureText();
        Assert.Contains("Read-only file system", output.StandardError, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => image.Container(new ImageOptions { Mode = RootFsMode.ReadWrite }));
    }

    [LinuxFact(Everything)]
    public void Starts_at_the_same_time_share_one_unpacking()
    {
        using var nothingLeft = new ResidueCheck();
        using var image = new BusyboxImage();
        int unpacked = 0;
        ContainerBuilder container = image.Container(new ImageOptions { Unpacked = _ => Interlocked.Increment(ref unpacked) });
        string[] outputs = new string[4];
        Thread[] threads = [.. Enumerable.Range(0, outputs.Length).Select(i => new Thread(() => outputs[i] = container.RunAndCaptureText().StandardOutput))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.All(outputs, o => Assert.Equal("a=b 1000:1001 /srv /home/alice\n", o));
        Assert.Equal(1, unpacked);
    }

    [LinuxFact(Everything | Needs.UserNamespaces)]
    public void An_ordinary_user_runs_an_image_and_is_told_what_was_left_out()
    {
        using var image = new BusyboxImage(c => c["User"] = "root");
        CommandResult result = FreshProcess.RunAsUser(RunAsUser, image.Layout).EnsureSuccess();
        Assert.Equal("device owner\na=b 0:0 /srv /root\na=b 0:0 /srv /root\nsecond layer changed\n", result.Output);
    }

    private static void RunAsUser(string layout)
    {
        string cache = Directory.CreateTempSubdirectory("isolation-cache-").FullName;
        var options = new ImageOptions { CacheFolder = cache, Unpacked = r => Console.WriteLine(string.Join(' ', r.Omissions.Select(o => o.What))) };
        ContainerBuilder container = new ContainerBuilder().WithImage(layout, options: options).WithUserNs().WithPidNs().WithNetNs();
        Console.Write(container.RunAndCaptureText().StandardOutput);
        using (new ResidueCheck())
        {
            Console.Write(container.RunAndCaptureText().StandardOutput);
            Console.Write(container.WithCommand("echo changed >> file; echo $(cat file)").RunAndCaptureText().StandardOutput);
        }

        Directory.Delete(cache, recursive: true);
    }

    [LinuxFact(Everything | Needs.UserNamespaces)]
    public void A_user_of_the_image_that_is_not_mapped_is_told()
    {
        using var image = new BusyboxImage();
        CommandResult result = FreshProcess.RunAsUser(RunAsAlice, image.Layout).EnsureSuccess();
        Assert.Equal("set the supplementary groups failed: Operation not permitted (EPERM from setgroups). Only the caller is mapped, so groups cannot change (user_namespaces(7)); map more ids", result.Output.Trim());
    }

    private static void RunAsAlice(string layout)
    {
        string cache = Directory.CreateTempSubdirectory("isolation-cache-").FullName;
        ContainerBuilder container = new ContainerBuilder().WithImage(layout, options: new ImageOptions { CacheFolder = cache }).WithUserNs().WithPidNs();
        Console.WriteLine(Assert.Throws<LinuxException>(() => { container.Run(); }).Message);
        Directory.Delete(cache, recursive: true);
    }

    [LinuxFact(Everything)]
    public void A_missing_tag_is_an_error_before_anything_is_made()
    {
        using var nothingLeft = new ResidueCheck();
        using var image = new BusyboxImage();
        LayerException e = Assert.Throws<LayerException>(() => { image.Container().WithImage(image.Layout, "other", new ImageOptions { CacheFolder = image.Cache }).Run(); });
        Assert.Equal(LayerFault.Missing, e.Fault);
        Assert.Equal("other: The layout has no such image; it has latest.", e.Message);
        Assert.False(Directory.Exists(image.Cache));
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => { new ContainerBuilder().WithImage(image.Layout + "/none").Run(); }).Errno);
    }

    [LinuxFact(Everything)]
    public void A_layer_that_is_not_what_its_digest_says_is_an_error_and_leaves_nothing()
    {
        using var nothingLeft = new ResidueCheck();
        using var image = new BusyboxImage();
        byte[] blob = File.ReadAllBytes(image.UpperBlob), damaged = [.. blob];

        // In gzip's header: the time, which changes nothing that comes out.
        damaged[4] ^= 1;
        File.WriteAllBytes(image.UpperBlob, damaged);
        Assert.Equal(LayerFault.WrongDigest, Assert.Throws<LayerException>(() => { image.Container().Run(); }).Fault);
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(image.Unpacked)!));

        // The next try begins anew.
        File.WriteAllBytes(image.UpperBlob, blob);
        image.Container().Run().EnsureSuccess();
    }

    public static TheoryData<string, string, string> Unusable { get; } = new()
    {
        { "WorkingDir", "\"srv\"", "The working directory 'srv' is no absolute path" },
        { "Env", "[\"NAME\"]", "'NAME' is no variable of the environment" },
        { "Env", "[\"A=\\u0000\"]", "'A=?' is no variable of the environment" },
        { "User", "\"a b\"", "'a b' is no user" },
        { "Entrypoint", "[\"\"]", "The entrypoint or the command names no program" },
    };

    [LinuxTheory(Everything)]
    [MemberData(nameof(Unusable))]
    public void A_configuration_that_cannot_be_used_is_an_error_before_anything_is_made(string name, string json, string message)
    {
        using var nothingLeft = new ResidueCheck();
        using var image = new BusyboxImage(c => c[name] = JsonNode.Parse(json));
        LayerException e = Assert.Throws<LayerException>(() => { image.Container().Run(); });
        Assert.Equal((LayerFault.Malformed, image.Digest), (e.Fault, e.Entry));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(image.Cache));
    }

    [LinuxFact(Everything)]
    public void An_image_without_a_program_needs_a_command()
    {
        using var image = new BusyboxImage(c =>
        {
            c.Remove("Entrypoint");
            c.Remove("Cmd");
        });
        LayerException e = Assert.Throws<LayerException>(() => { image.Container().Run(); });
        Assert.Equal(LayerFault.Missing, e.Fault);
        Assert.EndsWith("The image names no program; name one with WithCommand.", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, image.Container().WithCommand("true").Run().ExitCode);
    }

    [LinuxFact(Everything)]
    public void Exec_has_the_user_and_the_environment_of_the_image()
    {
        using var nothingLeft = new ResidueCheck();
        using var image = new BusyboxImage();
        using Container container = image.Container().WithCommand("sleep 60").Start();
        Assert.Equal("a=b 1000:1001\n", new ContainerBuilder().WithContainer(container).WithCommand("/bin/sh", "-c", "echo $GREETING $(id -u):$(id -g)").RunAndCaptureText().StandardOutput);
    }

    [LinuxFact(Everything)]
    public void Explain_tells_the_image_and_where_it_is_unpacked()
    {
        using var image = new BusyboxImage();
        string plan = image.Container().Explain();
        Assert.StartsWith($"# the manager: unpack the image {image.Digest} of {image.Layout}, once, to {image.Unpacked}\n", plan, StringComparison.Ordinal);
        Assert.Contains($"overlay {image.Unpacked}", plan, StringComparison.Ordinal);
        Assert.Contains("execve(\"/bin/sh\", [\"/bin/sh\", \"-c\", \"echo $GREETING", plan, StringComparison.Ordinal);
    }

    [LinuxFact(Everything)]
    public async Task Cancelling_ends_the_unpacking_and_leaves_nothing()
    {
        using var nothingLeft = new ResidueCheck();
        using var image = new BusyboxImage();
        using var cancellation = new CancellationTokenSource();
        ContainerBuilder container = image.Container(new ImageOptions { Progress = new Canceller(cancellation) });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => container.RunAsync(cancellation.Token));
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(image.Unpacked)!));
    }

    private sealed class Canceller(CancellationTokenSource cancellation) : IProgress<long>
    {
        public void Report(long value) => cancellation.Cancel();
    }

    [LinuxFact(Everything)]
    public void A_cache_that_others_can_write_to_is_refused()
    {
        using var image = new BusyboxImage();
        Directory.CreateDirectory(image.Cache);
        File.SetUnixFileMode(image.Cache, (UnixFileMode)0x1ff);
        LinuxException e = Assert.Throws<LinuxException>(() => { image.Container().Run(); });
        Assert.Equal($"keep images in {image.Cache} failed: Operation not permitted (EPERM). It must belong to the caller, and nobody else may write to it", e.Message);
        File.SetUnixFileMode(image.Cache, (UnixFileMode)0x1ed);
        Command.Run("chown", "4242", image.Cache).EnsureSuccess();
        Assert.Equal(Errno.EPERM, Assert.Throws<LinuxException>(() => { image.Container().Run(); }).Errno);
    }
}
