using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Im.Hosting.Telemetry;

/// <summary>
/// A trace begins with a sampled send or a sampled HTTP request and nowhere else: the polls and beats of a process, whose queries would otherwise each be
/// a trace, begin none. What continues a trace shares its fate.
/// </summary>
internal sealed class RootSampler(double ratio) : Sampler
{
    /// <summary>As ASP.NET Core calls its activity.</summary>
    internal const string HttpRequest = "Microsoft.AspNetCore.Hosting.HttpRequestIn";

    private readonly TraceIdRatioBasedSampler _byTrace = new(ratio);

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var parent = samplingParameters.ParentContext;
        if (parent.TraceId != default) return new SamplingResult((parent.TraceFlags & ActivityTraceFlags.Recorded) != 0);
        return samplingParameters.Name switch
        {
            // The gateway has drawn already, see ImTracing.
            ImTracing.Send => new SamplingResult(true),
            HttpRequest => _byTrace.ShouldSample(samplingParameters),
            _ => new SamplingResult(false),
        };
    }
}
