using System.Threading.Channels;
using Im.Contracts;
using Im.Message.Commit;
using Im.Message.Cursors;
using Im.Message.Log;
using static Im.Message.Tests.Asked;

namespace Im.Message.Tests.Commit;

public enum Fault
{
    None,
    BeforeStoring,
    AfterStoring,
    Taken,
    WhileReading,
}

/// <summary>A log in memory with the keys of the real one, which fails when it is told to.</summary>
public sealed class LogDouble : IMessageLog
{
    private readonly Dictionary<(ConversationId, long), LogRow> _places = [];
    private readonly Dictionary<SendKey, LogRow> _ids = [];
    private readonly Dictionary<ConversationId, PairBlocks> _blocks = [];
    private readonly Dictionary<int, long> _revisions = [];
    private readonly Channel<int> _appending = Channel.CreateUnbounded<int>();

    /// <summary>Asked before each append and each read of states: what goes wrong this time.</summary>
    public Func<Fault> Next { get; set; } = () => Fault.None;

    /// <summary>Rows that the database will never take.</summary>
    public Func<LogRow, bool> IsPoison { get; set; } = _ => false;

    /// <summary>Appends wait here; closed by a test that looks at what happens meanwhile.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Sizes of the plans, each before its append waits at the gate.</summary>
    public ChannelReader<int> Appending => _appending.Reader;

    public List<LogRow> Rows { get; } = [];

    public Dictionary<ConversationId, MemberList> Audiences { get; } = [];

    public int Finds { get; private set; }

    public int Loads { get; private set; }

    /// <summary>As another process does that orders the same shard.</summary>
    public void StoreFromElsewhere(LogRow row)
    {
        Rows.Add(row);
        _places[(row.Conversation, row.Seq)] = row;
        _ids[new SendKey(row.Sender, row.ClientKey)] = row;
    }

    public void BlockFromElsewhere(ConversationId conversation, PairBlocks blocks)
    {
        _blocks[conversation] = blocks;
        var shard = conversation.Shard(World.Shards);
        _revisions[shard] = _revisions.GetValueOrDefault(shard) + 1;
    }

    public Task<LoadedStates> LoadAsync(IReadOnlyCollection<ConversationId> conversations, IReadOnlyCollection<int> shards, CancellationToken cancel)
    {
        Loads++;
        if (Next() == Fault.WhileReading) throw new TimeoutException("the test's log does not answer");
        return Task.FromResult(new LoadedStates(
            [
                .. conversations.Select(id => ConversationState.New(id) with
                {
                    Head = Rows.Where(row => row.Conversation == id).Select(row => row.Seq).DefaultIfEmpty().Max(),
                    Blocks = _blocks.GetValueOrDefault(id),
                }),
            ],
            shards.ToDictionary(shard => shard, shard => _revisions.GetValueOrDefault(shard))));
    }

    public Task<IReadOnlyDictionary<long, int>> CountBlocksAsync(IReadOnlyCollection<long> users, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyDictionary<long, int>>(users.ToDictionary(user => user, _ => 0));

    public Task<IReadOnlyCollection<long>> ExistingUsersAsync(IReadOnlyCollection<long> users, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyCollection<long>>([.. users.Where(user => user != Nobody)]);

    public Task<IReadOnlyDictionary<SendKey, Placed>> FindAsync(IReadOnlyCollection<SendKey> keys, CancellationToken cancel)
    {
        Finds++;
        return Task.FromResult<IReadOnlyDictionary<SendKey, Placed>>(keys.Where(_ids.ContainsKey).ToDictionary(key => key, key => PlacedOf(_ids[key])));
    }

    public async Task<bool> AppendAsync(CommitPlan plan, CancellationToken cancel)
    {
        await _appending.Writer.WriteAsync(plan.Rows.Count, cancel);
        await Gate.WaitAsync(cancel);
        var fault = Next();
        if (fault == Fault.BeforeStoring) throw new TimeoutException("the test's log does not answer");
        if (fault == Fault.Taken) return false;
        if (plan.Rows.Exists(row => IsPoison(row))) throw new UnstorableException("the test's log refuses a value", new InvalidOperationException());
        if (plan.Rows.Exists(row => _places.ContainsKey((row.Conversation, row.Seq)) || _ids.ContainsKey(new SendKey(row.Sender, row.ClientKey)))) return false;
        if (plan.Revisions.Any(one => _revisions.GetValueOrDefault(one.Key) != one.Value)) return false;
        foreach (var row in plan.Rows) StoreFromElsewhere(row);
        foreach (var change in plan.BlockChanges) _blocks[change.Conversation] = plan.After.Single(state => state.Id == change.Conversation).Blocks;
        foreach (var shard in plan.Raised) _revisions[shard] = plan.Revisions[shard] + 1;
        if (fault == Fault.AfterStoring) throw new TimeoutException("the answer of the test's log is lost");
        return true;
    }

    public Task<IReadOnlyList<MarkMoved>> MoveCursorsAsync(CursorMoves moves, CancellationToken cancel) => throw new NotSupportedException();

    public Task<IReadOnlyDictionary<ConversationId, MemberList>> AudiencesAsync(
        IReadOnlyCollection<ConversationId> conversations, int limit, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyDictionary<ConversationId, MemberList>>(Audiences);

    private static Placed PlacedOf(LogRow row) => new(row.Conversation, row.Seq, row.Time, ContentPrint.OfStored(row.Type, row.Body.Span));
}
