using Isolation.Netlink.Interop;
using Isolation.Netlink.Transport;
using Isolation.Netlink.Wire;
using Isolation.Syscalls;
using static Isolation.Netlink.Tests.FakeKernel;

namespace Isolation.Netlink.Tests;

/// <summary>What a kernel may do and the real one seldom does, so a fake does it: interruptions, cut datagrams, errors at the end.</summary>
[NativeOnly]
public sealed class HostileKernelTests
{
    private static readonly RequestDescription s_list = new(RouteMessageType.RTM_GETLINK, 0, "list links", null);
    private static readonly RequestDescription s_delete = new(RouteMessageType.RTM_DELLINK, 0, "delete the link", "v0");

    [LinuxFact]
    public void A_dump_that_is_interrupted_is_repeated()
    {
        using var kernel = new FakeKernel(static (sequence, before) => [LinkMessage(sequence, before + 1, before < 3 ? NetlinkMessageFlags.NLM_F_DUMP_INTR : 0), Done(sequence)]);
        using var connection = new NetlinkConnection(kernel);
        using Dump dump = connection.Dump(s_list, LinkFilter.All);
        Assert.Equal((4, false), (kernel.Requests, dump.IsInterrupted));
        Assert.Equal([4], Indices(dump));
    }

    [LinuxFact]
    public void A_dump_that_is_always_interrupted_is_partial_and_says_so()
    {
        // Told by the end only, as the kernel does when the last message was sent before.
        using var kernel = new FakeKernel(static (sequence, before) => [LinkMessage(sequence, before + 1), Message(sequence, NetlinkConstants.NLMSG_DONE, NetlinkMessageFlags.NLM_F_DUMP_INTR, 0, 0, 0, 0)]);
        using var connection = new NetlinkConnection(kernel);
        using Dump dump = connection.Dump(s_list, LinkFilter.All);
        Assert.Equal((NetlinkConnection.DumpAttempts, true), (kernel.Requests, dump.IsInterrupted));
        Assert.Equal([NetlinkConnection.DumpAttempts], Indices(dump));
    }

    [LinuxFact]
    public void A_datagram_that_was_cut_is_asked_for_again_with_more_room()
    {
        using var kernel = new FakeKernel(static (sequence, _) => [[.. Enumerable.Range(1, 3000).SelectMany(i => LinkMessage(sequence, i))], Done(sequence)]);
        using var connection = new NetlinkConnection(kernel);
        using Dump dump = connection.Dump(s_list, LinkFilter.All);
        Assert.Equal(2, kernel.Requests);
        Assert.Equal(Enumerable.Range(1, 3000), Indices(dump));
        Assert.Equal(1, connection.Get(s_list, LinkFilter.All, Link.Read).Index);
        Assert.Equal(4, kernel.Requests);
    }

    [LinuxFact]
    public void The_end_of_a_dump_tells_an_error_with_its_words()
    {
        using var kernel = new FakeKernel(static (sequence, before) => before == 0
            ? [LinkMessage(sequence, 1), Done(sequence, -(int)Errno.ENODEV, [.. Attribute(1, "no such thing\0"u8), .. Attribute(2, [32, 0, 0, 0])])]
            : [LinkMessage(sequence, 2), Done(sequence)]);
        using var connection = new NetlinkConnection(kernel);
        NetlinkException e = Assert.Throws<NetlinkException>(() => connection.Dump(s_list, new LinkFilter { MasterIndex = 7 }));
        Assert.Equal((Errno.ENODEV, "no such thing", "IFLA_EXT_MASK", "RTM_GETLINK"), (e.Errno, e.KernelMessage, e.Attribute, e.Call));
        using Dump next = connection.Dump(s_list, LinkFilter.All);
        Assert.Equal([2], Indices(next));
    }

