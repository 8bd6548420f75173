using System.Data.Common;
using System.Net.Sockets;
using System.Threading.Channels;
using Im.Contracts;
using Im.Contracts.Messages;
using Im.Gateway.Connections;
using Im.Protocol;
using MassTransit;

namespace Im.Gateway.Contacts;

/// <summary>
/// Tells the connections of this gateway that a contact changed. Events of two changes may come in either order, so an event says only that there is
/// something to tell; what is told is read now, and one after the other: the last frame is the truth.
/// </summary>
public sealed partial class ContactNews(ConnectionRegistry registry, ContactReader contacts, ILogger<ContactNews> log) : BackgroundService, IConsumer<ContactChanged>
{
    /// <summary>Changes that wait to be told; beyond it a client sees them when it asks for its list.</summary>
    private const int MaxWaiting = 10_000;

    private readonly Channel<ContactChanged> _changes =
        Channel.CreateBounded<ContactChanged>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public int Waiting => _changes.Reader.Count;

    public Task Consume(ConsumeContext<ContactChanged> context)
    {
        if (!registry.OfUser(context.Message.UserId).IsEmpty) _changes.Writer.TryWrite(context.Message);
        return Task.CompletedTask;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var change in _changes.Reader.ReadAllAsync(stoppingToken))
        {
            var frame = new ServerFrame.ContactChanged(Ids.Text(change.Other), await StateAsync(change, stoppingToken));
            foreach (var connection in registry.OfUser(change.UserId)) connection.Send(frame);
        }
    }

    /// <summary>While the storage does not answer, what the event says is the best that is known.</summary>
    private async Task<string> StateAsync(ContactChanged change, CancellationToken cancel)
    {
        try
        {
            return await contacts.StateAsync(change.UserId, change.Other, cancel);
        }
        catch (Exception fault) when (fault is DbException or TimeoutException or SocketException)
        {
            LogNotRead(fault.Message);
            return change.State;
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Debug, Message = "a changed contact is told as the event has it: {Reason}")]
    private partial void LogNotRead(string reason);
}
