using Im.Client;
using Im.Protocol;
using Im.Telemetry.Tests.Otlp;
using Im.Telemetry.Tests.Systems;

[assembly: AssemblyFixture(typeof(WatchedSystems))]
// They share two systems, and one test kills what these consist of.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Im.Telemetry.Tests.Systems;

/// <summary>Each is started by the first test that asks for it and ends with the last test of the assembly.</summary>
public sealed class WatchedSystems : IAsyncDisposable
{
    private Task<Watched>? _standalone, _full;

    public Task<Watched> StandaloneAsync() => _standalone ??= Watched.StartStandaloneAsync();

    public Task<Watched> FullAsync() => _full ??= Watched.StartFullAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var system in new[] { _standalone, _full })
            if (system is not null) await (await system).DisposeAsync();
    }
}

/// <summary>A test of one topic on one watched system.</summary>
public abstract class WatchedTest(Func<Task<Watched>> start) : IAsyncLifetime
{
    protected Watched System { get; private set; } = null!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => System = await start();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>A name that no other test has.</summary>
    protected static string NewName(string who) => $"{who}{Guid.NewGuid():N}"[..20];

    /// <summary>Of everything once: a message that is delivered, one that is replayed, one that is repeated, one that is rejected, a faulty frame, a closed connection.</summary>
    protected async Task ChatAsync()
    {
        var (ann, bob) = (await System.LogInAsync(NewName("ann"), "correct horse battery"), await System.LogInAsync(NewName("bob"), "correct horse battery"));
        await using var anns = await Watched.ConnectAsync(ann, System.Gateways[0]);
        var id = Guid.NewGuid().ToString("N");
        await anns.SendAsync(Target.ToUser(bob.UserId), "before he came", id, cancellationToken: Cancel);
        await anns.SendAsync(Target.ToUser(bob.UserId), "before he came", id, cancellationToken: Cancel);
        await using var bobs = await Watched.ConnectAsync(bob, System.Gateways[^1]);
        await anns.SendAsync(Target.ToUser(bob.UserId), "hello", cancellationToken: Cancel);
        await Assert.ThrowsAsync<MessageRejectedException>(() => anns.SendAsync(Target.ToConversation("g1"), "nobody", cancellationToken: Cancel));
        await using var faulty = await ImConnection.OpenAsync(System.Gateways[0], cancellationToken: Cancel);
        faulty.TrySend(new ClientFrame.Hello((await System.LogInAsync(NewName("eve"), "correct horse battery")).SessionId, null));
        for (var i = 0; i < 10; i++) faulty.TrySend(new ClientFrame.Ack("nowhere", -1));
        Assert.Equal(CloseCodes.BadFrames, await Watched.UntilClosedAsync(faulty));
    }

    /// <summary>Waits for a whole trace in which such a span is. Of several the first that is whole: what was answered too late ends early.</summary>
    protected Task<IReadOnlyList<Seen>> TraceWithAsync(Func<Seen, bool> isIt, Func<IReadOnlyList<Seen>, bool> isWhole) => Watched.UntilAsync(
        () =>
        {
            var traces = System.Told.Spans.ToLookup(span => span.Trace);
            var found = traces.Where(trace => trace.Any(isIt)).Select(trace => (IReadOnlyList<Seen>)[.. trace]).ToList();
            return found.Find(trace => isWhole(trace)) ?? found.FirstOrDefault() ?? [];
        },
        trace => trace.Count > 0 && isWhole(trace),
        trace => string.Join('\n', trace.Count > 0 ? trace : [.. System.Told.Spans]));

    /// <summary>One root, and every other span's parent is in the trace too.</summary>
    protected static bool IsConnected(IReadOnlyList<Seen> trace) =>
        trace.Count(span => span.Parent.Length == 0) == 1 && trace.All(span => span.Parent.Length == 0 || trace.Any(other => other.Id == span.Parent));
}
