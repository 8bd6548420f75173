using Im.Local;

// Each test has browsers of its own; two at once are more than a small machine can do in time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Im.Browser.Tests;

/// <summary>
/// The chat page in Chromium: each test is a script of tests/web/scenarios, which says what it checks. Run against both modes.
/// </summary>
public abstract class ChatPageSpec
{
    /// <summary>One gateway for everybody, or one for each of two people.</summary>
    protected abstract IReadOnlyList<Uri> Gateways { get; }

    private protected abstract string Mode { get; }

    [Fact]
    public Task Two_people_and_a_group_talk() => PlayAsync("talk");

    [Fact]
    public Task Contacts_blocks_marks_and_typing_are_seen_by_both_sides() => PlayAsync("contacts");

    [Fact]
    public Task What_is_written_without_a_network_arrives_once_and_in_order() => PlayAsync("offline");

    [Fact]
    public Task A_long_history_scrolls_without_jumps() => PlayAsync("history");

    [Fact]
    public Task What_people_write_is_text_and_never_runs() => PlayAsync("safety");

    [Fact]
    public Task The_page_is_used_by_keyboard_alone() => PlayAsync("keyboard");

    private protected Task PlayAsync(string scenario) => ChatScript.RunAsync(scenario, Mode, Gateways, TestContext.Current.CancellationToken);
}

/// <summary>One process, as a newcomer has it on his desk.</summary>
public sealed class StandaloneChatPageTests(StandaloneHost host) : ChatPageSpec, IClassFixture<StandaloneHost>
{
    protected override IReadOnlyList<Uri> Gateways => host.Gateways;

    private protected override string Mode => "standalone";

    /// <summary>What a view looks like is the page's alone, whichever system is behind it.</summary>
    [Fact]
    public Task Every_view_is_accessible_in_both_languages_themes_and_widths() => PlayAsync("views");
}

/// <summary>A process per service; where two people talk, each is at a gateway of his own.</summary>
public sealed class FullChatPageTests(FullSystem system) : ChatPageSpec, IClassFixture<FullSystem>
{
    protected override IReadOnlyList<Uri> Gateways => system.Gateways;

    private protected override string Mode => "full";

    [Fact]
    public async Task A_page_whose_gateway_is_killed_goes_on_at_another()
    {
        var cancel = TestContext.Current.CancellationToken;
        try
        {
            await ChatScript.RunAsync("gateway", Mode, Gateways, cancel, victim: system.FirstGateway.Pid);
        }
        finally
        {
            await system.FirstGateway.StartAsync(cancel);
            await FirstRequests.AnsweredAsync(Gateways[0], cancel);
        }
    }
}
