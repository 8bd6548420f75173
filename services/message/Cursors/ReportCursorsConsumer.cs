using Im.Contracts.Messages;
using Im.Message.Hints;
using Im.Message.Log;
using MassTransit;

namespace Im.Message.Cursors;

/// <summary>
/// Stores what devices acknowledged, and only then tells of it. The gateway is answered once it is stored and reports again what was not: a mark outlives a
/// database that is away.
/// </summary>
public sealed class ReportCursorsConsumer(IMessageLog messages, HintSender hints) : IConsumer<ReportCursors>
{
    public async Task Consume(ConsumeContext<ReportCursors> context)
    {
        var moved = await messages.MoveCursorsAsync(CursorMoves.Of(context.Message.Cursors), context.CancellationToken);
        if (context.ResponseAddress is not null) await context.RespondAsync(new CursorsStored());
        hints.Tell(HintPlan.ReceiptsOf(moved));
    }
}
