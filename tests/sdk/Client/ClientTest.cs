using System.Text;
using Im.Protocol;

namespace Im.Client.Tests.Client;

/// <summary>A client with a clock that stands still, and the gateway that the test plays.</summary>
public abstract class ClientTest : IAsyncLifetime
{
    internal static readonly Target Bob = Target.ToUser("bob");

    internal FakeTime Time { get; } = new();

    internal FakeGateway Gateway { get; private set; } = null!;

    internal ImClient Client { get; private set; } = null!;

    /// <summary>Backoff always takes the upper bound: 100 ms, 200 ms, 400 ms …</summary>
    internal ImClientOptions Options => new() { Gateway = Gateway.Address, Session = "session-1", Time = Time, Jitter = () => 1 };

    public async ValueTask InitializeAsync()
    {
        Gateway = await FakeGateway.StartAsync();
        Client = new ImClient(Options);
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Client.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal async Task UseAsync(ImClientOptions options)
    {
        await Client.DisposeAsync();
        Client = new ImClient(options);
    }

    /// <summary>Connects and answers with the server's end, behind <c>welcome</c>.</summary>
    internal async Task<FakeSocket> ConnectAsync(int heartbeat = 25)
    {
        var connecting = Client.ConnectAsync();
        var socket = await Gateway.WelcomeAsync(heartbeat);
        await connecting.WaitAsync(Soon.Limit);
        return socket;
    }

    /// <summary>The server breaks the connection; the client comes back after its first pause.</summary>
    internal async Task<FakeSocket> BreakAsync(FakeSocket socket, int pauseMs = 100)
    {
        socket.Break();
        await Time.TimerAsync(TimeSpan.FromMilliseconds(pauseMs));
        Time.Advance(TimeSpan.FromMilliseconds(pauseMs));
        socket = await Gateway.WelcomeAsync();
        // Another break before the client saw the welcome would be that of a gateway that never answered.
        await StateAsync(ImClientState.Connected);
        return socket;
    }

    internal Task<SentMessage> Send(string text, CancellationToken cancellationToken = default) =>
        Client.SendAsync(Bob, text, cancellationToken: cancellationToken);

    internal async Task<List<ReceivedMessage>> TakeAsync(int count)
    {
        var taken = new List<ReceivedMessage>();
        using var limit = new CancellationTokenSource(Soon.Limit);
        await foreach (var message in Client.ReceiveAsync(limit.Token))
        {
            taken.Add(message);
            if (taken.Count == count) break;
        }

        return taken;
    }

    /// <summary>Completes when the client enters the state.</summary>
    internal Task StateAsync(ImClientState state)
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Client.StateChanged += changed =>
        {
            if (changed == state) entered.TrySetResult();
        };
        if (Client.State == state) entered.TrySetResult();
        return entered.Task.WaitAsync(Soon.Limit);
    }

    internal static string Text(ClientFrame.Send send) => Encoding.UTF8.GetString(send.Body.Span);
}
