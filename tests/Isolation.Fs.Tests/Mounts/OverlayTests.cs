using System.Globalization;
using Isolation.Syscalls;

namespace Isolation.Fs.Tests;

/// <summary>Overlays, on a live kernel: their layers have their order, whatever they are called, and as many as there are.</summary>
public sealed class OverlayTests
{
    [LinuxTheory(Needs.Root)]
    [InlineData("plain", 1)]
    [InlineData("with:colon,comma\\and\"quote", 2)]
    [InlineData("many", 40)]
    [InlineData("long", 3)]
    public void An_overlay_has_its_layers_in_their_order(string name, int layers)
        => PrivateMounts.Run(Overlay, name == "long" ? new string('l', 250) : name, layers.ToString(CultureInfo.InvariantCulture));

    private static void Overlay(string name, string count)
    {
        PrivateMounts.Enter();
        int layers = int.Parse(count, CultureInfo.InvariantCulture);
        string[] lowers = [.. Enumerable.Range(0, layers).Select(i => PrivateMounts.Make($"{name}/{i}"))];
        for (int i = 0; i < layers; i++)
        {
            File.WriteAllText(lowers[i] + "/all", count + i);
            File.WriteAllText($"{lowers[i]}/of{i}", "");
        }

        string upper = PrivateMounts.Make(name + "/upper"), work = PrivateMounts.Make(name + "/work"), place = PrivateMounts.Make("place");
        var options = new OverlayOptions([.. lowers]) { UpperDirectory = upper, WorkDirectory = work, Volatile = true };
        if (name == "many" && Environment.OSVersion.Version < new Version(6, 8))
        {
            Assert.Contains("Linux 6.8", Assert.Throws<MountException>(() => FileSystemMount.Mount(options, place)).Message, StringComparison.Ordinal);
            return;
        }

        FileSystemMount.Mount(options, place);
        Assert.Equal(count + "0", File.ReadAllText(place + "/all"));
        Assert.Equal(layers + 1, Directory.EnumerateFiles(place).Count());
        File.WriteAllText(place + "/new", "up");
        Assert.Equal("up", File.ReadAllText(upper + "/new"));
        Assert.Contains("volatile", PrivateMounts.At(place).SuperOptions, StringComparison.Ordinal);
    }

    [LinuxFact(Needs.UserNamespaces)]
    public void In_a_user_namespace_an_overlay_has_user_attributes_and_locked_attributes_stay()
        => PrivateMounts.Run(["unshare", "-U", "-r", "-m"], InUserNamespace);

    private static void InUserNamespace()
    {
        PrivateMounts.Enter(isMade: true);
        string lower = PrivateMounts.Make("lower"), place = PrivateMounts.Make("place");
        FileSystemMount.Mount(new OverlayOptions(lower) { UpperDirectory = PrivateMounts.Make("upper"), WorkDirectory = PrivateMounts.Make("work"), UserAttributes = true }, place);
        Assert.Contains("userxattr", PrivateMounts.At(place).SuperOptions, StringComparison.Ordinal);

        // mount_namespaces(7): what came from a more privileged namespace cannot be taken off, neither way.
        MountTableEntry? locked = MountTable.Read().FirstOrDefault(m => m.MountPoint == "/proc" && m.Attributes.HasFlag(MountAttributes.NoSuid));
        if (locked is not null)
            Assert.Equal(Errno.EPERM, Assert.Throws<LinuxException>(() => AttachedMount.Change("/proc", new MountChange { Clear = MountAttributes.NoSuid })).Errno);
    }
}
