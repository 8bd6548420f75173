using Im.Contracts.Lanes;
using Im.Hosting;
using Im.Hosting.Health;
using Im.Hosting.Nodes;
using Im.Hosting.Routes;
using Im.Message.Commit;
using Im.Message.Delivery;
using Im.Message.Log;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Im.Message.Tests.Commit;

/// <summary>A writer between a log, a lane and a dispatcher that a test has in its hands.</summary>
public abstract class GroupCommitTest : IAsyncLifetime
{
    private readonly List<Answer> _answers = [];
    private GroupCommit? _writer;
    private Dispatcher? _dispatcher;

    protected LogDouble Log { get; } = new();

    protected LanesDouble Lanes { get; } = new();

    protected ReaderDouble Reader { get; } = new();

    protected Dependencies Dependencies { get; } = new(NullLogger<Dependencies>.Instance);

    protected NodeLedger Ledger { get; } = new();

    protected GroupCommit Writer => _writer!;

    protected Dispatcher Dispatcher => _dispatcher!;

    /// <summary>Of the last batch that was handed in.</summary>
    protected ulong LastTag { get; private set; }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_writer is not null && _dispatcher is not null)
        {
            await _writer.StopAsync(CancellationToken.None);
            await _dispatcher.StopAsync(CancellationToken.None);
            _writer.Dispose();
            _dispatcher.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    protected async Task StartAsync(MessageOptions? options = null)
    {
        var time = new ImpatientTime();
        _dispatcher = new Dispatcher(Lanes, new MemoryRouteTable(time), Unheard.Metrics, time, NullLogger<Dispatcher>.Instance);
        _writer = new GroupCommit(
            Log, _dispatcher, Options.Create(options ?? new MessageOptions()), Options.Create(new ImOptions()), Dependencies, Unheard.Metrics, Ledger, time, NullLogger<GroupCommit>.Instance);
        await _dispatcher.StartAsync(Cancel);
        await _writer.StartAsync(Cancel);
    }

    protected TaskCompletionSource CloseGate()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Log.Gate = gate.Task;
        return gate;
    }

    protected Task EnqueueAsync(params Pending[] items) => EnqueueAsync(redelivered: false, items);

    protected Task EnqueueAsync(bool redelivered, params Pending[] items) =>
        Writer.EnqueueAsync(new PendingBatch(Reader, ++LastTag, redelivered, items, 100 * items.Length, 0), Cancel).AsTask();

    /// <summary>Answers without a new message, in the order in which they were handed over.</summary>
    protected List<(string Id, long Seq, string? Code)> AnswersSoFar()
    {
        while (Lanes.HandedOver.TryRead(out var handedOver)) _answers.AddRange(handedOver.Envelope.Answers);
        return _answers.ConvertAll(answer => (answer.ClientId, answer.Seq, answer.Code));
    }

    protected static LogRow RowOf(Pending pending, long seq) => new(
        pending.Submission.Conversation, seq, pending.Submission.Sender, pending.Submission.ClientId, pending.Key.ClientKey, pending.Submission.Type, pending.Submission.Body, 1);
}
