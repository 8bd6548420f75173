using Im.Chaos.Journals;
using Im.Client;

namespace Im.Chaos.Load;

internal sealed partial class SdkDevice
{
    /// <summary>In order, on the thread that reads the connection: must not wait.</summary>
    private void Changed(ImClient client, ImClientState state)
    {
        if (state == ImClientState.Connected) Connect(client);
        else if (state == ImClientState.Reconnecting) Disconnect(null, false);
    }

    private void Connect(ImClient client)
    {
        int line;
        lock (Gate)
        {
            line = ++_line;
            _isConnected = true;
        }

        Journal.Add(new Connected(Now, line, client.Gateway?.Authority ?? "", null));
        _ = NoteSyncedAsync(client, line);
    }

    private void Disconnect(int? code, bool wanted)
    {
        lock (Gate)
        {
            if (!_isConnected) return;
            _isConnected = false;
            _syncedAt = null;
        }

        Journal.Add(new Disconnected(Now, _line, code, wanted));
    }

    private async Task NoteSyncedAsync(ImClient client, int line)
    {
        try
        {
            await client.WhenSynced();
        }
        catch (ImStoppedException)
        {
            return;
        }

        lock (Gate)
        {
            // It may have been the next connection that was synced.
            if (!_isConnected || line != _line) return;
            _syncedAt = Now;
        }

        Journal.Add(new Synced(Now, line));
    }

    private void Fault(string what) => Journal.Add(new SdkFault(Now, what));
}
