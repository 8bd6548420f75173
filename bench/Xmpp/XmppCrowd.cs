using System.Net;
using System.Text;
using Im.Bench.Load;
using Im.Bench.Results;

namespace Im.Bench.Xmpp;

/// <summary>All connections of a run to an XMPP server, each a user of its own that was made for it.</summary>
internal sealed class XmppCrowd(BenchOptions options, Tally tally, IPEndPoint server) : ICrowd
{
    /// <summary>For all of them together, on a machine that is busy with other things.</summary>
    private static readonly TimeSpan LoginLimit = TimeSpan.FromSeconds(120);

    private readonly List<XmppClient> _clients = [];
    private XmppLoop? _loop;
    private Task _running = Task.CompletedTask;

    public IReadOnlyList<ISender> Senders => _clients;

    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        var run = Guid.CreateVersion7().ToString("N")[^12..];
        var users = Enumerable.Range(0, options.Connections).Select(number => $"bench-{run}-{number}").ToList();
        // To the account, wherever it is logged in: as a send of ours goes to a user.
        byte[][] heads = [.. users.Select(user => Encoding.UTF8.GetBytes($"<message to='{user}@{XmppLogin.Host}' type='chat'><body>"))];
        foreach (var (number, user) in users.Index()) _clients.Add(new XmppClient(number, XmppConnection.Open(server), new XmppLogin(user), _clients, heads, options, tally));
        _loop = new XmppLoop(_clients);
        _running = _loop.RunAsync();
        foreach (var client in _clients) client.LogIn();
        await Task.WhenAll(_clients.Select(client => client.LoggedIn)).WaitAsync(LoginLimit, cancellationToken);
    }

    /// <summary>XMPP has no conversations.</summary>
    public Task AcquaintAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _loop?.End();
        await _running;
        foreach (var client in _clients) client.Dispose();
    }
}
