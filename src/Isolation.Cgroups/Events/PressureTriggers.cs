using System.Collections.Concurrent;
using Isolation.Cgroups.Interop;
using Isolation.Syscalls.Children;
using Microsoft.Win32.SafeHandles;

namespace Isolation.Cgroups.Events;

/// <summary>One thread and one epoll instance for all triggers of pressure. The thread begins with the first trigger.</summary>
internal static class PressureTriggers
{
    private static readonly ConcurrentDictionary<ulong, Action<bool>> s_triggers = new();
    private static readonly Lock s_starting = new();
    private static SafeFileHandle? s_epoll;
    private static ulong s_lastKey;

    /// <summary>Calls back each time that a trigger fires, with whether it is at its end, until it is disposed. It must neither block nor throw.</summary>
    public static IDisposable Add(SafeFileHandle file, Action<bool> fired)
    {
        ulong key = Interlocked.Increment(ref s_lastKey);
        s_triggers[key] = fired;
        try
        {
            SafeFileHandle epoll = EnsureStarted();
            Epoll.Add(epoll, file, key);
            return new Trigger(epoll, file, key);
        }
        catch
        {
            s_triggers.TryRemove(key, out _);
            throw;
        }
    }

    // What fails is the caller's to see, and can be tried again.
    private static SafeFileHandle EnsureStarted()
    {
        lock (s_starting)
            return s_epoll ??= Start();
    }

    private static SafeFileHandle Start()
    {
        SafeFileHandle epoll = Epoll.Create();
        HomeThread.Run(() =>
        {
            var thread = new Thread(Run, maxStackSize: 256 << 10) { IsBackground = true, Name = "isolation-pressure" };
            thread.UnsafeStart(epoll);
            return thread;
        });
        return epoll;
    }

    private static void Run(object? epoll)
    {
        while (true)
        {
            Epoll.Wait((SafeFileHandle)epoll!, static (key, isEnd) =>
            {
                if (s_triggers.TryGetValue(key, out Action<bool>? fired))
                    fired(isEnd);
            });
        }
    }

    private sealed class Trigger(SafeFileHandle epoll, SafeFileHandle file, ulong key) : IDisposable
    {
        public void Dispose()
        {
            if (s_triggers.TryRemove(key, out _))
                Epoll.Remove(epoll, file);
        }
    }
}
