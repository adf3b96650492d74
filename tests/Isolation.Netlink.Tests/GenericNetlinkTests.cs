using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;
using Isolation.Syscalls;

namespace Isolation.Netlink.Tests;

/// <summary>Generic netlink: families beside genl(8), and one that does something, ethtool.</summary>
public sealed class GenericNetlinkTests
{
    // linux/ethtool_netlink.h.
    private const byte LinkStateGet = 6, LinkInfoGet = 2;
    private const ushort Header = 1, HeaderIndex = 1, HeaderName = 2, LinkStateLink = 2;

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void Families_are_those_that_genl_shows()
    {
        using var nothingLeft = new ResidueCheck();
        Assert.SkipUnless(Machine.Has("genl"), "needs genl of iproute2");
        using GenericNetlinkClient client = GenericNetlinkClient.Open();
        Listing<GenericNetlinkFamily> families = client.ListFamilies();
        string[] shown = [.. Regex.Matches(Command.Run("genl", "ctrl", "list").EnsureSuccess().Output, @"Name: (\S+)\s+ID: 0x([0-9a-f]+)\s+Version: 0x([0-9a-f]+)\s+header size: (\d+)\s+max attribs: (\d+)")
            .Select(m => $"{m.Groups[1]} {Number(m.Groups[2])} {Number(m.Groups[3])} {m.Groups[4]} {m.Groups[5]}")];
        Assert.True(shown.Length > 2);
        Assert.Equal(shown, families.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Name} {f.Id} {f.Version} {f.HeaderSize} {f.HighestAttribute}")));
        foreach (GenericNetlinkFamily family in families)
        {
            string one = Command.Run("genl", "ctrl", "get", "name", family.Name).EnsureSuccess().Output;
            Assert.Equal(Regex.Matches(one, @"ID-0x([0-9a-f]+) *$", RegexOptions.Multiline).Select(m => Number(m.Groups[1])), family.Operations.Select(o => o.Command));
            Assert.Equal(Regex.Matches(one, @"ID-0x([0-9a-f]+)\s+name: (\S+)").Select(m => new GenericNetlinkGroup(m.Groups[2].Value, Number(m.Groups[1]))), family.Groups);
            Assert.Equal(family, client.GetFamily(family.Name));
        }

        Assert.Contains(families, f => f.Name == "nlctrl" && f.Operations.Any(o => o.Uses.HasFlag(GenericNetlinkUses.Dump)) && f.Groups.Any(g => g.Name == "notify"));

        static uint Number(Group hex) => uint.Parse(hex.ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    [LinuxFact(Needs.Root | Needs.Iproute2)]
    public void The_state_of_a_veth_is_read_by_ethtools_family()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        Link veth = network.AddVeth("v0", "v1");
        using GenericNetlinkClient client = GenericNetlinkClient.Open(network.Namespace);
        GenericNetlinkFamily ethtool = client.GetFamily("ethtool");
        Assert.False(IsUp("v0"));
        network.Ip("link set v0 up");
        network.Ip("link set v1 up");
        Assert.True(IsUp("v0"));
        Assert.Equal(veth.Index, (int)Find(Ask("v0").Attributes, Header, HeaderIndex));

        // Older kernels want the header of a list too, though there is nothing in it.
        Dictionary<uint, uint> all = client.List(ethtool, LinkStateGet, writer => writer.BeginNest(Header).Dispose()).ToDictionary(m => Find(m.Attributes, Header, HeaderIndex), m => Find(m.Attributes, LinkStateLink));
        Assert.Equal(network.Client.ListLinks().Where(l => l.Name != "lo").Select(l => (uint)l.Index), all.Where(s => s.Value == 1 && s.Key != 1).Select(s => s.Key).Order());

        GenericNetlinkMessage Ask(string name) => client.Get(ethtool, LinkStateGet, writer =>
        {
            using (writer.BeginNest(Header))
                writer.Write(HeaderName, name);
        });

        bool IsUp(string name) => Find(Ask(name).Attributes, LinkStateLink) == 1;
    }

    [LinuxFact(Needs.Root)]
    public void Errors_have_the_kernels_words_and_the_place_of_the_attribute()
    {
        using var nothingLeft = new ResidueCheck();
        using var network = new TestNetwork();
        using GenericNetlinkClient client = GenericNetlinkClient.Open(network.Namespace);
        Assert.Equal(Errno.ENOENT, Assert.Throws<NetlinkException>(() => client.GetFamily("no-such")).Errno);
        Assert.ThrowsAny<ArgumentException>(() => client.GetFamily("a-name-of-16-byt"));
        GenericNetlinkFamily ethtool = client.GetFamily("ethtool");
        NetlinkException e = Assert.Throws<NetlinkException>(() => client.Get(ethtool, LinkInfoGet, writer =>
        {
            using (writer.BeginNest(Header))
                writer.Write(HeaderName, "v9");
        }));
        Assert.Equal((Errno.ENODEV, "1", "ethtool command 2"), (e.Errno, e.Attribute, e.Call));
        Assert.Contains("no device", e.KernelMessage, StringComparison.Ordinal);
        Assert.Equal(Errno.EOPNOTSUPP, Assert.Throws<NetlinkException>(() => client.Execute(ethtool, 250)).Errno);
        Assert.ThrowsAny<ArgumentException>(() => client.Execute(ethtool, 1, header: new byte[4]));
    }

    [LinuxFact]
    public void What_is_written_is_read_again()
    {
        using var buffer = new RequestBuffer();
        buffer.Append(new RequestDescription(RouteMessageType.RTM_GETLINK, 0, "test", null), new Body(writer =>
        {
            writer.Write(1, (byte)1);
            writer.Write(2, (ushort)2);
            writer.Write(3, 3u);
            writer.Write(4, -4);
            writer.Write(5, 5ul);
            using (writer.BeginNest(6))
            {
                writer.Write(1, "text");
                writer.WriteFlag(2);
            }

            writer.Write(7, (ReadOnlySpan<byte>)[1, 2, 3]);
            writer.Write(8, IPAddress.IPv6Loopback);
        }));
        var read = new List<string>();
        foreach (NetlinkAttribute attribute in new AttributeEnumerator(buffer.Bytes[16..]))
        {
            read.Add(attribute.Type switch
            {
                1 => $"{attribute.ToByte()}",
                2 => $"{attribute.ToUInt16()}",
                3 => $"{attribute.ToUInt32()}",
                4 => $"{attribute.ToInt32()}",
                5 => $"{attribute.ToUInt64()}",
                6 => Nested(attribute.Attributes),
                7 => Convert.ToHexString(attribute.Value),
                _ => $"{attribute.Address}",
            });
        }

        Assert.Equal(["1", "2", "3", "-4", "5", "text;2", "010203", "::1"], read);
        Assert.Equal(Errno.EBADMSG, Assert.Throws<NetlinkException>(() =>
        {
            foreach (NetlinkAttribute attribute in new AttributeEnumerator([5, 0, 1, 0, 1]))
                attribute.ToUInt32();
        }).Errno);

        static string Nested(AttributeEnumerator attributes)
        {
            string text = "";
            foreach (NetlinkAttribute attribute in attributes)
                text += attribute.Type == 1 ? attribute.Text : $";{attribute.Type}";
            return text;
        }
    }

    private static uint Find(AttributeEnumerator attributes, params ReadOnlySpan<ushort> path)
    {
        foreach (NetlinkAttribute attribute in attributes)
        {
            if (attribute.Type == path[0])
                return path.Length > 1 ? Find(attribute.Attributes, path[1..]) : attribute.Value.Length == 1 ? attribute.ToByte() : attribute.ToUInt32();
        }

        return uint.MaxValue;
    }

    private readonly record struct Body(Action<AttributeWriter> Write) : IRequestBody
    {
        public void WriteTo(MessageWriter writer) => Write(new AttributeWriter(writer));
    }
}
