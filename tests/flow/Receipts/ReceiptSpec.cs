using System.Diagnostics;
using System.Text.Json;
using Im.Flow.Tests.Devices;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Flow.Tests.Receipts;

public sealed class ReceiptInStandalone(RunningSystems systems) : ReceiptSpec(systems.StandaloneAsync);

public sealed class ReceiptInFull(RunningSystems systems) : ReceiptSpec(systems.FullAsync);

public sealed class ReceiptThroughEdge(RunningSystems systems) : ReceiptSpec(systems.EdgeAsync);

/// <summary>How far somebody got: for the other of a pair and for the user's own other devices.</summary>
public abstract class ReceiptSpec(Func<Task<RunningSystem>> start) : FlowTest(start)
{
    [Fact]
    public async Task What_was_delivered_and_read_is_told_to_the_other_and_to_the_own_other_devices()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var anns = await ConnectAsync(ann);
        var (phone, laptop) = (await ConnectAsync(bob), await ConnectAsync(bob, System.OtherGateway));
        var conversation = (await anns.SayAsync(To(bob), "1")).Conversation;
        await phone.MessageAsync("1");

        phone.Ack(conversation, 1);
        foreach (var device in (Device[])[anns, laptop])
        {
            var delivered = await ReceiptAsync(device, conversation, bob, one => one.Delivered == 1);
            Assert.Null(delivered.Read);
        }

        phone.Send(new ClientFrame.Read(conversation, 1));
        foreach (var device in (Device[])[anns, laptop]) await ReceiptAsync(device, conversation, bob, one => one.Read == 1);

