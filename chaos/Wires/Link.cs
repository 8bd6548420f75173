using System.Net;
using System.Net.Sockets;

namespace Im.Chaos.Wires;

/// <summary>
/// One connection through a wire. An end that closes its direction is passed on behind the bytes before it, a reset at once; nothing is passed on in a direction
/// that is cut, no end either.
/// </summary>
internal sealed class Link(Socket near, IPEndPoint target, Gate gate, Tap? tap) : IDisposable
{
    /// <summary>Of one direction: thousands of connections are open at once.</summary>
    private const int Buffer = 8 * 1024;

    private readonly Socket _far = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly CancellationTokenSource _end = new();

    /// <summary>Returns when both directions have ended.</summary>
    public async Task RunAsync()
    {
        try
        {
            near.NoDelay = true;
            // Greetings go both ways: with one of them cut no connection comes about.
            await gate.PassAsync(Flow.Both, _end.Token);
            await _far.ConnectAsync(target, _end.Token);
            await Task.WhenAll(PumpAsync(near, _far, Flow.Forward, tap?.Forward), PumpAsync(_far, near, Flow.Back, tap?.Back));
        }
        catch (Exception fault) when (IsEnd(fault))
        {
            Reset();
        }
    }

    /// <summary>Ends it on both sides at once with a reset; what was under way is lost.</summary>
    public void Reset()
    {
        _end.Cancel();
        foreach (var socket in (Socket[])[near, _far])
        {
            try
            {
                socket.LingerState = new LingerOption(true, 0);
            }
            catch (Exception fault) when (IsEnd(fault))
            {
                // It is closed already, or was never connected.
            }

            socket.Dispose();
        }
    }

    /// <summary>For one that has ended.</summary>
    public void Dispose()
    {
        // Not the source of the token: a reset may come this moment, and it holds nothing.
        near.Dispose();
        _far.Dispose();
    }

    private async Task PumpAsync(Socket source, Socket sink, Flow direction, Look? look)
    {
        try
        {
            var buffer = new byte[Buffer];
            while (true)
            {
                var count = await source.ReceiveAsync(buffer, SocketFlags.None, _end.Token);
                await gate.PassAsync(direction, _end.Token);
                if (count == 0)
                {
                    sink.Shutdown(SocketShutdown.Send);
                    return;
                }

                var isLast = look?.Invoke(buffer.AsSpan(0, count)) ?? false;
                if (!isLast || direction == Flow.Forward) await SendAsync(sink, buffer.AsMemory(0, count));
                if (isLast) Reset();
            }
        }
        catch (Exception fault) when (IsEnd(fault))
        {
            // The other direction may wait for bytes that never come.
            Reset();
        }
    }

    private async Task SendAsync(Socket sink, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[await sink.SendAsync(bytes, SocketFlags.None, _end.Token)..];
    }

    private static bool IsEnd(Exception fault) => fault is SocketException or ObjectDisposedException or OperationCanceledException;
}
