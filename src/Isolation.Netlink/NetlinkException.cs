using System.Text;
using Isolation.Netlink.Transport;
using Isolation.Syscalls;

namespace Isolation.Netlink;

/// <summary>The kernel refused a netlink request. Its own words and the attribute that it complains of are told, where it tells them.</summary>
/// <remarks><see cref="LinuxException.Call"/> is the request's type, such as <c>RTM_NEWLINK</c>.</remarks>
public sealed class NetlinkException : LinuxException
{
    internal NetlinkException(string operation, string? target, Errno errno, string call, ExtendedAcknowledgement report, int? requestIndex = null, string? hint = null, int? step = null)
        : base(operation, target, errno, call, Describe(report, hint ?? (report.Text is null ? Advice(errno) : null)), step)
    {
        KernelMessage = report.Text;
        Attribute = report.Attribute;
        IsAttributeMissing = report.IsMissing;
        ExpectedValue = report.Policy;
        Cookie = report.Cookie;
        RequestIndex = requestIndex;
    }

    /// <summary>The kernel's own words (NLMSGERR_ATTR_MSG), where it has some.</summary>
    public string? KernelMessage { get; }

    /// <summary>The kernel's name of the attribute that it complains of, with those around it: <c>IFLA_LINKINFO.IFLA_INFO_KIND</c>.</summary>
    public string? Attribute { get; }

    /// <summary>Whether <see cref="Attribute"/> is one that the request lacks.</summary>
    public bool IsAttributeMissing { get; }

    /// <summary>What the kernel would have accepted as the value of <see cref="Attribute"/> (NLMSGERR_ATTR_POLICY): <c>a number of 32 bits from 0 to 63</c>.</summary>
    public string? ExpectedValue { get; }

    /// <summary>Bytes whose meaning only the part of the kernel knows that refused (NLMSGERR_ATTR_COOKIE); empty for none.</summary>
    public ReadOnlyMemory<byte> Cookie { get; }

    /// <summary>The zero-based place of the request in its <see cref="RouteBatch"/>.</summary>
    public int? RequestIndex { get; }

    /// <summary>The same failure, told as one of something larger.</summary>
    /// <param name="operation">What was being done.</param>
    /// <param name="target">What it was done to.</param>
    /// <param name="advice">What to try, beside the kernel's own words.</param>
    /// <param name="step">See <see cref="LinuxException.Step"/>.</param>
    internal NetlinkException As(string operation, string? target, string? advice, int? step)
        => new(operation, target, Errno, Call!, new ExtendedAcknowledgement(KernelMessage, Attribute, IsAttributeMissing, ExpectedValue, Cookie.IsEmpty ? null : Cookie.ToArray()), hint: advice, step: step);

    /// <summary>What came is no netlink: a length is impossible, or a value has the wrong size.</summary>
    internal static NetlinkException Malformed(string what) => new("read a netlink message", null, Errno.EBADMSG, "recvfrom", default, hint: $"It is malformed: {what}");

    private static string? Describe(ExtendedAcknowledgement report, string? advice)
    {
        var text = new StringBuilder();
        if (report.Text is not null)
            text.Append("The kernel says: ").Append(report.Text.TrimEnd('.'));
        if (report.Attribute is not null)
            text.Append(text.Length > 0 ? " (" : "It is about (").Append(report.IsMissing ? "missing: " : "").Append(report.Attribute).Append(')');
        if (report.Policy is not null)
            text.Append(text.Length > 0 ? ". " : "").Append("It wants ").Append(report.Policy);
        if (advice is not null)
            text.Append(text.Length > 0 ? ". " : "").Append(advice);
        return text.Length > 0 ? text.ToString() : null;
    }

    private static string? Advice(Errno errno) => errno switch
    {
        Errno.EPERM => "This needs CAP_NET_ADMIN in the user namespace that owns the network namespace",
        _ => null,
    };
}
