using Isolation.Syscalls.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isolation;

/// <summary>The descriptors for one start: the child's in the order of the program's inputs, and our ends of the pipes.</summary>
internal sealed class ContainerStreams : IDisposable
{
    private readonly List<SafeFileHandle> _childEnds = [];
    private readonly List<SafeFileHandle> _owned = [];
    private readonly DescriptorStream?[] _ownEnds = new DescriptorStream?[3];

    public ContainerStreams(ContainerSpec spec)
    {
        try
        {
            Add(spec.StandardInput, 0);
            Add(spec.StandardOutput, 1);
            Add(spec.StandardError, 2);
            foreach (InheritedDescriptor descriptor in spec.Descriptors)
                _childEnds.Add(descriptor.Handle);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public SafeFileHandle[] ChildEnds => [.. _childEnds];

    /// <summary>Hands our ends over to the container.</summary>
    public DescriptorStream?[] TakeOwnEnds()
    {
        DescriptorStream?[] ends = [.. _ownEnds];
        Array.Clear(_ownEnds);
        return ends;
    }

    /// <summary>Closes the child's ends, and ours if no container took them.</summary>
    public void Dispose()
    {
        foreach (SafeFileHandle handle in _owned)
            handle.Dispose();
        foreach (DescriptorStream? stream in _ownEnds)
            stream?.Dispose();
    }

    private void Add(StandardStream stream, int target)
    {
        if (stream.Kind == StreamKind.Handle)
        {
            _childEnds.Add(stream.Handle!);
        }
        else if (stream.Kind == StreamKind.Pipe)
        {
            (_ownEnds[target], SafeFileHandle childs) = DescriptorStream.CreatePipe(childWrites: target != 0);
            _owned.Add(childs);
            _childEnds.Add(childs);
        }
    }
}
