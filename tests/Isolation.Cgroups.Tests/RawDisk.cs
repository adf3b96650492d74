namespace Isolation.Cgroups.Tests;

/// <summary>A block device whose content is a temporary file, or if there are no loop devices one that the machine has.</summary>
internal static class RawDisk
{
    private const int Size = 16 << 20;

    /// <summary>Why there can be none of our own; null when there can.</summary>
    public static string? Missing { get; } = Command.Run("losetup", "-f") is { ExitCode: 0 } ? null : "needs loop devices";

    /// <summary>The path of a device that can be read; null when there is none.</summary>
    public static string? Find()
        => Missing is null ? Make() : Directory.EnumerateDirectories("/sys/block").Select(d => "/dev/" + Path.GetFileName(d)).FirstOrDefault(d => File.Exists(d) && CanRead(d));

    /// <summary>Makes one.</summary>
    public static string Make()
    {
        string image = Path.Combine(Path.GetTempPath(), "isolation-disk-" + Guid.NewGuid().ToString("N")[..8]);
        File.WriteAllBytes(image, new byte[Size]);
        try
        {
            // In two calls, since busybox does not say which it took; somebody else may be quicker.
            for (int tries = 0; ; tries++)
            {
                string device = Command.Run("losetup", "-f").EnsureSuccess().Output.Trim();
                CommandResult set = Command.Run("losetup", device, image);
                if (set.ExitCode == 0)
                    return device;
                if (tries == 5)
                    set.EnsureSuccess();
            }
        }
        finally
        {
            // The device holds what it needs.
            File.Delete(image);
        }
    }

    /// <summary>Removes one that was made.</summary>
    public static void Remove(string device)
    {
        if (Missing is null)
            Command.Run("losetup", "-d", device).EnsureSuccess();
    }

    private static bool CanRead(string device)
    {
        try
        {
            using FileStream stream = File.OpenRead(device);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
