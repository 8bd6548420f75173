namespace Im.Bench.Xmpp;

internal enum Stanza
{
    Other,
    Message,

    /// <summary>A message that came back to its sender.</summary>
    Error,

    /// <summary>The server has ended the stream, or says why it will.</summary>
    End,
}

/// <summary>
/// Finds the complete stanzas at the head of a receive buffer, and of a message its body, as slices of that buffer. No XML reader: that would be the measurement. It looks
/// at tags only and relies on what ejabberd writes: within a stanza <c>&gt;</c> stands only at the end of a tag, attributes are in single quotes, there are no comments.
/// </summary>
internal ref struct StanzaScan(ReadOnlySpan<byte> received)
{
    private readonly ReadOnlySpan<byte> _received = received;

    /// <summary>Bytes at the head that were read as stanzas, or as the opening of the stream; what follows is not complete yet.</summary>
    public int Consumed { get; private set; }

    public Stanza Kind { get; private set; }

    /// <summary>All of it, with its tags.</summary>
    public ReadOnlySpan<byte> Whole { get; private set; }

    /// <summary>As it is written; the stamps at its head are never escaped.</summary>
    public ReadOnlySpan<byte> Body { get; private set; }

    /// <summary>False when no further stanza is complete.</summary>
    public bool Next()
    {
        Body = default;
        var (at, depth, body) = (Consumed, 0, -1);
        while (NextTag(ref at, out var tag))
        {
            if (depth == 0)
            {
                // A stream is opened by a tag that has no end for as long as it lasts.
                if (tag.StartsWith("<?"u8) || tag.StartsWith("<stream:stream"u8))
                {
                    Consumed = at;
                    continue;
                }

                Kind = KindOf(tag);
            }

            if (tag[1] == '/')
            {
                depth--;
                if (body >= 0 && depth == 1) Body = _received[body..(at - tag.Length)];
                if (depth == 1) body = -1;
            }
            else if (tag[^2] != '/')
            {
                depth++;
                if (depth == 2 && tag.StartsWith("<body"u8)) body = at;
            }

            if (depth > 0) continue;
            Whole = _received[Consumed..at];
            Consumed = at;
            return true;
        }

        return false;
    }

    /// <summary>The next one from <paramref name="at"/> on, which it moves behind it.</summary>
    private readonly bool NextTag(ref int at, out ReadOnlySpan<byte> tag)
    {
        tag = default;
        var rest = _received[at..];
        var start = rest.IndexOf((byte)'<');
        if (start < 0) return false;
        var length = rest[start..].IndexOf((byte)'>') + 1;
        if (length == 0) return false;
        tag = rest.Slice(start, length);
        at += start + length;
        return true;
    }

    private static Stanza KindOf(ReadOnlySpan<byte> tag) =>
        tag.StartsWith("<message "u8) ? tag.IndexOf(" type='error'"u8) < 0 ? Stanza.Message : Stanza.Error :
        tag.StartsWith("<stream:error"u8) || tag.StartsWith("</stream:stream"u8) ? Stanza.End : Stanza.Other;
}
