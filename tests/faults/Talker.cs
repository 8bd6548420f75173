using System.Net.WebSockets;
using Im.Client;
using Im.Flow.Tests.Devices;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Faults.Tests;

/// <summary>A device on the bare protocol that says one thing after the other; what is not answered when its connection ends it repeats on the next gateway. Nothing hides from it what the server says.</summary>
public sealed class Talker : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100), Again = TimeSpan.FromMilliseconds(200);
    private readonly CancellationTokenSource _stop = new();
    private Task _talking = Task.CompletedTask;

    private Talker()
    {
    }

    /// <summary>Every refusal that it was ever given.</summary>
    public List<ServerFrame.Rejected> Rejected { get; } = [];

    /// <summary>The longest from one answer to the next, with the way to another gateway in between.</summary>
    public TimeSpan LongestWait { get; private set; }

    public int Accepted { get; private set; }

    public static async Task<Talker> StartAsync(RunningSystem system, int first, CancellationToken cancel)
    {
        var talker = new Talker();
        var (me, other) = (await system.NewUserAsync(cancel), await system.NewUserAsync(cancel));
        var session = await me.LogInAsync(cancel);
        talker._talking = Task.Run(() => talker.TalkAsync(system.Gateways, first, session, Target.ToUser(other.Id)), cancel);
        return talker;
    }

    /// <summary>When it returns nothing more changes.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _talking;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task TalkAsync(IReadOnlyList<Uri> gateways, int gateway, ImSession session, Target to)
    {
        Device? device = null;
        var (number, answered) = (0, TimeProvider.System.GetTimestamp());
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                device ??= await Device.ConnectAsync(gateways[gateway % gateways.Count], session, CancellationToken.None);
                var answer = await device.AnswerAsync(to, $"{number}", $"{number}");
                LongestWait = TimeSpan.FromTicks(Math.Max(LongestWait.Ticks, TimeProvider.System.GetElapsedTime(answered).Ticks));
                answered = TimeProvider.System.GetTimestamp();
                if (answer is ServerFrame.Rejected rejected) Rejected.Add(rejected);
                else (number, Accepted) = (number + 1, Accepted + 1);
                await Task.Delay(Pause, TimeProvider.System, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception fault) when (device is not { IsClosed: false } && fault is ImApiException or HttpRequestException or WebSocketException or Xunit.Sdk.FailException)
            {
                // The gateway went: on to the next one.
                if (device is not null) await device.DisposeAsync();
                device = null;
                gateway++;
                await Task.Delay(Again, TimeProvider.System, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        // What it still waits for counts as well.
        LongestWait = TimeSpan.FromTicks(Math.Max(LongestWait.Ticks, TimeProvider.System.GetElapsedTime(answered).Ticks));
        if (device is not null) await device.DisposeAsync();
    }
}
