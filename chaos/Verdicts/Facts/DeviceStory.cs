using Im.Chaos.Journals;

namespace Im.Chaos.Verdicts.Facts;

/// <summary>A device's journal, read once: its connections, its sessions, and since when it holds what.</summary>
internal sealed class DeviceStory
{
    private readonly Dictionary<int, DeviceConnection> _byLine = [];
    private readonly Dictionary<string, Holding> _holdings = [];
    private readonly Dictionary<int, TimeSpan> _endedSessions = [];

    // Of the reading: the sessions that the device had so far, and the one that is being ended.
    private int _session, _sessionToEnd;

    public DeviceStory(DeviceJournal journal, LogIndex log)
    {
        Journal = journal;
        Entries = journal.Read();
        for (var i = 0; i < Entries.Count; i++) Note(Entries[i], i, log);
        Connections = [.. _byLine.Values.Where(one => one.Connected is not null).OrderBy(one => one.Connected!.At)];
    }

    public DeviceJournal Journal { get; }

    public IReadOnlyList<Entry> Entries { get; }

    public string User => Journal.User;

    public bool IsBare => Journal.Kind == DeviceKind.Bare;

    /// <summary>Those that were welcomed, in the order of their welcomes.</summary>
    public IReadOnlyList<DeviceConnection> Connections { get; }

    /// <summary>Also those that were never welcomed.</summary>
    public IEnumerable<DeviceConnection> Attempts => _byLine.Values;

    /// <summary>Each holding of something, by conversation.</summary>
    public IReadOnlyDictionary<string, Holding> Holdings => _holdings;

    /// <summary>Indexes of the lines <see cref="Received"/> that brought what was held already.</summary>
    public List<int> Repeats { get; } = [];

    /// <summary>When it went away of its own will, or its session was about to be ended.</summary>
    public List<TimeSpan> LeftByItself { get; } = [];

    public DeviceConnection? Find(int line) => _byLine.GetValueOrDefault(line);

    public Holding? HoldingOf(string conversation) => _holdings.GetValueOrDefault(conversation);

    /// <summary>When the end of the session of this connection was answered; null: it never was.</summary>
    public TimeSpan? SessionEnded(int line) =>
        _byLine.TryGetValue(line, out var connection) && _endedSessions.TryGetValue(connection.Session, out var at) ? at : null;

    /// <summary>It had this connection all the time, and its session too: what it did not get then, it should have got.</summary>
    public bool IsOnline(DeviceConnection connection, TimeSpan from, TimeSpan to) =>
        connection.IsUp(from, to) && !LeftByItself.Exists(at => at >= connection.Connected!.At && at <= to);

    /// <summary>As above, by any of its connections.</summary>
    public bool IsOnline(TimeSpan from, TimeSpan to) => Connections.Any(one => IsOnline(one, from, to));

    public override string ToString() => Journal.ToString();

    private void Note(Entry entry, int index, LogIndex log)
    {
        switch (entry)
        {
            case Received received:
                if (!Take(log, received.Conversation, received.Seq, received.At)) Repeats.Add(index);
                break;
            case Accepted accepted: Take(log, accepted.Conversation, accepted.Seq, accepted.At); break;
            case Connected connected:
                var connection = At(connected.Line);
                connection.Connected = connected;
                connection.Session = _session;
                break;
            case Dials dials: At(dials.Line).Dialled = dials.At; break;
            case Synced synced: At(synced.Line).Synced ??= synced.At; break;
            case Disconnected ended:
                At(ended.Line).Ended ??= ended;
                if (ended.Wanted) LeftByItself.Add(ended.At);
                break;
            // The sessions that there were when the call was made; one that was opened before its answer may live on.
            case EndsSession ends:
                _sessionToEnd = _session;
                LeftByItself.Add(ends.At);
                break;
            case SessionEnded ended: _endedSessions.TryAdd(_sessionToEnd, ended.At); break;
            case SessionOpened: _session++; break;
        }
    }

    private bool Take(LogIndex log, string conversation, long seq, TimeSpan at)
    {
        if (!_holdings.TryGetValue(conversation, out var holding))
        {
            if (log.Find(conversation) is not { } known) return true;
            _holdings[conversation] = holding = new Holding(known);
        }

        holding.Log.Know(seq, at);
        return holding.Take(seq, at) || holding.Log.At(seq) is null;
    }

    private DeviceConnection At(int line)
    {
        if (_byLine.TryGetValue(line, out var connection)) return connection;
        return _byLine[line] = new DeviceConnection(line) { Session = _session };
    }
}
