using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using System.Text;
using Isolation.Syscalls;

namespace Isolation.Tests;

/// <summary>A running container: streams, signals, exit, cancellation, disposal.</summary>
public class ContainerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [LinuxFact]
    public void The_exit_code_is_the_programs()
    {
        ContainerExit exit = new ContainerBuilder().WithCommand("sh", "-c", "exit 42").Run();
        Assert.Equal((42, null, false, false, true), (exit.ExitCode, exit.Signal, exit.Canceled, exit.OomKilled, exit.IsKnown));
        Assert.True(exit.RunTime > TimeSpan.Zero);
        Assert.NotNull(exit.ResourceUsage);
        Assert.Equal("The container ended with exit code 42.", Assert.Throws<ContainerFailedException>(exit.EnsureSuccess).Message);
    }

    [LinuxFact]
    public void A_signal_that_ends_the_program_is_told()
    {
        ContainerExit exit = new ContainerBuilder().WithCommand("sh", "-c", "kill -TERM $$").Run();
        Assert.Equal((143, PosixSignal.SIGTERM), (exit.ExitCode, exit.Signal));
    }

    [LinuxFact]
    public async Task Signals_arrive_and_a_container_that_has_ended_takes_none()
    {
        await using Container container = await new ContainerBuilder().WithCommand("sleep", "1000").StartAsync(Token);
        Assert.False(container.HasExited);
        Assert.True(container.Signal(PosixSignal.SIGTERM));
        Assert.Equal(PosixSignal.SIGTERM, (await container.WaitForExitAsync(Token)).Signal);
        Assert.False(container.Signal(PosixSignal.SIGTERM));
        container.Kill();
    }

    [LinuxFact]
    public async Task Cancelling_a_wait_leaves_the_container_alive()
    {
        await using Container container = new ContainerBuilder().WithCommand("sleep", "1000").Start();
        using var cancel = new CancellationTokenSource(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => container.WaitForExitAsync(cancel.Token));
        Assert.False(container.HasExited);
    }

    [LinuxFact(Needs.FullSpeed)]
    public async Task Cancelling_a_run_kills_and_says_so()
    {
        using var cancel = new CancellationTokenSource(100);
        ContainerExit exit = await new ContainerBuilder().WithCommand("sleep", "1000").RunAsync(cancel.Token);
        Assert.Equal((true, 137), (exit.Canceled, exit.ExitCode));
    }

    [LinuxFact]
    public async Task A_cancelled_token_starts_nothing()
        => await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new ContainerBuilder().WithCommand("true").RunAsync(new CancellationToken(canceled: true)));

    [LinuxFact]
    public async Task Standard_streams_are_pipes()
    {
        await using Container container = new ContainerBuilder()
            .WithStandardInput(StandardStream.Pipe).WithStandardOutput(StandardStream.Pipe).WithStandardError(StandardStream.Pipe)
            .WithCommand("sh", "-c", "cat; echo error >&2").Start();
        byte[] sent = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i}\n")));
        Task writing = Write(container.StandardInput!, sent);
        byte[] received = await ReadToEnd(container.StandardOutput!);
        await writing;
        Assert.Equal(sent, received);
        Assert.Equal("error\n", Encoding.UTF8.GetString(await ReadToEnd(container.StandardError!)));
        Assert.Equal(0, (await container.WaitForExitAsync(Token)).ExitCode);
    }

    private static async Task Write(PipeWriter writer, byte[] bytes)
    {
        await writer.WriteAsync(bytes, Token);
        await writer.CompleteAsync();
    }

    private static async Task<byte[]> ReadToEnd(PipeReader reader)
    {
        while (true)
        {
            ReadResult result = await reader.ReadAsync(Token);
            if (result.IsCompleted)
                return result.Buffer.ToArray();
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    [LinuxFact]
    public async Task Large_output_on_both_streams_does_not_block()
    {
        const string Script = "head -c 1000000 /dev/zero | tr '\\0' o; head -c 1000000 /dev/zero | tr '\\0' e >&2; head -c 1000000 /dev/zero | tr '\\0' o";
        ContainerOutput now = new ContainerBuilder().WithCommand("sh", "-c", Script).RunAndCaptureText();
        ContainerOutput later = await new ContainerBuilder().WithCommand("sh", "-c", Script).RunAndCaptureTextAsync(Token);
        Assert.Equal((2_000_000, 1_000_000), (now.StandardOutput.Length, now.StandardError.Length));
        Assert.Equal(now with { Exit = later.Exit }, later);
    }

    [LinuxFact]
    public void Output_goes_to_a_file_that_is_handed_over()
    {
        string path = Path.GetTempFileName();
        using (Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Write))
            new ContainerBuilder().WithStandardOutput(StandardStream.FromHandle(file)).WithCommand("echo", "hello").Run().EnsureSuccess();
        Assert.Equal("hello\n", File.ReadAllText(path));
        File.Delete(path);
    }

    [LinuxFact]
    public async Task A_read_that_was_cancelled_can_be_made_again()
    {
        await using Container container = new ContainerBuilder().WithStandardInput(StandardStream.Pipe).WithStandardOutput(StandardStream.Pipe).WithCommand("cat").Start();
        using (var cancel = new CancellationTokenSource(50))
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await container.StandardOutput!.ReadAsync(cancel.Token));
        await Write(container.StandardInput!, "late"u8.ToArray());
        Assert.Equal("late"u8.ToArray(), await ReadToEnd(container.StandardOutput!));
    }

    [LinuxFact(Needs.FullSpeed)]
    public async Task Cancelling_a_capture_ends_although_another_process_holds_the_pipe()
    {
        using var cancel = new CancellationTokenSource(300);
        long begun = System.Diagnostics.Stopwatch.GetTimestamp();
        ContainerOutput output = await new ContainerBuilder().WithCommand("sh", "-c", "echo early; sleep 20 & wait").RunAndCaptureTextAsync(cancel.Token);
        Assert.Equal(("early\n", true), (output.StandardOutput, output.Exit.Canceled));
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(10));
    }

    [LinuxFact]
    public void A_handle_that_was_closed_is_refused()
    {
        Microsoft.Win32.SafeHandles.SafeFileHandle handle = File.OpenHandle("/etc/passwd");
        ContainerTemplate template = new ContainerBuilder().WithStandardInput(StandardStream.FromHandle(handle)).WithCommand("cat").Build();
        handle.Dispose();
        Assert.Throws<ObjectDisposedException>(() => { template.Run(); });
    }

    [LinuxFact]
    public void Run_refuses_pipes_that_nobody_would_use()
        => Assert.Throws<InvalidOperationException>(() => { new ContainerBuilder().WithStandardOutput(StandardStream.Pipe).WithCommand("true").Run(); });

    [LinuxFact]
    public void A_null_input_is_at_its_end()
        => Assert.Equal("", new ContainerBuilder().WithStandardInput(StandardStream.Null).Shell("cat"));

    [LinuxFact]
    public async Task Disposing_kills_and_leaves_nothing()
    {
        ContainerTemplate template = new ContainerBuilder().WithStandardOutput(StandardStream.Pipe).WithCommand("sleep", "1000").Build();
        await (await template.StartAsync(Token)).DisposeAsync();
        using var residue = new ResidueCheck();
        for (int i = 0; i < 20; i++)
        {
            await using Container container = await template.StartAsync(Token);
        }
    }

    [LinuxFact(Needs.Root | Needs.Busybox)]
    public void Builders_are_templates_that_do_not_change()
    {
        var empty = new ContainerBuilder();
        ContainerBuilder one = empty.WithCommand("echo", "one"), two = one.WithCommand("echo", "two");
        Assert.Equal("one\n", one.RunAndCaptureText().StandardOutput);
        Assert.Equal("two\n", two.RunAndCaptureText().StandardOutput);
    }

    [LinuxFact(Needs.Root | Needs.Busybox)]
    public void One_template_starts_from_many_threads_with_the_right_exit_codes()
    {
        int each = Machine.Lab is null ? 50 : 4;
        using var root = new BusyboxRoot();
        ContainerTemplate[] templates = [.. Enumerable.Range(0, 8).Select(i => Containers.Full(root).WithCommand("/bin/sh", "-c", $"exit {i}").Build())];
        templates[0].Run();
        Exception? failure = null;
        Thread[] threads = [.. Enumerable.Range(0, 16).Select(i => new Thread(() =>
        {
            try
            {
                for (int n = 0; n < each; n++)
                    Assert.Equal(i % 8, templates[i % 8].Run().ExitCode);
            }
            catch (Exception e)
            {
                failure = e;
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.Null(failure);
    }

    [LinuxFact]
    public void A_set_up_that_takes_too_long_is_stopped()
    {
        ContainerTemplate template = new ContainerBuilder().WithStartTimeout(TimeSpan.FromMilliseconds(100)).WithCommand("true").Build();
        LinuxException error = Assert.Throws<LinuxException>(() => { template.Start(new Isolation.Syscalls.Children.Fault(3, Errno.None)); });
        Assert.Equal((Errno.ETIMEDOUT, 3), (error.Errno, error.Step));
    }
}
