using System.Text;

namespace Im.Bench.Xmpp;

/// <summary>The steps in which an account is made and logged in, up to its presence: from then on messages reach it. Each has one answer, and nobody writes to the user before.</summary>
internal sealed class XmppLogin(string user)
{
    /// <summary>The one host of bench/Ejabberd/ejabberd.yml.</summary>
    public const string Host = "localhost";

    // The server is private and gone after the round.
    private const string Password = "bench";

    public const string Opening = $"<stream:stream to='{Host}' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";

    private int _step;

    /// <param name="answer">A stanza, to <see cref="Opening"/> or to what this gave last.</param>
    /// <returns>What is to be sent next; null when the user is logged in.</returns>
    /// <exception cref="IOException">The server refuses.</exception>
    public string? Next(ReadOnlySpan<byte> answer)
    {
        var said = Encoding.UTF8.GetString(answer);
        return _step++ switch
        {
            0 when Is("<stream:features") => $"<iq type='set' id='r'><query xmlns='jabber:iq:register'><username>{user}</username><password>{Password}</password></query></iq>",
            1 when IsResult() => $"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{user}\0{Password}"))}</auth>",
            2 when Is("<success") => Opening,
            3 when Is("<stream:features") => "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>bench</resource></bind></iq>",
            4 when IsResult() => "<presence/>",
            // Its own, which comes back to it.
            5 when Is("<presence") => null,
            var step => throw new IOException($"{user}: step {step} of the login was answered: {said}"),
        };

        bool Is(string tag) => said.StartsWith(tag, StringComparison.Ordinal);

        bool IsResult() => Is("<iq") && said.Contains("type='result'", StringComparison.Ordinal);
    }
}
