using Im.Chaos.Verdicts;

namespace Im.Chaos.Tests.Verdicts;

/// <summary>Two users with one conversation: one has a bare device, the other a bare one and one on the SDK. All are connected.</summary>
internal sealed class PairStory
{
    public const string Pair = "p";

    public PairStory()
    {
        Told.Pair(Pair, "1", "2");
        (Ann, Bob, Phone) = (Told.Bare("1"), Told.Bare("2"), Told.Sdk("2"));
        foreach (var device in Told.Devices) device.Connects();
    }

    public Told Told { get; } = new();

    public ToldDevice Ann { get; }

    public ToldDevice Bob { get; }

    /// <summary>Of the same user as <see cref="Bob"/>.</summary>
    public ToldDevice Phone { get; }

    /// <summary>Stored and accepted; who gets it is for the test to say.</summary>
    public LoggedMessage Stored(ToldDevice sender)
    {
        var message = Told.Store(Pair, sender.User, sender.Sends(Pair));
        sender.Accepts(message);
        return message;
    }
}
