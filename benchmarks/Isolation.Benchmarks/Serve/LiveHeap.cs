namespace Isolation.Benchmarks.Serve;

/// <summary>Live objects, every page of them touched: what a fork would have to copy the page tables of.</summary>
internal sealed class LiveHeap
{
    private const int ObjectSize = 64 << 10;

    private readonly byte[][] _objects;

    public LiveHeap(int megabytes)
    {
        _objects = new byte[(megabytes << 4)][];
        for (int i = 0; i < _objects.Length; i++)
        {
            _objects[i] = new byte[ObjectSize];
            _objects[i].AsSpan().Fill(1);
        }
    }
}
