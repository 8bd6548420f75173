using System.Text.Json;
using Im.Contracts;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Flow.Tests.Journeys;

public sealed class LedgerInStandalone(RunningSystems systems) : LedgerSpec(systems.QuietStandaloneAsync);

public sealed class LedgerInFull(RunningSystems systems) : LedgerSpec(systems.QuietFullAsync);

/// <summary>The ledger tells exactly what happened: nobody else does anything on that system.</summary>
public abstract class LedgerSpec(Func<Task<RunningSystem>> start) : FlowTest(start)
{
    /// <summary>A round and a reconciliation are in it several times.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task The_figures_rise_by_exactly_what_was_sent()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, phone) = (await ConnectAsync(ann), await ConnectAsync(bob, device: "phone"));
        var laptop = await ConnectAsync(bob, System.OtherGateway, device: "laptop");
        var before = Of(await SettledAsync());

        var conversation = "";
        for (var number = 1; number <= 5; number++) conversation = (await anns.SayAsync(To(bob), $"{number}", $"id-{number}")).Conversation;
        await phone.MessageAsync("5");
        await laptop.MessageAsync("5");
        phone.Ack(conversation, 3);
        Assert.Equal(5, ((ServerFrame.Accepted)await anns.AnswerAsync(To(bob), "5", "id-5")).Seq);

