using System.Diagnostics;
using System.Net;
using System.Text;
using Im.Bench.Load;
using Im.Bench.Results;

namespace Im.Bench.Xmpp;

/// <summary>
/// One connection of the load to an XMPP server. XMPP answers no message: one is done with, and counts as accepted, when its recipient has it, who is in this process too.
/// It checks that what each other connection sends it comes without gap, repeat and disorder.
/// </summary>
/// <param name="all">The connections of the run; each writes to any other.</param>
/// <param name="heads">What stands before the body of a message to each of them.</param>
internal sealed class XmppClient(int number, IReadOnlyList<XmppClient> all, byte[][] heads, BenchOptions options, Tally tally) : ISender, IAsyncDisposable
{
    /// <summary>
    /// Messages on their way that a connection can have. What more an open loop owes waits in the load tool: XMPP refuses nothing, and what a server that is asked for more
    /// than it can do has taken already would have to be waited for at the end of the run.
    /// </summary>
    public const int MaxOpen = 128;

    private readonly Lock _sending = new();
    private readonly byte[] _body = BodyStamp.NewBody(Math.Max(options.Size, PairStamp.Length));
    private readonly long[] _sent = new long[heads.Length];
    private readonly Place[] _places = [.. heads.Select(_ => new Place([]))];
    private readonly Random _random = new(number);
    private XmppConnection? _connection;
    private Task _receiving = Task.CompletedTask;
    private int _open, _owed;
    private string _lastWord = "";
    private volatile bool _closing, _looping;

    public async Task ConnectAsync(IPEndPoint server, string user, CancellationToken cancel)
    {
        _connection = await XmppConnection.OpenAsync(server, cancel);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(options.Drain));
        await XmppLogin.RunAsync(_connection, user, limit.Token);
        _receiving = Task.Run(() => ReceiveAsync(_connection), CancellationToken.None);
    }

    public void Start()
    {
        _looping = true;
        for (var i = 0; i < options.Window; i++) TrySend(Stopwatch.GetTimestamp());
    }

    public void StopSending() => _looping = false;

    public bool TrySend(long due)
    {
        lock (_sending)
        {
            if (_connection is null || Volatile.Read(ref _open) >= MaxOpen) return false;
            var to = (number + 1 + _random.Next(heads.Length - 1)) % heads.Length;
            PairStamp.Write(_body, due, number, _sent[to] + 1);
            // Before it is sent: the recipient may be faster than we are.
            tally.CountSent(1, due);
            Interlocked.Increment(ref _open);
            if (_connection.TrySend(heads[to], _body, "</body></message>"u8))
            {
                _sent[to]++;
                return true;
            }

            Interlocked.Decrement(ref _open);
            tally.CountUnsent(due);
            return false;
        }
    }

    /// <summary>Messages that had no room when they were due.</summary>
    public void Tick()
    {
        for (var owed = Interlocked.Exchange(ref _owed, 0); owed > 0 && _looping; owed--)
            if (!TrySend(Stopwatch.GetTimestamp())) Interlocked.Increment(ref _owed);
    }

    public async ValueTask DisposeAsync()
    {
        _closing = true;
        if (_connection is null) return;
        await _connection.DisposeAsync();
        await _receiving;
    }

    private async Task ReceiveAsync(XmppConnection connection)
    {
        while (await connection.ReceiveAsync(Handle, CancellationToken.None))
        {
        }

        if (!_closing) tally.Broken.Enqueue($"connection {number}: {connection.Fault?.Message ?? "ended by the server"} {_lastWord}");
    }

    private void Handle(ref StanzaScan stanza)
    {
        if (stanza.Kind == Stanza.End) _lastWord += Encoding.UTF8.GetString(stanza.Whole);
        if (stanza.Kind is not (Stanza.Message or Stanza.Error) || !PairStamp.TryRead(stanza.Body, out var due, out var sender, out var place)) return;
        if (stanza.Kind == Stanza.Error)
        {
            tally.CountRejected("error");
            Done();
            return;
        }

        if (!_places[sender].Note(place, anyStart: false, tally)) return;
        tally.CountAccepted(recipients: 1, due);
        tally.CountDelivered(due);
        all[sender].Done();
    }

    /// <summary>One of its messages is on its way no more.</summary>
    private void Done()
    {
        Interlocked.Decrement(ref _open);
        if (_looping && options.Rate is null && !TrySend(Stopwatch.GetTimestamp())) Interlocked.Increment(ref _owed);
    }
}
