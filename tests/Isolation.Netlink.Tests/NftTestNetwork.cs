using System.Text.Json;
using Isolation.Netlink.Nftables;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink.Tests;

/// <summary>A throw-away network namespace with a client of nf_tables, and nft(8) inside.</summary>
internal sealed class NftTestNetwork : IDisposable
{
    private readonly TestNetwork _network = new();

    public NftTestNetwork() => Client = NftablesClient.Open(_network.Namespace);

    public NftablesClient Client { get; }

    public TestNetwork Network => _network;

    /// <summary>Runs commands of nft(8) here, which must succeed.</summary>
    public string Nft(params string[] arguments) => _network.Run(() => Command.Run("nft", arguments).EnsureSuccess().Output);

    /// <summary>What nft(8) shows.</summary>
    public string Ruleset => Nft("list", "ruleset");

    /// <summary>What nft(8) shows as JSON, without what it says of itself.</summary>
    public JsonElement[] RulesetJson => [.. JsonDocument.Parse(Nft("-j", "list", "ruleset")).RootElement.GetProperty("nftables").EnumerateArray().Where(e => !e.TryGetProperty("metainfo", out _))];

    public void Dispose()
    {
        Client.Dispose();
        _network.Dispose();
    }
}

/// <summary>Keeps the bytes of changes.</summary>
internal sealed class NftRecorder : NftablesChanges, IDisposable
{
    public RequestBuffer Requests { get; } = new();

    public byte[][] Messages => [.. Enumerable.Range(0, Requests.Count).Select(i => Requests.Request(i).ToArray())];

    public void Dispose() => Requests.Dispose();

    private protected override void Submit<TBody>(in RequestDescription description, TBody body) => Requests.Append(description, body);

    private protected override void SubmitAll<TBody>(in RequestDescription description, IReadOnlyList<TBody> bodies)
    {
        foreach (TBody body in bodies)
            Submit(description, body);
    }
}
