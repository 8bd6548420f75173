using System.Text.Json;
using Im.Protocol;
using Im.Protocol.Protobuf;

namespace Im.Bench.Load;

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
internal ref partial struct FrameScan
{
    private readonly bool _isJson, _isArray;
    private Utf8JsonReader _json;
    private ProtoReader _proto;
    private bool _started;

    public FrameScan(ReadOnlySpan<byte> message, FrameFormat format)
    {
        _isJson = format == FrameFormat.Json;
        if (!_isJson)
        {
            _proto = new ProtoReader(message);
            return;
        }

        _json = new Utf8JsonReader(message);
        _json.Read();
        _isArray = _json.TokenType == JsonTokenType.StartArray;
    }

    public Kind Kind { get; private set; }

    public ReadOnlySpan<byte> Conversation { get; private set; }

    public ReadOnlySpan<byte> Id { get; private set; }

    public ReadOnlySpan<byte> Code { get; private set; }

    /// <summary>As it is written; the stamp at its head is never escaped.</summary>
    public ReadOnlySpan<byte> Body { get; private set; }

    public long Seq { get; private set; }

    public int Heartbeat { get; private set; }

    public bool Next()
    {
        Kind = Kind.Other;
        Id = default;
        return _isJson ? NextJson() : NextProto();
    }
}
