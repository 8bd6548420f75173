using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;
using Im.Contracts;
using Im.Contracts.Lanes;
using Im.Gateway.Inbound;
using Im.Gateway.Tests.Presence;
using Im.Hosting;
using Im.Hosting.Lanes;

namespace Im.Gateway.Tests.Inbound;

/// <summary>A gateway of which the test is the message service: it reads the queues of all shards, and answers when it wants to.</summary>
public sealed class SubmitterTests : IAsyncLifetime
{
    private const int Hot = 2_000;

    private readonly Channel<(int Queue, IReadOnlyList<Submission> Sends)> _batches = Channel.CreateUnbounded<(int, IReadOnlyList<Submission>)>();
    private readonly List<IShardReader> _readers = [];
    private GatewayHost _host = null!;
    private ClientWebSocket _client = null!;
    private long _ann;

    /// <summary>Some of a user's peers, so that the first two conversations are of different shards, neither of which is the lowest.</summary>
    private long[] _peers = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private int Shards => _host.Get<SubmitLanes>().Shards;

    public async ValueTask InitializeAsync()
    {
        _host = await GatewayHost.StartAsync();
        var users = await _host.UsersAsync([.. Enumerable.Range(0, 40).Select(nr => $"user{nr}")]);
        _ann = users[0];
        _peers = [.. users.Skip(1).Where(peer => ShardOf(peer) > 0).DistinctBy(ShardOf).Take(2)];
        _client = await _host.OpenAsync(_ann);
        foreach (var shard in Enumerable.Range(0, Shards)) _readers.Add(await _host.Get<IMessageLanes>().ReadShardAsync(shard, TakeAsync, Cancel));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var reader in _readers) await reader.DisposeAsync();
        _client.Abort();
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task All_shards_of_a_message_service_take_one_queue()
    {
        await FollowAsync(_ => 0, ("one", All));
        await SendAsync(_peers[0], "a");
        Assert.Equal((0, "a"), await NextAsync());
        await AnswerAsync(_peers[0], "a", 1);
        await SendAsync(_peers[1], "b");
        Assert.Equal((0, "b"), await NextAsync());
    }

    [Fact]
    public async Task A_send_does_not_take_another_queue_while_one_before_it_is_not_answered()
    {
        await SendFirstAsync();

        var moved = ShardOf(_peers[0]);
        Follow(("one", AllBut(moved)), ("two", $"{moved}"));
        await SendAsync(_peers[0], "second");
        // After half a second without an answer the lane goes on, but for what is to leave it; and the other lane, which is free, would not wait for the second half.
        foreach (var marker in new[] { "marker", "another" })
        {
            await SendAsync(_peers[1], marker);
            Assert.Equal((0, marker), await NextAsync());
        }

        await AnswerAsync(_peers[0], "first", 1);
        // As each look at the board does, once a second.
        await FollowAsync(shard => shard == moved ? moved : 0, ("one", AllBut(moved)), ("two", $"{moved}"));
        Assert.Equal((moved, "second"), await NextAsync());
    }

    [Fact]
    public async Task What_waits_to_move_goes_on_where_it_is_when_the_board_changes_its_mind()
    {
        await SendFirstAsync();
        var moved = ShardOf(_peers[0]);
        Follow(("one", AllBut(moved)), ("two", $"{moved}"));
        await SendAsync(_peers[0], "second");
        await SendAsync(_peers[1], "marker");
        Assert.Equal((0, "marker"), await NextAsync());

        Follow(("one", All));
        Assert.Equal((0, "second"), await NextAsync());
    }

    [Theory]
    [InlineData(4)]
    [InlineData(16 * 1024)]
    public async Task A_conversation_that_is_written_into_by_many_leaves_room_for_the_others(int size)
    {
        await SendFirstAsync();
        for (var nr = 0; nr < Hot; nr++) Submit(_peers[0], $"hot{nr}", came: nr + 1, size);
        Submit(_peers[1], "cold", came: Hot + 1, size);

        var before = new List<string>();
        while (!before.Contains("cold")) before.AddRange((await NextBatchAsync()).Select(send => send.ClientId));

        before.Remove("cold");
        Assert.True(before.Count < Hot, "all that came before it went before it");
        Assert.Equal(Enumerable.Range(0, before.Count).Select(nr => $"hot{nr}"), before);
    }

