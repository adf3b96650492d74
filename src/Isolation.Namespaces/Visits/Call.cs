using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace Isolation.Namespaces.Visits;

/// <summary>A function that one thread asks for and another runs: with the caller's ExecutionContext, and back with its result or exception.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "Wait disposes of it. A caller that is interrupted before leaves it to the other thread.")]
internal sealed class Call<T>(Func<T> function)
{
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private readonly ManualResetEvent _finished = new(initialState: false);
    private ExceptionDispatchInfo? _error;
    private T? _result;

    /// <summary>Runs the function on this thread.</summary>
    public void Invoke()
    {
        try
        {
            _result = CallContext.Run(_context, function);
        }
        catch (Exception e)
        {
            _error = ExceptionDispatchInfo.Capture(e);
        }
    }

    /// <summary>The function was not run, for this reason.</summary>
    public void Fail(Exception reason) => _error = ExceptionDispatchInfo.Capture(reason);

    /// <summary>Lets the caller go on.</summary>
    public void Finish() => _finished.Set();

    /// <summary>Waits for <see cref="Finish"/>. The same exception object goes on here, with the stack of both threads.</summary>
    public T Wait()
    {
        _finished.WaitOne();
        _finished.Dispose();
        _error?.Throw();
        return _result!;
    }
}
