using System.Text;
using Google.Protobuf;
using Wire = Im.V1;

namespace Im.Protocol.Tests;

/// <summary>
/// Truncated, shortened, lengthened and flipped messages. What the official library reads is read the same way or refused by a documented rule; what it
/// refuses costs at least one fault; nothing else ever happens.
/// </summary>
public sealed class DamagedBytesTests
{
    private const int Messages = 20_000;

    /// <summary>What the official library for .NET makes of bytes that are no UTF-8; no random frame has it.</summary>
    private const char Replaced = '\ufffd';

    [Fact]
    [Trait("abuse", "17")]
    public void A_damaged_message_of_a_client_is_read_like_the_official_library_does_or_refused()
    {
        var random = new RandomFrames(5);
        var refused = 0;
        for (var count = 0; count < Messages; count++)
        {
            var message = Enumerable.Range(0, 1 + random.Below(3)).SelectMany(_ => Written.In(FrameFormat.Protobuf, random.NextClient())).ToArray();
            message = random.Damage(message);
            var read = Written.Read(FrameFormat.Protobuf, message);
            Assert.All(read, IsFrameOrFault);
            if (TryOfficial(Wire.ClientMessage.Parser, message) is { } official)
            {
                Assert.Equal(official.Frames.Count, read.Count);
                for (var place = 0; place < read.Count; place++) IsSame(official.Frames[place], read[place]);
            }
            else
            {
                refused++;
                Assert.Contains(read, one => one.Frame is null);
            }
        }

        // It was damage, and it was not damage alone.
        Assert.InRange(refused, Messages / 10, Messages * 9 / 10);
    }

    [Fact]
    public void A_damaged_message_of_a_server_is_read_like_the_official_library_does_or_refused()
    {
        var random = new RandomFrames(6);
        for (var count = 0; count < Messages; count++)
        {
            var whole = Enumerable.Range(0, 1 + random.Below(3)).SelectMany(_ => Written.In(FrameFormat.Protobuf, random.NextServer()));
            var bytes = random.Damage(whole.ToArray());
            var official = TryOfficial(Wire.ServerMessage.Parser, bytes);
            try
            {
                var read = Written.ReadServer(FrameFormat.Protobuf, bytes);
                Assert.NotNull(official);
                foreach (var message in official.Frames.Select(frame => frame.Message).OfType<Wire.ServerFrame.Types.Message>())
                    if (message.Type.Length == 0) message.Type = Limits.DefaultType;
                var known = official.Frames.Where(frame => frame.FrameCase != Wire.ServerFrame.FrameOneofCase.None).Select(Plain);
                Assert.Equal(known, read.Select(frame => Plain(Conversion.ToWire(frame))));
            }
            catch (InvalidDataException)
            {
                // Not protobuf, or without a field that the frame must have.
            }
        }
    }

    private static void IsFrameOrFault(ParsedFrame one)
    {
        if (one.Frame is not null) return;
        Assert.Contains(one.Code, (string[])[Codes.BadFrame, Codes.BadText, Codes.TooBig]);
        Assert.NotEmpty(one.Detail!);
        if (one.Id is not null) Assert.InRange(one.Id.Length, 1, Limits.IdLength);
    }

    private static void IsSame(Wire.ClientFrame official, ParsedFrame read)
    {
        if (read.Frame is { } frame) Assert.Equal(Plain(official), Plain(Conversion.ToWire(frame)));
        else if (read.Code == Codes.BadText && Plain(official).Contains(Replaced, StringComparison.Ordinal)) return;
        else Assert.True(BreaksARule(official) || MayHideDamage(official), $"{read.Detail}: {official}");
    }

    /// <summary>The rules of docs/protocol.md, written down once more.</summary>
    private static bool BreaksARule(Wire.ClientFrame frame) => frame.FrameCase switch
    {
        Wire.ClientFrame.FrameOneofCase.None => true,
        Wire.ClientFrame.FrameOneofCase.Send => BreaksARule(frame.Send),
        Wire.ClientFrame.FrameOneofCase.Ack => frame.Ack.Seq < 0,
        Wire.ClientFrame.FrameOneofCase.Read => frame.Read.Seq < 0,
        Wire.ClientFrame.FrameOneofCase.Hello => frame.Hello.Cursors.Values.Any(seq => seq < 0),
        Wire.ClientFrame.FrameOneofCase.Typing => HasNoGoal(frame.Typing.To),
        Wire.ClientFrame.FrameOneofCase.Watch => frame.Watch.Users.Count > 1000,
        _ => false,
    };

    private static bool BreaksARule(Wire.ClientFrame.Types.Send send) =>
        HasNoGoal(send.To)
        || Encoding.UTF8.GetByteCount(send.Body) > 16384 || send.Body.Contains('\0', StringComparison.Ordinal)
        || send.Id.Length is 0 or > 64 || send.Id.Any(letter => !char.IsAsciiLetterOrDigit(letter) && !"_-.:".Contains(letter, StringComparison.Ordinal))
        || (send.HasType && (send.Type.Length is 0 or > 100 || send.Type.Any(letter => letter is < ' ' or > '~')));

    /// <summary>Inside the entries of a map, and only there, the official library for .NET passes over wire types that do not exist.</summary>
    private static bool MayHideDamage(Wire.ClientFrame frame) => frame.Hello?.Cursors.Count > 0;

    private static bool HasNoGoal(Wire.Target? to) => to is null || to.GoalCase == Wire.Target.GoalOneofCase.None;

    /// <summary>Without the unknown fields, which the official library keeps.</summary>
    private static string Plain(IMessage frame) => JsonFormatter.Default.Format(frame);

    private static T? TryOfficial<T>(MessageParser<T> parser, byte[] message)
        where T : class, IMessage<T>
    {
        try
        {
            return parser.ParseFrom(message);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
