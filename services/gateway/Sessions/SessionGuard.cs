using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Data.Common;
using System.Net.Sockets;
using Im.Contracts.Messages;
using Im.Gateway.Connections;
using Im.Hosting.Bus;
using Im.Hosting.Sessions;
using Im.Protocol;
using MassTransit;

namespace Im.Gateway.Sessions;

/// <summary>
/// The sessions that connections of this gateway use. One that ends is closed here within 2 s, twice over: by the event, and by asking the database once a
/// second, so that the loss of either costs nothing.
/// </summary>
public sealed partial class SessionGuard(SessionReader sessions, BusCalls bus, TimeProvider time, ILogger<SessionGuard> log)
    : BackgroundService, IConsumer<SessionEnded>
{
    private const int BatchSessions = 5_000;
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(1);

    /// <summary>Between two reports of which sessions are in use; they idle out after weeks.</summary>
    private static readonly TimeSpan ReportEvery = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<long, ImmutableArray<(LiveSession Session, ClientConnection Connection)>> _held = new();
    private readonly ConcurrentDictionary<long, byte> _used = new();

    /// <summary>The session for a new connection; null where it is not alive.</summary>
    public async Task<LiveSession?> FindAsync(byte[] tokenHash, ClientConnection connection, CancellationToken cancel)
    {
        if (await sessions.FindAsync(tokenHash, cancel) is not { } row) return null;
        var session = new LiveSession(row);
        _held.AddOrUpdate(row.SessionKey, [(session, connection)], (_, before) => before.Add((session, connection)));
        Used(row.SessionKey);
        return session;
    }

    /// <summary>The session of an HTTP request; null where it is not alive.</summary>
    public async Task<SessionRow?> FindAsync(byte[] tokenHash, CancellationToken cancel)
    {
        var row = await sessions.FindAsync(tokenHash, cancel);
        if (row is not null) Used(row.SessionKey);
        return row;
    }

    public void Release(LiveSession session, ClientConnection connection)
    {
        while (_held.TryGetValue(session.Key, out var before))
        {
            var after = before.Remove((session, connection));
            var done = after.IsEmpty
                ? _held.TryRemove(new KeyValuePair<long, ImmutableArray<(LiveSession, ClientConnection)>>(session.Key, before))
                : _held.TryUpdate(session.Key, after, before);
            if (done) return;
        }
    }

    public Task Consume(ConsumeContext<SessionEnded> context)
    {
        foreach (var key in context.Message.SessionKeys) End(key);
        return Task.CompletedTask;
    }

    /// <summary>Two loops: a broker that pauses holds up the reports, never the question that closes ended sessions.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken) =>
        await await Task.WhenAny(AskForEndedAsync(stoppingToken), ReportUsedAsync(stoppingToken));

    private async Task AskForEndedAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(AskEvery, time);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            try
            {
                foreach (var keys in _held.Keys.Chunk(BatchSessions))
                    foreach (var key in await sessions.EndedAsync(keys, cancel)) End(key);
            }
            catch (Exception fault) when (fault is DbException or TimeoutException or SocketException)
            {
                LogNotAsked(fault.Message);
            }
        }
    }

    private async Task ReportUsedAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(ReportEvery, time);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            foreach (var key in _held.Keys) Used(key);
            foreach (var keys in _used.Keys.Chunk(BatchSessions))
            {
                // What was not told stays for the next minute.
                if (!await bus.TryPublishAsync(new SessionsUsed(keys), cancel)) break;
                foreach (var key in keys) _used.TryRemove(key, out _);
            }
        }
    }

    private void Used(long key) => _used[key] = 0;

    private void End(long key)
    {
        if (!_held.TryGetValue(key, out var held)) return;
        foreach (var (session, connection) in held)
        {
            session.End();
            connection.Close(CloseCodes.LogInAgain);
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Debug, Message = "ended sessions are asked for again in a second: {Reason}")]
    private partial void LogNotAsked(string reason);
}
