using System.Diagnostics;
using System.Globalization;
using System.Net;
using Im.Client;
using Im.Flow.Tests.Devices;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Flow.Tests.Sessions;

[Collection(nameof(Alone))]
public sealed class SessionEndInStandalone(RunningSystems systems) : SessionEndSpec(systems.StandaloneAsync);

[Collection(nameof(Alone))]
public sealed class SessionEndInFull(RunningSystems systems) : SessionEndSpec(systems.FullAsync);

[Collection(nameof(Alone))]
public sealed class SessionEndThroughEdge(RunningSystems systems) : SessionEndSpec(systems.EdgeAsync);

[Collection(nameof(Alone))]
public sealed class SessionEndOverProtobufInStandalone(RunningSystems systems) : SessionEndSpec(systems.StandaloneAsync, FrameFormat.Protobuf);

[Collection(nameof(Alone))]
public sealed class SessionEndOverProtobufInFull(RunningSystems systems) : SessionEndSpec(systems.FullAsync, FrameFormat.Protobuf);

/// <summary>An ended session neither sends nor receives anything later than 2 s after the call that ended it has returned.</summary>
public abstract class SessionEndSpec(Func<Task<RunningSystem>> start, FrameFormat? format = null) : FlowTest(start, format)
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    [Fact]
    [Trait("abuse", "43")]
    public async Task Its_sockets_close_on_every_gateway_and_its_http_calls_are_refused()
    {
        var ann = await NewUserAsync();
        var session = await ann.LogInAsync(Cancel);
        var (socket, other) = (await ConnectAsync(session, System.OtherGateway), await ConnectAsync(ann));
        using var api = System.Api(session);
        await api.LogOutAsync(Cancel);

        Assert.Equal(CloseCodes.LogInAgain, await socket.ClosedAsync(EndLimit));
        Assert.Equal(CloseCodes.LogInAgain, (await socket.NextAsync<ServerFrame.Bye>()).Code);
        Assert.Equal(401, (await Assert.ThrowsAsync<ImApiException>(() => api.GetConversationsAsync(cancellationToken: Cancel))).Status);
        Assert.Equal(CloseCodes.LogInAgain, await CloseCodeOfHelloAsync(session.SessionId));
        await other.SayAsync(To(ann), "the other session lives");
    }

    [Fact]
    public async Task A_user_ends_another_session_of_his_by_its_key()
    {
        var ann = await NewUserAsync();
        var (here, there) = (await ann.LogInAsync(Cancel, "here"), await ann.LogInAsync(Cancel, "there"));
        var socket = await ConnectAsync(there, System.OtherGateway);
        using var api = System.Api(here);
        var sessions = await api.GetSessionsAsync(Cancel);
        Assert.Equal(["here"], sessions.Where(one => one.Current).Select(one => one.DeviceId));
        Assert.DoesNotContain(sessions, one => one.SessionKey == here.SessionId || one.SessionKey == there.SessionId);

        await api.EndSessionAsync(sessions.Single(one => one.DeviceId == "there").SessionKey, Cancel);
        Assert.Equal(CloseCodes.LogInAgain, await socket.ClosedAsync(EndLimit));
        Assert.Equal(["here"], (await api.GetSessionsAsync(Cancel)).Select(one => one.DeviceId));
    }

    [Fact]
    [Trait("abuse", "51")]
    public async Task Nobody_ends_the_sessions_of_others()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var bobsSession = await bob.LogInAsync(Cancel);
        using var bobs = System.Api(bobsSession);
        using var anns = System.Api(await ann.LogInAsync(Cancel));
        var key = Assert.Single(await bobs.GetSessionsAsync(Cancel)).SessionKey;
        Assert.Equal(404, (await Assert.ThrowsAsync<ImApiException>(() => anns.EndSessionAsync(key, Cancel))).Status);
        await ConnectAsync(bobsSession);
    }

    [Fact]
    [Trait("abuse", "48")]
    public async Task Nothing_is_accepted_from_a_flood_two_seconds_after_the_end()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var session = await ann.LogInAsync(Cancel);
        var (flooding, bobs) = (await ConnectAsync(session, System.OtherGateway), await ConnectAsync(bob));
        using var api = System.Api(session);
        using var flood = new Flood(flooding, To(bob));
        await flood.Flowing;

        await api.LogOutAsync(Cancel);
        var ended = Stopwatch.GetTimestamp();
        Assert.Equal(CloseCodes.LogInAgain, await flooding.ClosedAsync(EndLimit));
        var sentAt = await flood.StopAsync();

        var marker = await ConnectAsync(ann);
        await marker.SayAsync(To(bob), "marker");
        await bobs.MessageAsync("marker");
        var late = bobs.Messages.Where(message => sentAt.TryGetValue(TextOf(message), out var at) && Stopwatch.GetElapsedTime(ended, at) > EndLimit);
        Assert.Empty(late);
    }

    [Fact]
    public async Task Ending_all_sessions_of_a_user_closes_all_of_his_sockets_and_nobody_elses()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        Device[] anns = [await ConnectAsync(ann), await ConnectAsync(ann, System.OtherGateway)];
        var bobs = await ConnectAsync(bob);
        await System.Admin.EndSessionsAsync(ann.Id, Cancel);
        foreach (var device in anns) Assert.Equal(CloseCodes.LogInAgain, await device.ClosedAsync(EndLimit));
        await bobs.SayAsync(To(ann), "still here");
        await ConnectAsync(ann);
    }

    [Fact]
    public async Task A_disabled_user_is_out_and_cannot_come_back()
    {
        var ann = await NewUserAsync();
        var session = await ann.LogInAsync(Cancel);
        var socket = await ConnectAsync(session, System.OtherGateway);
        await System.Admin.DisableAsync(ann.Id, Cancel);
        Assert.Equal(CloseCodes.LogInAgain, await socket.ClosedAsync(EndLimit));
        Assert.Equal(CloseCodes.LogInAgain, await CloseCodeOfHelloAsync(session.SessionId));
        Assert.Equal(403, (await Assert.ThrowsAsync<ImApiException>(() => ann.LogInAsync(Cancel))).Status);
    }

    [Fact]
    public async Task A_session_that_expires_is_out_as_well()
    {
        var ann = await NewUserAsync();
        var session = await ann.LogInAsync(Cancel);
        var socket = await ConnectAsync(session, System.OtherGateway);
        using var api = System.Api(session);
        await api.GetMeAsync(Cancel);
        await System.ExecuteAsync("UPDATE sessions SET expires_at = 1 WHERE user_id = @user", new { user = long.Parse(ann.Id, CultureInfo.InvariantCulture) }, Cancel);

        Assert.Equal(CloseCodes.LogInAgain, await socket.ClosedAsync());
        Assert.Equal(CloseCodes.LogInAgain, await CloseCodeOfHelloAsync(session.SessionId));
        Assert.Equal(401, (await Assert.ThrowsAsync<ImApiException>(() => api.GetMeAsync(Cancel))).Status);
        await ConnectAsync(ann);
    }

    [Fact]
    [Trait("abuse", "49")]
    public async Task The_eleventh_session_ends_the_one_idle_longest()
    {
        var ann = await NewUserAsync();
        var first = await ConnectAsync(await ann.LogInAsync(Cancel));
        var second = await ConnectAsync(await ann.LogInAsync(Cancel));
        for (var count = 3; count <= 10; count++) await ann.LogInAsync(Cancel);
        using var api = System.Api(await ann.LogInAsync(Cancel));
        Assert.Equal(CloseCodes.LogInAgain, await first.ClosedAsync(EndLimit));
        Assert.Equal(10, (await api.GetSessionsAsync(Cancel)).Count);
        await second.SayAsync(To(ann), "alive");
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("*")]
    [InlineData("{}")]
    [InlineData("' OR 1=1 --")]
    [Trait("abuse", "42")]
    public async Task A_forged_session_is_refused(string forged)
    {
        Assert.Equal(CloseCodes.LogInAgain, await CloseCodeOfHelloAsync(forged));
        using var http = Wire.NewClient(System.Gateway);
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {forged}");
        using var answer = await http.GetAsync(new Uri("v1/conversations", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("\"unauthorized\"", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("abuse", "41")]
    public async Task A_session_id_with_one_changed_character_is_refused()
    {
        var session = (await (await NewUserAsync()).LogInAsync(Cancel)).SessionId;
        foreach (var place in (int[])[0, session.Length / 2])
        {
            var changed = session.ToCharArray();
            changed[place] = changed[place] == 'A' ? 'B' : 'A';
            Assert.Equal(CloseCodes.LogInAgain, await CloseCodeOfHelloAsync(new string(changed)));
        }
    }

    private async Task<int?> CloseCodeOfHelloAsync(string session)
    {
        var device = Keep(await Device.OpenAsync(System.OtherGateway, Cancel, Format));
        device.Send(new ClientFrame.Hello(session));
        return await device.ClosedAsync();
    }
}
