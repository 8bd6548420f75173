using Im.Contracts.Lanes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Im.Hosting.Lanes;

/// <summary>Somebody on this node who waits for what commits have for it.</summary>
public interface IEnvelopeHandler
{
    /// <summary>Takes what is meant for it and returns soon: the next envelope waits.</summary>
    void Handle(Envelope envelope);
}

/// <summary>Reads this node's lane and shows each envelope to all handlers, in order and one at a time.</summary>
public sealed partial class NodeInbox(IMessageLanes lanes, NodeIdentity self, IEnumerable<IEnvelopeHandler> handlers, ILogger<NodeInbox> log)
    : IHostedService
{
    private readonly IEnvelopeHandler[] _handlers = [.. handlers];

    /// <summary>When the broker's connection breaks, the old one may still be working off what it had fetched while the new one begins.</summary>
    private readonly Lock _oneAtATime = new();
    private IAsyncDisposable? _reader;

    public async Task StartAsync(CancellationToken cancellationToken) =>
        _reader = await lanes.ReadNodeAsync(self.Boot, OnEnvelopeAsync, cancellationToken);

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_reader is not null) await _reader.DisposeAsync();
    }

    private ValueTask OnEnvelopeAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var envelope = LaneFormat.ReadEnvelope(bytes);
            lock (_oneAtATime)
                foreach (var handler in _handlers) handler.Handle(envelope);
        }
        catch (InvalidDataException fault)
        {
            // Only a hint is lost: what it told of is in the log, and reconciliation finds it.
            LogUnreadable(bytes.Length, fault.Message);
        }

        return ValueTask.CompletedTask;
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "an envelope of {Bytes} bytes is not readable and dropped: {Reason}")]
    private partial void LogUnreadable(int bytes, string reason);
}
