using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Im.Protocol;

namespace Im.Gateway.Tests.Presence;

/// <summary>
/// A client that keeps the messages it gets, and what is new to it in what it is told of others' presence: who connects is told by the answer to a watch and as a change.
/// </summary>
public sealed class WatchingClient : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly Channel<(long User, string Status, bool HasLastSeen)> _told = Channel.CreateUnbounded<(long, string, bool)>();
    private readonly Channel<long> _messages = Channel.CreateUnbounded<long>();
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<long, string> _last = [];
    private Task _reading = Task.CompletedTask;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<WatchingClient> ConnectAsync(Uri gateway, string session)
    {
        var client = new WatchingClient();
        client._socket.Options.AddSubProtocol(Limits.JsonSubprotocol);
        await client._socket.ConnectAsync(gateway, Cancel);
        client._reading = client.ReadAsync();
        await client.SendAsync($$"""{"t":"hello","session":"{{session}}"}""");
        return client;
    }

    public Task SendAsync(string frame) => _socket.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, true, Cancel);

    public Task WatchAsync(params long[] users) => SendAsync($$"""{"t":"watch","users":[{{string.Join(',', users.Select(user => $"\"{user}\""))}}]}""");

    public async Task<(long User, string Status, bool HasLastSeen)> NextAsync() =>
        await _told.Reader.ReadAsync(Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancel);

    /// <summary>The seq of the next message.</summary>
    public async Task<long> NextMessageAsync() => await _messages.Reader.ReadAsync(Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancel);

    public Task SyncedAsync() => _synced.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reading;
        _socket.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        var length = 0;
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(buffer.AsMemory(length), Cancel);
                if (received.MessageType == WebSocketMessageType.Close) return;
                length += received.Count;
                if (!received.EndOfMessage) continue;
                using var message = JsonDocument.Parse(buffer.AsMemory(0, length));
                length = 0;
                foreach (var frame in message.RootElement.ValueKind == JsonValueKind.Array ? [.. message.RootElement.EnumerateArray()] : (JsonElement[])[message.RootElement])
                    Take(frame);
            }
        }
        catch (Exception fault) when (fault is WebSocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The end of the test.
        }
    }

    private void Take(JsonElement frame)
    {
        var kind = frame.GetProperty("t").GetString();
        if (kind == "message") _messages.Writer.TryWrite(frame.GetProperty("seq").GetInt64());
        if (kind == "synced") _synced.TrySetResult();
        if (kind != "presence") return;
        var user = long.Parse(frame.GetProperty("user").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
        var status = frame.GetProperty("status").GetString()!;
        if (_last.TryGetValue(user, out var last) && last == status) return;
        _last[user] = status;
        _told.Writer.TryWrite((user, status, frame.TryGetProperty("lastSeen", out _)));
    }
}