    [LinuxFact]
    public void An_error_tells_its_cookie_and_what_was_expected()
    {
        byte[] policy = [.. Attribute(1, [4, 0, 0, 0]), .. Attribute(4, [1, 0, 0, 0, 0, 0, 0, 0]), .. Attribute(5, [63, 0, 0, 0, 0, 0, 0, 0])];
        using var kernel = new FakeKernel((sequence, _) => [Acknowledgement(sequence, -(int)Errno.ERANGE, [.. Attribute(3, 1, 2, 3), .. Attribute(4 | NetlinkConstants.NLA_F_NESTED, policy), .. Attribute(1, "out of range\0"u8)])]);
        using var connection = new NetlinkConnection(kernel);
        NetlinkException e = Assert.Throws<NetlinkException>(() => connection.Execute(s_delete, new OneLinkRequest(1)));
        Assert.Equal((Errno.ERANGE, "a number of 32 bits from 1 to 63"), (e.Errno, e.ExpectedValue));
        Assert.Equal([1, 2, 3], e.Cookie.ToArray());
        Assert.Equal("The kernel says: out of range. It wants a number of 32 bits from 1 to 63", e.Hint);
    }

    [LinuxTheory]
    [InlineData("a flag without a value", 1, 1u)]
    [InlineData("a number of 16 bits", 1, 3u)]
    [InlineData("a text", 1, 11u)]
    [InlineData("attributes", 1, 13u)]
    [InlineData("a value of at most 32 bytes", 1, 10u, 7, 32u)]
    [InlineData("a value of at least 6 bytes", 1, 10u, 6, 6u)]
    [InlineData("a text that ends with a zero byte of 2 to 16 bytes", 1, 12u, 6, 2u, 7, 16u)]
    [InlineData("32 bits with their mask with no bits but 0x7", 1, 15u, 10, 7u)]
    [InlineData(null, 6, 6u)]
    public void A_policy_is_put_into_words(string? words, int type, uint value, int second = 0, uint secondValue = 0, int third = 0, uint thirdValue = 0)
    {
        byte[] policy = [.. new[] { (type, value), (second, secondValue), (third, thirdValue) }.Where(a => a.Item1 != 0).SelectMany(a => Attribute(a.Item1, BitConverter.GetBytes(a.Item2)))];
        Assert.Equal(words, AttributePolicy.Describe(new AttributeReader(policy)));
    }

    [LinuxFact]
    public void After_an_answer_that_is_malformed_the_next_request_is_answered()
    {
        using var kernel = new FakeKernel(static (sequence, before) => before switch
        {
            0 => [[1, 2, 3], LinkMessage(sequence, 1), Done(sequence)],
            1 => [Acknowledgement(sequence, errno: 5), Acknowledgement(sequence)],
            2 => [LinkMessage(sequence, 1)[..^4], Done(sequence)],
            _ => [Acknowledgement(sequence)],
        });
        using var connection = new NetlinkConnection(kernel);
        Assert.Equal(Errno.EBADMSG, Assert.Throws<NetlinkException>(() => connection.Dump(s_list, LinkFilter.All)).Errno);
        Assert.Equal(Errno.EBADMSG, Assert.Throws<NetlinkException>(() => connection.Execute(s_delete, new OneLinkRequest(1))).Errno);
        Assert.Equal(Errno.EBADMSG, Assert.Throws<NetlinkException>(() => connection.Dump(s_list, LinkFilter.All)).Errno);
        connection.Execute(s_delete, new OneLinkRequest(1));
    }

    [LinuxFact]
    public void Answers_to_other_requests_are_not_ours()
    {
        using var kernel = new FakeKernel(static (sequence, _) => [Acknowledgement(sequence - 1), Acknowledgement(sequence + 1), LinkMessage(sequence + 7, 9), Acknowledgement(sequence, -(int)Errno.ENODEV)]);
        using var connection = new NetlinkConnection(kernel);
        Assert.Equal(Errno.ENODEV, Assert.Throws<NetlinkException>(() => connection.Execute(s_delete, new OneLinkRequest(1))).Errno);
        Assert.Equal(Errno.ENODEV, Assert.Throws<NetlinkException>(() => connection.Get(s_list, LinkFilter.All, Link.Read)).Errno);
    }

    private static int[] Indices(Dump dump)
    {
        var indices = new List<int>();
        foreach (ReadOnlySpan<byte> body in dump)
            indices.Add(Link.Read(body).Index);
        return [.. indices];
    }
}