        await anns.SayAsync(To(bob), "2");
        await laptop.MessageAsync("2");
        laptop.Send(new ClientFrame.Read(conversation, 2));
        await ReceiptAsync(phone, conversation, bob, one => one is { Delivered: 2, Read: 2 });
        // What a device reported itself it was not told.
        Assert.All(phone.Frames.OfType<ServerFrame.Receipt>(), receipt => Assert.Equal(2, receipt.Delivered));
    }

    [Fact]
    public async Task In_groups_only_the_own_other_devices_are_told_and_nobody_who_is_out()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, phone, laptop) = (await ConnectAsync(ann), await ConnectAsync(bob), await ConnectAsync(bob, System.OtherGateway));
        using var api = System.Api(await ann.LogInAsync(Cancel));
        var group = await api.CreateGroupAsync("all", [bob.Id], Cancel);
        await anns.SayAsync(Into(group), "to all");
        await phone.MessageAsync("to all");
        phone.Send(new ClientFrame.Read(group, 1));
        await ReceiptAsync(laptop, group, bob, one => one.Read == 1);

        await api.RemoveMemberAsync(group, bob.Id, Cancel);
        phone.Send(new ClientFrame.Read(group, 2));
        var pair = await ReadAsync(anns, phone, bob, "to you");
        await ReceiptAsync(laptop, pair, bob, one => one.Read == 1);
        Assert.DoesNotContain(laptop.Frames.OfType<ServerFrame.Receipt>(), receipt => receipt.Conversation == group && receipt.Read == 2);
        Assert.DoesNotContain(anns.Frames.OfType<ServerFrame.Receipt>(), receipt => receipt.Conversation == group);
    }

    [Fact]
    public async Task A_stream_of_marks_is_told_once_a_second_and_its_end_arrives()
    {
        const int Count = 40;
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, bobs) = (await ConnectAsync(ann), await ConnectAsync(bob, System.OtherGateway));
        for (var number = 1; number < Count; number++) anns.Post(To(bob), $"{number}");
        var conversation = (await anns.SayAsync(To(bob), $"{Count}")).Conversation;
        await bobs.MessageAsync($"{Count}");

        var began = Stopwatch.GetTimestamp();
        // The stream is a length of time: there is no signal for it.
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(60));
        for (var seq = 1; seq <= Count && await timer.WaitForNextTickAsync(Cancel); seq++) bobs.Send(new ClientFrame.Read(conversation, seq));
        await ReceiptAsync(anns, conversation, bob, one => one is { Delivered: Count, Read: Count });

        var told = anns.Frames.OfType<ServerFrame.Receipt>().Where(one => one.Conversation == conversation).ToArray();
        Assert.InRange(told.Length, 1, 1 + (int)Stopwatch.GetElapsedTime(began).TotalSeconds);
        Assert.Equal(told.Select(one => one.Read).Order(), told.Select(one => one.Read));
    }

    [Fact]
    public async Task Who_comes_back_sees_in_the_list_how_far_the_other_got()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, bobs) = (await ConnectAsync(ann), await ConnectAsync(bob));
        using var api = new ClientApi(System.OtherGateway, await ann.LogInAsync(Cancel));
        using var sdk = System.Api(await ann.LogInAsync(Cancel));
        var note = (await anns.SayAsync(To(ann), "note")).Conversation;
        var group = await sdk.CreateGroupAsync("all", [bob.Id], Cancel);
        var pair = (await anns.SayAsync(To(bob), "1")).Conversation;
        await anns.SayAsync(To(bob), "2");
        await bobs.MessageAsync("2");
        Assert.Equal((bob.Id, 0, 0), PeerOf(await api.GetAsync($"v1/conversations/{pair}", Cancel)));

        bobs.Send(new ClientFrame.Read(pair, 1));
        bobs.Ack(pair, 2);
        await UntilAsync(async () => PeerOf(await api.GetAsync($"v1/conversations/{pair}", Cancel)), peer => peer == (bob.Id, 2, 1));
        var listed = (await api.GetAsync("v1/conversations", Cancel)).GetProperty("items").EnumerateArray()
            .ToDictionary(item => item.GetProperty("conversationId").GetString()!);
        Assert.Equal((bob.Id, 2, 1), PeerOf(listed[pair]));
        Assert.False(listed[note].TryGetProperty("peer", out _));
        Assert.False(listed[group].TryGetProperty("peer", out _));

        await api.BlockAsync(bob.Id, Cancel);
        var peer = (await api.GetAsync($"v1/conversations/{pair}", Cancel)).GetProperty("peer");
        Assert.Equal((bob.Id, false, false), (peer.GetProperty("userId").GetString(), peer.TryGetProperty("deliveredSeq", out _), peer.TryGetProperty("readSeq", out _)));
    }

    [Fact]
    public async Task Between_two_with_a_block_nothing_is_told()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, phone, laptop) = (await ConnectAsync(ann), await ConnectAsync(bob), await ConnectAsync(bob, System.OtherGateway));
        using var api = new ClientApi(System.Gateway, await ann.LogInAsync(Cancel));
        var conversation = (await anns.SayAsync(To(bob), "1")).Conversation;
        await phone.MessageAsync("1");
        await api.BlockAsync(bob.Id, Cancel);
        phone.Send(new ClientFrame.Read(conversation, 1));
        await ReceiptAsync(laptop, conversation, bob, one => one.Read == 1);

        await api.UnblockAsync(bob.Id, Cancel);
        await anns.SayAsync(To(bob), "2");
        await phone.MessageAsync("2");
        phone.Send(new ClientFrame.Read(conversation, 2));
        await ReceiptAsync(anns, conversation, bob, one => one.Read == 2);
        Assert.All(anns.Frames.OfType<ServerFrame.Receipt>(), receipt => Assert.Equal(2, receipt.Read));
    }

    /// <summary>One user writes, the other's device reads it; answers with the conversation.</summary>
    private static async Task<string> ReadAsync(Device writer, Device reader, TestUser user, string text)
    {
        var sent = await writer.SayAsync(To(user), text);
        await reader.MessageAsync(text);
        reader.Send(new ClientFrame.Read(sent.Conversation, sent.Seq));
        return sent.Conversation;
    }

    private static Task<ServerFrame.Receipt> ReceiptAsync(Device device, string conversation, TestUser user, Func<ServerFrame.Receipt, bool> isIt) =>
        device.NextAsync<ServerFrame.Receipt>(one => one.Conversation == conversation && one.User == user.Id && isIt(one));

    private static (string? User, long Delivered, long Read) PeerOf(JsonElement item)
    {
        var peer = item.GetProperty("peer");
        return (peer.GetProperty("userId").GetString(), peer.GetProperty("deliveredSeq").GetInt64(), peer.GetProperty("readSeq").GetInt64());
    }
}
