using System.Text.Json;

namespace Im.Bench.Load;

internal ref partial struct FrameScan
{
    private bool NextJson()
    {
        if (_isArray ? !_json.Read() || _json.TokenType == JsonTokenType.EndArray : _started) return false;
        _started = true;
        while (_json.Read() && _json.TokenType != JsonTokenType.EndObject) ReadField();
        return true;
    }

    private void ReadField()
    {
        var name = _json.ValueSpan;
        _json.Read();
        switch (name)
        {
            case [(byte)'t']: Kind = KindOf(_json.ValueSpan); break;
            case [(byte)'c']: Conversation = _json.ValueSpan; break;
            case [(byte)'i', (byte)'d']: Id = _json.ValueSpan; break;
            case [(byte)'s', (byte)'e', (byte)'q']: Seq = _json.GetInt64(); break;
            case [(byte)'b', (byte)'o', (byte)'d', (byte)'y']: Body = _json.ValueSpan; break;
            case [(byte)'c', (byte)'o', (byte)'d', (byte)'e']: Code = _json.ValueSpan; break;
            case var rare when rare.SequenceEqual("heartbeat"u8): Heartbeat = _json.GetInt32(); break;
            default: _json.Skip(); break;
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
