using System.Net;
using System.Net.Sockets;

namespace Im.Chaos.Wires;

/// <summary>
/// A TCP relay on 127.0.0.1 between two parts of the system, as <c>gateway-1 → rabbitmq</c>, that can be cut. Open on its port whether the other end is there or not:
/// where nobody listens behind it, a connection is closed at once, as a refusal.
/// </summary>
public sealed class Wire : IAsyncDisposable
{
    private static readonly TimeSpan AcceptAgain = TimeSpan.FromMilliseconds(100);
    private readonly Socket _door;
    private readonly IPEndPoint _target;
    private readonly Gate _gate = new();
    private readonly HashSet<Link> _links = [];
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;

    private Wire(Socket door, int targetPort)
    {
        _door = door;
        _target = new IPEndPoint(IPAddress.Loopback, targetPort);
        Port = ((IPEndPoint)door.LocalEndPoint!).Port;
        _accepting = AcceptAsync();
    }

    public required string From { get; init; }

    public required string To { get; init; }

    /// <summary>Where it listens; the port of its target stands behind it.</summary>
    public int Port { get; }

    public int TargetPort => _target.Port;

    /// <summary>Silently cut directions, for connections that are and for those that will be made.</summary>
    public Flow Cut
    {
        get => _gate.Cut;
        set => _gate.Cut = value;
    }

    /// <summary>Connections through it now.</summary>
    public int Connections
    {
        get
        {
            lock (_links) return _links.Count;
        }
    }

    /// <summary>Makes the tap for each connection that begins from now on; null lets everything pass unseen.</summary>
    public Func<Tap>? Taps { get; set; }

    public static Wire Open(string from, string to, int targetPort)
    {
        var door = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        door.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        // Thousands may come back at once.
        door.Listen(int.MaxValue);
        return new Wire(door, targetPort) { From = from, To = to };
    }

    /// <summary>Resets every connection at once.</summary>
    public void Break()
    {
        Link[] links;
        lock (_links) links = [.. _links];
        foreach (var link in links) link.Reset();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _door.Dispose();
        await _accepting;
        Break();
        _end.Dispose();
    }

    public override string ToString() => $"{From} → {To}";

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                _ = RunAsync(await _door.AcceptAsync(_end.Token));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // One who left before he was let in, or no file is free for him: neither closes the door to the next.
                await Task.Delay(AcceptAgain, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RunAsync(Socket near)
    {
        using var link = new Link(near, _target, _gate, Taps?.Invoke());
        lock (_links) _links.Add(link);
        await link.RunAsync();
        lock (_links) _links.Remove(link);
    }
}
