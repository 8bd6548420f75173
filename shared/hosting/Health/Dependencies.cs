using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Im.Hosting.Health;

public static class Dependency
{
    public const string Database = "database";
    public const string Broker = "broker";
    public const string Redis = "redis";

    /// <summary>The queues that this process reads for requests and events.</summary>
    public const string Bus = "bus";
}

/// <summary>
/// What this process depends on and whether it answers. A change is said once in the log; the ready page lists what is missing, but fails only while
/// the process starts or drains: a broker that is away is away for every instance, and failing then would take the last door off its hinges.
/// </summary>
public sealed partial class Dependencies(ILogger<Dependencies> log)
{
    private readonly ConcurrentDictionary<string, bool> _up = new();

    /// <summary>True once everything was there for the first time, and until the process drains.</summary>
    public bool Ready => !Draining && _up.Values.Count > 0 && (_started || _up.Values.All(up => up));

    public bool Draining { get; set; }

    private volatile bool _started, _canWork;

    /// <summary>
    /// True for good once everything was there without which no message can be stored. Not Redis: without routes messages are stored, and found by
    /// reconciliation.
    /// </summary>
    public bool CanWork => _canWork;

    public IReadOnlyList<string> Missing => [.. _up.Where(entry => !entry.Value).Select(entry => entry.Key).Order(StringComparer.Ordinal)];

    /// <summary>Says that this process needs <paramref name="name"/>, which has not answered yet.</summary>
    public void Expect(string name) => _up.TryAdd(name, false);

    public void Report(string name, bool up, string? reason = null)
    {
        var before = _up.TryGetValue(name, out var was) ? was : (bool?)null;
        _up[name] = up;
        if (!_started && _up.Values.All(one => one)) _started = true;
        if (!_canWork && _up.All(one => one.Value || one.Key == Dependency.Redis)) _canWork = true;
        if (before == up && (up || _said.ContainsKey(name))) return;
        if (up && before == false) LogBack(name);
        else if (!up) LogAway(name, reason ?? "no answer");
        if (up) _said.TryRemove(name, out _);
        else _said[name] = true;
    }

    private readonly ConcurrentDictionary<string, bool> _said = new();

    public bool IsUp(string name) => _up.TryGetValue(name, out var up) && up;

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "{Dependency} does not answer: {Reason}. Trying on until it does")]
    private partial void LogAway(string dependency, string reason);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "{Dependency} answers")]
    private partial void LogBack(string dependency);
}
