using Im.Protocol;

namespace Im.Client;

public sealed partial class ImClient
{
    private readonly Backoff _backoff;

    /// <summary>Connection after connection, until the server says that there is no point in another one.</summary>
    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            Raise(StateChanged, ImClientState.Connecting);
            var (attempt, inVain) = (0, 0);
            var hellos = new UnansweredHellos(_time);
            while (true)
            {
                var gateway = _gateways.Next();
                var end = await RunConnectionAsync(gateway, cancellationToken).ConfigureAwait(false);
                if (cancellationToken.IsCancellationRequested || _disposed) return;
                _lastFault = end.Fault;
                if (end.IsUnanswered) hellos.Add();
                if (end.Code is { } code && !CloseCodes.AllowsReconnect(code) && !(code == CloseCodes.Replaced && hellos.TryTake()))
                {
                    Stop(StateAfter(code), end.Bye?.Code is null ? null : $"close code {code}");
                    return;
                }

                if (end.Welcomed) SetState(ImClientState.Reconnecting);
                // Coming back at once is for a hole that the next connection fills. If it brings nothing either, a pause is due as after any break.
                inVain = end.BroughtNews || !end.AtOnce ? 0 : inVain + 1;
                var atOnce = end.AtOnce && inVain <= 1;
                if (!atOnce) _gateways.Failed(gateway, end.Welcomed);
                _gateways.Hint(end.Bye?.Gateway);
                // A connection that lasted proves that all is well; one that breaks right after its welcome must not turn into a storm.
                if (end.Lived >= _options.BackoffMax) attempt = 0;
                if (atOnce) continue;
                await PauseAsync(end, attempt++, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Disposed while it waited.
        }
        catch (Exception e)
        {
            // A defect of this client: whoever waits for it gets to see it.
            Stop(ImClientState.Refused, e.Message, e);
        }
    }

    private async Task PauseAsync(ConnectionEnd end, int attempt, CancellationToken cancellationToken)
    {
        var asked = TimeSpan.FromMilliseconds(Math.Max(0, end.Bye?.ReconnectAfterMs ?? 0));
        var delay = attempt == 0 && end.Bye?.ReconnectAfterMs is not null ? asked : asked + _backoff.Delay(attempt);
        await Task.Delay(delay, _time, cancellationToken).ConfigureAwait(false);
        if (_gateways.Exhausted) await AskForGatewaysAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Every known gateway failed in a row: whichever still answers HTTP knows the others.</summary>
    private async Task AskForGatewaysAsync(CancellationToken cancellationToken)
    {
        foreach (var gateway in _gateways.Known)
        {
            try
            {
                using var timeout = new CancellationTokenSource(_options.ConnectTimeout, _time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
                _gateways.Learn(await Api.GetGatewaysAsync(gateway, either.Token).ConfigureAwait(false));
                return;
            }
            catch (Exception e) when (e is HttpRequestException or ImApiException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // It is as dead as its WebSocket; the next one may answer, and the list that is known stays in use.
                continue;
            }
        }
    }

    private static ImClientState StateAfter(int code) => code switch
    {
        CloseCodes.LogInAgain => ImClientState.SessionEnded,
        CloseCodes.Replaced => ImClientState.Replaced,
        _ => ImClientState.Refused,
    };
}
