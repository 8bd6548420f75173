using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Im.Client;
using Im.Protocol;
using Im.Telemetry.Tests.Otlp;
using Im.Telemetry.Tests.Systems;

namespace Im.Telemetry.Tests.Logs;

public sealed class CanaryInStandalone(WatchedSystems systems) : CanarySpec(systems.StandaloneAsync);

public sealed class CanaryInFull(WatchedSystems systems) : CanarySpec(systems.FullAsync);

/// <summary>
/// Nothing secret leaves by what the system tells of itself: all that happens to people, faults and a killed server too, with logs at debug level and
/// every trace and metric caught.
/// </summary>
public abstract class CanarySpec(Func<Task<Watched>> start) : WatchedTest(start)
{
    private const string Body = "canary-body-51c7";
    private const string Password = "canary-password-51c7";

    [Fact]
    [Trait("abuse", "69")]
    public async Task Logs_traces_and_metrics_hold_no_body_no_password_and_no_key()
    {
        var (ann, bob) = (await System.LogInAsync(NewName("ann"), Password), await System.LogInAsync(NewName("bob"), Password));
        await using var anns = await Watched.ConnectAsync(ann, System.Gateways[0]);
        await using var bobs = await Watched.ConnectAsync(bob, System.Gateways[^1], format: FrameFormat.Protobuf);
        await anns.SendAsync(Target.ToUser(bob.UserId), Body, cancellationToken: Cancel);
        using var api = new ImApi(System.Gateways[0], ann.SessionId);
        var group = await api.CreateGroupAsync(Body, [bob.UserId], Cancel);
        await anns.SendAsync(Target.ToConversation(group), Body, cancellationToken: Cancel);
        var eve = await System.LogInAsync(NewName("eve"), Password);
        await MistakesAsync(eve);
        await OperateAsync(bob);
        await TellsAsync();
        await BreakAsync();
        var last = await anns.SendAsync(Target.ToUser(bob.UserId), Body, cancellationToken: Cancel);

        await TraceWithAsync(span => span["im.message.id"] == last.MessageId && span.Name == "accepted", trace => trace.Any(span => span.Name == "send"));
        await CaughtAsync(last.MessageId);
        AssertNowhere([Body, Password, ann.SessionId, bob.SessionId, eve.SessionId, System.AdminKey, .. ServerPasswords()]);
    }

    /// <summary>The key and the password wrong, frames and bodies that cannot be read, secrets where they do not belong.</summary>
    private async Task MistakesAsync(ImSession session)
    {
        using var stranger = new ImApi(System.Gateways[0], session.SessionId + "x");
        await Assert.ThrowsAsync<ImApiException>(() => stranger.GetMeAsync(Cancel));
        // One that was answered too late is no refusal, and that is what is looked for below.
        await Watched.UntilAsync<int>(
            () => StatusAsync(() => stranger.LogInAsync("nobody", Password, cancellationToken: Cancel)), status => status == 401, status => $"{status}");
        await Assert.ThrowsAsync<ImApiException>(() => stranger.RegisterAsync(Password, Password, cancellationToken: Cancel));
        using var http = new HttpClient { BaseAddress = System.Gateways[0] };
        using var faulty = new StringContent($$"""{"username":"a","password":"{{Password}}",""", Encoding.UTF8, "application/json");
        Assert.False((await http.PostAsync("v1/sessions", faulty, Cancel)).IsSuccessStatusCode);
        Assert.False((await http.GetAsync($"v1/users?username={Password}&session={session.SessionId}", Cancel)).IsSuccessStatusCode);
        Assert.False((await http.GetAsync($"v1/{Password}/{session.SessionId}", Cancel)).IsSuccessStatusCode);

        await using var connection = await ImConnection.OpenAsync(System.Gateways[0], cancellationToken: Cancel);
        connection.TrySend(new ClientFrame.Hello(session.SessionId, null));
        connection.TrySendRaw(Encoding.UTF8.GetBytes($$"""{"t":"send","id":"1","to":{"user":"{{Body}}"},"body":"{{Body}}","more":"{{Password}}"}"""));
        connection.TrySendRaw(Encoding.UTF8.GetBytes($$"""{"t":"{{Password}}","session":"{{session.SessionId}}"}"""));
        connection.TrySendRaw(Encoding.UTF8.GetBytes($"{Body} is no frame"));
        connection.TrySend(new ClientFrame.Bye());
        Assert.Equal(CloseCodes.Normal, await Watched.UntilClosedAsync(connection));
        await using var other = await ImConnection.OpenAsync(System.Gateways[0], cancellationToken: Cancel);
        other.TrySend(new ClientFrame.Hello(Password, null));
        Assert.Equal(CloseCodes.LogInAgain, await Watched.UntilClosedAsync(other));
    }

