using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Isolation.Syscalls.Interop;

namespace Isolation.Fs;

/// <summary>
/// Tells of mounts that come, go and change in a mount namespace (proc_pid_mounts(5)): that which the thread that opened the
/// watcher was in. No thread waits meanwhile.
/// </summary>
/// <remarks>
/// Several changes in a row may come as one. The kernel does not tell of a propagation that mount(2) changed, nor of options of a
/// file system that fsconfig(2) changed: those come with the next change. Mounts are told apart by what their lines of the table
/// say (proc_pid_mountinfo(5)): one that takes the place, the id and the source of another between two looks is not told, and a bind
/// whose directory got another name is told as removed and added.
/// </remarks>
public sealed class MountTableWatcher : IDisposable
{
    private readonly MountTableFile _table, _signal;
    private readonly CancellationTokenSource _end = new();
    private int _isRead, _isDisposed;

    private MountTableWatcher(MountTableFile table, MountTableFile signal)
    {
        _table = table;
        _signal = signal;
        using PooledMountTable text = table.Read();
        Table = MountTable.ToEntries(text);
    }

    /// <summary>The table as of the last change that was told, or at first as it was when the watcher was opened.</summary>
    public ImmutableArray<MountTableEntry> Table { get; private set; }

    /// <summary>Begins to watch: no change of the table from here on is missed.</summary>
    /// <exception cref="Syscalls.LinuxException">ENOENT: there is no /proc.</exception>
    public static MountTableWatcher Open()
    {
        MountTableFile table = MountTableFile.Open(null);
        try
        {
            MountTableFile signal = MountTableFile.Open(null);
            try
            {
                return new MountTableWatcher(table, signal);
            }
            catch
            {
                signal.Dispose();
                throw;
            }
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    /// <summary>The changes, as they come. Ends when the watcher is disposed of.</summary>
    /// <exception cref="InvalidOperationException">Somebody reads them already.</exception>
    public async IAsyncEnumerable<MountTableChange> ReadChangesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        if (Interlocked.Exchange(ref _isRead, 1) != 0)
            throw new InvalidOperationException("The changes are read by somebody else already.");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_end.Token, cancellationToken);
        try
        {
            while (true)
            {
                // To begin to watch takes away what the file was to tell. So the table is read after that.
                var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                ulong key = EventLoop.WhenPriority(_signal.Handle, told.SetResult);
                try
                {
                    if (Look() is { } change)
                    {
                        yield return change;
                        continue;
                    }

                    try
                    {
                        await told.Task.WaitAsync(stop.Token).ConfigureAwait(false);
                    }
                    catch (OperationCanceledException) when (_end.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
                    {
                        yield break;
                    }
                }
                finally
                {
                    // Too late to cancel: the loop is about to end the watch, which it must have before the next one begins.
                    if (!EventLoop.Cancel(key))
                        await told.Task.ConfigureAwait(false);
                }
            }
        }
        finally
        {
            Volatile.Write(ref _isRead, 0);
            CloseIfEnded();
        }
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        _end.Cancel();
        if (Volatile.Read(ref _isRead) == 0)
            CloseIfEnded();
    }

    private MountTableChange? Look()
    {
        using PooledMountTable text = _table.Read();
        MountTableChange change = MountTableChange.Between(Table, MountTable.ToEntries(text));
        if (change.IsEmpty)
            return null;
        Table = change.Table;
        return change;
    }

    private void CloseIfEnded()
    {
        if (!_end.IsCancellationRequested)
            return;
        _signal.Dispose();
        _table.Dispose();
        _end.Dispose();
    }
}
