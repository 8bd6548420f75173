using Im.Contracts.Messages;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Im.Hosting.Bus;

/// <summary>An answer of a service, or why there is none.</summary>
public readonly record struct CallResult<T>(T? Answer, Refused? Refused)
    where T : class
{
    public bool IsOk => Answer is not null;
}

/// <summary>
/// Asks another service and waits for its answer, at most 5 s: a password check may queue for some of that. Whatever goes wrong on the way comes back
/// as <c>unavailable</c>; nothing is thrown but cancellation.
/// </summary>
public sealed partial class BusCalls(IServiceScopeFactory scopes, IBus bus, ILogger<BusCalls> log)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly Refused Unavailable = new("unavailable", "the service did not answer; try again", 1000);

    public async Task<CallResult<TAnswer>> AskAsync<TRequest, TAnswer>(TRequest request, CancellationToken cancel)
        where TRequest : class
        where TAnswer : class
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var client = scope.ServiceProvider.GetRequiredService<IClientFactory>().CreateRequestClient<TRequest>(Limit);
            // A request without a token can hang for good when the broker pauses, hence WaitAsync besides the client's own limit.
            var response = await client.GetResponse<TAnswer, Refused>(request, cancel).WaitAsync(Limit + TimeSpan.FromSeconds(1), cancel);
            if (response.Is(out Response<TAnswer>? answer)) return new(answer.Message, null);
            return new(null, response.Is(out Response<Refused>? refused) ? refused.Message : Unavailable);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            LogNoAnswer(typeof(TRequest).Name, fault.GetType().Name);
            return new(null, Unavailable);
        }
    }

    /// <summary>Publishes an event; gives up after 3 s. True when the broker has it.</summary>
    /// <param name="lifetime">The broker drops what nobody took within this; null keeps it.</param>
    public async Task<bool> TryPublishAsync<T>(T message, CancellationToken cancel, TimeSpan? lifetime = null)
        where T : class
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limited.CancelAfter(TimeSpan.FromSeconds(3));
        try
        {
            await bus.Publish(message, context => context.TimeToLive = lifetime, limited.Token).WaitAsync(TimeSpan.FromSeconds(3), cancel);
            return true;
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            LogNotPublished(typeof(T).Name, fault.GetType().Name);
            return false;
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "no answer to {Request}: {Fault}")]
    private partial void LogNoAnswer(string request, string fault);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "could not publish {Message}: {Fault}")]
    private partial void LogNotPublished(string message, string fault);
}
