using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using Im.Contracts;
using Im.Contracts.Messages;
using Im.Gateway.Connections;
using Im.Hosting.Bus;
using Im.Protocol;
using MassTransit;

namespace Im.Gateway.Presence;

/// <summary>Who watches whom on this gateway. A new watch is answered from the presence service, beside the connection's own frames.</summary>
public sealed class PresenceWatches(BusCalls bus, RouteKeeper routes) : BackgroundService, IConsumer<PresenceChanged>
{
    /// <summary>Watches that wait for their first answer; beyond it the client sees the next change.</summary>
    private const int Waiting = 10_000;

    private readonly ConcurrentDictionary<long, ImmutableHashSet<ClientConnection>> _watchers = new();
    private readonly ConcurrentDictionary<ClientConnection, ImmutableHashSet<long>> _watched = new();

    private readonly Channel<(ClientConnection Connection, IReadOnlyList<long> Users)> _asking =
        Channel.CreateBounded<(ClientConnection, IReadOnlyList<long>)>(new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>False: the connection would watch more than 1,000 users.</summary>
    public bool TryAdd(ClientConnection connection, IReadOnlyList<long> users)
    {
        var watched = _watched.GetValueOrDefault(connection, []).Union(users);
        if (watched.Count > Limits.WatchedUsers) return false;
        _watched[connection] = watched;
        foreach (var user in users) _watchers.AddOrUpdate(user, [connection], (_, before) => before.Add(connection));
        _asking.Writer.TryWrite((connection, users));
        return true;
    }

    public void Remove(ClientConnection connection, IReadOnlyList<long> users)
    {
        if (!_watched.TryGetValue(connection, out var watched)) return;
        _watched[connection] = watched.Except(users);
        foreach (var user in users) Unwatch(user, connection);
    }

    /// <summary>Asks for all watched users again: changes were not told while the routes were away.</summary>
    private void AskAgain()
    {
        foreach (var (connection, users) in _watched)
            if (!users.IsEmpty) _asking.Writer.TryWrite((connection, [.. users]));
    }

    public void Forget(ClientConnection connection)
    {
        if (!_watched.TryRemove(connection, out var watched)) return;
        foreach (var user in watched) Unwatch(user, connection);
    }

    public Task Consume(ConsumeContext<PresenceChanged> context)
    {
        foreach (var state in context.Message.States)
        {
            if (!_watchers.TryGetValue(state.UserId, out var watchers)) continue;
            var frame = FrameOf(state);
            foreach (var connection in watchers) connection.Send(frame);
        }

        return Task.CompletedTask;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        routes.Renewed += AskAgain;
        try
        {
            await foreach (var (connection, users) in _asking.Reader.ReadAllAsync(stoppingToken)) await AnswerAsync(connection, users, stoppingToken);
        }
        finally
        {
            routes.Renewed -= AskAgain;
        }
    }

    private async Task AnswerAsync(ClientConnection connection, IReadOnlyList<long> users, CancellationToken cancel)
    {
        var result = await bus.AskAsync<GetPresence, PresenceListed>(new GetPresence(users), cancel);
        if (result.Answer is not { } listed)
        {
            connection.Send(new ServerFrame.Error(Codes.Unavailable, "presence is not known now; changes follow"));
            return;
        }

        foreach (var state in listed.States) connection.Send(FrameOf(state));
    }

    private void Unwatch(long user, ClientConnection connection)
    {
        while (_watchers.TryGetValue(user, out var before))
        {
            var after = before.Remove(connection);
            var done = after.IsEmpty
                ? _watchers.TryRemove(new KeyValuePair<long, ImmutableHashSet<ClientConnection>>(user, before))
                : _watchers.TryUpdate(user, after, before);
            if (done) return;
        }
    }

    private static ServerFrame.Presence FrameOf(PresenceState state) => new(Ids.Text(state.UserId), state.Status, state.LastSeen);
}
