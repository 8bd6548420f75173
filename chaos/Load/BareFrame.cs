using System.Text.Json;
using Im.Chaos.Journals;

namespace Im.Chaos.Load;

/// <summary>
/// A server's frame as a bare device reads it: by docs/protocol.md and with nothing of the product's own code, for it is the witness. Fields that are not there are
/// empty; fields and frames that it does not know are skipped. One object per connection, filled again and again.
/// </summary>
internal sealed class BareFrame(Journal journal)
{
    // The longest text is a fat body; ids have 64 characters at most. Thousands of connections share it: it is used within one call only.
    [ThreadStatic]
    private static char[]? _text;

    public string Kind { get; private set; } = "";

    public string Conversation { get; private set; } = "";

    public string Id { get; private set; } = "";

    public string MessageId { get; private set; } = "";

    public string From { get; private set; } = "";

    /// <summary>Up to the first blank: what follows only makes a message fat.</summary>
    public string Text { get; private set; } = "";

    public string Type { get; private set; } = "";

    public string User { get; private set; } = "";

    /// <summary>Of <c>rejected</c> and <c>error</c>.</summary>
    public string Code { get; private set; } = "";

    public long Seq { get; private set; }

    public long? Delivered { get; private set; }

    public long? Read { get; private set; }

    public bool Retryable { get; private set; }

    /// <summary>Of <c>rejected</c> and <c>bye</c>: the pause that the server asks for.</summary>
    public int? PauseMs { get; private set; }

    /// <summary>Of <c>bye</c>: where to go instead.</summary>
    public string Gateway { get; private set; } = "";

    /// <summary>Of <c>welcome</c>.</summary>
    public List<string> Gateways { get; } = [];

    public bool IsMember => Type == "application/vnd.im.member+json";

    /// <summary>Reads the object at whose start the reader stands.</summary>
    /// <exception cref="JsonException">This is no frame.</exception>
    public void Fill(ref Utf8JsonReader reader)
    {
        Kind = Conversation = Id = MessageId = From = Text = Type = User = Code = Gateway = "";
        Gateways.Clear();
        (Seq, Delivered, Read, Retryable, PauseMs) = (0, null, null, false, null);
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("a frame is an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName) FillOne(ref reader);
    }

    private void FillOne(ref Utf8JsonReader reader)
    {
        if (Is(ref reader, "t"u8)) Kind = Shared(ref reader);
        else if (Is(ref reader, "c"u8)) Conversation = Shared(ref reader);
        else if (Is(ref reader, "seq"u8)) Seq = reader.GetInt64();
        else if (Is(ref reader, "mid"u8)) MessageId = Shared(ref reader);
        else if (Is(ref reader, "from"u8)) From = Shared(ref reader);
        else if (Is(ref reader, "id"u8)) Id = Shared(ref reader);
        else if (Is(ref reader, "body"u8)) Text = Body(ref reader);
        else if (Is(ref reader, "type"u8)) Type = Shared(ref reader);
        else if (Is(ref reader, "user"u8)) User = Shared(ref reader);
        else if (Is(ref reader, "delivered"u8)) Delivered = reader.GetInt64();
        else if (Is(ref reader, "read"u8)) Read = reader.GetInt64();
        else if (Is(ref reader, "retryable"u8)) Retryable = reader.GetBoolean();
        else if (Is(ref reader, "retryAfterMs"u8) || Is(ref reader, "reconnectAfterMs"u8)) PauseMs = reader.GetInt32();
        else if (Is(ref reader, "code"u8)) Code = reader.TokenType == JsonTokenType.String ? Shared(ref reader) : "";
        else if (Is(ref reader, "gateway"u8)) Gateway = Shared(ref reader);
        else if (Is(ref reader, "gateways"u8)) FillGateways(ref reader);
        else Skip(ref reader);
    }

    private void FillGateways(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.String) Gateways.Add(Shared(ref reader));
    }

    /// <summary>Moves on to the value where the name is this one.</summary>
    private static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> name) =>
        reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(name) && reader.Read();

    private static void Skip(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    private string Shared(ref Utf8JsonReader reader) => journal.Shared(TextOf(ref reader));

    private string Body(ref Utf8JsonReader reader) => journal.Shared(MessageText.IdOf(TextOf(ref reader)));

    private static ReadOnlySpan<char> TextOf(ref Utf8JsonReader reader)
    {
        var text = _text ??= new char[16 * 1024];
        return text.AsSpan(0, reader.CopyString(text));
    }
}
