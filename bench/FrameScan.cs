using System.Text.Json;

namespace Im.Bench;

internal enum Kind
{
    Other,
    Message,
    Accepted,
    Rejected,
    Pong,
    Welcome,
    Synced,
    Bye,
}

/// <summary>
/// The few fields of a server frame that the load needs, as slices of the receive buffer. The client's own reader makes strings and objects;
/// at 200,000 frames a second on the machine that is being measured that would be the measurement.
/// </summary>
internal ref struct FrameScan
{
    private Utf8JsonReader _reader;
    private readonly bool _array;
    private bool _started;

    public FrameScan(ReadOnlySpan<byte> message)
    {
        _reader = new Utf8JsonReader(message);
        _reader.Read();
        _array = _reader.TokenType == JsonTokenType.StartArray;
    }

    public Kind Kind { get; private set; }

    public ReadOnlySpan<byte> Conversation { get; private set; }

    public ReadOnlySpan<byte> Id { get; private set; }

    public ReadOnlySpan<byte> Code { get; private set; }

    /// <summary>Still escaped; the stamp at its head never is.</summary>
    public ReadOnlySpan<byte> Body { get; private set; }

    public long Seq { get; private set; }

    public int Heartbeat { get; private set; }

    public bool Next()
    {
        if (_array ? !_reader.Read() || _reader.TokenType == JsonTokenType.EndArray : _started) return false;
        _started = true;
        Kind = Kind.Other;
        Id = default;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject) ReadField();
        return true;
    }

    private void ReadField()
    {
        var name = _reader.ValueSpan;
        _reader.Read();
        switch (name)
        {
            case [(byte)'t']: Kind = KindOf(_reader.ValueSpan); break;
            case [(byte)'c']: Conversation = _reader.ValueSpan; break;
            case [(byte)'i', (byte)'d']: Id = _reader.ValueSpan; break;
            case [(byte)'s', (byte)'e', (byte)'q']: Seq = _reader.GetInt64(); break;
            case [(byte)'b', (byte)'o', (byte)'d', (byte)'y']: Body = _reader.ValueSpan; break;
            case [(byte)'c', (byte)'o', (byte)'d', (byte)'e']: Code = _reader.ValueSpan; break;
            case var rare when rare.SequenceEqual("heartbeat"u8): Heartbeat = _reader.GetInt32(); break;
            default: _reader.Skip(); break;
        }
    }

    private static Kind KindOf(ReadOnlySpan<byte> kind) =>
        kind.SequenceEqual("message"u8) ? Kind.Message :
        kind.SequenceEqual("accepted"u8) ? Kind.Accepted :
        kind.SequenceEqual("rejected"u8) ? Kind.Rejected :
        kind.SequenceEqual("pong"u8) ? Kind.Pong :
        kind.SequenceEqual("welcome"u8) ? Kind.Welcome :
        kind.SequenceEqual("synced"u8) ? Kind.Synced :
        kind.SequenceEqual("bye"u8) ? Kind.Bye : Kind.Other;
}
