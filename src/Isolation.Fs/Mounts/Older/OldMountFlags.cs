using System.Text;
using static Isolation.Fs.Interop.MountCallConstants;

namespace Isolation.Fs;

/// <summary>The attributes of mounts as mount(2) and mountinfo have them.</summary>
internal static class OldMountFlags
{
    private static readonly (MountAttributes Attribute, ulong Flag, string Name)[] s_table =
    [
        (MountAttributes.ReadOnly, OldReadOnly, "ro"),
        (MountAttributes.NoSuid, OldNoSuid, "nosuid"),
        (MountAttributes.NoDev, OldNoDev, "nodev"),
        (MountAttributes.NoExec, OldNoExec, "noexec"),
        (MountAttributes.NoDirectoryAccessTimes, OldNoDirectoryAccessTime, "nodiratime"),
        (MountAttributes.NoSymbolicLinks, OldNoSymlinkFollow, "nosymfollow"),
    ];

    /// <summary>MS_*.</summary>
    public static ulong Of(MountAttributes attributes, AccessTimes accessTimes)
    {
        ulong flags = accessTimes switch
        {
            AccessTimes.Never => OldNoAccessTime,
            AccessTimes.Always => OldStrictAccessTime,
            _ => OldRelativeAccessTime,
        };
        foreach ((MountAttributes attribute, ulong flag, _) in s_table)
            flags |= attributes.HasFlag(attribute) ? flag : 0;
        return flags;
    }

    /// <summary>Those that a mount has, from its own options in mountinfo.</summary>
    public static (MountAttributes Attributes, AccessTimes AccessTimes) Read(string options)
    {
        string[] names = options.Split(',');
        MountAttributes attributes = 0;
        foreach ((MountAttributes attribute, _, string name) in s_table)
            attributes |= names.Contains(name) ? attribute : 0;

        // fs/proc_namespace.c: strictatime is what has no name.
        AccessTimes times = names.Contains("noatime") ? AccessTimes.Never : names.Contains("relatime") ? AccessTimes.Relative : AccessTimes.Always;
        return (attributes, times);
    }

    /// <summary>The inverse: the options as mountinfo has them, from all of MOUNT_ATTR_* (fs/proc_namespace.c, show_mnt_opts()).</summary>
    public static string Write(ulong attributes)
    {
        ulong times = attributes & AccessTimeMask;
        var text = new StringBuilder(Has(MountAttributes.ReadOnly) ? "ro" : "rw", 64);
        Add(Has(MountAttributes.NoSuid), ",nosuid");
        Add(Has(MountAttributes.NoDev), ",nodev");
        Add(Has(MountAttributes.NoExec), ",noexec");
        Add(times == (ulong)AccessTimes.Never, ",noatime");
        Add(Has(MountAttributes.NoDirectoryAccessTimes), ",nodiratime");
        Add(times == (ulong)AccessTimes.Relative, ",relatime");
        Add(Has(MountAttributes.NoSymbolicLinks), ",nosymfollow");
        Add(Has(IdMap), ",idmapped");
        return text.ToString();

        bool Has(MountAttributes attribute) => ((MountAttributes)attributes & attribute) != 0;

        void Add(bool isSet, string name) => text.Append(isSet ? name : "");
    }
}
