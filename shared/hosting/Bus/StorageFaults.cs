using System.Data.Common;
using Im.Contracts.Messages;
using Im.Hosting.Storage;
using MassTransit;

namespace Im.Hosting.Bus;

/// <summary>
/// A consumer whose storage is away answers <c>unavailable</c> at once, instead of a fault with a stack in the log for every request: that it is away
/// has been said already, see <see cref="Health.Dependencies"/>. Faults that waiting does not heal pass through.
/// </summary>
internal sealed class StorageFaults<T>(StorageState storage) : IFilter<ConsumeContext<T>>
    where T : class
{
    private static readonly Refused Unavailable = new("unavailable", "the storage does not answer; try again", 1000);

    public async Task Send(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next)
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
    private static Task RefuseAsync(ConsumeContext<T> context) => context.ResponseAddress is null ? Task.CompletedTask : context.RespondAsync(Unavailable);
}
