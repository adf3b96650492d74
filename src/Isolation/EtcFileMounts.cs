using System.Collections.Immutable;
using System.Net;
using System.Text;
using Isolation.Fs;
using Isolation.Namespaces;
using Isolation.Syscalls;

namespace Isolation;

/// <summary>The files of /etc that a description asks for, as mounts of it: what is in them.</summary>
internal static class EtcFileMounts
{
    /// <summary>Where the host's name servers are told.</summary>
    internal const string ResolvConf = "/etc/resolv.conf";

    // systemd-resolved.service(8): the stub that the first file may name, and where the servers behind it are told.
    private const string UpstreamResolvConf = "/run/systemd/resolve/resolv.conf";
    private static readonly IPAddress s_stub = new([127, 0, 0, 53]);

    /// <summary>The description with these mounts, before all that were asked for by name.</summary>
    /// <exception cref="LinuxException">The host's resolv.conf cannot be read.</exception>
    public static ContainerSpec AddTo(ContainerSpec spec)
    {
        bool isDefault = spec.EtcFiles is null;
        EtcFiles wanted = spec.EtcFiles ?? (spec.ImageOrigin is null ? EtcFiles.None : EtcFiles.All);
        if (wanted == EtcFiles.None)
            return spec;
        string? name = HostNameOf(spec);
        bool hasOwnLoopback = (spec.Namespaces | spec.Join.Kinds).HasFlag(NamespaceKinds.Network);
        var files = ImmutableArray.CreateBuilder<MountSpec>();
        Add(EtcFiles.Hosts, "/etc/hosts", () => Hosts(name, [.. spec.Network.Addresses.Select(a => a.Value.Address)]));
        Add(EtcFiles.HostName, "/etc/hostname", () => name is null ? null : name + "\n");
        Add(EtcFiles.ResolvConf, ResolvConf, () => NameServers(ReadOfHost, hasOwnLoopback) ?? (isDefault ? null : ""));
        return spec with { Mounts = [.. files, .. spec.Mounts] };

        void Add(EtcFiles kind, string path, Func<string?> content)
        {
            // Two mounts at one place would be one too many for a read-only root without it.
            if (!wanted.HasFlag(kind) || (isDefault && spec.Mounts.Any(m => m.Target == path)))
                return;
            if (content() is { } text)
                files.Add(new FileMountSpec(path, Encoding.UTF8.GetBytes(text), UsualModes.File) { IsOptional = isDefault });
        }
    }

    /// <summary>What is in /etc/hosts (hosts(5)).</summary>
    /// <param name="name">The host name; null when it is not known.</param>
    /// <param name="addresses">The container's own.</param>
    internal static string Hosts(string? name, ReadOnlySpan<IPAddress> addresses)
    {
        // RFC 4291: the groups of all nodes and of all routers of a link.
        var text = new StringBuilder("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n");

        // What could not stand in a line of the file cannot be looked for there either.
        if (string.IsNullOrEmpty(name) || name == "localhost" || name.Any(c => c == '#' || char.IsWhiteSpace(c) || char.IsControl(c)))
            return text.ToString();

        // hostname(7): of a name with a domain the first part is what people say.
        string names = name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? $"{name} {name[..dot]}" : name;
        bool any = false;
        foreach (IPAddress address in addresses)
        {
            // A link-local address means something together with a link only.
            if (IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal)
                continue;
            text.Append(address).Append('\t').Append(names).Append('\n');
            any = true;
        }

        if (!any)
            text.Append("127.0.1.1\t").Append(names).Append('\n');
        return text.ToString();
    }

    /// <summary>What is in /etc/resolv.conf (resolv.conf(5)); null when the host has none.</summary>
    /// <param name="read">Reads a file of the host; null when it is missing.</param>
    /// <param name="hasOwnLoopback">Whether loopback addresses are others in the container.</param>
    internal static string? NameServers(Func<string, string?> read, bool hasOwnLoopback)
    {
        string? text = read(ResolvConf);
        if (text is null || !hasOwnLoopback)
            return text;
        IPAddress[] servers = [.. Lines(text).Select(ServerOf).OfType<IPAddress>()];
        if (servers.Length > 0 && servers.All(s => s.Equals(s_stub)) && read(UpstreamResolvConf) is { } upstream)
            text = upstream;
        return string.Join('\n', Lines(text).Where(l => ServerOf(l) is not { } server || !IsLoopback(server)));
    }

    private static string[] Lines(string text) => text.Split('\n');

    private static IPAddress? ServerOf(string line)
        => line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries) is ["nameserver", var server, ..] && IPAddress.TryParse(server, out IPAddress? address) ? address : null;

    private static bool IsLoopback(IPAddress address) => IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    private static string? HostNameOf(ContainerSpec spec) => spec switch
    {
        { Hostname: { } name } => name,
        _ when spec.Join.Kinds.HasFlag(NamespaceKinds.Uts) => null,
        _ => File.ReadAllText("/proc/sys/kernel/hostname").TrimEnd('\n'),
    };

    private static string? ReadOfHost(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            if (file.Length > FileMountSpec.MaxSize)
                throw new LinuxException("show the host's", path, Errno.EFBIG, hint: $"It has {file.Length} bytes; {FileMountSpec.MaxSize} can be given");
            using var reader = new StreamReader(file);
            return reader.ReadToEnd();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            throw new LinuxException("show the host's", path, Errno.EACCES);
        }
    }
}
