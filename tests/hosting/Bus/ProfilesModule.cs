using Im.Contracts.Messages;
using Im.Hosting.Bus;
using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Im.Hosting.Tests.Bus;

/// <summary>A service with one question, which it answers, refuses or fails at, by the user that is asked for.</summary>
internal sealed class ProfilesModule : IImModule
{
    public string Name => "profiles";

    public Door Door => Door.None;

    public void AddServices(IHostApplicationBuilder builder) => builder.Services.AddSingleton(this);

    public IEnumerable<BusEndpoint> Endpoints(NodeIdentity node) => [BusEndpoint.Shared("profiles", typeof(Profiles))];

    public void Map(IEndpointRouteBuilder routes)
    {
        // It has no door.
    }
}

internal sealed class Profiles : IConsumer<GetProfile>
{
    public Task Consume(ConsumeContext<GetProfile> context) => context.Message.UserId switch
    {
        1 => context.RespondAsync(new Refused("not_found", "no such user")),
        2 => throw new InvalidOperationException("the test's service fails"),
        var id => context.RespondAsync(new Profile(id!.Value, "ann", "Ann", null, null)),
    };
}
