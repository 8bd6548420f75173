using Im.Contracts;
using Im.Hosting;
using Im.Hosting.Bus;

namespace Im.Profile;

/// <summary>What users show of themselves.</summary>
public sealed class ProfileModule : IImModule
{
    public string Name => "profile";

    public Door Door => Door.None;

    public void AddServices(IHostApplicationBuilder builder) => builder.Services.AddSingleton<ProfileStore>();

    public IEnumerable<BusEndpoint> Endpoints(NodeIdentity node) => [BusEndpoint.Shared(Topology.ProfileQueue, typeof(ProfileConsumer))];

    public void Map(IEndpointRouteBuilder routes)
    {
    }
}
