using System.Buffers;
using System.Diagnostics.Metrics;
using Dapper;
using Im.Contracts;
using Im.Contracts.Lanes;
using Im.Gateway.Outbound;
using Im.Gateway.Tests.Presence;
using Im.Hosting;
using Im.Hosting.Lanes;
using Im.Hosting.Storage;
using Microsoft.Extensions.Hosting;

namespace Im.Gateway.Tests.Outbound;

/// <summary>A gateway whose sweeps the test makes itself, before a message that is stored and whose envelope is lost, or on its way.</summary>
public sealed class ReconcilerTests : IAsyncLifetime
{
    private readonly MeterListener _meters = new();
    private GatewayHost _host = null!;
    private WatchingClient _client = null!;
    private long _user, _peer, _found;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Reconciler Reconciler => _host.Get<IEnumerable<IHostedService>>().OfType<Reconciler>().Single();

    public async ValueTask InitializeAsync()
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "im.reconcile.found") listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref _found, count));
        _host = await GatewayHost.StartAsync();
        _meters.Start();
        var users = await _host.UsersAsync("ann", "bob");
        (_user, _peer) = (users[0], users[1]);
        _client = await _host.ConnectAsync(_user);
        await _client.SyncedAsync();
    }

    [Fact]
    public async Task What_comes_by_its_envelope_within_the_grace_is_not_read_from_the_log()
    {
        await StoreAsync();
        Assert.True(await Reconciler.TrySweepAsync(atOnce: false, Cancel));
        await DeliverAsync();
        Assert.Equal(1, await _client.NextMessageAsync());
        Reconciler.ReadOverdue();
        Assert.Equal(0, Interlocked.Read(ref _found));
    }

    [Fact]
    public async Task What_has_not_come_by_the_end_of_the_grace_is_read_from_the_log()
    {
        await StoreAsync();
        Assert.True(await Reconciler.TrySweepAsync(atOnce: false, Cancel));
        Assert.Equal(0, Interlocked.Read(ref _found));
        Reconciler.ReadOverdue();
        Assert.Equal(1, Interlocked.Read(ref _found));
        Assert.Equal(1, await _client.NextMessageAsync());
    }

    [Fact]
    public async Task After_a_break_it_is_read_at_once_and_the_envelope_that_comes_late_is_dropped()
    {
        await StoreAsync();
        Assert.True(await Reconciler.TrySweepAsync(atOnce: true, Cancel));
        Assert.Equal(1, await _client.NextMessageAsync());
        await DeliverAsync();
        await StoreAsync(seq: 2);
        await DeliverAsync(seq: 2);
        Assert.Equal(2, await _client.NextMessageAsync());
        Assert.Equal(1, Interlocked.Read(ref _found));
    }

    public async ValueTask DisposeAsync()
    {
        _meters.Dispose();
        await _client.DisposeAsync();
        await _host.DisposeAsync();
    }

    private Task<int> StoreAsync(long seq = 1) => _host.Get<Database>().WriteAsync(
        connection => connection.ExecuteAsync(
            """
            INSERT INTO conversations (conversation, kind, created_at) VALUES (@id, 1, 0) ON CONFLICT DO NOTHING;
            INSERT INTO members (conversation, user_id, from_seq, place) VALUES (@id, @_user, 1, 1), (@id, @_peer, 1, 1) ON CONFLICT DO NOTHING;
            INSERT INTO messages (conversation, seq, sender, client_key, client_id, body, time) VALUES (@id, @seq, @_peer, @key, 'one', 'hello', 0);
            """,
            new { id = ConversationId.Direct(_user, _peer), _user, _peer, seq, key = Guid.NewGuid().ToString() }),
        Cancel);

    private async Task DeliverAsync(long seq = 1)
    {
        var delivery = new Delivery(ConversationId.Direct(_user, _peer), seq, _peer, "one", null, "hello"u8.ToArray(), 0, 0, [_user]);
        var bytes = new ArrayBufferWriter<byte>();
        LaneFormat.Write(bytes, Envelope.Empty with { Deliveries = [delivery] });
        Assert.Equal(HandOver.Taken, await _host.Get<IMessageLanes>().DeliverAsync(_host.Get<NodeIdentity>().Boot, bytes.WrittenMemory, Cancel));
    }
}
