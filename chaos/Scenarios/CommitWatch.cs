using System.Buffers.Binary;
using System.Text;

namespace Im.Chaos.Scenarios;

/// <summary>
/// Reads what a client says to PostgreSQL on one connection and finds the end of each commit of messages: the Sync behind a statement that inserts rows of
/// the log, prepared before or not. Takes the bytes in any portions.
/// </summary>
public sealed class CommitWatch
{
    /// <summary>What makes a statement one that stores messages; as in the append of the PostgreSQL log.</summary>
    private const string Marker = "INSERT INTO messages (";

    /// <summary>Of a message that is looked at; the statement's name and its first thousand characters are well within.</summary>
    private const int Kept = 4096;

    private const int StartupCode = 3 << 16;

    private readonly HashSet<string> _storing = [];
    private readonly byte[] _header = new byte[5];
    private readonly byte[] _body = new byte[Kept];
    private bool _started, _commits;
    private int _headerLength, _bodyLength, _remaining;

    /// <summary>True where the end of a commit is in these bytes.</summary>
    public bool Sees(ReadOnlySpan<byte> bytes)
    {
        var seen = false;
        while (!bytes.IsEmpty)
        {
            var step = _remaining > 0 ? ReadBody(bytes) : ReadHeader(bytes);
            bytes = bytes[step..];
            if (_headerLength == HeaderLength && _remaining == 0) seen |= End();
        }

        return seen;
    }

    /// <summary>Before the session has started messages have no type.</summary>
    private int HeaderLength => _started ? 5 : 4;

    private int ReadHeader(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(HeaderLength - _headerLength, bytes.Length);
        bytes[..count].CopyTo(_header.AsSpan(_headerLength));
        _headerLength += count;
        // The length counts itself and not the type.
        if (_headerLength == HeaderLength) _remaining = Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(_header.AsSpan(HeaderLength - 4)) - 4);
        return count;
    }

    private int ReadBody(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(_remaining, bytes.Length);
        var kept = Math.Min(count, Kept - _bodyLength);
        bytes[..kept].CopyTo(_body.AsSpan(_bodyLength));
        _bodyLength += kept;
        _remaining -= count;
        return count;
    }

    /// <summary>A message is complete.</summary>
    private bool End()
    {
        var body = _body.AsSpan(0, _bodyLength);
        (_headerLength, _bodyLength) = (0, 0);
        if (!_started)
        {
            // The other ones ask for encryption, and the answer to them is no message.
            _started = body.Length >= 4 && BinaryPrimitives.ReadInt32BigEndian(body) == StartupCode;
            return false;
        }

        switch (_header[0])
        {
            case (byte)'P':
                var statement = Text(ref body);
                if (Text(ref body).Contains(Marker, StringComparison.Ordinal)) _storing.Add(statement);
                else _storing.Remove(statement);
                return false;
            case (byte)'B':
                Text(ref body);
                _commits |= _storing.Contains(Text(ref body));
                return false;
            case (byte)'S':
                var ends = _commits;
                _commits = false;
                return ends;
            default:
                return false;
        }
    }

    /// <summary>Up to the next zero, or to the end of what was kept.</summary>
    private static string Text(ref Span<byte> body)
    {
        var end = body.IndexOf((byte)0);
        var text = Encoding.UTF8.GetString(end < 0 ? body : body[..end]);
        body = end < 0 ? [] : body[(end + 1)..];
        return text;
    }
}