        // Ann's device and Bob's two were given five each; Bob has acknowledged three, Ann's device acknowledges nothing.
        var expected = before with
        {
            Accepted = before.Accepted + 5,
            Due = before.Due + 10,
            Acknowledged = before.Acknowledged + 3,
            Waiting = before.Waiting + 7,
            Stored = before.Stored + 5,
            Repeats = before.Repeats + 1,
            Sent = before.Sent + 15,
        };
        await UntilAsync(async () => Of(await System.Admin.LedgerAsync(Cancel)), now => now == expected, Limit);
        // So it stays. On a busy machine a process may be missing from the board for a moment, and its part of the figures with it.
        await SettledAsync();
        await UntilAsync(async () => Of(await System.Admin.LedgerAsync(Cancel)), now => now == expected, Limit);
    }

    [Fact]
    public async Task What_a_connected_device_does_not_acknowledge_is_told_with_its_age()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, phone) = (await ConnectAsync(ann), await ConnectAsync(bob, System.OtherGateway, device: "phone"));
        var first = await anns.SayAsync(To(bob), "1");
        var second = await anns.SayAsync(To(bob), "2");
        await phone.MessageAsync("2");
        // A comparison that comes while the messages are on their way to him finds the first one waiting, or it alone.
        var ledger = await UntilAsync(
            () => System.Admin.LedgerAsync(Cancel), now => IsOldest(now, first.MessageId) && StateOfOldest(now) == "sent" && Unacknowledged(now) == 2, Limit);
        var oldest = ledger.GetProperty("online").GetProperty("oldest");
        Assert.Equal((bob.Id, "phone", first.Conversation, 1L, first.Time, "sent"), (
            oldest.GetProperty("userId").GetString(),
            oldest.GetProperty("deviceId").GetString(),
            oldest.GetProperty("conversationId").GetString(),
            oldest.GetProperty("seq").GetInt64(),
            oldest.GetProperty("acceptedAt").GetInt64(),
            oldest.GetProperty("state").GetString()));

        phone.Ack(first.Conversation, second.Seq);
        await UntilAsync(() => System.Admin.LedgerAsync(Cancel), now => !IsOldest(now, first.MessageId) && Unacknowledged(now) == 0, Limit);
    }

    [Fact]
    public async Task A_hole_in_the_log_is_found_and_forgotten_when_it_is_mended()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var anns = await ConnectAsync(ann);
        for (var number = 1; number <= 3; number++) await anns.SayAsync(To(bob), $"{number}");
        var pair = PairOf(ann, bob);

        // Behind the system's back the second one stands elsewhere, so that two places are empty.
        Assert.Equal(1, await MoveAsync(pair, 2, 7));
        await UntilGapsAsync(pair, (2, 2), (4, 6));
        Assert.Equal(1, await MoveAsync(pair, 7, 2));
        await UntilGapsAsync(pair);
    }

    [Fact]
    public async Task An_end_that_somebody_has_seen_and_the_log_has_lost_is_found()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, bobs) = (await ConnectAsync(ann), await ConnectAsync(bob));
        for (var number = 1; number <= 3; number++) await anns.SayAsync(To(bob), $"{number}");
        await bobs.MessageAsync("3");
        var pair = PairOf(ann, bob);
        bobs.Ack(pair.ToString(), 3);
        await UntilAsync(() => Journey.OfAsync(System, pair.MessageId(3), Cancel), now => now.Of(bob) == ("acknowledged", null), Limit);

        var elsewhere = ConversationId.Direct(long.MaxValue - 1, long.MaxValue);
        Assert.Equal(2, await System.ExecuteAsync(
            "UPDATE messages SET conversation = @elsewhere WHERE conversation = @pair AND seq >= 2", new { pair, elsewhere }, Cancel));
        await UntilGapsAsync(pair, (2, 3));
        await System.ExecuteAsync("UPDATE messages SET conversation = @pair WHERE conversation = @elsewhere", new { pair, elsewhere }, Cancel);
        await UntilGapsAsync(pair);
    }

    private sealed record Figures(long Accepted, long Due, long Acknowledged, long Waiting, long Stored, long Repeats, long Sent);

    private Task<int> MoveAsync(ConversationId conversation, long from, long to) => System.ExecuteAsync(
        "UPDATE messages SET seq = @to WHERE conversation = @conversation AND seq = @from", new { conversation, from, to }, Cancel);

    private static ConversationId PairOf(TestUser one, TestUser other)
    {
        Assert.True(Ids.TryParse(one.Id, out var first) & Ids.TryParse(other.Id, out var second));
        return ConversationId.Direct(first, second);
    }

    private Task<JsonElement> UntilGapsAsync(ConversationId conversation, params (long From, long To)[] gaps) => UntilAsync(
        () => System.Admin.LedgerAsync(Cancel),
        ledger => GapsOf(ledger, conversation).Order().SequenceEqual(gaps),
        Limit);

    private static IEnumerable<(long From, long To)> GapsOf(JsonElement ledger, ConversationId conversation) => ledger
        .GetProperty("gaps").GetProperty("items").EnumerateArray()
        .Where(gap => gap.GetProperty("conversationId").GetString() == conversation.ToString())
        .Select(gap => (gap.GetProperty("fromSeq").GetInt64(), gap.GetProperty("toSeq").GetInt64()));

    private static bool IsOldest(JsonElement ledger, string messageId) =>
        ledger.GetProperty("online").TryGetProperty("oldest", out var oldest) && oldest.GetProperty("messageId").GetString() == messageId;

    private static long Unacknowledged(JsonElement ledger) => ledger.GetProperty("online").GetProperty("unacknowledged").GetInt64();

    private static string? StateOfOldest(JsonElement ledger) => ledger.GetProperty("online").GetProperty("oldest").GetProperty("state").GetString();

    /// <summary>The ledger after a round that began after this was called, and with the board of by then.</summary>
    private async Task<JsonElement> SettledAsync()
    {
        var round = RoundOf(await System.Admin.LedgerAsync(Cancel));
        return await UntilAsync(() => System.Admin.LedgerAsync(Cancel), ledger => RoundOf(ledger) >= round + 2, Limit);
    }

    private static long RoundOf(JsonElement ledger) => ledger.TryGetProperty("log", out var log) ? log.GetProperty("round").GetInt64() : 0;

    private static Figures Of(JsonElement ledger)
    {
        var (log, running) = (ledger.GetProperty("log"), ledger.GetProperty("running"));
        return new Figures(
            log.GetProperty("accepted").GetInt64(),
            log.GetProperty("due").GetInt64(),
            log.GetProperty("acknowledged").GetInt64(),
            log.GetProperty("waiting").GetInt64(),
            running.GetProperty("accepted").GetInt64(),
            running.GetProperty("repeats").GetInt64(),
            running.GetProperty("sent").GetInt64());
    }
}
