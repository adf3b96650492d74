using System.Text;
using Isolation.Syscalls;
using Isolation.Syscalls.Interop;

namespace Isolation.TestKit;

/// <summary>A thread that exchanges pairs of names as fast as it can (renameat2(2), RENAME_EXCHANGE), until it is disposed.</summary>
public sealed unsafe class Exchanger : IDisposable
{
    private readonly (byte[] A, byte[] B)[] _pairs;
    private readonly Thread _thread;
    private volatile bool _stop;
    private int _exchanges;

    public Exchanger(params (string A, string B)[] pairs)
    {
        _pairs = [.. pairs.Select(p => (Encoding.UTF8.GetBytes(p.A + '\0'), Encoding.UTF8.GetBytes(p.B + '\0')))];
        _thread = new Thread(Exchange);
        _thread.Start();
    }

    public int Exchanges => Volatile.Read(ref _exchanges);

    public void Dispose()
    {
        _stop = true;
        _thread.Join();
    }

    private void Exchange()
    {
        const int AtFdCwd = -100, RenameExchange = 2;
        while (!_stop)
        {
            foreach ((byte[] a, byte[] b) in _pairs)
            {
                fixed (byte* one = a, other = b)
                {
                    if (Sys.Call(SyscallNumber.RenameAt2, AtFdCwd, (nint)one, AtFdCwd, (nint)other, RenameExchange) == 0)
                        Interlocked.Increment(ref _exchanges);
                }
            }
        }
    }
}
