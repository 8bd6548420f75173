using Im.Contracts.Messages;
using Im.Message.Log;
using MassTransit;

namespace Im.Message.Cursors;

/// <summary>Stores what devices acknowledged. A report that is lost costs repeats on the wire, never a message.</summary>
public sealed class ReportCursorsConsumer(IMessageLog messages) : IConsumer<ReportCursors>
{
    public Task Consume(ConsumeContext<ReportCursors> context) => messages.MoveCursorsAsync([.. context.Message.Cursors], context.CancellationToken);
}
