using System.Collections.Concurrent;

namespace Isolation.Syscalls.Children;

/// <summary>
/// Makes all spawner threads from one thread: a new thread inherits the namespaces, privileges and priority of the one that
/// makes it (clone(2)), and a caller may have changed its own.
/// </summary>
internal static class SpawnerFactory
{
    private static readonly BlockingCollection<TaskCompletionSource<SpawnerThread>> s_orders = Start();

    public static SpawnerThread Make()
    {
        var order = new TaskCompletionSource<SpawnerThread>(TaskCreationOptions.RunContinuationsAsynchronously);
        s_orders.Add(order);
        return order.Task.GetAwaiter().GetResult();
    }

    private static BlockingCollection<TaskCompletionSource<SpawnerThread>> Start()
    {
        var orders = new BlockingCollection<TaskCompletionSource<SpawnerThread>>();
        new Thread(() => Run(orders), maxStackSize: 256 << 10) { IsBackground = true, Name = "isolation-maker" }.Start();
        return orders;
    }

    private static void Run(BlockingCollection<TaskCompletionSource<SpawnerThread>> orders)
    {
        foreach (TaskCompletionSource<SpawnerThread> order in orders.GetConsumingEnumerable())
        {
            try
            {
                order.SetResult(new SpawnerThread());
            }
            catch (Exception e) when (e is LinuxException or OutOfMemoryException or ThreadStartException)
            {
                order.SetException(e);
            }
        }
    }
}
