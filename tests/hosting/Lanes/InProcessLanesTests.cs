using Im.Hosting.Lanes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Im.Hosting.Tests.Lanes;

public sealed class InProcessLanesTests : MessageLanesSpec
{
    protected override int MoreThanFits => 1001;

    protected override Task<IMessageLanes> OpenAsync() =>
        Task.FromResult<IMessageLanes>(new InProcessLanes(Shards, NullLogger<InProcessLanes>.Instance, capacity: 1000));
}
