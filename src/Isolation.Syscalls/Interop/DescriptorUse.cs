using System.Runtime.InteropServices;

namespace Isolation.Syscalls.Interop;

/// <summary>Keeps a descriptor open during a call, so that its number cannot mean another file meanwhile.</summary>
internal readonly ref struct DescriptorUse
{
    private readonly SafeHandle _owner;

    /// <exception cref="ObjectDisposedException">It is closed already.</exception>
    public DescriptorUse(SafeHandle owner)
    {
        bool added = false;
        (_owner = owner).DangerousAddRef(ref added);
    }

    public int Descriptor => (int)_owner.DangerousGetHandle();

    public void Dispose() => _owner.DangerousRelease();
}