    [Fact]
    public async Task What_came_first_goes_first_whatever_its_shard()
    {
        await SendFirstAsync();
        for (var nr = 0; nr < 10; nr++) Submit(_peers[nr % 3 == 0 ? 0 : 1], $"{nr}", came: nr + 1, size: 4);
        await AnswerAsync(_peers[0], "first", 1);
        var sends = new List<string>();
        while (sends.Count < 10) sends.AddRange((await NextBatchAsync()).Select(send => send.ClientId));
        Assert.Equal(Enumerable.Range(0, 10).Select(nr => $"{nr}"), sends);
    }

    /// <summary>All shards have one lane, and a send on it that is not answered.</summary>
    private async Task SendFirstAsync()
    {
        await FollowAsync(_ => 0, ("one", All));
        await SendAsync(_peers[0], "first");
        Assert.Equal((0, "first"), await NextAsync());
    }

    private string AllBut(int one) => string.Join(',', Enumerable.Range(0, Shards).Where(shard => shard != one));

    private string All => string.Join(',', Enumerable.Range(0, Shards));

    private int ShardOf(long peer) => ConversationId.Direct(_ann, peer).Shard(Shards);

    private ValueTask TakeAsync(IShardReader reader, LaneBatch batch) =>
        _batches.Writer.WriteAsync((reader.Shard, LaneFormat.ReadBatch(batch.Body.ToArray()).Submissions), Cancel);

    private void Follow(params (string Boot, string? Shards)[] owners) => _host.Get<Submitter>().Follow(owners);

    /// <summary>Returns when each shard has the lane that it should.</summary>
    private async Task FollowAsync(Func<int, int> laneOf, params (string Boot, string? Shards)[] owners)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        do Follow(owners);
        while (Enumerable.Range(0, Shards).Any(shard => _host.Get<SubmitLanes>().LaneOf(shard) != laneOf(shard)) && await timer.WaitForNextTickAsync(Cancel));
    }

    private Task SendAsync(long to, string id) => _client.SendAsync(
        Encoding.UTF8.GetBytes($$"""{"t":"send","id":"{{id}}","to":{"user":"{{to}}"},"body":"text"}"""), WebSocketMessageType.Text, true, Cancel);

    /// <summary>As the connection does it once it has read a frame.</summary>
    /// <param name="came">What came first has the lowest.</param>
    private void Submit(long to, string id, long came, int size)
    {
        var connection = _host.ConnectionOf(_ann);
        var submission = new Submission(SubmissionKind.Send, connection.Number, _ann, id, ConversationId.Direct(_ann, to), true, new byte[size]);
        Assert.True(_host.Get<Submitter>().TrySubmit(connection, submission, came));
    }

    private async Task<IReadOnlyList<Submission>> NextBatchAsync() =>
        (await _batches.Reader.ReadAsync(Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancel)).Sends;

    /// <summary>The next batch, of one send.</summary>
    private async Task<(int Queue, string Id)> NextAsync()
    {
        var (queue, sends) = await _batches.Reader.ReadAsync(Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        return (queue, Assert.Single(sends).ClientId);
    }

    private async Task AnswerAsync(long peer, string id, long seq)
    {
        var origin = _host.ConnectionOf(_ann).Number;
        var bytes = new ArrayBufferWriter<byte>();
        LaneFormat.Write(bytes, Envelope.Empty with { Deliveries = [new Delivery(ConversationId.Direct(_ann, peer), seq, _ann, id, null, "text"u8.ToArray(), 0, origin, [])] });
        Assert.Equal(HandOver.Taken, await _host.Get<IMessageLanes>().DeliverAsync(_host.Get<NodeIdentity>().Boot, bytes.WrittenMemory, Cancel));
    }
}
