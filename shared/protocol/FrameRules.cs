namespace Im.Protocol;

/// <summary>Why a frame is refused: the code of the answer, and words for whoever writes the client.</summary>
internal readonly record struct FrameFault(string Code, string Detail);

/// <summary>
/// What a client's frames have to keep to in every format. How a value is written is the format's own matter; whether it may stand there is decided here.
/// </summary>
internal static class FrameRules
{
    public static readonly FrameFault UnknownFrame = new(Codes.BadFrame, "unknown frame");
    public static readonly FrameFault NoTarget = new(Codes.BadFrame, "to has either user or conversation");
    public static readonly FrameFault NoNumber = new(Codes.BadFrame, "a whole number from 0 on was expected");

    /// <summary>A body that is UTF-8 already.</summary>
    public static FrameFault? OfBody(ReadOnlySpan<byte> body)
    {
        if (body.Length > Limits.BodyBytes) return new FrameFault(Codes.TooBig, "body: at most 16 KiB");
        return body.Contains((byte)0) ? new FrameFault(Codes.BadText, "body: U+0000 is not allowed") : null;
    }

    public static FrameFault? OfSend(string? id, string? type)
    {
        if (!Limits.IsClientMessageId(id)) return new FrameFault(Codes.BadFrame, "id: 1 to 64 of A-Z a-z 0-9 _ - . :");
        return type is null || Limits.IsContentType(type) ? null : new FrameFault(Codes.BadFrame, "type: 1 to 100 visible ASCII characters");
    }

    public static FrameFault? OfSeq(long seq) => seq < 0 ? NoNumber : null;

    public static FrameFault? OfUsers(int count) => count > Limits.WatchedUsers ? new FrameFault(Codes.TooBig, "users: at most 1,000") : null;

    /// <summary>Also an id that may not be used: who sent it knows the refused message by it.</summary>
    public static string? ReadableId(string? id) => id is { Length: > 0 and <= Limits.IdLength } ? id : null;
}
