using System.Text;
using Im.Protocol;

namespace Im.Client.Tests.Parts;

public class Batching
{
    [Fact]
    public void One_frame_goes_alone_and_several_go_as_an_array()
    {
        var pending = new PendingFrames(FrameFormat.Json);
        pending.Add(new ClientFrame.Ping());
        Assert.Equal(["""{"t":"ping"}"""], Messages(pending));
        pending.Add(new ClientFrame.Bye());
        pending.Add(new ClientFrame.Ping());
        Assert.Equal(["""[{"t":"ping"},{"t":"bye"},{"t":"ping"}]"""], Messages(pending));
        pending.Clear();
        Assert.Empty(Messages(pending));
    }

    [Fact]
    public void Raw_bytes_are_a_message_of_their_own()
    {
        var pending = new PendingFrames(FrameFormat.Json);
        pending.Add(new ClientFrame.Ping());
        pending.AddRaw("broken"u8);
        pending.Add(new ClientFrame.Ping());
        pending.Add(new ClientFrame.Bye());
        Assert.Equal(["""{"t":"ping"}""", "broken", """[{"t":"ping"},{"t":"bye"}]"""], Messages(pending));
    }

    [Fact]
    public void No_message_is_bigger_than_64_KiB_and_no_frame_is_lost_or_moved()
    {
        var random = new Random(1);
        for (var round = 0; round < 50; round++)
        {
            var pending = new PendingFrames(FrameFormat.Json);
            var sizes = Enumerable.Range(0, 100).Select(_ => random.Next(4) == 0 ? random.Next(Limits.BodyBytes) : random.Next(200)).ToList();
            foreach (var (number, size) in sizes.Index())
                pending.Add(new ClientFrame.Send($"{number}", Target.ToUser("u"), Encoding.UTF8.GetBytes(new string('x', size))));
            var messages = Messages(pending);
            Assert.All(messages, message => Assert.InRange(message.Length, 1, Limits.ClientMessageBytes));
            var read = messages.SelectMany(Frames.GoldenFrames.Read).Select(parsed => Assert.IsType<ClientFrame.Send>(parsed.Frame)).ToList();
            Assert.Equal(sizes.Index().Select(size => ($"{size.Index}", size.Item)), read.Select(send => (send.Id, send.Body.Length)));
        }
    }

    [Fact]
    public void A_frame_may_fill_a_message_to_the_last_byte_and_no_further()
    {
        static ClientFrame.Watch Frame(int bytes) => new([new string('x', bytes - """{"t":"watch","users":[""]}""".Length)]);
        var pending = new PendingFrames(FrameFormat.Json);
        pending.Add(Frame(Limits.ClientMessageBytes));
        pending.Add(new ClientFrame.Ping());
        Assert.Throws<ArgumentException>(() => pending.Add(Frame(Limits.ClientMessageBytes + 1)));
        Assert.Equal([Limits.ClientMessageBytes, 12], Messages(pending).Select(message => message.Length));
    }

    [Fact]
    public void Frames_in_protobuf_lie_one_behind_the_other()
    {
        var pending = new PendingFrames(FrameFormat.Protobuf);
        pending.Add(new ClientFrame.Ping());
        pending.Add(new ClientFrame.Bye());
        pending.AddRaw("raw"u8);
        pending.Add(new ClientFrame.Ping());
        Assert.Equal(["0A0242000A024A00", "726177", "0A024200"], Enumerable.Range(0, pending.Messages).Select(index => Convert.ToHexString(pending.Message(index).Span)));
    }

    private static List<string> Messages(PendingFrames pending) =>
        [.. Enumerable.Range(0, pending.Messages).Select(index => Encoding.UTF8.GetString(pending.Message(index).Span))];
}
