using System.Diagnostics;
using System.Globalization;
using Isolation.Netlink;
using Spectre.Console;
using Link = Isolation.Netlink.Link;

namespace Isolation.Samples;

/// <summary>A table of the links, with what went through them since the last look.</summary>
internal sealed class LinkRates
{
    private Dictionary<int, LinkStatistics> _before = [];
    private long _time;

    public Table Take(RouteClient client)
    {
        long now = Stopwatch.GetTimestamp();
        double seconds = Stopwatch.GetElapsedTime(_time, now).TotalSeconds;
        Listing<Link> links = client.ListLinks();
        ILookup<int, InterfaceAddress> addresses = client.ListAddresses().ToLookup(a => a.InterfaceIndex);
        Table table = new Table().Border(TableBorder.None).AddColumns("IF", "NAME", "STATE", "MTU");
        foreach (string column in (string[])["RX/s", "TX/s", "RX packets/s", "TX packets/s", "RX", "TX", "DROPS"])
            table.AddColumn(new TableColumn(column).RightAligned().NoWrap());
        table.AddColumn(new TableColumn("ADDRESSES").NoWrap());
        foreach (Link link in links)
        {
            LinkStatistics after = link.Statistics, before = _before.GetValueOrDefault(link.Index, after);
            string[] cells =
            [
                Number(link.Index), link.Name, link.OperationalState.ToString().ToUpperInvariant(), Number(link.Mtu),
                Bytes((after.ReceivedBytes - before.ReceivedBytes) / seconds), Bytes((after.SentBytes - before.SentBytes) / seconds),
                Number(Math.Round((after.ReceivedPackets - before.ReceivedPackets) / seconds)), Number(Math.Round((after.SentPackets - before.SentPackets) / seconds)),
                Bytes(after.ReceivedBytes), Bytes(after.SentBytes), Number(after.ReceiveDrops + after.SendDrops),
                string.Join(' ', addresses[link.Index]),
            ];
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }

        _before = links.ToDictionary(l => l.Index, l => l.Statistics);
        _time = now;
        return table;
    }

    private static string Number(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Bytes(double count)
    {
        foreach (string unit in (string[])["B", "KB", "MB", "GB"])
        {
            if (count < 1000)
                return string.Create(CultureInfo.InvariantCulture, $"{count:0.#} {unit}");
            count /= 1000;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{count:0.#} TB");
    }
}
