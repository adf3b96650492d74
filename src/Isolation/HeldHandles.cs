using System.Runtime.InteropServices;

namespace Isolation;

/// <summary>Keeps handles open during a start, so that no number can come to mean another file.</summary>
internal readonly ref struct HeldHandles
{
    private readonly ReadOnlySpan<SafeHandle> _handles;

    /// <exception cref="ObjectDisposedException">One of them is closed already.</exception>
    public HeldHandles(ReadOnlySpan<SafeHandle> handles)
    {
        for (int i = 0; i < handles.Length; i++)
        {
            try
            {
                bool added = false;
                handles[i].DangerousAddRef(ref added);
            }
            catch
            {
                Release(handles[..i]);
                throw;
            }
        }

        _handles = handles;
    }

    public void Dispose() => Release(_handles);

    private static void Release(ReadOnlySpan<SafeHandle> handles)
    {
        foreach (SafeHandle handle in handles)
            handle.DangerousRelease();
    }
}
