using System.Runtime.InteropServices;

namespace Isolation.TestKit;

/// <summary>What this machine has.</summary>
public static class Machine
{
    /// <summary>x64 or arm64 inside a lab, else null.</summary>
    public static string? Lab { get; } = Environment.GetEnvironmentVariable("ISOLATION_LAB");

    /// <summary>Where the C compiler, strace and others are looked for.</summary>
    public static bool Has(string program) => Find(program) is not null;

    /// <summary>The path of a program, along PATH and the system's folders.</summary>
    public static string? Find(string program)
        => (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(d => Path.Combine(d, program))
            .FirstOrDefault(File.Exists);

    /// <summary>The repository's folder, when the tests run from within it.</summary>
    public static string? Repository { get; } = FindRepository();

    /// <summary>The first unmet need in words, or null.</summary>
    public static string? Missing(Needs needs)
    {
        foreach (Needs need in Enum.GetValues<Needs>())
        {
            if (need != Needs.Nothing && needs.HasFlag(need) && Reason(need) is { } reason)
                return reason;
        }

        return null;
    }

    private static string? Reason(Needs need) => need switch
    {
        Needs.Root => Environment.IsPrivilegedProcess ? null : "needs root",
        Needs.UserNamespaces => Lab == "arm64" ? "needs setpriv of util-linux, which the arm64 lab lacks" : Read("/proc/sys/user/max_user_namespaces") is "0" or "" || Read("/proc/sys/kernel/unprivileged_userns_clone") == "0" ? "needs user namespaces for ordinary users" : null,
        Needs.CgroupV2 => Read("/sys/fs/cgroup/cgroup.controllers").Split(' ') is var c && c.Contains("pids") && c.Contains("memory") ? null : "needs cgroup v2 with pids and memory at /sys/fs/cgroup",
        Needs.Strace => Has("strace") ? null : "needs strace",
        Needs.Busybox => File.Exists("/bin/busybox") ? null : "needs a static /bin/busybox",
        Needs.X64 => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? null : "needs x64",
        Needs.CCompiler => Has("gcc") ? null : "needs gcc",
        Needs.FullSpeed => Lab is null ? null : "takes too long on an emulated machine",
        Needs.Arm64Assembler => Has("aarch64-linux-gnu-as") ? null : "needs binutils-aarch64-linux-gnu",
        Needs.Sdk => Repository is not null && Has("dotnet") && Lab is null ? null : "needs the .NET SDK and the repository",
        Needs.NewUidMap => Has("newuidmap") ? null : "needs newuidmap",
        Needs.FreeRun => AppContext.BaseDirectory.StartsWith("/run/", StringComparison.Ordinal) ? "mounts over /run, where the lab has the test's own files" : null,
        Needs.TimeOffsets => Environment.OSVersion.Version >= new Version(6, 3) ? null : "needs Linux 6.3 or later",
        Needs.Ip => Has("ip") ? null : "needs ip",
        Needs.Iproute2 => Lab == "arm64" ? "needs iproute2, which the arm64 lab lacks" : Has("tc") ? null : "needs iproute2",
        Needs.Umoci => Has("umoci") && Has("skopeo") && Has("getfattr") ? null : "needs umoci, skopeo and getfattr of attr",
        Needs.Mmdebstrap => Has("mmdebstrap") && DebianRoot.Sources.Length > 0 ? null : "needs mmdebstrap and Debian's package sources",
        Needs.Nft => Has("nft") ? null : "needs nft of nftables",
        _ => throw new ArgumentOutOfRangeException(nameof(need), need, null),
    };

    private static string Read(string path) => File.Exists(path) ? File.ReadAllText(path).Trim() : "";

    private static string? FindRepository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Isolation.sln")))
                return folder.FullName;
        }

        return null;
    }
}
