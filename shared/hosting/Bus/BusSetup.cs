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
                var broker = BrokerAddress.Parse(address)!;
                bus.UsingRabbitMq((context, rabbit) =>
                {
                    rabbit.Host(broker.Nodes[0], host =>
                    {
                        host.RequestedConnectionTimeout(TimeSpan.FromSeconds(3));
                        host.OnRefreshConnectionFactory = factory =>
                        {
                            broker.Direct(factory, context.GetRequiredService<ServerTrust>());
                            return WhenBrokerAnswersAsync(context);
                        };
                    });
                    rabbit.ConfigureSend(send => send.UseSendExecute(message => message.Durable = false));
                    rabbit.ConfigurePublish(publish => publish.UseExecute(message => message.Durable = false));
                    foreach (var endpoint in endpoints)
                    {
                        rabbit.ReceiveEndpoint(endpoint.Queue, receive =>
                        {
                            Place(receive, endpoint, options);
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

    /// <summary>
    /// On a cluster a durable queue is away as long as its node is, and with it every login; a replicated one would write passwords to three disks. One that is not durable
    /// is gone with its node, and whoever reads it declares it anew on another: where the broker keeps its metadata in Mnesia. With Khepri (new clusters of RabbitMQ 4.2 and
    /// later) it is kept, and away, until its node is back or removed (rabbitmq-server#14573).
    /// </summary>
    private static void Place(IRabbitMqReceiveEndpointConfigurator receive, BusEndpoint endpoint, ImOptions options)
    {
        receive.Durable = !endpoint.Temporary && !options.QuorumQueues;
        receive.AutoDelete = endpoint.Temporary;
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
