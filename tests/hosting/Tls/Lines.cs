using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Im.Hosting.Tests.Tls;

/// <summary>Everything that is logged.</summary>
internal sealed class Lines : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _all = new();

    public IReadOnlyList<string> All => [.. _all];

    /// <summary>What is said of certificates, of this server.</summary>
    public IReadOnlyList<string> Refusals(string server) => [.. _all.Where(line => line.StartsWith($"{server} is not talked to", StringComparison.Ordinal))];

    public ILogger CreateLogger(string categoryName) => new Writer(_all);

    public void Dispose()
    {
        // The lines are read after the host.
    }

    private sealed class Writer(ConcurrentQueue<string> all) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            all.Enqueue($"{formatter(state, exception)} {exception}");
    }
}
