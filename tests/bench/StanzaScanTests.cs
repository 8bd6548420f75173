using System.Text;
using Im.Bench.Xmpp;

namespace Im.Bench.Tests;

/// <summary>What the load tool reads of what an XMPP server writes.</summary>
public sealed class StanzaScanTests
{
    private const string Stream =
        "<?xml version='1.0'?><stream:stream id='1' version='1.0' xml:lang='en' xmlns:stream='http://etherx.jabber.org/streams' from='localhost' xmlns='jabber:client'>"
        + "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>"
        + "<presence to='a@localhost/r' from='a@localhost/r'/>"
        + "<message xml:lang='en' to='a@localhost' from='b@localhost/r' type='chat'><archived by='a@localhost' id='7' xmlns='urn:xmpp:mam:tmp'/><body>one &lt; two</body></message>"
        + "<message to='a@localhost/r' from='b@localhost' type='error'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error><body>back</body></message>"
        + "<message to='a@localhost' from='b@localhost/r' type='chat'><forwarded><message><body>another's</body></message></forwarded></message>"
        + "<message to='a@localhost' from='b@localhost/r' type='chat'><body/></message>"
        + "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>";

    private static readonly string[] Stanzas =
    [
        "Other <stream:features ", "Other <presence ", "Message <message one &lt; two", "Error <message back", "Message <message ", "Message <message ", "End <stream:error ", "End </stream:stream ",
    ];

    public static TheoryData<int> Pieces => [1, 2, 3, 7, 50, 100_000];

    [Theory]
    [MemberData(nameof(Pieces))]
    public void Each_stanza_is_found_once_however_the_bytes_come(int piece)
    {
        var (held, found) = (Array.Empty<byte>(), new List<string>());
        foreach (var bytes in Encoding.UTF8.GetBytes(Stream).Chunk(piece))
        {
            held = [.. held, .. bytes];
            var scan = new StanzaScan(held);
            while (scan.Next()) found.Add(Told(scan));
            held = held[scan.Consumed..];
        }

        Assert.Equal(Stanzas, found);
        Assert.Empty(held);
    }

    [Fact]
    public void What_is_not_complete_stays()
    {
        var scan = new StanzaScan("<presence/><message type='chat'><body>half"u8);
        Assert.True(scan.Next());
        Assert.False(scan.Next());
        Assert.Equal("<presence/>".Length, scan.Consumed);
    }

    [Fact]
    public void A_body_says_when_it_was_due_who_sent_it_and_the_how_manieth_it_is()
    {
        var body = new byte[100];
        Load.BodyStamp.NewBody(100).CopyTo(body, 0);
        PairStamp.Write(body, due: 123_456_789, sender: 199, place: 4_000_000);
        Assert.True(PairStamp.TryRead(body, out var due, out var sender, out var place));
        Assert.Equal((123_456_789, 199, 4_000_000), (due, sender, place));
        Assert.False(PairStamp.TryRead(body.AsSpan(0, PairStamp.Length - 1), out _, out _, out _));
        Assert.False(PairStamp.TryRead(Encoding.UTF8.GetBytes(new string('x', 100)), out _, out _, out _));
    }

    private static string Told(StanzaScan scan) =>
        $"{scan.Kind} {Encoding.UTF8.GetString(scan.Whole).Split(' ', '>', '/') switch { ["<", var name, ..] => "</" + name, var words => words[0] }} {Encoding.UTF8.GetString(scan.Body)}";
}
