using System.Threading.Channels;
using Im.Hosting.Bus;
using Microsoft.Extensions.Logging;

namespace Im.Hosting.Tests.Bus;

public sealed class BrokerHeartbeatTests
{
    [Fact]
    public async Task The_process_lives_on_when_the_heartbeat_timer_of_the_client_closes_what_is_closed()
    {
        var log = new Told();
        BrokerHeartbeat.Guard(log);
        RabbitMQ.Client.Framing.Connection.HeartbeatReadTimerCallback(null);
        // Without the guard this process ends here, and with it the run.
        Assert.Equal("a connection to the broker missed its heartbeat while it broke; it is closed", await log.First.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Nothing_else_is_kept_from_ending_the_process()
    {
        Assert.False(BrokerHeartbeat.IsClosedTwice(new ChannelClosedException()));
        Assert.False(BrokerHeartbeat.IsClosedTwice(Assert.Throws<ChannelClosedException>(RabbitMQ.Client.Framing.Connection.CloseTwice)));
        Assert.False(BrokerHeartbeat.IsClosedTwice(new InvalidOperationException("RabbitMQ.Client.Framing.Connection.HeartbeatReadTimerCallback")));
    }

    private sealed class Told : ILogger
    {
        public TaskCompletionSource<string> First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            First.TrySetResult(formatter(state, exception));
    }
}
