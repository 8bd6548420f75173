using Im.Flow.Tests.Devices;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Flow.Tests.Conversations;

public sealed class MixedFormatsInStandalone(RunningSystems systems) : MixedFormatsSpec(systems.StandaloneAsync);

public sealed class MixedFormatsInFull(RunningSystems systems) : MixedFormatsSpec(systems.FullAsync);

/// <summary>Devices of both subprotocols in one conversation: each says and gets the same, live and when it comes back.</summary>
public abstract class MixedFormatsSpec(Func<Task<RunningSystem>> start) : FlowTest(start)
{
    [Fact]
    public async Task Every_device_gets_the_same_messages_whichever_subprotocol_it_and_the_sender_speak()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var devices = new List<Device>();
        foreach (var format in FrameFormat.All)
        {
            foreach (var gateway in System.Gateways)
            {
                devices.Add(await ConnectAsync(ann, gateway, format: format));
                devices.Add(await ConnectAsync(bob, gateway, format: format));
            }
        }

        var later = await bob.LogInAsync(Cancel);
        var texts = devices.Select((_, sender) => $"from {sender}: \"ü\" 😀 \\ \u2028 <b>").ToArray();
        var conversation = "";
        foreach (var (sender, device) in devices.Index())
        {
            var to = sender % 2 == 0 ? To(bob) : To(ann);
            conversation = (await device.SayAsync(to, texts[sender])).Conversation;
        }

        foreach (var (place, device) in devices.Index())
        {
            foreach (var (sender, text) in texts.Index().Where(one => one.Index != place)) await device.MessageAsync(text);
            Assert.Equal(texts.Where((_, sender) => sender != place), device.Messages.Select(TextOf));
        }

        foreach (var format in FrameFormat.All)
        {
            var back = await ConnectAsync(later, cursors: new Dictionary<string, long> { [conversation] = 0 }, format: format);
            Assert.Equal(texts, back.Messages.Select(TextOf));
            Assert.Equal(Told(devices[0].Messages.Skip(1)), Told(back.Messages.Skip(2)));
        }
    }

    /// <summary>Without the id, which only the sender's own devices get.</summary>
    private static IEnumerable<(string, long, string, string, string, string, long)> Told(IEnumerable<ServerFrame.Message> messages) =>
        messages.Select(one => (one.Conversation, one.Seq, one.MessageId, one.From, TextOf(one), one.Type, one.Time));
}
