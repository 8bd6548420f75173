using System.Globalization;
using Im.Chaos.Journals;
using Im.Chaos.Load;

namespace Im.Chaos;

/// <summary>A line every five seconds: what is going on, and how far the crowd is.</summary>
internal sealed class Progress : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly ITimer _timer;

    public Progress(Crowd crowd, Journal journal, TimeProvider time, Action<string> say) =>
        _timer = time.CreateTimer(_ => say(Line(crowd.Counts, journal.Now)), null, Every, Every);

    public string Doing { get; set; } = "warm-up";

    public void Dispose() => _timer.Dispose();

    private string Line(CrowdCounts counts, TimeSpan now) => string.Create(
        CultureInfo.InvariantCulture,
        $"{now:mm\\:ss} {Doing}: {counts.Sent:N0} sent, {counts.Accepted:N0} accepted, {counts.Waiting:N0} waiting; {counts.Received:N0} received; {counts.Connected} connected");
}
