using System.Collections.Concurrent;
using Im.Client;

namespace Im.Faults.Tests;

/// <summary>What every device of a load said, was answered and received. Bodies are the messages' ids, so that a receiver can name what it got.</summary>
public sealed class Journal
{
    private readonly ConcurrentDictionary<string, Sent> _sent = new();
    private readonly ConcurrentDictionary<string, SentMessage> _accepted = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<ReceivedMessage>> _received = new();
    private readonly ConcurrentDictionary<string, (long Last, TimeSpan Longest)> _silences = new();

    /// <param name="Audience">The devices that have to get it, the sending one apart.</param>
    public sealed record Sent(string Sender, IReadOnlyList<string> Audience);

    public IReadOnlyDictionary<string, Sent> AllSent => _sent;

    public IReadOnlyDictionary<string, SentMessage> AllAccepted => _accepted;

    public void Sends(string id, string device, IReadOnlyList<string> audience) => _sent[id] = new Sent(device, audience);

    public void Accepted(SentMessage message) => _accepted[message.Id] = message;

    /// <summary>The longest that each device has waited between two messages.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Silences => _silences.ToDictionary(entry => entry.Key, entry => entry.Value.Longest);

    /// <summary>One after the other for each device.</summary>
    public void Received(string device, ReceivedMessage message)
    {
        _received.GetOrAdd(device, _ => new()).Enqueue(message);
        var now = TimeProvider.System.GetTimestamp();
        var (last, longest) = _silences.GetValueOrDefault(device, (now, TimeSpan.Zero));
        var silence = TimeProvider.System.GetElapsedTime(last, now);
        _silences[device] = (now, silence > longest ? silence : longest);
    }

    public IReadOnlyCollection<ReceivedMessage> ReceivedBy(string device) => _received.GetValueOrDefault(device) ?? [];

    /// <summary>Accepted messages that a device of their audience has not got yet.</summary>
    public int Missing()
    {
        var held = _received.ToDictionary(entry => entry.Key, entry => entry.Value.Select(message => message.Text).ToHashSet());
        return _accepted.Keys.Sum(id => _sent[id].Audience.Count(device => !held.TryGetValue(device, out var texts) || !texts.Contains(id)));
    }
}
