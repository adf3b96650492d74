using Isolation.Syscalls.Interop;

namespace Isolation.Syscalls.Children;

/// <summary>
/// A thread that clones children and outlives them all. prctl(2), PR_SET_PDEATHSIG: a child gets the signal when the
/// <em>thread</em> that made it ends, and pool threads end.
/// </summary>
internal sealed unsafe class SpawnerThread
{
    // In native memory, for futex(2) and for the kernel to write to.
    private readonly Words* _words;
    private nint _result;
    private int _holders;
    private bool _queued;

    public SpawnerThread()
    {
        Memory = new ChildMemory();
        _words = Memory.Extra<Words>();
        new Thread(Run, maxStackSize: 256 << 10) { IsBackground = true, Name = "isolation-spawn" }.Start();
        while (Volatile.Read(ref _words->Owner) == 0)
            Futex.Wait(&_words->Owner, 0, Timeout.InfiniteTimeSpan);
        OwnerId = _words->Owner;
    }

    public ChildMemory Memory { get; }

    /// <summary>
    /// The address of a word that holds <see cref="OwnerId"/> while the thread lives. The kernel clears it when the thread
    /// ends, before it gives the thread's children to another process (set_tid_address(2)). So a child that has armed
    /// PR_SET_PDEATHSIG and then finds the id here is sure to get the signal.
    /// </summary>
    public uint* OwnerWord => &_words->Owner;

    public uint OwnerId { get; }

    /// <summary>Lets the thread clone what the frame says. <see cref="ChildFrame.Attention"/> tells when the child has let go, and when the thread is back.</summary>
    public void Begin()
    {
        Interlocked.Increment(ref _holders);
        Volatile.Write(ref _words->Work, 1);
        Futex.Wake(&_words->Work);
    }

    /// <summary>The result of clone, once the thread is back.</summary>
    public nint Result => Volatile.Read(ref _result);

    /// <summary>Waits until the thread is back and can begin again.</summary>
    public void WaitUntilBack()
    {
        uint attention;
        while (((attention = Volatile.Read(ref Memory.Frame->Attention)) & ChildFrame.Over) == 0)
            Futex.WaitForKernel(&Memory.Frame->Attention, attention, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The starter has rented the thread.</summary>
    /// <param name="queued">Whether it took a place in the queue.</param>
    public void Hold(bool queued)
    {
        _queued = queued;
        _holders = 1;
    }

    /// <summary>The starter, or the thread itself, is done with the memory; the last of them gives the thread back.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
            Spawner.Return(this, _queued);
    }

    private void Run()
    {
        uint id = (uint)Sys.Call(SyscallNumber.SetTidAddress, (nint)(&_words->Owner));
        Volatile.Write(ref _words->Owner, id);
        Futex.Wake(&_words->Owner);
        while (true)
        {
            while (Interlocked.Exchange(ref _words->Work, 0) == 0)
                Futex.Wait(&_words->Work, 0, Timeout.InfiniteTimeSpan);
            Volatile.Write(ref _result, ChildStub.Spawn(Memory.Frame));
            Interlocked.Or(ref Memory.Frame->Attention, ChildFrame.Over);
            Futex.WakeAsKernel(&Memory.Frame->Attention);
            Release();
        }
    }

    private struct Words
    {
        public uint Owner;
        public uint Work;
    }
}
