using System.Threading.Channels;
using Im.Hosting.Bus;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Im.Gateway.Tests.Reports;

/// <summary>A bus inside the process that keeps what is published, and holds it up or refuses it when told to.</summary>
public sealed class ReportBus<T> : IAsyncDisposable
    where T : class
{
    private readonly Channel<T> _published = Channel.CreateUnbounded<T>();
    private readonly Channel<bool> _tried = Channel.CreateUnbounded<bool>();
    private ServiceProvider? _provider;

    /// <summary>Runs before a publish counts; may wait and may throw.</summary>
    public Func<CancellationToken, Task> BeforePublish { get; set; } = _ => Task.CompletedTask;

    /// <summary>What is answered to a request; null leaves it without one.</summary>
    public Func<T, object?> Answer { get; set; } = _ => null;

    public BusCalls Calls => _provider!.GetRequiredService<BusCalls>();

    public async Task StartAsync()
    {
        var services = new ServiceCollection();
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton<BusCalls>();
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.UsingInMemory((_, memory) =>
            {
                memory.ConfigurePublish(publish => publish.UseExecuteAsync(async context =>
                {
                    // Taken before the test hears of it, which may then ask for something else of the next one.
                    var before = BeforePublish;
                    _tried.Writer.TryWrite(true);
                    await before(context.CancellationToken);
                }));
                memory.ReceiveEndpoint("reports", receive => receive.Handler<T>(async context =>
                {
                    var answer = Answer(context.Message);
                    await _published.Writer.WriteAsync(context.Message);
                    if (answer is not null) await context.RespondAsync(answer);
                }));
            });
        });
        _provider = services.BuildServiceProvider();
        await _provider.GetRequiredService<IBusControl>().StartAsync(TestContext.Current.CancellationToken);
    }

    public Task<T> NextAsync() => _published.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Returns when one more publish was tried, whatever came of it.</summary>
    public Task TriedAsync() => _tried.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public async ValueTask DisposeAsync()
    {
        if (_provider is null) return;
        await _provider.GetRequiredService<IBusControl>().StopAsync(CancellationToken.None);
        await _provider.DisposeAsync();
    }
}
