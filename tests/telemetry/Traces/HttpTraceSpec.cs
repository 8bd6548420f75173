using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Im.Protocol;
using Im.Telemetry.Tests.Otlp;
using Im.Telemetry.Tests.Systems;

namespace Im.Telemetry.Tests.Traces;

public sealed class HttpTraceInStandalone(WatchedSystems systems) : HttpTraceSpec(systems.StandaloneAsync);

public sealed class HttpTraceInFull(WatchedSystems systems) : HttpTraceSpec(systems.FullAsync);

/// <summary>One trace for each sampled HTTP request through the services behind it, whatever the client says of traces.</summary>
public abstract class HttpTraceSpec(Func<Task<Watched>> start) : WatchedTest(start)
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task A_login_is_one_trace_through_gateway_login_and_session()
    {
        var services = System.IsFull ? new[] { "im-gateway", "im-login", "im-session" } : ["im-standalone"];
        await System.LogInAsync(NewName("ann"), Password);

        var trace = await TraceWithAsync(
            IsLogin,
            // The request to login, its consumer, from there the request to session, and its consumer.
            trace => services.All(service => trace.Any(span => span.Service == service)) && IsConnected(trace)
                && trace.Count(span => span.Source == "MassTransit") >= 4
                && (!System.IsFull || trace.Any(span => span.Source == "Npgsql" && span.Service == "im-session")));
        var root = Assert.Single(trace, span => span.Parent.Length == 0);
        Assert.Equal(("POST", "/v1/sessions", "201"), (root["http.request.method"], root["http.route"], root["http.response.status_code"]));
    }

    [Fact]
    public async Task What_a_client_says_of_traces_is_ignored()
    {
        using var intruding = new Intruding();
        var (ann, bob) = (await System.LogInAsync(NewName("ann"), Password, intruding), await System.LogInAsync(NewName("bob"), Password, intruding));
        await using var anns = await Watched.ConnectAsync(ann, System.Gateways[0], intruding);
        var sent = await anns.SendAsync(Target.ToUser(bob.UserId), "hello", cancellationToken: Cancel);
        using var admin = new HttpClient(intruding, disposeHandler: false) { BaseAddress = System.Admin };
        admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", System.AdminKey);
        using var answer = await admin.PostAsJsonAsync("admin/v1/users:batch", new { users = new[] { new { username = NewName("eve") } } }, Cancel);
        Assert.True(answer.IsSuccessStatusCode);

        await TraceWithAsync(span => span["im.message.id"] == sent.MessageId, IsConnected);
        await TraceWithAsync(IsLogin, IsConnected);
        await TraceWithAsync(span => span.Name == "POST /admin/v1/users:batch", IsConnected);
        Assert.DoesNotContain(System.Told.Spans, span => span.Trace == Intruding.Trace || span.Parent == Intruding.Span);
        Assert.DoesNotContain(System.Told.Raw, bytes => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Intruding.Trace)) >= 0);
        Assert.DoesNotContain(System.LogLines(), line => line.Contains(Intruding.Trace, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Connections_and_the_questions_of_watchdogs_are_no_traces()
    {
        var ann = await System.LogInAsync(NewName("ann"), Password);
        await using (await Watched.ConnectAsync(ann, System.Gateways[0]))
        {
            using var http = new HttpClient();
            Assert.True((await http.GetAsync(new Uri(System.Gateways[0], "/healthz/ready"), Cancel)).IsSuccessStatusCode);
        }

        // Asked later and told by the same process: what came before it has been told too.
        using var api = new Client.ImApi(System.Gateways[0], ann.SessionId);
        await api.GetMeAsync(Cancel);
        await TraceWithAsync(span => span.Name == "GET /v1/me", IsConnected);
        Assert.DoesNotContain(System.Told.Spans, span => span["http.route"] is "/v1/ws" or "/healthz/ready" or "/healthz/live");
        Assert.DoesNotContain(System.Told.Spans, span => span.Parent.Length == 0 && span.Source is "Npgsql" or "MassTransit" && span.Parent.Length == 0);
    }

    /// <summary>One that worked: those right after the start may be answered with 503, and their traces end there.</summary>
    private static bool IsLogin(Seen span) => span.Name == "POST /v1/sessions" && span["http.response.status_code"] == "201";
}
