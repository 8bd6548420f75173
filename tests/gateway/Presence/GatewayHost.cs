using System.Net.WebSockets;
using System.Text;
using Dapper;
using Im.Contracts;
using Im.Contracts.Messages;
using Im.Gateway.Connections;
using Im.Hosting;
using Im.Hosting.Bus;
using Im.Hosting.Health;
using Im.Hosting.Storage;
using Im.Local;
using Im.Login;
using Im.Presence;
using Im.Protocol;
using Im.Session;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Im.Gateway.Tests.Presence;

/// <summary>A gateway with all that presence needs, in this process: events are published as another service would.</summary>
public sealed class GatewayHost : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("im-gateway-tests-").FullName;
    private readonly WebApplication _app;
    private readonly string _address = $"http://127.0.0.1:{FreePort.Next()}";

    private GatewayHost() => _app = ImHost.Create(
        ["--environment=Development", $"--Im:Database=Data Source={Path.Combine(_folder, "im.db")}", $"--Im:Gateway:Listen={_address}"],
        new GatewayModule(), new LoginModule(), new SessionModule(), new PresenceModule());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private BusCalls Bus => _app.Services.GetRequiredService<BusCalls>();

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public static async Task<GatewayHost> StartAsync()
    {
        var host = new GatewayHost();
        await host._app.StartAsync(Cancel);
        await host._app.Services.GetRequiredService<StorageState>().Ready.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        await host._app.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, TimeSpan.FromSeconds(30));
        await host.LetsPeopleInAsync();
        return host;
    }

    private async Task LetsPeopleInAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!_app.Services.GetRequiredService<Dependencies>().CanWork) await timer.WaitForNextTickAsync(limit.Token);
    }

    public async Task<IReadOnlyList<long>> UsersAsync(params string[] names)
    {
        var made = await Bus.AskAsync<EnsureUsers, UsersEnsured>(new([.. names.Select(name => new NewUser(name, null))]), Cancel);
        return [.. made.Answer!.Users.Select(user => user.UserId)];
    }

    public async Task<WatchingClient> ConnectAsync(long user)
    {
        var session = (await Bus.AskAsync<OpenSession, SessionOpened>(new(user, null), Cancel)).Answer!;
        return await WatchingClient.ConnectAsync(new Uri(_address.Replace("http", "ws", StringComparison.Ordinal) + "/v1/ws"), session.SessionId);
    }

    public async Task<ClientWebSocket> OpenAsync(long user)
    {
        var session = (await Bus.AskAsync<OpenSession, SessionOpened>(new(user, null), Cancel)).Answer!;
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(Limits.JsonSubprotocol);
        await socket.ConnectAsync(new Uri(_address.Replace("http", "ws", StringComparison.Ordinal) + "/v1/ws"), Cancel);
        await socket.SendAsync(Encoding.UTF8.GetBytes($$"""{"t":"hello","session":"{{session.SessionId}}"}"""), WebSocketMessageType.Text, true, Cancel);
        return socket;
    }

    public ClientConnection ConnectionOf(long user) => Assert.Single(_app.Services.GetRequiredService<ConnectionRegistry>().OfUser(user));

    /// <summary>As the message service does it: stored first, then told.</summary>
    public async Task BlockAsync(long user, long other, bool isBlocked, bool tell = true)
    {
        await _app.Services.GetRequiredService<Database>().WriteAsync(
            connection => connection.ExecuteAsync(
                isBlocked
                    ? "INSERT INTO blocks (user_id, blocked, conversation, since) VALUES (@user, @other, @conversation, 0)"
                    : "DELETE FROM blocks WHERE user_id = @user AND blocked = @other",
                new { user, other, conversation = ConversationId.Direct(user, other) }),
            Cancel);
        if (tell) await TellAsync(user, other, isBlocked);
    }

    public async Task TellAsync(long user, long other, bool isBlocked) => Assert.True(await Bus.TryPublishAsync(new BlockChanged(user, other, isBlocked), Cancel));

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
