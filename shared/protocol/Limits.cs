namespace Im.Protocol;

/// <summary>Sizes that the contract promises (docs/protocol.md, section 3). Changing one changes the contract.</summary>
public static class Limits
{
    /// <summary>Bytes of one WebSocket message from a client.</summary>
    public const int ClientMessageBytes = 64 * 1024;

    /// <summary>Bytes of one WebSocket message from the server.</summary>
    public const int ServerMessageBytes = 1024 * 1024;

    /// <summary>UTF-8 bytes of a body.</summary>
    public const int BodyBytes = 16 * 1024;

    /// <summary>Characters of any id.</summary>
    public const int IdLength = 64;

    /// <summary>Users named in one <c>watch</c> frame, and watched by one connection.</summary>
    public const int WatchedUsers = 1000;

    /// <summary>Bytes of a content type.</summary>
    public const int TypeLength = 100;

    public const string DefaultType = "text/plain";

    /// <summary>The type of the messages that tell who joined and who left.</summary>
    public const string MemberType = "application/vnd.im.member+json";

    public const string JsonSubprotocol = "im.v1.json";

    public const string ProtobufSubprotocol = "im.v1.protobuf";

    /// <summary>A client's message id: 1 to 64 of <c>A–Z a–z 0–9 _ - . :</c>.</summary>
    public static bool IsClientMessageId(ReadOnlySpan<char> id)
    {
        if (id.Length is 0 or > IdLength) return false;
        foreach (var ch in id)
            if (!char.IsAsciiLetterOrDigit(ch) && ch is not ('_' or '-' or '.' or ':')) return false;
        return true;
    }

    /// <summary>Media types are compared without case and parameters (RFC 9110, section 8.3.1): a client must not pass one off as another.</summary>
    public static bool IsMemberType(ReadOnlySpan<char> type)
    {
        var end = type.IndexOf(';');
        return (end < 0 ? type : type[..end]).Trim().Equals(MemberType, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A content type: 1 to 100 visible ASCII characters or blanks, as <c>text/plain; charset=utf-8</c>.</summary>
    public static bool IsContentType(ReadOnlySpan<char> type)
    {
        if (type.Length is 0 or > TypeLength) return false;
        foreach (var ch in type)
            if (ch is < ' ' or > '~') return false;
        return true;
    }
}
