using Isolation.Syscalls.Children;

namespace Isolation.Namespaces.Visits;

/// <summary>Runs an asynchronous function and its continuations, until its task has ended.</summary>
internal sealed class AsyncCallVisit<T>(ThreadNamespace ns, AsyncCall<T> call) : Visit(ns)
{
    public override void Fail(Exception reason) => call.Fail(reason);

    public override void Stay()
    {
        var context = new InsideContext();
        SynchronizationContext.SetSynchronizationContext(context);
        call.Begin(whenOver: context.Stop);
        context.Pump();
    }

    public override void Finish(bool isHome)
    {
        if (isHome)
            call.Finish();
        else
            HomeThread.Post(call.Finish);
    }
}
