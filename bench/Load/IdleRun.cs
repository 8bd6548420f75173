using System.Diagnostics;
using Im.Bench.Results;
using Im.Bench.Subjects;

namespace Im.Bench.Load;

/// <summary>Connections that say nothing but that they are there.</summary>
internal static class IdleRun
{
    public static async Task<Figures> RunAsync(BenchOptions options, RunningSubject subject, CancellationToken cancel)
    {
        var tally = new Tally(followsEach: false);
        await using ICrowd crowd = subject.NewCrowd?.Invoke(options, tally) ?? new Crowd(options, tally);
        var before = subject.GatewayBytes();
        await crowd.ConnectAsync(cancel);
        // What connecting left on the heaps is collected by itself as heartbeats go on.
        await Task.Delay(TimeSpan.FromSeconds(options.Warmup), cancel);
        var (gateways, servers, own, watch) = (subject.GatewayProcessorTime(), subject.ProcessorTime(), Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
        await Task.Delay(TimeSpan.FromSeconds(options.Seconds), cancel);
        var each = options.Connections * watch.Elapsed.TotalSeconds;
        (gateways, servers, own) = (subject.GatewayProcessorTime() - gateways, subject.ProcessorTime() - servers, Environment.CpuUsage.TotalTime - own);
        return new Figures
        {
            Seconds = watch.Elapsed.TotalSeconds,
            Broken = [.. tally.Broken],
            Idle = new IdleFigures(
                options.Connections / crowd.Connecting.TotalSeconds, (subject.GatewayBytes() - before) / (double)options.Connections,
                gateways.TotalMicroseconds / each, servers.TotalMicroseconds / each, own.TotalMicroseconds / each),
        };
    }
}
