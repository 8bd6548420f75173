using Google.Protobuf;
using Wire = Im.V1;

namespace Im.Protocol.Tests;

/// <summary>Im's own protobuf against the official library with the classes of the published schema, in both directions.</summary>
public sealed class ConformanceTests
{
    private const int Frames = 20_000;

    [Fact]
    public void What_im_writes_of_a_client_is_what_the_official_library_writes()
    {
        var random = new RandomFrames(1);
        for (var count = 0; count < Frames; count++)
        {
            var frame = random.NextClient();
            var official = new Wire.ClientMessage { Frames = { Conversion.ToWire(frame) } };
            var written = Written.In(FrameFormat.Protobuf, frame);
            Assert.Equal(official, Wire.ClientMessage.Parser.ParseFrom(written));
            Assert.Equal(Convert.ToHexString(official.ToByteArray()), Convert.ToHexString(written));
        }
    }

    [Fact]
    public void What_im_writes_of_a_server_is_what_the_official_library_writes()
    {
        var random = new RandomFrames(2);
        for (var count = 0; count < Frames; count++)
        {
            var frame = random.NextServer();
            var official = new Wire.ServerMessage { Frames = { Conversion.ToWire(frame) } };
            Assert.Equal(Convert.ToHexString(official.ToByteArray()), Convert.ToHexString(Written.In(FrameFormat.Protobuf, frame)));
        }
    }

    [Fact]
    public void What_the_official_library_writes_of_a_client_is_read_as_the_same_frames()
    {
        var random = new RandomFrames(3);
        for (var count = 0; count < Frames;)
        {
            ClientFrame[] frames = [.. Enumerable.Range(0, random.Below(5)).Select(_ => random.NextClient())];
            var message = new Wire.ClientMessage { Frames = { frames.Select(Conversion.ToWire) } }.ToByteArray();
            Assert.Equal(frames.Select(Written.Told), Written.Read(FrameFormat.Protobuf, message).Select(Written.Told));
            count += Math.Max(1, frames.Length);
        }
    }

    [Fact]
    public void What_the_official_library_writes_of_a_server_is_read_as_the_same_frames()
    {
        var random = new RandomFrames(4);
        for (var count = 0; count < Frames;)
        {
            ServerFrame[] frames = [.. Enumerable.Range(0, random.Below(5)).Select(_ => random.NextServer())];
            var message = new Wire.ServerMessage { Frames = { frames.Select(Conversion.ToWire) } }.ToByteArray();
            Assert.Equal(frames.Select(Written.Told), Written.ReadServer(FrameFormat.Protobuf, message).Select(Written.Told));
            count += Math.Max(1, frames.Length);
        }
    }

    [Fact]
    public void The_schema_has_every_kind_of_frame_and_no_other()
    {
        Assert.Equal(KindsOf(typeof(ClientFrame)), Wire.ClientFrame.Descriptor.Oneofs.Single().Fields.Count);
        Assert.Equal(KindsOf(typeof(ServerFrame)), Wire.ServerFrame.Descriptor.Oneofs.Single().Fields.Count);
    }

    private static int KindsOf(Type frame) => frame.GetNestedTypes().Count(kind => kind.IsSubclassOf(frame));
}
