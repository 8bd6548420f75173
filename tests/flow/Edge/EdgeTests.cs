using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Im.Client;
using Im.Flow.Tests.Systems;

namespace Im.Flow.Tests.Edge;

/// <summary>What the edge does itself. One of these stops gateways, so nobody else is on the system meanwhile.</summary>
[Collection(nameof(Alone))]
public sealed partial class EdgeTests(RunningSystems systems) : FlowTest(systems.EdgeAsync)
{
    [Fact]
    public async Task Connections_are_shared_out_over_the_gateways_and_clients_are_told_of_the_edge_alone()
    {
        var user = await NewUserAsync();
        await UntilBothServeAsync();
        for (var number = 0; number < 10; number++) await ConnectAsync(user);
        var nodes = await UntilAsync(
            async () => (await System.Admin.NodesAsync(Cancel)).Where(node => node.GetProperty("service").GetString() == "gateway").ToList(),
            gateways => gateways.Count == 2 && gateways.Sum(ConnectionsOf) >= 10);
        Assert.All(nodes, node => Assert.InRange(ConnectionsOf(node), 3, int.MaxValue));
        using var http = Wire.NewClient(System.Gateway);
        var told = (await http.GetFromJsonAsync<JsonElement>("v1/gateways", Cancel)).GetProperty("items").EnumerateArray().Select(one => one.GetString()).Distinct();
        Assert.Equal([$"wss://127.0.0.1:{System.Gateway.Port}/v1/ws"], told);
    }

    [Fact]
    public async Task Plain_http_is_refused()
    {
        using var http = Wire.NewClient(new UriBuilder(System.Gateway) { Scheme = "http" }.Uri);
        using var answer = await http.GetAsync(new Uri("v1/gateways", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_body_that_is_too_big_is_refused_as_the_gateways_do()
    {
        using var http = Wire.NewClient(System.Gateway);
        using var body = new StringContent(new string(' ', 1_100_000), Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri("v1/sessions", UriKind.Relative), body, Cancel);
        Assert.Equal((413, "too_big"), await ProblemOfAsync(answer));
    }

    [Fact]
    public async Task A_client_whose_gateway_is_killed_goes_on_at_the_other_and_without_any_the_edge_says_so()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var bobs = await ConnectAsync(bob);
        var session = await ann.LogInAsync(Cancel);
        await using var client = new ImClient(new ImClientOptions { Gateway = System.Gateway, Session = session.SessionId, Handler = Wire.Shared });
        await client.ConnectAsync(Cancel);
        await client.SendAsync(To(bob), "before", cancellationToken: Cancel);
        await bobs.MessageAsync("before");
        var gateways = System.Processes.Where(process => process.Service == "gateway").ToList();
        try
        {
            foreach (var gateway in gateways)
            {
                gateway.Kill();
                await client.SendAsync(To(bob), $"without {gateway.Name}", cancellationToken: Cancel);
                await gateway.StartAsync(Cancel);
            }

            foreach (var gateway in gateways) gateway.Kill();
            using var http = Wire.NewClient(System.Gateway);
            using var answer = await http.GetAsync(new Uri("v1/gateways", UriKind.Relative), Cancel);
            Assert.Equal((503, "unavailable"), await ProblemOfAsync(answer));
            Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
        }
        finally
        {
            await Task.WhenAll(gateways.Select(gateway => gateway.StartAsync(Cancel)));
        }

        await client.SendAsync(To(bob), "after", cancellationToken: Cancel);
        var later = await ConnectAsync(bob);
        Assert.Equal(4, (await later.MessageAsync("after")).Seq);
    }

    private static int ConnectionsOf(JsonElement node) => node.GetProperty("connections").GetInt32();

    private static async Task<(int Status, string? Code)> ProblemOfAsync(HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return ((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("code").GetString());
    }

    /// <summary>One that did not answer, as while it started, is left out for two seconds. Who served what stands in the edge's log.</summary>
    private async Task UntilBothServeAsync()
    {
        var log = System.Processes.Single(process => process.Service == "edge").LogPath;
        var before = await ServedAsync(log);
        using var http = Wire.NewClient(System.Gateway);
        await UntilAsync(
            async () =>
            {
                using var answer = await http.GetAsync(new Uri("v1/gateways", UriKind.Relative), Cancel);
                return (await ServedAsync(log)).Skip(before.Count).Distinct().Count();
            },
            gateways => gateways == 2);
    }

    /// <summary>The gateway of each request that one alone was asked for, in order.</summary>
    private static async Task<List<string>> ServedAsync(string log)
    {
        await using var file = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var lines = new StreamReader(file);
        return [.. ServedBy().Matches(await lines.ReadToEndAsync(Cancel)).Select(match => match.Groups[1].Value)];
    }

    [GeneratedRegex("\"gateway\":\"([^\",]+)\"")]
    private static partial Regex ServedBy();
}
