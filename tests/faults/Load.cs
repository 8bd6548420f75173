using Im.Client;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Faults.Tests;

/// <summary>
/// People who chat through the SDK while something breaks: pairs, and one group of all of them, on all gateways. The SDK repeats what is unanswered, on
/// whichever gateway is there.
/// </summary>
public sealed class Load : IAsyncDisposable
{
    private const int People = 20;

    /// <summary>Each of them says so much at once, and then waits for the answers.</summary>
    private const int Burst = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(45), CompleteLimit = TimeSpan.FromSeconds(45);
    private readonly CancellationTokenSource _stop = new(), _end = new();
    private readonly List<Person> _people = [];
    private readonly List<Task> _receiving = [];
    private IReadOnlyList<Task> _talking = [];
    private string _group = "";

    private sealed record Person(string User, ImClient Client);

    private Load()
    {
    }

    public Journal Journal { get; } = new();

    /// <summary>Everybody is connected and has been heard when this returns.</summary>
    public static async Task<Load> StartAsync(RunningSystem system, CancellationToken cancel)
    {
        var load = new Load();
        var users = await system.NewUsersAsync(People, cancel);
        foreach (var (index, user) in users.Index())
        {
            var session = await user.LogInAsync(cancel);
            var client = new ImClient(new ImClientOptions { Gateway = system.Gateways[index % system.Gateways.Count], Session = session.SessionId });
            load._people.Add(new Person(user.Id, client));
            await client.ConnectAsync(cancel);
            await client.WhenSynced(cancel);
            load._receiving.Add(load.ReceiveAsync(user.Id, client));
        }

        load._group = await load._people[0].Client.Api.CreateGroupAsync("everybody", [.. users.Skip(1).Select(user => user.Id)], cancel);
        load._talking = [.. load._people.Select((_, index) => Task.Run(() => load.TalkAsync(index), cancel))];
        await load.FlowsAsync(200, cancel);
        return load;
    }

    /// <summary>Waits until so many more messages were accepted.</summary>
    public async Task FlowsAsync(int more, CancellationToken cancel)
    {
        var goal = Journal.AllAccepted.Count + more;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(AnswerLimit);
        using var timer = new PeriodicTimer(Pause);
        while (Journal.AllAccepted.Count < goal) await timer.WaitForNextTickAsync(limit.Token);
    }

    /// <summary>Nobody says anything more; everything said is answered, everything accepted arrives, and the journal is judged.</summary>
    public async Task EndsCompleteAsync(CancellationToken cancel)
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_talking).WaitAsync(AnswerLimit, cancel);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(CompleteLimit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (Journal.Missing() > 0 && !limit.IsCancellationRequested) await timer.WaitForNextTickAsync(cancel);
        Assert.Empty(Checker.Violations(Journal));
        // Somebody may be between two connections at any one moment.
        limit.CancelAfter(CompleteLimit);
        while (Away().Count > 0 && !limit.IsCancellationRequested) await timer.WaitForNextTickAsync(cancel);
        if (limit.IsCancellationRequested) Assert.Empty(Away());

        List<string> Away() =>
            [.. _people.Where(person => person.Client.State != ImClientState.Connected).Select(person => $"{person.User} is {person.Client.State}")];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _end.CancelAsync();
        foreach (var person in _people) await person.Client.DisposeAsync();
        await Task.WhenAll([.. _talking, .. _receiving]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _end.Dispose();
    }

    private async Task TalkAsync(int index)
    {
        var me = _people[index];
        var partner = _people[index ^ 1];
        using var timer = new PeriodicTimer(Pause);
        for (var turn = 0; !_stop.IsCancellationRequested; turn++)
        {
            var toGroup = turn % 4 == 0;
            var target = toGroup ? Target.ToConversation(_group) : Target.ToUser(partner.User);
            IReadOnlyList<string> audience = toGroup ? [.. _people.Where(person => person != me).Select(person => person.User)] : [partner.User];
            await Task.WhenAll(Enumerable.Range(0, toGroup ? 1 : Burst).Select(_ => SayAsync(me, target, audience)));
            await timer.WaitForNextTickAsync(_end.Token);
        }
    }

    private async Task SayAsync(Person me, Target target, IReadOnlyList<string> audience)
    {
        var id = Guid.CreateVersion7().ToString();
        Journal.Sends(id, me.User, audience);
        Journal.Accepted(await me.Client.SendAsync(target, id, id, cancellationToken: _end.Token));
    }

    private async Task ReceiveAsync(string user, ImClient client)
    {
        await foreach (var message in client.ReceiveAsync(_end.Token)) Journal.Received(user, message);
    }
}
