using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Data.Common;
using System.Net.Sockets;
using System.Threading.Channels;
using Im.Contracts;
using Im.Contracts.Messages;
using Im.Gateway.Connections;
using Im.Gateway.Log;
using Im.Hosting.Bus;
using Im.Protocol;
using MassTransit;

namespace Im.Gateway.Presence;

/// <summary>
/// Who watches whom on this gateway. A watch is answered from the presence service, beside the connection's own frames; what a connection may be told is
/// decided by its <see cref="WatchList"/>, which its own lock guards.
/// </summary>
public sealed partial class PresenceWatches(BusCalls bus, BlockReader blocks, ConnectionRegistry registry, RouteKeeper routes, ILogger<PresenceWatches> log)
    : BackgroundService, IConsumer<PresenceChanged>, IConsumer<BlockChanged>
{
    /// <summary>Questions that wait for the presence service; beyond it the client sees the next change.</summary>
    private const int MaxWaiting = 10_000;

    private readonly ConcurrentDictionary<long, ImmutableHashSet<ClientConnection>> _watchers = new();
    private readonly ConcurrentDictionary<ClientConnection, WatchList> _lists = new();
    private readonly Channel<Question> _questions = Channel.CreateBounded<Question>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });

    private readonly record struct Question(ClientConnection Connection, WatchList List, IReadOnlyList<long> Users, long Number);

    public int Waiting => _questions.Reader.Count;

    /// <summary>False: the connection would watch more than 1,000 users.</summary>
    public bool TryAdd(ClientConnection connection, IReadOnlyCollection<long> users)
    {
        var list = _lists.GetOrAdd(connection, _ => new WatchList());
        lock (list)
        {
            if (!list.TryAdd(users)) return false;
        }

        foreach (var user in users) _watchers.AddOrUpdate(user, [connection], (_, before) => before.Add(connection));
        Ask(connection, list, [.. users], tell: true);
        return true;
    }

    public void Remove(ClientConnection connection, IReadOnlyCollection<long> users)
    {
        if (!_lists.TryGetValue(connection, out var list)) return;
        lock (list)
        {
            foreach (var user in users) list.Remove(user);
        }

        foreach (var user in users) Unwatch(user, connection);
    }

    public void Forget(ClientConnection connection)
    {
        if (!_lists.TryRemove(connection, out var list)) return;
        foreach (var user in UsersOf(list)) Unwatch(user, connection);
    }

    public Task Consume(ConsumeContext<PresenceChanged> context)
    {
        foreach (var state in context.Message.States)
        {
            if (!_watchers.TryGetValue(state.UserId, out var watchers)) continue;
            var frame = FrameOf(state);
            foreach (var connection in watchers)
            {
                if (!_lists.TryGetValue(connection, out var list)) continue;
                bool ask;
                lock (list)
                {
                    if (list.Changed(state, out ask)) connection.Send(frame);
                }

                if (ask) Ask(connection, list, [state.UserId], tell: true);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>A block hides each of the two from the other at once. That it ended shows only what the database then allows: the other may block as well.</summary>
    public Task Consume(ConsumeContext<BlockChanged> context)
    {
        var change = context.Message;
        Adapt(change.UserId, change.Other, change.IsBlocked);
        Adapt(change.Other, change.UserId, change.IsBlocked);
        return Task.CompletedTask;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        routes.Renewed += AskAgain;
        try
        {
            await foreach (var question in _questions.Reader.ReadAllAsync(stoppingToken)) await AnswerAsync(question, stoppingToken);
        }
        finally
        {
            routes.Renewed -= AskAgain;
        }
    }

    private void Adapt(long watcher, long watched, bool isBlocked)
    {
        foreach (var connection in registry.OfUser(watcher))
        {
            if (!_lists.TryGetValue(connection, out var list)) continue;
            lock (list)
            {
                if (!list.Contains(watched)) continue;
                if (isBlocked) Tell(connection, list.Blocked(watched));
            }

            Ask(connection, list, [watched], tell: false);
        }
    }

    /// <summary>Asks for all watched users again: changes were not told while the routes were away.</summary>
    private void AskAgain()
    {
        foreach (var (connection, list) in _lists)
            if (UsersOf(list) is { Length: > 0 } users) Ask(connection, list, users, tell: true);
    }

    private void Ask(ClientConnection connection, WatchList list, IReadOnlyList<long> users, bool tell)
    {
        Question question;
        lock (list) question = new(connection, list, users, list.Ask(users, tell));
        if (!_questions.Writer.TryWrite(question)) Settle(question, null, null);
    }

    private async Task AnswerAsync(Question question, CancellationToken cancel)
    {
        if (question.Connection.Session is not { } session) return;
        IReadOnlySet<long>? hidden = null;
        try
        {
            hidden = await blocks.BetweenAsync(session.User, question.Users, cancel);
        }
        catch (Exception fault) when (fault is DbException or TimeoutException or SocketException)
        {
            LogNotRead(fault.Message);
        }

        var visible = hidden is null ? [] : question.Users.Where(user => !hidden.Contains(user)).ToArray();
        var listed = visible.Length == 0 ? null : (await bus.AskAsync<GetPresence, PresenceListed>(new GetPresence(visible), cancel)).Answer;
        Settle(question, hidden, listed?.States);
        if (hidden is null || (visible.Length > 0 && listed is null))
            question.Connection.Send(new ServerFrame.Error(Codes.Unavailable, "presence is not known now; changes follow"));
    }

    private static void Settle(Question question, IReadOnlySet<long>? hidden, IReadOnlyList<PresenceState>? states)
    {
        var known = states?.ToDictionary(state => state.UserId);
        lock (question.List)
        {
            foreach (var user in question.Users)
            {
                Tell(question.Connection, hidden is null
                    ? question.List.Unanswered(question.Number, user)
                    : question.List.Answered(question.Number, user, hidden.Contains(user), known?.GetValueOrDefault(user)));
            }
        }
    }

    private static void Tell(ClientConnection connection, PresenceState? state)
    {
        if (state is not null) connection.Send(FrameOf(state));
    }

    private static long[] UsersOf(WatchList list)
    {
        lock (list) return [.. list.Users];
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

    [LoggerMessage(EventId = 1, Level = LogLevel.Debug, Message = "blocks could not be read, nothing is told of those watched: {Reason}")]
    private partial void LogNotRead(string reason);
}
