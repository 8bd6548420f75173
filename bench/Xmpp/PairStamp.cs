using System.Buffers;
using System.Buffers.Text;
using Im.Bench.Load;

namespace Im.Bench.Xmpp;

/// <summary>
/// The head of a body where the server gives out no places: after <see cref="BodyStamp"/> the number of the sending connection, and which of its messages to this recipient it
/// is, from 1 on. By that the recipient sees what is lost, doubled or out of order.
/// </summary>
internal static class PairStamp
{
    private const int SenderDigits = 6, PlaceDigits = 10;

    /// <summary>Bytes; no body is shorter.</summary>
    public const int Length = BodyStamp.Length + SenderDigits + PlaceDigits;

    public static void Write(Span<byte> body, long due, int sender, long place)
    {
        BodyStamp.Write(body, due);
        Utf8Formatter.TryFormat(sender, body[BodyStamp.Length..], out _, new StandardFormat('D', SenderDigits));
        Utf8Formatter.TryFormat(place, body[(BodyStamp.Length + SenderDigits)..], out _, new StandardFormat('D', PlaceDigits));
    }

    /// <summary>False for what no connection of the load has written.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out long due, out int sender, out long place)
    {
        (sender, place) = (0, 0);
        return BodyStamp.TryRead(body, out due) && body.Length >= Length
            && Utf8Parser.TryParse(body.Slice(BodyStamp.Length, SenderDigits), out sender, out var digits) && digits == SenderDigits
            && Utf8Parser.TryParse(body.Slice(BodyStamp.Length + SenderDigits, PlaceDigits), out place, out digits) && digits == PlaceDigits;
    }
}
