using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Isolation.Benchmarks.Compare;
using Isolation.Benchmarks.Serve;

namespace Isolation.Benchmarks.Micro;

/// <summary>What a start costs inside this process, its allocations above all.</summary>
[MemoryDiagnoser]
public class StartBenchmarks : IDisposable
{
    private Workspace _workspace = null!;
    private ContainerTemplate _program = null!;
    private ContainerTemplate _container = null!;

    public static int Run(string[] options)
    {
        ManualConfig config = ManualConfig.Create(DefaultConfig.Instance).AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance));
        BenchmarkRunner.Run<StartBenchmarks>(config, options);
        return 0;
    }

    [GlobalSetup]
    public void Prepare()
    {
        _workspace = new Workspace();
        _program = new ContainerBuilder().WithCommand(_workspace.Built("true")).Build();
        _container = IsolationContender.Describe(_workspace.RootFs, user: "none").WithCommand("/true").Build();
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _workspace.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public int ProcessStart()
    {
        using Process process = Process.Start(_workspace.Built("true"));
        process.WaitForExit();
        return process.ExitCode;
    }

    [Benchmark]
    public int Spawn() => _program.Run().ExitCode;

    [Benchmark]
    public int FullContainer() => _container.Run().ExitCode;
}
