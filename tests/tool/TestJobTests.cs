using Im.Tool.Testing;

namespace Im.Tool.Tests;

/// <summary>What of a test run goes on at the same time.</summary>
public sealed class TestJobTests
{
    private static readonly TestLoad[] Loads = Enum.GetValues<TestLoad>();

    public static TheoryData<string, string> Pairs => [.. from one in Loads from other in Loads select ($"{one}", $"{other}")];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void What_is_not_light_runs_beside_a_light_job_or_its_like_and_what_holds_the_product_to_seconds_beside_a_light_one_only(string one, string other)
    {
        var (running, waiting) = (Job(Enum.Parse<TestLoad>(one)), Job(Enum.Parse<TestLoad>(other)));
        var together = running.Load == TestLoad.Light || waiting.Load == TestLoad.Light || (running.Load == waiting.Load && running.Load != TestLoad.Timed);
        Assert.Equal(together ? waiting : null, TestJob.Next([waiting], [running]));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Two_run_and_never_three(string one, string other) =>
        Assert.Null(TestJob.Next([Job(TestLoad.Light)], [Job(Enum.Parse<TestLoad>(one)), Job(Enum.Parse<TestLoad>(other))]));

    [Theory]
    [MemberData(nameof(Pairs))]
    public void The_first_in_the_row_begins(string one, string other)
    {
        var first = Job(Enum.Parse<TestLoad>(one));
        Assert.Same(first, TestJob.Next([first, Job(Enum.Parse<TestLoad>(other))], []));
        Assert.Null(TestJob.Next([], []));
    }

    [Fact]
    public void One_that_cannot_begin_holds_up_nobody()
    {
        var (timed, light) = (Job(TestLoad.Timed), Job(TestLoad.Light));
        Assert.Same(light, TestJob.Next([timed, light], [Job(TestLoad.Heavy)]));
    }

    private static TestJob Job(TestLoad load) => new("job", load, [], _ => "");
}
