using Im.Contracts;
using Im.Hosting;
using Im.Hosting.Bus;
using Im.Profile.Contacts;

namespace Im.Profile;

/// <summary>What users show of themselves, and who is whose contact: the only writer of both.</summary>
public sealed class ProfileModule : IImModule
{
    public string Name => "profile";

    public Door Door => Door.None;

    public void AddServices(IHostApplicationBuilder builder)
    {
        var development = builder.Environment.IsDevelopment();
        builder.Services.AddSingleton<ProfileStore>();
        builder.Services.AddSingleton<ContactStore>();
        builder.Services.AddSingleton<ContactAnswers>();
        builder.Services.AddSingleton(provider => new ContactRequestLimit(provider.GetRequiredService<TimeProvider>(), development));
    }

    public IEnumerable<BusEndpoint> Endpoints(NodeIdentity node) =>
    [
        BusEndpoint.Shared(
            Topology.ProfileQueue,
            typeof(ProfileConsumer), typeof(RequestContactConsumer), typeof(AcceptContactConsumer), typeof(RemoveContactConsumer), typeof(ListContactsConsumer)),
    ];

    public void Map(IEndpointRouteBuilder routes)
    {
    }
}
