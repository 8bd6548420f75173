using System.Diagnostics;
using System.Text;
using Im.Bench.Load;
using Im.Bench.Results;

namespace Im.Bench.Xmpp;

/// <summary>
/// One connection of the load to an XMPP server. XMPP answers no message: one is done with, and counts as accepted, when its recipient has it, who is in this process too.
/// It checks that what each other connection sends it comes without gap, repeat and disorder. Reading runs on the one thread of <see cref="XmppLoop"/>.
/// </summary>
/// <param name="all">The connections of the run; each writes to any other.</param>
/// <param name="heads">What stands before the body of a message to each of them.</param>
internal sealed class XmppClient(int number, XmppConnection connection, XmppLogin login, IReadOnlyList<XmppClient> all, byte[][] heads, BenchOptions options, Tally tally)
    : ISender, IDisposable
{
    /// <summary>
    /// Messages on their way that a connection can have, whatever its window. What more an open loop owes waits in the load tool: XMPP refuses nothing, and what a server that is
    /// asked for more than it can do has taken already would have to be waited for at the end of the run.
    /// </summary>
    public const int MaxOpen = 128;

    private readonly Lock _sending = new();
    private readonly byte[] _body = BodyStamp.NewBody(Math.Max(options.Size, PairStamp.Length));
    private readonly long[] _sent = new long[heads.Length];
    private readonly Place[] _places = [.. heads.Select(_ => new Place([]))];
    private readonly Random _random = new(number);
    private readonly TaskCompletionSource _loggedIn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open;
    private string _lastWord = "";
    private volatile bool _looping;

    public int File => connection.File;

    public bool IsBlocked => connection.IsBlocked;

    public Task LoggedIn => _loggedIn.Task;

    public void LogIn() => Say(XmppLogin.Opening);

    /// <summary>Answered by the server (XEP-0199).</summary>
    public void Ping() => Say("<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>");

    public void Start()
    {
        _looping = true;
        for (var i = 0; i < options.Window; i++) TryQueue(Stopwatch.GetTimestamp());
        connection.Flush();
    }

    public void StopSending() => _looping = false;

    public bool TrySend(long due)
    {
        if (!TryQueue(due)) return false;
        connection.Flush();
        return true;
    }

    /// <summary>Takes what has come; false when the connection has ended.</summary>
    public bool Receive()
    {
        if (connection.Receive(Handle)) return true;
        var why = $"connection {number}: {connection.Fault} {_lastWord}";
        tally.Broken.Enqueue(why);
        _loggedIn.TrySetException(new IOException(why));
        return false;
    }

    public void Flush() => connection.Flush();

    public void Dispose() => connection.Dispose();

    private void Say(string text)
    {
        connection.TryQueue(Encoding.UTF8.GetBytes(text), [], []);
        connection.Flush();
    }

    private bool TryQueue(long due)
    {
        lock (_sending)
        {
            if (Volatile.Read(ref _open) >= MaxOpen) return false;
            var to = (number + 1 + _random.Next(heads.Length - 1)) % heads.Length;
            PairStamp.Write(_body, due, number, _sent[to] + 1);
            if (!connection.TryQueue(heads[to], _body, "</body></message>"u8)) return false;
            _sent[to]++;
            tally.CountSent(1, due);
            Interlocked.Increment(ref _open);
            return true;
        }
    }

    private void Handle(ref StanzaScan stanza)
    {
        if (stanza.Kind == Stanza.End) _lastWord += Encoding.UTF8.GetString(stanza.Whole);
        else if (!_loggedIn.Task.IsCompleted) LogInFurther(stanza.Whole);
        else if (stanza.Kind is Stanza.Message or Stanza.Error && PairStamp.TryRead(stanza.Body, out var due, out var sender, out var place)) Delivered(stanza.Kind, due, sender, place);
    }

    private void Delivered(Stanza kind, long due, int sender, long place)
    {
        if (kind == Stanza.Error)
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

    /// <summary>One of its messages is on its way no more; what follows it is written with all else that this turn of the loop leads to.</summary>
    private void Done()
    {
        Interlocked.Decrement(ref _open);
        if (_looping && options.Rate is null) TryQueue(Stopwatch.GetTimestamp());
    }

    private void LogInFurther(ReadOnlySpan<byte> answer)
    {
        try
        {
            if (login.Next(answer) is { } next) Say(next);
            else _loggedIn.TrySetResult();
        }
        catch (IOException e)
        {
            _loggedIn.TrySetException(e);
        }
    }
}
