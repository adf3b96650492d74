using System.Reflection;
using Isolation.Netlink.Interop;
using Isolation.Syscalls.Tests;

namespace Isolation.Netlink.Tests;

/// <summary>Compares with the C headers.</summary>
internal static class KernelNames
{
    /// <summary>Those that our types name, after those that some of them rely on.</summary>
    public static string Headers { get; } = string.Join('\n', new[] { "stddef.h", "sched.h", "sys/socket.h", "sys/ioctl.h", "linux/if.h", "linux/icmpv6.h", "linux/if_tunnel.h" }
        .Concat(typeof(RouteClient).Assembly.GetTypes().Select(t => t.GetCustomAttribute<KernelHeaderAttribute>()).OfType<KernelHeaderAttribute>().Where(a => !a.IsNew).Select(a => a.Header).Distinct().Order())
        .Select(h => $"#include <{h}>"));

    /// <summary>Checks a public enum or class of constants.</summary>
    /// <param name="type">The type.</param>
    /// <param name="pairs">All of its names but None, each with the kernel's: <c>Up=IFF_UP</c>.</param>
    /// <param name="headers">Further headers that the names are from.</param>
    public static void AssertSame(Type type, string pairs, params ReadOnlySpan<string> headers)
    {
        string all = Headers;
        foreach (string header in headers)
            all += $"\n#include <{header}>";
        Dictionary<string, string> names = pairs.Split(' ').Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1]);
        (string Name, long Value)[] ours =
        [
            .. type.GetFields(BindingFlags.Static | BindingFlags.Public)
                .Where(f => f.IsLiteral && f.Name != "None")
                .Select(f => (names[f.Name], Convert.ToInt64(f.GetRawConstantValue(), System.Globalization.CultureInfo.InvariantCulture))),
        ];
        Assert.Equal(names.Count, ours.Length);
        CProgram.AssertSame(ours, CProgram.Values(all, ours.Select(o => o.Name)));
    }
}
