using System.Buffers;
using Im.Protocol;

namespace Im.Client;

/// <summary>A send from its call to its answer.</summary>
internal sealed class PendingSend(ClientFrame.Send frame) : TaskCompletionSource<SentMessage>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    // JSON turns a byte into at most six, and everything around the body stays below this.
    private const int MaxGrowth = 6, MaxFrameAround = 1024;

    public ClientFrame.Send Frame { get; } = frame;

    public string Id => Frame.Id;

    /// <summary>It was sent on the current connection and takes a place in the window.</summary>
    public bool OnTheWire { get; set; }

    /// <summary>When to repeat it, as a timestamp of the client's clock.</summary>
    public long DueAt { get; set; }

    public int Refusals { get; set; }

    /// <summary>Refuses here what the server is bound to refuse, so that it neither costs a round trip nor counts as a fault of the connection.</summary>
    public void Check(FrameFormat format)
    {
        if (!Limits.IsClientMessageId(Id)) throw new ArgumentException("an id has 1 to 64 of A-Z a-z 0-9 _ - . :");
        if (Frame.Type is not null && !Limits.IsContentType(Frame.Type)) throw new ArgumentException("a type has 1 to 100 visible ASCII characters");
        if (Frame.To.User is null == Frame.To.Conversation is null) throw new ArgumentException("a target is either a user or a conversation");
        var body = Frame.Body.Span;
        if (body.Length > Limits.BodyBytes) throw new MessageRejectedException(Id, Codes.TooBig);
        if (body.Contains((byte)0) || !System.Text.Unicode.Utf8.IsValid(body)) throw new MessageRejectedException(Id, Codes.BadText);
        if (body.Length * MaxGrowth + MaxFrameAround > Limits.ClientMessageBytes && Encoded(format) > Limits.ClientMessageBytes)
            throw new MessageRejectedException(Id, Codes.TooBig);
    }

    private int Encoded(FrameFormat format)
    {
        var scratch = new ArrayBufferWriter<byte>(Limits.ClientMessageBytes);
        format.Write(scratch, Frame);
        return scratch.WrittenCount;
    }
}
