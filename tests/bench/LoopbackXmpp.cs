using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Im.Bench.Tests;

/// <summary>As much of an XMPP server as the load tool speaks with: it answers each step of a login, and passes messages on, or does with them what a test wants.</summary>
internal sealed partial class LoopbackXmpp : IAsyncDisposable
{
    private static readonly string[] Answers =
    [
        "<?xml version='1.0'?><stream:stream version='1.0'><stream:features/>", "<iq type='result' id='r'/>", "<success/>",
        "<?xml version='1.0'?><stream:stream version='1.0'><stream:features/>", "<iq type='result' id='b'/>", "<presence/>",
    ];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<string, Socket> _users = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly Func<int, string, IEnumerable<string>> _deliver;
    private readonly Task _accepting;
    private int _messages;

    /// <param name="deliver">From the number of a message, from 1 on, and the message to what is delivered.</param>
    public LoopbackXmpp(Func<int, string, IEnumerable<string>> deliver)
    {
        _deliver = deliver;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true) serving.Add(ServeAsync(await _listener.AcceptSocketAsync(_ending.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var own = socket;
        var (held, buffer, step) = ("", new byte[4096], 0);
        try
        {
            while (await socket.ReceiveAsync(buffer, _ending.Token) is var read and > 0)
            {
                held += Encoding.UTF8.GetString(buffer, 0, read);
                for (; step < Answers.Length && Question().Match(held) is { Success: true } question; held = held[question.Length..])
                {
                    if (User().Match(question.Value) is { Success: true } user) _users[user.Groups[1].Value] = socket;
                    await socket.SendAsync(Encoding.UTF8.GetBytes(Answers[step++]));
                }

                for (; Message().Match(held) is { Success: true } message; held = held[message.Length..])
                    foreach (var copy in _deliver(Interlocked.Increment(ref _messages), message.Value)) await SendAsync(copy);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The test is over, or its client is.
        }
    }

    private async Task SendAsync(string message)
    {
        var to = _users[Recipient().Match(message).Groups[1].Value];
        await to.SendAsync(Encoding.UTF8.GetBytes(message));
    }

    [GeneratedRegex("^<(stream:stream[^>]*|iq.*?</iq|auth.*?</auth|presence/)>")]
    private static partial Regex Question();

    [GeneratedRegex("^<message .*?</message>")]
    private static partial Regex Message();

    [GeneratedRegex("<username>(.*)</username>")]
    private static partial Regex User();

    [GeneratedRegex("to='(.*?)@")]
    private static partial Regex Recipient();
}
