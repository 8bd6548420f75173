using Im.Chaos.Journals;
using Im.Chaos.Scenarios;

namespace Im.Chaos.Tests.Scenarios;

public sealed class DisturbanceTests
{
    public static TheoryData<string, Entry[], int> Journals => new()
    {
        { "nothing happened", [Up(1, 1)], 0 },
        { "back in time", [Up(1, 1), Down(20, 1), Up(24, 2)], 0 },
        { "back too late", [Up(1, 1), Down(20, 1), Up(26, 2)], 1 },
        { "never back", [Up(1, 1), Down(20, 1)], 1 },
        { "only just gone", [Up(1, 1), Down(97, 1)], 0 },
        { "tried in vain in between", [Up(1, 1), Down(20, 1), Down(22, 2), Down(24, 3), Up(26, 4)], 1 },
        { "one of two connections is left", [Up(1, 1), Up(20, 2), Down(20, 1), Up(40, 3)], 0 },
        { "both connections are gone", [Up(1, 1), Up(20, 2), Down(20, 1), Down(21, 2), Up(40, 3)], 1 },
        { "wanted to go", [Up(1, 1), Down(20, 1, wanted: true), Up(40, 2)], 0 },
        { "gave up while it was gone", [Up(1, 1), Down(20, 1), Down(22, 2, wanted: true), Up(40, 3)], 0 },
        { "its session was ended", [Up(1, 1), new EndsSession(At(19)), Down(20, 1, 4401), Up(40, 2)], 0 },
        { "its session was ended while it was gone", [Up(1, 1), Down(20, 1), new EndsSession(At(21)), Up(40, 2)], 0 },
        { "spoke while its session ended", [Up(1, 1), new EndsSession(At(19)), Send(20, 1), Down(21, 1, 4401), new SessionOpened(At(36)), Up(37, 2), Answer(37)], 0 },
        { "broke off while its session ended", [Up(1, 1), new EndsSession(At(19)), Down(20, 1), new SessionOpened(At(36)), Up(37, 2)], 0 },
        { "back too late in its next session", [new EndsSession(At(12)), new SessionOpened(At(13)), Up(14, 1), Down(20, 1), Up(26, 2)], 1 },
        { "spoke in its next session", [new EndsSession(At(12)), new SessionOpened(At(13)), Up(14, 1), Send(20, 1), Answer(26)], 1 },
        { "gone before it began", [Up(1, 1), Down(5, 1), Up(12, 2)], 0 },
        { "answered in time", [Up(1, 1), Send(20, 1), Answer(24)], 0 },
        { "answered too late", [Up(1, 1), Send(20, 1), Answer(26)], 1 },
        { "repeated and answered too late", [Up(1, 1), Send(20, 1), Send(24, 2), Answer(26)], 1 },
        { "never answered", [Up(1, 1), Send(20, 1)], 1 },
        { "refused for good", [Up(1, 1), Send(20, 1), new Rejected(At(21), 1, "m", "forbidden", false)], 0 },
        { "told to come again", [Up(1, 1), Send(20, 1), new Rejected(At(21), 1, "m", "unavailable", true)], 1 },
        { "told to come again before it began", [Up(1, 1), Send(2, 1), new Rejected(At(3), 1, "m", "unavailable", true)], 0 },
        { "an error out of the SDK", [new SdkFault(At(50), "bang")], 1 },
        { "something after the end", [Up(1, 1), new SdkFault(At(101), "bang")], 0 },
    };

    [Theory]
    [MemberData(nameof(Journals))]
    public void Only_what_a_device_should_not_notice_is_a_disturbance(string what, Entry[] entries, int count)
    {
        var found = Disturbance.Of(entries, At(10), At(100)).ToList();
        Assert.True(found.Count == count, $"{what}: {string.Join(", ", found)}");
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static Connected Up(double at, int line) => new(At(at), line, "http://127.0.0.1:1", null);

    private static Disconnected Down(double at, int line, int? code = null, bool wanted = false) => new(At(at), line, code, wanted);

    private static Sends Send(double at, int attempt) => new(At(at), 1, "m", "@7", attempt);

    private static Accepted Answer(double at) => new(At(at), 1, "m", "d1-7", 1, "d1-7.1");
}