    private static async Task<int> StatusAsync(Func<Task> refused) => (await Assert.ThrowsAsync<ImApiException>(refused)).Status;

    private async Task OperateAsync(ImSession bob)
    {
        using var admin = new HttpClient { BaseAddress = System.Admin };
        using var refused = await admin.GetAsync($"admin/v1/nodes?key={System.AdminKey}", Cancel);
        Assert.False(refused.IsSuccessStatusCode);
        admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", System.AdminKey);
        using var sent = await admin.PostAsJsonAsync("admin/v1/messages", new { to = new { user = bob.UserId }, body = Body, id = Guid.NewGuid().ToString("N") }, Cancel);
        Assert.True(sent.IsSuccessStatusCode);
        using var opened = await admin.PostAsJsonAsync($"admin/v1/users/{bob.UserId}/sessions", new { }, Cancel);
        Assert.True(opened.IsSuccessStatusCode);
    }

    /// <summary>
    /// What a killed process had still to tell is gone with it. Spans are told in the order of their ends: with those of the calls that may have ended
    /// last, everything of before has been told and is searched.
    /// </summary>
    private async Task TellsAsync()
    {
        await TraceWithAsync(IsRefusedLogin, IsConnected);
        await TraceWithAsync(span => span.Name == "POST /admin/v1/users/{userId}/sessions", IsConnected);
    }

    private static bool IsRefusedLogin(Seen span) => span.Name == "POST /v1/sessions" && span["http.response.status_code"] == "401";

    /// <summary>Everything that says why something does not answer gets its chance.</summary>
    private async Task BreakAsync()
    {
        if (System.Full is not { } full)
        {
            System.Standalone!.Process.Kill();
            await System.Standalone.Process.StartAsync(Cancel);
            await System.UntilLoginsWorkAsync();
            return;
        }

        foreach (var name in new[] { "redis", "postgres", "rabbitmq", "message-1", "login" })
        {
            full[name].Kill();
            using var api = new ImApi(System.Gateways[0]);
            await Assert.ThrowsAnyAsync<Exception>(() => api.LogInAsync("nobody", Password, cancellationToken: Cancel));
            await full[name].StartAsync(Cancel);
            // The next test finds the system as this one found it.
            await System.UntilLoginsWorkAsync();
        }
    }

    /// <summary>The search below would find nothing in nothing.</summary>
    private async Task CaughtAsync(string harmless)
    {
        var gateway = System.IsFull ? "gateway-1" : "standalone";
        await Watched.UntilAsync(() => System.LogLines(gateway).Count, count => count > 0, _ => "no logs");
        var service = System.IsFull ? "im-gateway" : "im-standalone";
        var lines = System.LogLines(gateway).Select(line => (Text: line, Read: TryRead(line))).ToList();
        Assert.All(lines.Where(line => line.Read is not null), line => Assert.Equal(service, line.Read!.RootElement.GetProperty("service").GetString()));
        // A process that is killed may leave half a line, and the next one goes on behind it.
        var torn = lines.Where(line => line.Read is null).Select(line => line.Text).ToList();
        Assert.True(torn.Count <= (System.IsFull ? 0 : 1), string.Join('\n', torn));
        Assert.Contains(System.Told.Raw, told => told.AsSpan().IndexOf(Encoding.UTF8.GetBytes(harmless)) >= 0);
        Assert.Contains(System.Told.Spans, IsRefusedLogin);
        if (System.IsFull) Assert.Contains(System.LogLines(), line => line.Contains("does not answer", StringComparison.Ordinal));
    }

    private static JsonDocument? TryRead(string line)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void AssertNowhere(IReadOnlyList<string> secrets)
    {
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(System.LogLines(), line => line.Contains(secret, StringComparison.OrdinalIgnoreCase));
            var bytes = Encoding.UTF8.GetBytes(secret);
            Assert.DoesNotContain(System.Told.Raw, told => told.AsSpan().IndexOf(bytes) >= 0);
        }
    }

    private IEnumerable<string> ServerPasswords()
    {
        if (System.Full is not { } full) yield break;
        yield return full.Redis.Password;
        yield return new Uri(full.RabbitMq.Uri).UserInfo.Split(':')[1];
        yield return full.Postgres.ConnectionString.Split(';').Single(part => part.StartsWith("Password=", StringComparison.Ordinal))["Password=".Length..];
    }
}
