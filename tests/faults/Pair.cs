using Im.Client;
using Im.Flow.Tests.Systems;
using Im.Local;
using Im.Protocol;

namespace Im.Faults.Tests;

/// <summary>Two people with the SDK, each at a gateway of his own, who outlive the system that they talk through.</summary>
public sealed class Pair : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task<string>> _resets = [];
    private ImClient? _ann, _bob;
    private IAsyncEnumerator<ReceivedMessage>? _heard;
    private Target _toBob;
    private string _conversation = "";

    public async Task LogInAsync(FullCluster system, CancellationToken cancel)
    {
        await FirstRequests.AnsweredAsync(system.AdminUrl, system.AdminKey, cancel);
        await FirstRequests.AnsweredAsync(system.GatewayUrls[0], cancel);
        using var admin = new AdminApi(system.AdminUrl, system.AdminKey);
        var users = await admin.EnsureUsersAsync([RunningSystem.NewName(), RunningSystem.NewName()], cancel);
        _ann = await ConnectAsync(users[0], system.GatewayUrls[0]);
        _bob = await ConnectAsync(users[1], system.GatewayUrls[1]);
        _heard = _bob.ReceiveAsync(_end.Token).GetAsyncEnumerator(CancellationToken.None);
        _toBob = Target.ToUser(users[1]);

        async Task<ImClient> ConnectAsync(string user, Uri gateway)
        {
            var session = await admin.OpenSessionAsync(user, null, cancel);
            var client = new ImClient(new ImClientOptions { Gateway = gateway, Session = session.SessionId });
            var reset = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            client.LogReset += log => reset.TrySetResult(log);
            _resets.Add(reset.Task);
            await client.ConnectAsync(cancel);
            await client.WhenSynced(cancel);
            return client;
        }
    }

    /// <summary>Ann to Bob, each text accepted before the next one.</summary>
    public async Task SayAsync(IReadOnlyList<string> texts, CancellationToken cancel)
    {
        foreach (var text in texts) _conversation = (await _ann!.SendAsync(_toBob, text, cancellationToken: cancel)).Conversation;
    }

    /// <summary>What came to Bob since the last question, up to this text.</summary>
    public async Task<IReadOnlyList<string>> HeardUntilAsync(string last, TimeSpan limit, CancellationToken cancel)
    {
        var texts = new List<string>();
        while (texts is not [.., var text] || text != last)
        {
            Assert.True(await _heard!.MoveNextAsync().AsTask().WaitAsync(limit, cancel));
            texts.Add(_heard.Current.Text);
        }

        return texts;
    }

    /// <summary>Both were told that the log is another one.</summary>
    public async Task LogsAreResetAsync(TimeSpan limit, CancellationToken cancel)
    {
        var logs = await Task.WhenAll(_resets).WaitAsync(limit, cancel);
        Assert.Single(logs.Distinct());
    }

    /// <summary>All that Bob finds on the server.</summary>
    public async Task<IEnumerable<string>> HistoryAsync(CancellationToken cancel) =>
        (await _bob!.Api.GetMessagesAsync(_conversation, cancellationToken: cancel)).Select(message => message.Body);

    /// <summary>Not of the enumerator: a question that timed out may still be at it, and it holds nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        if (_ann is not null) await _ann.DisposeAsync();
        if (_bob is not null) await _bob.DisposeAsync();
        _end.Dispose();
    }
}
