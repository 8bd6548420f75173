using System.Diagnostics;
using Im.Hosting.Telemetry;
using OpenTelemetry.Trace;

namespace Im.Telemetry.Tests.Traces;

/// <summary>Where a trace may begin, and what becomes of one that has begun.</summary>
public sealed class RootSamplerTests
{
    [Theory]
    [InlineData(ImTracing.Send, 0, true)]
    [InlineData(ImTracing.Send, 1, true)]
    [InlineData(RootSampler.HttpRequest, 0, false)]
    [InlineData(RootSampler.HttpRequest, 1, true)]
    [InlineData("postgresql", 1, false)]
    [InlineData("urn:message:Im.Contracts.Messages:ReportPresence publish", 1, false)]
    [InlineData(ImTracing.Commit, 1, false)]
    public void Only_sends_and_requests_begin_a_trace(string name, double ratio, bool isSampled) =>
        Assert.Equal(isSampled, IsSampled(new RootSampler(ratio), default, name));

    [Theory]
    [InlineData(ImTracing.Send)]
    [InlineData(ImTracing.Commit)]
    [InlineData(RootSampler.HttpRequest)]
    [InlineData("postgresql")]
    public void What_continues_a_trace_shares_its_fate(string name)
    {
        foreach (var ratio in new[] { 0.0, 1.0 })
        {
            var sampler = new RootSampler(ratio);
            Assert.True(IsSampled(sampler, Parent(ActivityTraceFlags.Recorded), name));
            Assert.False(IsSampled(sampler, Parent(ActivityTraceFlags.None), name));
        }
    }

    [Fact]
    public void Requests_are_sampled_in_the_share_that_was_set()
    {
        var sampler = new RootSampler(0.25);
        var sampled = Enumerable.Range(0, 10_000).Count(_ => IsSampled(sampler, default, RootSampler.HttpRequest));
        Assert.InRange(sampled, 2_000, 3_000);
    }

    private static ActivityContext Parent(ActivityTraceFlags flags) => new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), flags);

    private static bool IsSampled(RootSampler sampler, ActivityContext parent, string name) =>
        sampler.ShouldSample(new SamplingParameters(parent, ActivityTraceId.CreateRandom(), name, ActivityKind.Server)).Decision
            == SamplingDecision.RecordAndSample;
}
