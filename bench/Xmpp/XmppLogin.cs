using System.Text;

namespace Im.Bench.Xmpp;

/// <summary>Makes an account and logs it in, as far as its presence being known: from then on messages reach it.</summary>
internal static class XmppLogin
{
    /// <summary>The one host of bench/Ejabberd/ejabberd.yml.</summary>
    public const string Host = "localhost";

    // The server is private and gone after the round.
    private const string Password = "bench";

    private const string Open = $"<stream:stream to='{Host}' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";

    /// <exception cref="IOException">The server refuses a step, or has ended the connection.</exception>
    public static async Task RunAsync(XmppConnection connection, string user, CancellationToken cancel)
    {
        var plain = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{user}\0{Password}"));
        await AskAsync(Open, "<stream:features");
        await AskAsync($"<iq type='set' id='r'><query xmlns='jabber:iq:register'><username>{user}</username><password>{Password}</password></query></iq>", "<iq", "type='result'");
        await AskAsync($"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{plain}</auth>", "<success");
        await AskAsync(Open, "<stream:features");
        await AskAsync("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>bench</resource></bind></iq>", "<iq", "type='result'");
        // Its own comes back to it.
        await AskAsync("<presence/>", "<presence");

        // Each step has one answer, and nobody writes to the user yet.
        async Task AskAsync(string question, string tag, string inIt = "")
        {
            var answer = "";
            connection.TrySend(question);
            await connection.ReceiveAsync((ref stanza) => answer += Encoding.UTF8.GetString(stanza.Whole), cancel);
            if (!answer.StartsWith(tag, StringComparison.Ordinal) || !answer.Contains(inIt, StringComparison.Ordinal))
                throw new IOException($"{user}: {tag} was expected, and there came: {answer} {connection.Fault?.Message}");
        }
    }
}
