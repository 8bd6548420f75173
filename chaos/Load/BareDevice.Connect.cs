using System.Text.Json;
using Im.Chaos.Journals;

namespace Im.Chaos.Load;

internal sealed partial class BareDevice
{
    private const int LogInAgain = 4401, Restarting = 1012;

    /// <summary>From dialling to <c>welcome</c>.</summary>
    private static readonly TimeSpan WelcomeLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ByeLimit = TimeSpan.FromSeconds(2);

    private static readonly HttpMessageInvoker Dialler = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });

    private int _gateway = plan.Number;
    private string _triedDead = "";
    private int? _lastClose;

    /// <summary>Raised before each connection is dialled.</summary>
    public event Action? Dialling;

    protected override async Task<bool> ConnectOnceAsync(CancellationToken cancel)
    {
        await WhenAllowedAsync(cancel);
        if (await OpenAsync(cancel) is not { } line) return false;
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            await StayAsync(line, WhenLeavingAsync(Stay(), leaving.Token), cancel);
        }
        finally
        {
            await leaving.CancelAsync();
            await LeaveAsync(cancel.IsCancellationRequested);
        }

        return true;
    }

    /// <summary>With a session that has ended it tries once, every second time: it has to be refused. Then it waits for the next one.</summary>
    private Task WhenAllowedAsync(CancellationToken cancel)
    {
        if (!IsLoggedOut) return Task.CompletedTask;
        var session = Session;
        if (_triedDead == session || Random.Next(2) == 0) return WhenSessionAsync(cancel);
        _triedDead = session;
        return Task.CompletedTask;
    }

    /// <summary>Returns when no connection is left or it is time to go. Twins open a second one now and then; the first is to be closed for it.</summary>
    private async Task StayAsync(BareLine line, Task leaving, CancellationToken cancel)
    {
        while (true)
        {
            var next = Plan.IsTwin && !Scene.IsCalm ? Task.Delay(Between(20, 60), cancel) : leaving;
            await Task.WhenAny(line.Ended, next);
            cancel.ThrowIfCancellationRequested();
            if (!line.Ended.IsCompleted)
            {
                if (next == leaving) return;
                if (IsLoggedOut || await OpenAsync(cancel) is not { } second) continue;
                await Task.WhenAny(line.Ended, second.Ended, Task.Delay(Timeout.InfiniteTimeSpan, cancel));
                cancel.ThrowIfCancellationRequested();
            }

            if (Current is null) await _pulled;
            if (Current is not { } other) return;
            line = other;
        }
    }

    private async Task LeaveAsync(bool atOnce)
    {
        BareLine[] lines;
        lock (Gate) lines = [.. _lines];
        foreach (var line in lines)
        {
            line.IsWanted = true;
            // Some say goodbye, others are just gone.
            if (!atOnce && Random.Next(2) == 0) line.Say(BareWords.Bye);
            else line.Cut();
        }

        foreach (var line in lines)
        {
            await line.Ended.WaitAsync(ByeLimit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            line.Cut();
            await line.Ended;
        }
    }

    /// <summary>Dials the next gateway. Null: there was no welcome.</summary>
    private async Task<BareLine?> OpenAsync(CancellationToken cancel)
    {
        var gateway = Scene.Gateways[(Interlocked.Increment(ref _gateway) - 1) % Scene.Gateways.Count];
        var line = new BareLine(Interlocked.Increment(ref _number), gateway, Session, Scene.Journal);
        var welcomed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(WelcomeLimit);
        var cursors = Plan.NamesCursors ? AllHeld() : null;
        try
        {
            Journal.Add(new Dials(Now, line.Number));
            Dialling?.Invoke();
            await line.DialAsync(Dialler, limit.Token);
        }
        catch (Exception e) when (BareLine.IsBroken(e))
        {
            Journal.Add(new Disconnected(Now, line.Number, null, false));
            line.Dispose();
            cancel.ThrowIfCancellationRequested();
            return null;
        }

        line.LastHeard = Now;
        line.PingAt = Now + PingEvery;
        line.Say(BareWords.Hello(line.Session, cursors));
        line.Ended = Task.Run(() => RunAsync(line, cursors, welcomed, cancel), CancellationToken.None);
        await Task.WhenAny(welcomed.Task, line.Ended, Task.Delay(Timeout.InfiniteTimeSpan, limit.Token));
        if (welcomed.Task.IsCompleted) return line;
        line.Cut();
        await line.Ended;
        cancel.ThrowIfCancellationRequested();
        return null;
    }

    private async Task RunAsync(BareLine line, Dictionary<string, long>? cursors, TaskCompletionSource welcomed, CancellationToken cancel)
    {
        try
        {
            await line.ReadAsync(frame =>
            {
                // In its place among the lines: before everything that this connection brings.
                if (frame.Kind == "welcome") Begin(line, cursors);
                Take(line, frame, welcomed);
            });
        }
        catch (JsonException e)
        {
            Scene.Found($"{Journal}: the server said what is no frame: {e.Message}");
        }

        line.Dispose();
        lock (Gate) _lines.Remove(line);
        Journal.Add(new Disconnected(Now, line.Number, line.CloseCode, line.IsWanted));
        lock (Gate) _lastClose = line.CloseCode;
        if (line.CloseCode == LogInAgain) LoggedOut(line.Session, cancel);
    }

    private void Begin(BareLine line, Dictionary<string, long>? cursors)
    {
        Journal.Add(new Connected(Now, line.Number, line.Gateway.Authority, cursors));
        lock (Gate)
        {
            _lines.Add(line);
            // Who was told that his gateway restarts repeats what waits as soon as he is back; after a mere break some do, others when its time has come.
            if (Plan.Number % 4 < 3 || _lastClose == Restarting)
                foreach (var message in Waits()) message.IsDue(Now);
        }
    }
}
