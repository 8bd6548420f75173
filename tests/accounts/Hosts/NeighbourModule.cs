using System.Collections.Concurrent;
using System.Threading.Channels;
using Im.Contracts.Messages;
using Im.Hosting;
using Im.Hosting.Bus;
using Im.Hosting.Nodes;
using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Im.Accounts.Tests.Hosts;

/// <summary>
/// What the account services meet in a real system: a gateway on the board that hears of ended sessions, a presence service, and a reader of the log.
/// </summary>
public sealed class NeighbourModule : IImModule
{
    public const string GatewayUrl = "http://127.0.0.1:18080";

    private readonly ConcurrentQueue<string> _log = new();
    private readonly EndedSessions _ended = new();

    public string Name => "gateway";

    public Door Door => Door.None;

    /// <summary>Everything that was logged, at every level.</summary>
    public IReadOnlyCollection<string> Log => _log;

    /// <summary>Returns once a line with this text was logged.</summary>
    public async Task LoggedAsync(string text, CancellationToken cancel)
    {
        while (!_log.Any(line => line.Contains(text, StringComparison.Ordinal))) await Task.Delay(TimeSpan.FromMilliseconds(20), cancel);
    }

    /// <summary>Keys of ended sessions, in the order of the events.</summary>
    public ChannelReader<long> Ended => _ended.Keys.Reader;

    public void AddServices(IHostApplicationBuilder builder)
    {
        builder.Logging.AddProvider(new LogLines(_log));
        builder.Logging.AddFilter<LogLines>(null, LogLevel.Trace);
        builder.Services.AddSingleton<INodeDetails>(new Details());
        builder.Services.AddSingleton(_ended);
    }

    public IEnumerable<BusEndpoint> Endpoints(NodeIdentity node) =>
        [BusEndpoint.OfNode("tests.gateway", typeof(EndedListener)), BusEndpoint.Shared("tests.presence", typeof(Presence))];

    public void Map(IEndpointRouteBuilder routes)
    {
    }

    private sealed class Details : INodeDetails
    {
        public int? Connections => 0;

        public string? Url => GatewayUrl;
    }
}

public sealed class EndedSessions
{
    public Channel<long> Keys { get; } = Channel.CreateUnbounded<long>();
}

public sealed class EndedListener(EndedSessions ended) : IConsumer<SessionEnded>
{
    public async Task Consume(ConsumeContext<SessionEnded> context)
    {
        foreach (var key in context.Message.SessionKeys) await ended.Keys.Writer.WriteAsync(key);
    }
}

public sealed class Presence : IConsumer<GetPresence>
{
    public Task Consume(ConsumeContext<GetPresence> context) =>
        context.RespondAsync(new PresenceListed([.. context.Message.UserIds.Select(user => new PresenceState(user, "online", null))]));
}

public sealed class LogLines(ConcurrentQueue<string> lines) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, lines);

    public void Dispose()
    {
    }

    private sealed class Logger(string category, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            lines.Enqueue($"{category} scope {state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel} {category} {formatter(state, exception)} {exception}");
    }
}
