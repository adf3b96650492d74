using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics;
using Isolation.Cgroups.Files;
using Isolation.Syscalls;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Cgroups;

/// <summary>
/// Reads statistics of one cgroup again and again, through files that are kept open: a read is one system call and allocates
/// nothing. From <see cref="Cgroup.OpenStatistics"/>. For one thread at a time.
/// </summary>
/// <remarks>A file is opened when it is first read. One that is not there is a <see cref="CgroupException"/> with ENOENT; a cgroup that was removed one with ENODEV.</remarks>
public sealed class CgroupStatistics : IDisposable
{
    private readonly CgroupDirectory _directory;
    private readonly Dictionary<string, SafeFileHandle> _files = [];
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(8192);
    private bool _disposed;

    internal CgroupStatistics(CgroupDirectory directory) => _directory = directory;

    /// <summary>Processor time (<c>cpu.stat</c>).</summary>
    public CpuStatistics ReadCpu() => new(ReadText("cpu.stat"));

    /// <summary>What memory is used for (<c>memory.stat</c>).</summary>
    public MemoryStatistics ReadMemory() => new(ReadText("memory.stat"));

    /// <summary>The memory that is used, in bytes (<c>memory.current</c>).</summary>
    public long ReadMemoryCurrent() => FlatKeyed.Number(ReadText("memory.current"));

    /// <summary>The swap that is used, in bytes (<c>memory.swap.current</c>).</summary>
    public long ReadSwapCurrent() => FlatKeyed.Number(ReadText("memory.swap.current"));

    /// <summary>How often limits of memory were met, in it and below it (<c>memory.events</c>).</summary>
    public MemoryEvents ReadMemoryEvents() => new(ReadText("memory.events"));

    /// <summary>How many processes and threads there are (<c>pids.current</c>).</summary>
    public long ReadPidsCurrent() => FlatKeyed.Number(ReadText("pids.current"));

    /// <summary>What one number is in any file, such as the huge pages of a size that are used, in bytes (<c>hugetlb.SIZE.current</c>).</summary>
    /// <param name="file">The file's name, such as <c>hugetlb.2MB.current</c>.</param>
    public long ReadNumber(string file) => FlatKeyed.Number(ReadText(file));

    /// <summary>What was read and written of each device, one after the other (<c>io.stat</c>).</summary>
    public IOStatisticsReader ReadIO() => new(ReadText("io.stat"));

    /// <summary>How much time was lost for want of a resource (<c>cpu.pressure</c> and the like).</summary>
    /// <exception cref="CgroupException">ENOENT or EOPNOTSUPP: the kernel was built without, or started with psi=0.</exception>
    public Pressure ReadPressure(PressureResource resource) => Pressure.Read(ReadText(PressureFiles.Name(resource)));

    /// <summary>All of it at once, as values that can be kept and compared: with allocation. What is not there is null.</summary>
    /// <exception cref="CgroupException">ENODEV: the cgroup has been removed.</exception>
    public CgroupSample ReadAll()
    {
        var io = ImmutableArray.CreateBuilder<IOStatistics>();
        if (IsThere("io.stat"))
        {
            foreach (IOStatistics device in ReadIO())
                io.Add(device);
        }

        return new CgroupSample
        {
            Timestamp = Stopwatch.GetTimestamp(),
            Cpu = IsThere("cpu.stat") ? ReadCpu() : null,
            Memory = IsThere("memory.stat") ? ReadMemory() : null,
            MemoryCurrent = IsThere("memory.current") ? ReadMemoryCurrent() : null,
            SwapCurrent = IsThere("memory.swap.current") ? ReadSwapCurrent() : null,
            MemoryEvents = IsThere("memory.events") ? ReadMemoryEvents() : null,
            PidsCurrent = IsThere("pids.current") ? ReadPidsCurrent() : null,
            IO = io.DrainToImmutable(),
            HugeTlb = HugeTlbController.PageSizes.Select(static s => (Size: s, File: $"hugetlb.{s}.current")).Where(s => IsThere(s.File)).ToImmutableDictionary(static s => s.Size, s => ReadNumber(s.File)),
            CpuPressure = ReadPressureIfThere(PressureResource.Cpu),
            MemoryPressure = ReadPressureIfThere(PressureResource.Memory),
            IOPressure = ReadPressureIfThere(PressureResource.IO),
        };
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        foreach (SafeFileHandle file in _files.Values)
            file.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    // The root cgroup has few files, and others come and go with controllers.
    private bool IsThere(string file)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _files.ContainsKey(file) || _directory.Has(file);
    }

    private Pressure? ReadPressureIfThere(PressureResource resource)
    {
        try
        {
            return IsThere(PressureFiles.Name(resource)) ? ReadPressure(resource) : null;
        }
        catch (CgroupException e) when (e.Errno == Errno.EOPNOTSUPP)
        {
            // The kernel was started with psi=0.
            return null;
        }
    }

    // The text until the next read.
    private ReadOnlySpan<byte> ReadText(string file)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_files.TryGetValue(file, out SafeFileHandle? handle))
            _files[file] = handle = _directory.OpenFile(file);
        int length = 0;
        while (true)
        {
            int read = FileReader.Read(handle, _buffer.AsSpan(length), length, _directory.Path, file);
            length += read;
            if (length < _buffer.Length)
            {
                // Short of the buffer, a file of at most a page is whole: the kernel made it for this read.
                if (read == 0 || length < Environment.SystemPageSize)
                    return _buffer.AsSpan(0, length);
                continue;
            }

            byte[] larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }
}
