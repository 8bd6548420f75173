using System.Text;

namespace Im.Protocol.Tests;

/// <summary>Frames that keep all rules, of every kind, with short and long, plain and strange values. The same seed makes the same frames.</summary>
internal sealed class RandomFrames(int seed)
{
    private static readonly string[] Letters = ["a", "Z", "9", "-", "_", ".", ":", " ", "\"", "\\", "<", "\n", "ü", "д", "中", "😀", "\u007f", "\u2028"];
    private static readonly int[] Lengths = [0, 1, 2, 7, 40, 63, 64];
    private readonly Random _random = new(seed);

    public ClientFrame NextClient() => _random.Next(9) switch
    {
        0 => new ClientFrame.Hello(Text(), _random.Next(2) == 0 ? null : Cursors()),
        1 or 2 => new ClientFrame.Send(Id(), Target(), Body(), Maybe(() => "text/html; charset=utf-8")),
        3 => new ClientFrame.Ack(Text(), Number()),
        4 => new ClientFrame.Read(Text(), Number()),
        5 => new ClientFrame.Typing(Target()),
        6 => new ClientFrame.Watch(Texts(), _random.Next(2) == 0),
        7 => new ClientFrame.Status(Text()),
        _ => _random.Next(2) == 0 ? new ClientFrame.Ping() : new ClientFrame.Bye(),
    };

    public ServerFrame NextServer() => _random.Next(14) switch
    {
        0 => new ServerFrame.Welcome(Must(), Must(), Must(), Int(), Number(), Texts(), Must()),
        1 => new ServerFrame.Accepted(Id(), Must(), Seq(), Must(), Number()),
        2 => new ServerFrame.Rejected(Id(), Must(), _random.Next(2) == 0, _random.Next(2) == 0 ? null : Int()),
        3 or 4 => new ServerFrame.Message(Must(), Seq(), Must(), Must(), Maybe(Text), Body(), Must(), Number()),
        5 => new ServerFrame.Synced(),
        6 => new ServerFrame.Receipt(Must(), Must(), MaybeNumber(), MaybeNumber()),
        7 => new ServerFrame.ConversationChanged(Must(), Must(), Maybe(Text), _random.Next(2) == 0 ? null : Texts()),
        8 => new ServerFrame.ContactChanged(Must(), Must()),
        9 => new ServerFrame.Presence(Must(), Must(), MaybeNumber()),
        10 => new ServerFrame.Typing(Must(), Must()),
        11 => new ServerFrame.Pong(Number()),
        12 => new ServerFrame.Error(Must(), Text()),
        _ => new ServerFrame.Bye(Math.Max(1, Int()), _random.Next(2) == 0 ? null : Int(), Maybe(Text)),
    };

    /// <summary>Some damage: bytes lost at the end or in the middle, changed, or put in.</summary>
    public byte[] Damage(byte[] bytes)
    {
        if (bytes.Length == 0) return bytes;
        var at = _random.Next(bytes.Length);
        switch (_random.Next(4))
        {
            case 0: return bytes[..at];
            case 1: return [.. bytes[..at], .. bytes[(at + 1)..]];
            case 2: return [.. bytes[..at], (byte)_random.Next(256), .. bytes[at..]];
            default:
                var changed = bytes.ToArray();
                changed[at] ^= (byte)(1 << _random.Next(8));
                return changed;
        }
    }

    public int Below(int limit) => _random.Next(limit);

    private string Text()
    {
        var text = new StringBuilder();
        for (var left = Lengths[_random.Next(Lengths.Length)]; left > 0; left--) text.Append(Letters[_random.Next(Letters.Length)]);
        return text.ToString();
    }

    private string Must() => $"x{Text()}";

    private string Id() => $"{_random.NextInt64():x}.{_random.Next(10)}";

    private List<string> Texts() => [.. Enumerable.Range(0, _random.Next(4)).Select(_ => Text())];

    private Target Target() => _random.Next(2) == 0 ? Protocol.Target.ToUser(Text()) : Protocol.Target.ToConversation(Text());

    private byte[] Body()
    {
        // Around the lengths where the prefix grows by a byte, and the longest.
        var length = _random.Next(40) == 0 ? Limits.BodyBytes : _random.Next(300);
        var text = new StringBuilder();
        while (text.Length < length) text.Append(Letters[_random.Next(Letters.Length)]);
        var body = Encoding.UTF8.GetBytes(text.ToString());
        return body.Length <= Limits.BodyBytes ? body : Encoding.ASCII.GetBytes(new string('x', Limits.BodyBytes));
    }

    private Dictionary<string, long> Cursors() => Enumerable.Range(1, 1 + _random.Next(3)).ToDictionary(number => $"{Text()}{number}", _ => Number());

    private long Number() => _random.NextInt64() >> _random.Next(63);

    private long Seq() => Math.Max(1, Number());

    private int Int() => _random.Next() >> _random.Next(31);

    private long? MaybeNumber() => _random.Next(2) == 0 ? null : Number();

    private string? Maybe(Func<string> make) => _random.Next(2) == 0 ? null : make();
}
