using System.Security.Authentication;
using Im.Hosting.Health;
using Im.Hosting.Storage;
using Im.Hosting.Tls;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Im.Hosting.Bus;

/// <summary>
/// MassTransit for requests and events, over RabbitMQ or inside the process by configuration alone. The message path does not run here, see Lanes.
/// </summary>
/// <remarks>
/// Requests are not durable and faulted ones are discarded, not parked: they carry passwords, and nobody waits for one any more once it failed.
/// </remarks>
internal static class BusSetup
{
    public static void AddImBus(this IServiceCollection services, ImOptions options, IReadOnlyList<BusEndpoint> endpoints)
    {
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            foreach (var consumer in endpoints.SelectMany(endpoint => endpoint.Consumers).Distinct()) bus.AddConsumer(consumer);
            if (options.Bus is { Length: > 0 } address)
            {
                bus.UsingRabbitMq((context, rabbit) =>
                {
                    rabbit.Host(new Uri(address), host =>
                    {
                        host.RequestedConnectionTimeout(TimeSpan.FromSeconds(3));
                        host.OnRefreshConnectionFactory = _ => WhenBrokerAnswersAsync(context);
                        if (options.IsBusOverTls) host.UseSsl(tls => Check(tls, new Uri(address), context.GetRequiredService<ServerTrust>()));
                    });
                    rabbit.ConfigureSend(send => send.UseSendExecute(message => message.Durable = false));
                    rabbit.ConfigurePublish(publish => publish.UseExecute(message => message.Durable = false));
                    foreach (var endpoint in endpoints)
                    {
                        rabbit.ReceiveEndpoint(endpoint.Queue, receive =>
                        {
                            if (endpoint.Temporary)
                            {
                                receive.Durable = false;
                                receive.AutoDelete = true;
                            }

                            Read(receive, endpoint, context);
                        });
                    }
                });
            }
            else
            {
                bus.UsingInMemory((context, memory) =>
                {
                    foreach (var endpoint in endpoints) memory.ReceiveEndpoint(endpoint.Queue, receive => Read(receive, endpoint, context));
                });
            }
        });

        services.AddHostedService<BusWatch>();
        // The web server and the health pages answer while the broker is still away; BusCalls refuses until the bus is there.
        services.AddOptions<MassTransitHostOptions>().Configure(host =>
        {
            host.WaitUntilStarted = false;
            host.StopTimeout = TimeSpan.FromSeconds(5);
        });
    }

    /// <summary>
    /// More requests at once than the bounded queues behind the consumers hold (20 passwords): it is they that refuse, at once. Were it fewer, a flood would
    /// wait here instead, where nothing bounds it.
    /// </summary>
    private const int AtOnce = 64;

    /// <summary>
    /// Before each attempt to connect. The pauses between failed ones double up to a minute: after an outage of 45 s every service stayed deaf for 20 s and more (seen).
    /// So none fails while the broker is away: the attempt waits until the lanes, which try twice a second, have found it.
    /// </summary>
    private static async Task WhenBrokerAnswersAsync(IServiceProvider services)
    {
        var dependencies = services.GetRequiredService<Dependencies>();
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), services.GetRequiredService<TimeProvider>());
        while (!dependencies.IsUp(Dependency.Broker)) await timer.WaitForNextTickAsync(stopping);
    }

    /// <summary>By itself it takes any chain, and for an address of another port than 5671 it would not encrypt.</summary>
    private static void Check(IRabbitMqSslConfigurator tls, Uri address, ServerTrust trust)
    {
        tls.ServerName = address.IdnHost;
        tls.Protocol = SslProtocols.None;
        tls.CertificateValidationCallback = trust.Of(Dependency.Broker, "Im:Bus");
    }

    private static void Read(IReceiveEndpointConfigurator receive, BusEndpoint endpoint, IRegistrationContext context)
    {
        receive.PrefetchCount = AtOnce;
        receive.DiscardFaultedMessages();
        receive.DiscardSkippedMessages();
        receive.ConnectConsumerConfigurationObserver(new StorageFaults(context.GetRequiredService<StorageState>()));
        foreach (var consumer in endpoint.Consumers) receive.ConfigureConsumer(context, consumer);
    }
}
