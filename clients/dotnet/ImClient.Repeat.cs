using Im.Protocol;

namespace Im.Client;

public sealed partial class ImClient
{
    private readonly ITimer _repeatTimer;
    private long _repeatAt = long.MaxValue;

    private long Later(TimeSpan delay) => _time.GetTimestamp() + (long)(delay.TotalSeconds * _time.TimestampFrequency);

    /// <summary>One timer for all sends, set to the earliest that is due.</summary>
    private void ScheduleRepeat(TimeSpan delay)
    {
        var at = Later(delay);
        if (at >= _repeatAt || _disposed) return;
        _repeatAt = at;
        _repeatTimer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A refusal that asks for a repeat: after the server's pause, or one that grows with each refusal.</summary>
    private void RepeatLater(ServerFrame.Rejected rejected)
    {
        if (!_sendsById.TryGetValue(rejected.Id, out var node)) return;
        var pause = rejected.RetryAfterMs is { } ms ? TimeSpan.FromMilliseconds(Math.Max(0, ms)) : _backoff.Delay(node.Value.Refusals);
        node.Value.Refusals++;
        node.Value.DueAt = Later(pause);
        ScheduleRepeat(pause);
    }

    /// <summary>Sends again, in their first order, what is due; on a broken connection the next welcome does it for all.</summary>
    private void RepeatDue()
    {
        lock (_gate)
        {
            _repeatAt = long.MaxValue;
            if (_connection is not { } connection) return;
            var now = _time.GetTimestamp();
            var earliest = long.MaxValue;
            for (var node = _sends.First; node is not null && node != _nextSend; node = node.Next)
            {
                if (node.Value.DueAt <= now && connection.TrySend(node.Value.Frame)) node.Value.DueAt = Later(_options.RepeatAfter);
                earliest = Math.Min(earliest, node.Value.DueAt);
            }

            // A full buffer leaves sends due in the past: they are looked at again shortly.
            if (earliest != long.MaxValue) ScheduleRepeat(TimeSpan.FromSeconds(Math.Max(0.01, (double)(earliest - now) / _time.TimestampFrequency)));
        }
    }
}
