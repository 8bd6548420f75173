using Im.Chaos.Journals;
using Im.Chaos.Verdicts;

namespace Im.Chaos.Tests.Verdicts;

/// <summary>A run without a violation, drawn from a seed: a tiny model of the system, with everything that devices do in a run.</summary>
internal sealed class RandomRun
{
    private const int Users = 6, Steps = 400;

    private readonly Random _random;
    private readonly Told _told = new();
    private readonly string[] _groups = ["g", "h"];

    public RandomRun(int seed)
    {
        _random = new Random(seed);
        for (var user = 1; user <= Users; user++)
        {
            _told.Bare($"{user}");
            if (user % 2 == 0) _told.Sdk($"{user}");
        }

        for (var user = 1; user < Users; user++) _told.Pair($"p{user}", $"{user}", $"{user + 1}");
        foreach (var device in _told.Devices) device.Connects(names: Flip());
        _told.Group("g", "1", "2", "3", "4");
        _told.Group("h", [.. Enumerable.Range(1, Users).Select(user => $"{user}")]);
        for (var step = 0; step < Steps; step++) Step();
        foreach (var device in _told.Devices.Where(one => !one.IsConnected)) device.Connects(names: Flip());
    }

    public Evidence Evidence => _told.Evidence;

    private void Step()
    {
        var device = _told.Devices[_random.Next(_told.Devices.Count)];
        if (!device.IsConnected)
        {
            device.Connects(names: Flip());
            return;
        }

        var conversation = Any(_told.ConversationsOf(device.User).ToArray());
        switch (_random.Next(20))
        {
            case < 9: device.Says(conversation); break;
            case 9: Pipeline(device, conversation); break;
            case 10: Repeat(device, conversation); break;
            case 11: RefuseFirst(device, conversation); break;
            case 12: device.Leaves(); break;
            case 13: device.IsThrownOff(); break;
            case 14: Move(); break;
            case 15: LogInAgain(device); break;
            case 16: Twin(device); break;
            case 17: Receipt(device); break;
            case 18: Break(); break;
            default: _told.Wait(_random.NextDouble()); break;
        }
    }

    private void Pipeline(ToldDevice device, string conversation)
    {
        var ids = Enumerable.Range(0, 4).Select(_ => device.Sends(conversation)).ToArray();
        foreach (var id in ids) Stores(device, conversation, id);
    }

    /// <summary>The answer is lost with its connection.</summary>
    private void Repeat(ToldDevice device, string conversation)
    {
        var message = _told.Store(conversation, device.User, device.Sends(conversation));
        _told.Deliver(message, device);
        device.IsThrownOff();
        _told.Wait(_random.NextDouble());
        device.Connects(names: Flip());
        if (!device.IsBare) return;
        device.Sends(conversation, message.Text, 2);
        device.Accepts(message);
    }

    private void RefuseFirst(ToldDevice device, string conversation)
    {
        var id = device.Sends(conversation);
        device.IsRefused(id, "unavailable", retryable: true);
        device.Says(conversation);
        device.Sends(conversation, id, 2);
        Stores(device, conversation, id);
    }

    /// <summary>A floating member, in either direction.</summary>
    private void Move()
    {
        var (group, user) = (Any(_groups), $"{_random.Next(3, Users + 1)}");
        if (_told.MembersOf(group).Contains(user)) _told.Leaves(group, user);
        else _told.Joins(group, user);
    }

    private void LogInAgain(ToldDevice device)
    {
        device.EndsSession();
        device.IsThrownOff(4401);
        device.OpensSession();
        device.Connects(names: Flip());
    }

    private void Twin(ToldDevice device)
    {
        if (!device.IsBare) return;
        device.Connects(names: Flip());
        device.Add(new Disconnected(_told.Tick(), device.Line - 1, 4409, false));
    }

    /// <summary>How far somebody is in a pair, told to the other one.</summary>
    private void Receipt(ToldDevice device)
    {
        var pair = _told.ConversationsOf(device.User).First(one => one[0] == 'p');
        var other = _told.MembersOf(pair).Single(user => user != device.User);
        var held = _told.Devices.Where(one => one.User == other).Max(one => one.HeldOf(pair));
        if (held > 0) device.IsTold(pair, other, held);
    }

    private void Break()
    {
        var from = _told.Tick();
        _told.Breaks(_random.Next(1, 30), accepting: Flip());
        _told.Scenarios.Add(new ScenarioWindow("kills", from, _told.Tick()));
    }

    private void Stores(ToldDevice device, string conversation, string id)
    {
        var message = _told.Store(conversation, device.User, id);
        device.Accepts(message);
        _told.Deliver(message, device);
    }

    private bool Flip() => _random.Next(2) == 0;

    private string Any(string[] from) => from[_random.Next(from.Length)];
}
