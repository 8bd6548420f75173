using System.Diagnostics;
using System.Text;
using Im.Client;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Flow.Tests.Devices;

/// <summary>
/// A device on the bare protocol: it repeats nothing, acknowledges nothing by itself and keeps every frame that it ever got, so that a test can judge
/// the whole stream. Waits are for frames, with a limit; a frame that came before the wait counts.
/// </summary>
public sealed class Device : IAsyncDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Within 45 s a device that stays has everything, also what was lost on its way; the rest is a busy machine's.</summary>
    public static readonly TimeSpan CompleteLimit = TimeSpan.FromSeconds(60);

    private readonly ImConnection _connection;
    private readonly Lock _gate = new();
    private readonly List<ServerFrame> _frames = [];
    private readonly Task _reading;
    private TaskCompletionSource _news = NewSignal();
    private int _lastId;

    private Device(ImConnection connection)
    {
        _connection = connection;
        _reading = Task.Run(ReadAsync);
    }

    public IReadOnlyList<ServerFrame> Frames
    {
        get { lock (_gate) return [.. _frames]; }
    }

    public IEnumerable<ServerFrame.Message> Messages => Frames.OfType<ServerFrame.Message>();

    public string UserId => Frames.OfType<ServerFrame.Welcome>().Single().User;

    /// <summary>Opens the socket and says nothing.</summary>
    public static async Task<Device> OpenAsync(Uri gateway, CancellationToken cancel, FrameFormat? format = null) =>
        new(await ImConnection.OpenAsync(gateway, format ?? FrameFormat.Json, Wire.Shared, cancel));

    /// <summary>Returns at <c>welcome</c>.</summary>
    public static async Task<Device> ConnectAsync(
        Uri gateway, ImSession session, CancellationToken cancel, IReadOnlyDictionary<string, long>? cursors = null, FrameFormat? format = null)
    {
        var device = await OpenAsync(gateway, cancel, format);
        device.Send(new ClientFrame.Hello(session.SessionId, cursors));
        await device.NextAsync<ServerFrame.Welcome>();
        return device;
    }

    /// <summary>How many sends were answered so far.</summary>
    public int Answers { get; private set; }

    public bool IsClosed => _reading.IsCompleted;

    /// <summary>What a closed connection does not take is lost, as on a real one.</summary>
    public void Send(ClientFrame frame) => Assert.True(_connection.TrySend(frame) || IsOver, "the connection takes no more frames");

    public void SendRaw(string message) => SendRaw(Encoding.UTF8.GetBytes(message));

    public void SendRaw(ReadOnlySpan<byte> message) => Assert.True(_connection.TrySendRaw(message) || IsOver, "the connection takes no more frames");

    /// <summary>Waits until another frame has come, or the end, or a moment has passed.</summary>
    public Task NewsAsync()
    {
        lock (_gate) return Task.WhenAny(_news.Task, _reading, Task.Delay(TimeSpan.FromMilliseconds(100)));
    }

    /// <summary>Sends a text and does not wait; answers with its id.</summary>
    public string Post(Target to, string text, string? id = null, string? type = null)
    {
        id ??= $"{Guid.NewGuid():N}-{Interlocked.Increment(ref _lastId)}";
        Send(new ClientFrame.Send(id, to, Encoding.UTF8.GetBytes(text), type));
        return id;
    }

    /// <summary>Sends a text and waits until it is stored.</summary>
    public async Task<ServerFrame.Accepted> SayAsync(Target to, string text, string? id = null)
    {
        var answer = await AnswerAsync(to, text, id);
        return answer as ServerFrame.Accepted ?? throw new InvalidOperationException($"not accepted: {answer}");
    }

    /// <summary>Sends a text and waits until it is refused; answers with the code.</summary>
    public async Task<string> RefusedAsync(Target to, string text, string? id = null)
    {
        var answer = await AnswerAsync(to, text, id);
        return (answer as ServerFrame.Rejected)?.Code ?? throw new InvalidOperationException($"not refused: {answer}");
    }

    /// <summary>Sends a text and waits for the answer to it, whichever it is.</summary>
    public async Task<ServerFrame> AnswerAsync(Target to, string text, string? id = null, TimeSpan? limit = null)
    {
        var seen = Frames.Count;
        id = Post(to, text, id);
        return await NextAsync<ServerFrame>(
            frame => frame is ServerFrame.Accepted accepted && accepted.Id == id || frame is ServerFrame.Rejected rejected && rejected.Id == id, limit, seen);
    }

    public void Ack(string conversation, long seq) => Send(new ClientFrame.Ack(conversation, seq));

    public Task SyncedAsync() => NextAsync<ServerFrame.Synced>(limit: CompleteLimit);

    public Task<ServerFrame.Message> MessageAsync(string text) =>
        NextAsync<ServerFrame.Message>(message => message.Body.Span.SequenceEqual(Encoding.UTF8.GetBytes(text)), CompleteLimit);

    /// <summary>The first frame of the kind, whenever it came.</summary>
    public async Task<T> NextAsync<T>(Func<T, bool>? isIt = null, TimeSpan? limit = null, int after = 0)
        where T : ServerFrame
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            Task news;
            lock (_gate)
            {
                foreach (var frame in _frames.Skip(after))
                    if (frame is T one && isIt?.Invoke(one) != false) return one;
                news = _news.Task;
            }

            if (_reading.IsCompleted) Assert.Fail($"closed with {_connection.CloseCode} before {typeof(T).Name} came; {Told()}");
            var left = (limit ?? Limit) - Stopwatch.GetElapsedTime(since);
            if (left <= TimeSpan.Zero) Assert.Fail($"no such {typeof(T).Name} came in {limit ?? Limit}; {Told()}");
            await Task.WhenAny(news, _reading, Task.Delay(left));
        }
    }

    /// <summary>Waits until the server has closed; answers with the code, null where it broke off without one.</summary>
    public async Task<int?> ClosedAsync(TimeSpan? limit = null)
    {
        await _reading.WaitAsync(limit ?? Limit);
        return _connection.CloseCode;
    }

    /// <summary>Leaves without a word.</summary>
    public void Break() => _connection.Abort();

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _reading;
    }

    private bool IsOver => _connection.CloseCode is not null || _connection.Fault is not null || _reading.IsCompleted;

    private string Told() => $"the last of {Frames.Count} frames: {string.Join(" ", Frames.TakeLast(6))}";

    private async Task ReadAsync()
    {
        var frames = new List<ServerFrame>();
        while (await _connection.ReceiveAsync(frames))
        {
            lock (_gate)
            {
                _frames.AddRange(frames);
                Answers += frames.Count(frame => frame is ServerFrame.Accepted or ServerFrame.Rejected);
                _news.SetResult();
                _news = NewSignal();
            }

            frames.Clear();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
