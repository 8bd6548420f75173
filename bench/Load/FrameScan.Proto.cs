using Im.Protocol.Protobuf;

namespace Im.Bench.Load;

internal ref partial struct FrameScan
{
    /// <summary>Field numbers as in im.proto.</summary>
    private bool NextProto()
    {
        if (!_proto.Next()) return false;
        var frame = new ProtoReader(_proto.Bytes());
        if (!frame.Next()) return true;
        var kind = frame.Field;
        var fields = new ProtoFields(frame.Bytes());
        switch (kind)
        {
            case 1:
                Kind = Kind.Welcome;
                Heartbeat = (int)fields.Number(4);
                break;
            case 2:
                Kind = Kind.Accepted;
                Id = fields.Bytes(1);
                Conversation = fields.Bytes(2);
                Seq = fields.Number(3);
                break;
            case 3:
                Kind = Kind.Rejected;
                Id = fields.Bytes(1);
                Code = fields.Bytes(2);
                break;
            case 4:
                Kind = Kind.Message;
                Conversation = fields.Bytes(1);
                Seq = fields.Number(2);
                Body = fields.Bytes(6);
                break;
            case 5: Kind = Kind.Synced; break;
            case 11: Kind = Kind.Pong; break;
            case 13: Kind = Kind.Bye; break;
        }

        return true;
    }
}
