using System.Data.Common;
using Im.Contracts.Messages;
using Im.Hosting.Storage;
using MassTransit;

namespace Im.Hosting.Bus;

/// <summary>
/// A consumer whose storage is away answers <c>unavailable</c> at once, instead of a fault with a stack in the log for every request: that it is away
/// has been said already, see <see cref="Health.Dependencies"/>. Faults that waiting does not heal pass through.
/// </summary>
/// <remarks>It sits right around the consumer: further out the bus has reported the fault before a filter sees it.</remarks>
internal sealed class StorageFaults(StorageState storage) : IConsumerConfigurationObserver
{
    public void ConsumerConfigured<TConsumer>(IConsumerConfigurator<TConsumer> configurator)
        where TConsumer : class => configurator.UseFilter(new Filter<TConsumer>(storage));

    /// <summary>One filter for all messages of the consumer is enough.</summary>
    public void ConsumerMessageConfigured<TConsumer, TMessage>(IConsumerMessageConfigurator<TConsumer, TMessage> configurator)
        where TConsumer : class
        where TMessage : class
    {
    }

    private sealed class Filter<TConsumer>(StorageState storage) : IFilter<ConsumerConsumeContext<TConsumer>>
        where TConsumer : class
    {
        private static readonly Refused Unavailable = new("unavailable", "the storage does not answer; try again", 1000);

        public async Task Send(ConsumerConsumeContext<TConsumer> context, IPipe<ConsumerConsumeContext<TConsumer>> next)
        {
            if (!storage.Ready.IsCompletedSuccessfully)
            {
                await RefuseAsync(context);
                return;
            }

            try
            {
                await next.Send(context);
            }
            catch (DbException fault) when (fault.IsTransient)
            {
                await RefuseAsync(context);
            }
        }

        public void Probe(ProbeContext context) => context.CreateFilterScope("storageFaults");

        /// <summary>Events have nobody who waits for an answer.</summary>
        private static Task RefuseAsync(ConsumeContext context) => context.ResponseAddress is null ? Task.CompletedTask : context.RespondAsync(Unavailable);
    }
}
