using System.Collections.Concurrent;
using System.Globalization;
using Im.Chaos.Journals;

namespace Im.Chaos.Load;

/// <summary>What the devices of a crowd share.</summary>
internal sealed class Scene(IReadOnlyList<Uri> gateways, AdminDoor admin, GatewayDoor door, int seed, Journal journal)
{
    private readonly ConcurrentDictionary<string, Room> _rooms = new();
    private readonly TaskCompletionSource _calmed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _idStart = $"s{Base36(seed)}-";
    private long _messages, _accepted, _received;

    /// <summary>As clients reach them.</summary>
    public IReadOnlyList<Uri> Gateways { get; } = gateways;

    public AdminDoor Admin { get; } = admin;

    public GatewayDoor Door { get; } = door;

    public Journal Journal { get; } = journal;

    public long Sent => Interlocked.Read(ref _messages);

    public long Accepted => Interlocked.Read(ref _accepted);

    public long Received => Interlocked.Read(ref _received);

    /// <summary>Completes when nobody is to go away any more, and who is away comes.</summary>
    public Task Calmed => _calmed.Task;

    public bool IsCalm => Calmed.IsCompleted;

    public void Calm() => _calmed.TrySetResult();

    /// <summary>A message id of this run: short, for it stands in every line.</summary>
    public string NewId() => _idStart + Interlocked.Increment(ref _messages).ToString(CultureInfo.InvariantCulture);

    /// <summary>Random numbers that the seed decides; one for each that draws, for they are not safe for several threads.</summary>
    public Random NewRandom(int salt) => new(unchecked((seed * 486187739) + salt));

    public void CountAccepted() => Interlocked.Increment(ref _accepted);

    public void CountReceived() => Interlocked.Increment(ref _received);

    public Room? RoomOf(string conversation) => _rooms.GetValueOrDefault(conversation);

    /// <summary>A pair began, or a group was made.</summary>
    public void Learn(Room room, string conversation)
    {
        room.Id ??= conversation;
        _rooms.TryAdd(conversation, room);
    }

    public void Found(string what) => Journal.Add(new Finding(Journal.Now, "crowd", what));

    private static string Base36(int number)
    {
        const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";
        var text = "";
        for (var rest = (uint)number; rest > 0 || text.Length == 0; rest /= 36) text = Digits[(int)(rest % 36)] + text;
        return text;
    }
}
