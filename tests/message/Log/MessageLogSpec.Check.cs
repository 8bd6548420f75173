using System.Text.Json;
using Im.Contracts;
using Im.Hosting;
using Im.Hosting.Health;
using Im.Hosting.Nodes;
using Im.Hosting.Storage;
using Im.Message.Audit;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using static Im.Message.Tests.Asked;

namespace Im.Message.Tests.Log;

/// <summary>The check walks what the log really holds.</summary>
public abstract partial class MessageLogSpec
{
    [Fact]
    public async Task A_whole_log_is_counted_and_has_no_gaps()
    {
        await StoreAsync(Create(Ann, Team, "team", Bob, Cem));
        await StoreAsync(Send(Ann, AnnAndBob, "1"), Send(Ann, AnnAndBob, "2"), Send(Bob, Team, "3"));
        await RunAsync("INSERT INTO marks (user_id, conversation, delivered, read) VALUES (@Bob, @AnnAndBob, 1, 0)", new { Bob, AnnAndBob });
        var report = await RoundAsync(NewCheck("a"));
        Assert.Equal((4, 2, 4 + 6, 1), (report.Messages, report.Conversations, report.Due, report.Acknowledged));
        Assert.Empty(await GapsAsync());
    }

    [Fact]
    public async Task Holes_in_the_beginning_and_in_the_middle_are_found_once_and_forgotten_when_mended()
    {
        await StoreAsync([.. Enumerable.Range(1, 9).Select(number => Send(Ann, AnnAndBob, $"{number}"))]);
        await StoreAsync(Create(Ann, Team, "team"));
        await RunAsync("UPDATE messages SET seq = seq + 1000 WHERE conversation = @AnnAndBob AND seq IN (1, 4, 5)", new { AnnAndBob });
        await RunAsync("UPDATE messages SET seq = seq - 991 WHERE seq > 1000 AND conversation = @AnnAndBob", new { AnnAndBob });
        var check = NewCheck("a");
        await RoundAsync(check);
        await RoundAsync(check);
        // Now 2, 3, 6, 7, 8, 9, 10, 13, 14.
        Assert.Equal([(AnnAndBob, 1, 1), (AnnAndBob, 4, 5), (AnnAndBob, 11, 12)], await GapsAsync());
        Assert.Equal(3, check.Gaps);

        await RunAsync("UPDATE messages SET seq = CASE seq WHEN 10 THEN 1 WHEN 13 THEN 4 ELSE 5 END WHERE conversation = @AnnAndBob AND seq >= 10", new { AnnAndBob });
        await RoundAsync(check);
        Assert.Empty(await GapsAsync());
        Assert.Equal(0, check.Gaps);
    }

    [Fact]
    public async Task An_end_that_was_acknowledged_and_a_conversation_that_is_empty_are_found()
    {
        await StoreAsync(Send(Ann, AnnAndBob, "1"), Send(Ann, AnnAndBob, "2"), Send(Ann, AnnAndBob, "3"));
        await StoreAsync(Create(Ann, Team, "team"));
        await RunAsync("INSERT INTO marks (user_id, conversation, delivered, read) VALUES (@Bob, @AnnAndBob, 3, 0)", new { Bob, AnnAndBob });
        await RunAsync("DELETE FROM messages WHERE conversation = @Team OR seq = 3", new { Team });
        await RoundAsync(NewCheck("a"));
        Assert.Equal([(Team, 1, 1), (AnnAndBob, 3, 3)], await GapsAsync());
    }

    [Fact]
    public async Task A_conversation_that_needs_several_slices_is_whole()
    {
        for (var thousand = 0; thousand < 11; thousand++)
            await StoreAsync([.. Enumerable.Range(0, 1000).Select(number => Send(Ann, AnnAndBob, $"{thousand}-{number}"))]);
        Assert.Equal(11_000, (await RoundAsync(NewCheck("a"))).Messages);
        Assert.Empty(await GapsAsync());
    }

    [Fact]
    public async Task One_process_checks_and_another_goes_on_where_it_died()
    {
        await StoreAsync([.. Enumerable.Range(0, 6_000).Select(number => Send(Ann, AnnAndBob, $"{number}"))]);
        var (first, second) = (NewCheck("a"), NewCheck("b"));
        await first.StepAsync(Cancel);
        await second.StepAsync(Cancel);
        Assert.Equal("a", await OneAsync<string>("SELECT owner FROM log_check"));
        var half = await OneAsync<string>("SELECT walk FROM log_check");

        await RunAsync("UPDATE log_check SET owned_until = 0");
        var store = NewStore("b");
        var taken = Assert.NotNull(await store.TakeAsync(TimeSpan.FromSeconds(15), Cancel));
        Assert.Equal((AnnAndBob, 5_000L, WalkPhase.Messages), (taken.Walk.Conversation, taken.Walk.Last, taken.Walk.Phase));
        // What the first one does now is too late, and nothing of it is kept.
        Assert.Null(await NewStore("a").StoreAsync(LogWalkState.None, [new LogGap(Team, 1, 1)], null, Cancel));
        Assert.Equal(half, await OneAsync<string>("SELECT walk FROM log_check"));
        Assert.Empty(await GapsAsync());
        Assert.Equal(6_000, (await RoundAsync(second)).Messages);
    }

    [Fact]
    public async Task A_round_that_is_over_rests()
    {
        await StoreAsync(Send(Ann, AnnAndBob, "1"));
        var check = NewCheck("a", seconds: 3600);
        await RoundAsync(check);
        var walk = await OneAsync<string>("SELECT walk FROM log_check");
        await check.StepAsync(Cancel);
        Assert.Equal(walk, await OneAsync<string>("SELECT walk FROM log_check"));
    }

    private LogCheckStore NewStore(string boot) => new(Store, NodeIdentity.Create("message", ["message"], TimeProvider.System) with { Boot = boot });

    private LogCheck NewCheck(string boot, int seconds = 1)
    {
        var lifetime = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        var storage = new StorageState(
            Store, Options.Create(new ImOptions()), new Dependencies(NullLogger<Dependencies>.Instance), lifetime, TimeProvider.System, NullLogger<StorageState>.Instance);
        return new LogCheck(
            NewStore(boot),
            storage,
            Options.Create(new MessageOptions { LogCheckSeconds = seconds }),
            Unheard.Metrics,
            TimeProvider.System,
            NullLogger<LogCheck>.Instance);
    }

    /// <summary>Steps to the end of the next whole round, without the rests.</summary>
    private async Task<LogCheckReport> RoundAsync(LogCheck check)
    {
        if (await OneAsync<string?>("SELECT walk FROM log_check") is { } before)
        {
            var walk = JsonSerializer.Serialize(JsonSerializer.Deserialize<LogWalkState>(before)! with { RestUntil = 0 });
            await RunAsync("UPDATE log_check SET walk = @walk, finished = NULL", new { walk });
        }

        for (var step = 0; step < 100; step++)
        {
            await check.StepAsync(Cancel);
            if (await OneAsync<string?>("SELECT finished FROM log_check") is { } finished)
                return JsonSerializer.Deserialize<LogCheckReport>(finished)!;
        }

        throw new InvalidOperationException("the round does not end");
    }

    private async Task<List<(ConversationId, long, long)>> GapsAsync() =>
        await AllAsync<(ConversationId, long, long)>("SELECT conversation, seq, until FROM log_gaps ORDER BY conversation, seq");
}
