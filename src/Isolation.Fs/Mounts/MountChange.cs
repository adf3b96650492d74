using System.Runtime.InteropServices;
using Isolation.Fs.Interop;
using static Isolation.Fs.Interop.MountCallConstants;

namespace Isolation.Fs;

/// <summary>What of a mount changes (mount_setattr(2)). What is not named stays as it is.</summary>
public sealed record MountChange
{
    private const MountAttributes All = MountAttributes.ReadOnly | MountAttributes.NoSuid | MountAttributes.NoDev | MountAttributes.NoExec
        | MountAttributes.NoDirectoryAccessTimes | MountAttributes.NoSymbolicLinks;

    /// <summary>Attributes that it gets.</summary>
    public MountAttributes Set { get; init; }

    /// <summary>Attributes that it loses.</summary>
    public MountAttributes Clear { get; init; }

    /// <summary>When it keeps times of last access; null leaves that alone.</summary>
    public AccessTimes? AccessTimes { get; init; }

    /// <summary>Its propagation; null leaves that alone.</summary>
    public MountPropagation? Propagation { get; init; }

    /// <summary>
    /// The user namespace whose id maps its files' owners are seen through (MOUNT_ATTR_IDMAP); null leaves that alone. Only a mount
    /// that was not attached yet can get one, once.
    /// </summary>
    public SafeHandle? UserNamespace { get; init; }

    /// <summary>Throws what the kernel would not understand.</summary>
    internal void Check()
    {
        if (((Set | Clear) & ~All) != 0)
            throw new ArgumentOutOfRangeException(nameof(Set), (Set | Clear) & ~All, "There is no such attribute of a mount.");
        if ((Set & Clear) != 0)
            throw new ArgumentException($"{Set & Clear} cannot both be set and cleared.", nameof(Clear));
        if (AccessTimes is { } times && !Enum.IsDefined(times))
            throw new ArgumentOutOfRangeException(nameof(AccessTimes), times, null);
        if (Propagation is { } propagation)
            Kernel(propagation);
    }

    internal static void Check(MountAttributes attributes, AccessTimes accessTimes) => new MountChange { Set = attributes, AccessTimes = accessTimes }.Check();

    /// <summary>The structure that mount_setattr(2) takes.</summary>
    /// <param name="userNamespace">The descriptor of the user namespace, when there is one.</param>
    internal MountAttr ToKernel(int userNamespace)
    {
        // mount_setattr(2): a kind of access times is set by clearing all of them as well.
        ulong set = (ulong)Set | (AccessTimes is { } times ? (ulong)times : 0) | (UserNamespace is null ? 0 : (ulong)IdMap);
        ulong clear = (ulong)Clear | (AccessTimes is null ? 0 : AccessTimeMask);
        return new MountAttr((MountAttributes)set, (MountAttributes)clear, Propagation is { } propagation ? Kernel(propagation) : 0, UserNamespace is null ? 0 : (ulong)userNamespace);
    }

    /// <summary>MS_*.</summary>
    internal static ulong Kernel(MountPropagation propagation) => propagation switch
    {
        MountPropagation.Private => MountConstants.PropagationPrivate,
        MountPropagation.Shared => MountConstants.PropagationShared,
        MountPropagation.Slave => MountConstants.PropagationSlave,
        MountPropagation.Unbindable => MountConstants.PropagationUnbindable,
        _ => throw new ArgumentOutOfRangeException(nameof(propagation), propagation, null),
    };
}
