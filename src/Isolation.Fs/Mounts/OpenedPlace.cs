using Microsoft.Win32.SafeHandles;

namespace Isolation.Fs;

/// <summary>A place as a descriptor, which stays open until it is disposed, and as messages show it.</summary>
internal sealed class OpenedPlace : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly bool _isOwned;

    public OpenedPlace(SafeFileHandle handle, bool isOwned, string shown)
    {
        bool added = false;
        if (!isOwned)
            handle.DangerousAddRef(ref added);
        _handle = handle;
        _isOwned = isOwned;
        Shown = shown;
    }

    public int Descriptor => (int)_handle.DangerousGetHandle();

    public string Shown { get; }

    public void Dispose()
    {
        if (_isOwned)
            _handle.Dispose();
        else
            _handle.DangerousRelease();
    }
}
