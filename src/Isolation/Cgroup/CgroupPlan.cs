using System.Security.Cryptography;
using System.Text;
using Isolation.Cgroups;
using Isolation.Syscalls;

namespace Isolation;

/// <summary>A cgroup's description, compiled: what the manager does before each start, from top to bottom.</summary>
internal sealed class CgroupPlan
{
    private readonly CgroupSpec _spec;
    private readonly string _parent;
    private readonly CgroupControllers _controllers;
    private readonly (string File, string Value)[] _limits;

    private CgroupPlan(CgroupSpec spec)
    {
        _spec = spec;
        _parent = spec.Existing ?? spec.Parent ?? Delegated();
        _controllers = spec.Limits.Controllers;
        _limits = [.. spec.Limits.ToWrites()];
    }

    /// <summary>The directory, with a placeholder for what each start fills in.</summary>
    public string Shown => _spec.Existing ?? $"{_parent.TrimEnd('/')}/{_spec.Name ?? LeftBehind.Prefix + "XXXXXXXXXXXXXXXX"}";

    /// <summary>The plan of a description; null when there is none.</summary>
    /// <exception cref="LinuxException">There is no cgroup v2 here, or nothing in it that the caller manages.</exception>
    public static CgroupPlan? Compile(CgroupSpec spec) => spec.IsNone ? null : new CgroupPlan(spec);

    /// <summary>The cgroup of one start.</summary>
    /// <exception cref="LinuxException">It cannot be made; nothing is left of it.</exception>
    public ContainerCgroup Open()
    {
        if (_spec.Existing is { } existing)
            return ContainerCgroup.OpenExisting(existing);
        using Cgroup parent = Cgroup.Open(_parent);
        ControllerPath.Enable(parent, _controllers);
        LeftBehind.Remove(parent);
        ContainerCgroup made = Make(parent);
        try
        {
            foreach ((string file, string value) in _limits)
                made.Cgroup.WriteFile(file, value);
            if (_spec.Devices is { } rules)
                made.Cgroup.AttachDeviceRules(rules).Dispose();
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    // Between its making and its claim another manager may take it for one that was left behind; then another is made.
    private ContainerCgroup Make(Cgroup parent)
    {
        const int Attempts = 8;
        for (int attempt = 1; ; attempt++)
        {
            ContainerCgroup? made = null;
            try
            {
                made = new ContainerCgroup(Create(parent, _spec.Name ?? LeftBehind.Prefix + RandomNumberGenerator.GetHexString(16, lowercase: true)));
                made.Claim();
                if (Directory.Exists(made.Cgroup.Path))
                    return made;
                throw new LinuxException("make the cgroup", made.Cgroup.Path, Errno.ENOENT, null, "Somebody removed it at once");
            }
            catch (LinuxException e)
            {
                made?.Dispose();
                if (_spec.Name is not null || attempt == Attempts || e.Errno is not (Errno.ENOENT or Errno.EBUSY))
                    throw;
            }
        }
    }

    private static Cgroup Create(Cgroup parent, string name)
    {
        parent.Directory.CreateChild(name);
        try
        {
            return parent.OpenChild(name);
        }
        catch (LinuxException)
        {
            // No descriptor left for it, or it is gone already.
            ContainerCgroup.TryRemove(parent.Directory.PathOf(name));
            throw;
        }
    }

    /// <summary>What the manager does, as listings show it; each line is a comment.</summary>
    public void Show(StringBuilder text)
    {
        if (_spec.Existing is not null)
            return;
        if (_controllers != CgroupControllers.None)
            Add($"see to it that {_parent}/cgroup.subtree_control has {string.Join(", ", Cgroups.Files.ControllerNames.Of(_controllers))}");
        Add($"mkdir {Shown}; at the container's end it is killed and removed");
        foreach ((string file, string value) in _limits)
            Add($"write '{value}' to {file}");
        if (_spec.Devices is { } rules)
            Add($"attach a program of {rules.Count} device rules");

        void Add(string act) => text.Append("# the manager: ").Append(act).Append('\n');
    }

    private static string Delegated()
    {
        using Cgroup delegated = CgroupHierarchy.Find().OpenDelegated();
        return delegated.Path;
    }
}
