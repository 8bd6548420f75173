using System.Net.Sockets;
using Im.Flow.Tests.Devices;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Flow.Tests.Abuse;

/// <summary>
/// In production mode, with 20 sockets and 50 TCP connections for an address and 60 and 150 in all: whoever takes all that he can get takes nothing from
/// the others.
/// </summary>
[Collection(nameof(Alone))]
public sealed class ConnectionFloodTests(RunningSystems systems) : FlowTest(systems.NarrowAsync)
{
    private const int PerAddress = 20, Sockets = 60, TcpPerAddress = 50;

    [Fact]
    [Trait("abuse", "9")]
    public async Task An_address_has_its_sockets_and_the_others_have_theirs()
    {
        var opened = new List<RawSocket>();
        for (var count = 0; count < PerAddress; count++) opened.Add(await EnteredAsync("127.0.0.2"));
        Assert.StartsWith("HTTP/1.1 429 ", await UpgradeAsync("127.0.0.2"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 101 ", await UpgradeAsync("127.0.0.3"), StringComparison.Ordinal);
        await opened[0].DisposeAsync();
        await EnteredAsync("127.0.0.2");
    }

    [Fact]
    [Trait("abuse", "9")]
    public async Task A_full_gateway_says_so_answers_calls_and_takes_the_next_when_one_leaves()
    {
        // At once: who says nothing for seconds is closed, and the first must still be there when the last comes.
        var opened = await Task.WhenAll(Enumerable.Range(0, Sockets).Select(count => EnteredAsync($"127.0.0.{4 + (count % 4)}")));
        var refused = await UpgradeAsync("127.0.0.9");
        Assert.StartsWith("HTTP/1.1 503 ", refused, StringComparison.Ordinal);
        Assert.Contains("\"unavailable\"", refused, StringComparison.Ordinal);
        Assert.Contains("Retry-After: ", refused, StringComparison.Ordinal);
        await using (var call = await RawSocket.OpenAsync(System.Gateway, Cancel, from: "127.0.0.9"))
            Assert.StartsWith("HTTP/1.1 200 ", await call.AskAsync($"GET /v1/gateways HTTP/1.1\r\nHost: {System.Gateway.Authority}\r\n\r\n", Cancel), StringComparison.Ordinal);
        await opened[0].DisposeAsync();
        await EnteredAsync("127.0.0.9");
    }

    [Fact]
    [Trait("abuse", "9")]
    public async Task Connections_without_a_word_fill_the_place_of_their_own_address_alone()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var silent = new List<RawSocket>();
        var resets = 0;
        for (var count = 0; count < TcpPerAddress + 10; count++)
        {
            try
            {
                silent.Add(Keep(await RawSocket.OpenAsync(System.Gateway, Cancel, from: "127.0.0.10")));
            }
            catch (SocketException fault) when (fault.SocketErrorCode == SocketError.ConnectionReset)
            {
                // Cut off before its own side knew that it was open.
                resets++;
            }
        }

        await UntilAsync(() => Task.FromResult(resets + silent.Count(one => one.IsCutOff)), count => count == 10);

        var (anns, bobs) = (await ConnectAsync(ann), await ConnectAsync(bob));
        using Heart annsHeart = new(anns), bobsHeart = new(bobs);
        await anns.SayAsync(To(bob), "others get in");
        await bobs.MessageAsync("others get in");
        Assert.Equal(10, resets + silent.Count(one => one.IsCutOff));
        foreach (var one in silent) await one.DisposeAsync();
        await EnteredAsync("127.0.0.10");
    }

    [Fact]
    [Trait("abuse", "7")]
    public async Task Sockets_without_a_hello_count_until_they_are_closed()
    {
        var silent = new List<RawSocket>();
        for (var count = 0; count < PerAddress; count++) silent.Add(await EnteredAsync("127.0.0.11"));
        Assert.StartsWith("HTTP/1.1 429 ", await UpgradeAsync("127.0.0.11"), StringComparison.Ordinal);
        foreach (var one in silent) Assert.Equal(CloseCodes.BadFrames, await one.ClosedAsync(Cancel, TimeSpan.FromSeconds(60)));
        await EnteredAsync("127.0.0.11");
    }

    /// <summary>Gets in, soon at least: what other tests have left may still be on its way out.</summary>
    private async Task<RawSocket> EnteredAsync(string from)
    {
        var socket = await UntilAsync(
            async () =>
            {
                var one = Keep(await RawSocket.OpenAsync(System.Gateway, Cancel, from: from));
                if ((await one.AskAsync(RawSocket.Upgrade(System.Gateway), Cancel)).StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal)) return one;
                await one.DisposeAsync();
                return null;
            },
            one => one is not null,
            TimeSpan.FromSeconds(60));
        return socket!;
    }

    private async Task<string> UpgradeAsync(string from)
    {
        await using var socket = await RawSocket.OpenAsync(System.Gateway, Cancel, from: from);
        return await socket.AskAsync(RawSocket.Upgrade(System.Gateway), Cancel);
    }
}
