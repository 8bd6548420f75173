using Dapper;
using Im.Client;
using Im.Hosting.Storage;
using Im.Local;

namespace Im.Flow.Tests.Systems;

/// <summary>A system that runs, in whatever mode: where its gateways and its admin are, and how to get users into it.</summary>
/// <param name="database">The system's own database, for what no call can bring about.</param>
/// <param name="processes">All that runs, servers included.</param>
/// <param name="owner">Ends all of it.</param>
public sealed class RunningSystem(
    IReadOnlyList<Uri> gateways, Uri admin, string adminKey, Database database, IReadOnlyList<ManagedProcess> processes, IAsyncDisposable owner) : IAsyncDisposable
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60), AskEvery = TimeSpan.FromMilliseconds(200);
    private static int _lastName;

    /// <summary>One in standalone and behind an edge, two in full. Tests that want another gateway take the last one: it is the same where there is one only.</summary>
    public IReadOnlyList<Uri> Gateways { get; } = gateways;

    public Uri Gateway => Gateways[0];

    public Uri OtherGateway => Gateways[^1];

    public IReadOnlyList<ManagedProcess> Processes { get; } = processes;

    public AdminApi Admin { get; } = new(admin, adminKey);

    /// <summary>A name that no other test has.</summary>
    public static string NewName() => $"u{Interlocked.Increment(ref _lastName)}{Guid.NewGuid():N}"[..20];

    /// <summary>On a busy machine the first requests between services may be answered too late. Asked of the admin, which costs no password hash.</summary>
    public async Task AnswersAsync(CancellationToken cancel)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(AskEvery);
        while (true)
        {
            try
            {
                await (await NewUserAsync(cancel)).LogInAsync(cancel);
                return;
            }
            catch (ImApiException away) when (away.Status == 503 && TimeProvider.System.GetElapsedTime(began) < AnswerLimit)
            {
                await timer.WaitForNextTickAsync(cancel);
            }
        }
    }

    public async Task<TestUser> NewUserAsync(CancellationToken cancel) => (await NewUsersAsync(1, cancel))[0];

    public async Task<IReadOnlyList<TestUser>> NewUsersAsync(int count, CancellationToken cancel)
    {
        var ids = await Admin.EnsureUsersAsync([.. Enumerable.Range(0, count).Select(_ => NewName())], cancel);
        return [.. ids.Select(id => new TestUser(this, id))];
    }

    /// <summary>Changes the database behind the system's back.</summary>
    public Task<int> ExecuteAsync(string sql, object values, CancellationToken cancel) =>
        database.WriteAsync(connection => connection.ExecuteAsync(new CommandDefinition(sql, values, cancellationToken: cancel)), cancel);

    /// <summary>The HTTP calls of a session.</summary>
    public ImApi Api(ImSession session) => new(Gateway, session.SessionId, Wire.Shared);

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        (database as IDisposable)?.Dispose();
        if (database is IAsyncDisposable source) await source.DisposeAsync();
        await owner.DisposeAsync();
    }
}

/// <summary>A user whom a product has brought in: sessions come from the admin API and cost no password hash.</summary>
public sealed record TestUser(RunningSystem System, string Id)
{
    public Task<ImSession> LogInAsync(CancellationToken cancel, string? device = null) => System.Admin.OpenSessionAsync(Id, device, cancel);
}
