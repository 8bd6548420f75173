using System.Text.Json;
using Im.Chaos.Journals;

namespace Im.Chaos.Load;

/// <summary>One of thousands: connected, silent but for its pings, and back as soon as the protocol lets it. It notes nothing but whether it is there.</summary>
/// <param name="hasJitter">By the protocol's advice; without it, it comes back as all others like it at one moment.</param>
internal sealed class StormClient(string session, Uri first, bool hasJitter, HttpMessageInvoker dialler, Random random, Journal journal)
{
    private static readonly TimeSpan WelcomeLimit = TimeSpan.FromSeconds(10), PingEvery = TimeSpan.FromSeconds(20), Patience = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan BackoffMin = TimeSpan.FromMilliseconds(200), BackoffMax = TimeSpan.FromSeconds(5);

    private IReadOnlyList<Uri> _gateways = [first];
    private Uri? _hint;
    private TimeSpan? _asked;
    private volatile BareLine? _line;
    private int _next;

    /// <summary>It was welcome and got everything that it missed; what happens to the connection is noticed when it ends.</summary>
    public bool IsThere => _line is { SyncedAt: not null };

    /// <summary>The close code of its last connection; null where that broke off, or is still there.</summary>
    public int? LastCode { get; private set; }

    public void Tick()
    {
        if (_line is not { } line) return;
        if (journal.Now - line.LastHeard > Patience) line.Cut();
        if (journal.Now < line.PingAt) return;
        line.PingAt = journal.Now + PingEvery;
        line.Say(BareWords.Ping);
    }

    public void Leave() => _line?.Cut();

    /// <param name="after">The first connection is made then, so that gathering is no storm itself.</param>
    public async Task LiveAsync(TimeSpan after, CancellationToken cancel)
    {
        await Task.Delay(after, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        for (var attempt = 0; !cancel.IsCancellationRequested;)
        {
            var wasThere = await ConnectOnceAsync(cancel);
            attempt = wasThere ? 0 : attempt + 1;
            await Task.Delay(Pause(attempt), cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> ConnectOnceAsync(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(WelcomeLimit);
        using var line = new BareLine(0, _hint ?? _gateways[_next++ % _gateways.Count], session, journal);
        (_hint, _asked) = (null, null);
        try
        {
            await line.DialAsync(dialler, limit.Token);
            // Late for the welcome, or the storm is over.
            await using var late = limit.Token.Register(line.Cut);
            line.LastHeard = journal.Now;
            line.PingAt = journal.Now + (PingEvery * random.NextDouble());
            line.Say(BareWords.Hello(session, null));
            _line = line;
            await line.ReadAsync(frame => Take(line, frame, limit));
        }
        catch (Exception e) when (BareLine.IsBroken(e) || e is JsonException)
        {
            // It comes again.
        }

        _line = null;
        LastCode = line.CloseCode;
        return line.SyncedAt is not null;
    }

    private void Take(BareLine line, BareFrame frame, CancellationTokenSource limit)
    {
        line.LastHeard = journal.Now;
        switch (frame.Kind)
        {
            case "welcome":
                limit.CancelAfter(Timeout.InfiniteTimeSpan);
                if (frame.Gateways.Count > 0) (_gateways, _next) = ([.. frame.Gateways.Select(url => new Uri(url))], random.Next(frame.Gateways.Count));
                break;
            case "synced":
                line.SyncedAt = journal.Now;
                break;
            case "bye":
                if (frame.PauseMs is { } ms) _asked = TimeSpan.FromMilliseconds(ms);
                if (frame.Gateway.Length > 0) _hint = new Uri(frame.Gateway);
                break;
        }
    }

    /// <summary>What the server asked for, and from the second try on a random time below a bound that doubles.</summary>
    private TimeSpan Pause(int attempt)
    {
        if (!hasJitter) return BackoffMin;
        if (attempt == 0 && _asked is { } asked) return asked;
        var bound = BackoffMin * Math.Pow(2, Math.Min(attempt, 10));
        return (_asked ?? TimeSpan.Zero) + ((bound < BackoffMax ? bound : BackoffMax) * random.NextDouble());
    }
}
