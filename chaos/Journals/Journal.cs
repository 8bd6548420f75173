using System.Collections.Concurrent;

namespace Im.Chaos.Journals;

/// <summary>Everything that was said, seen and broken in one run. Safe for several threads; kept in memory until the verdict.</summary>
public sealed class Journal(TimeProvider time)
{
    private readonly long _began = time.GetTimestamp();
    private readonly ConcurrentDictionary<string, string> _texts = new();
    private readonly ConcurrentQueue<DeviceJournal> _devices = new();
    private readonly ConcurrentQueue<ScenarioWindow> _scenarios = new();
    private readonly ConcurrentQueue<FaultWindow> _faults = new();
    private readonly ConcurrentQueue<MemberCall> _memberCalls = new();
    private readonly ConcurrentQueue<Finding> _findings = new();

    /// <summary>Since the beginning of the run, monotonic.</summary>
    public TimeSpan Now => time.GetElapsedTime(_began);

    public IReadOnlyCollection<DeviceJournal> Devices => _devices;

    public IReadOnlyCollection<ScenarioWindow> Scenarios => _scenarios;

    public IReadOnlyCollection<FaultWindow> Faults => _faults;

    public IReadOnlyCollection<MemberCall> MemberCalls => _memberCalls;

    public IReadOnlyCollection<Finding> Findings => _findings;

    public DeviceJournal Open(string user, string device, DeviceKind kind)
    {
        var journal = new DeviceJournal(user, device, kind);
        _devices.Enqueue(journal);
        return journal;
    }

    public void Add(ScenarioWindow scenario) => _scenarios.Enqueue(scenario);

    public void Add(FaultWindow fault) => _faults.Enqueue(fault);

    public void Add(MemberCall call) => _memberCalls.Enqueue(call);

    public void Add(Finding finding) => _findings.Enqueue(finding);

    /// <summary>One string for all that are equal: millions of lines name the same ids.</summary>
    public string Shared(string text) => _texts.GetOrAdd(text, text);

    /// <inheritdoc cref="Shared(string)"/>
    public string Shared(ReadOnlySpan<char> text) =>
        _texts.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var known) ? known : Shared(text.ToString());
}
