using Im.Admin.Api;
using Im.Admin.Api.Docs;
using Im.Admin.Journeys;
using Im.Contracts;
using Im.Hosting;
using Im.Hosting.Bus;
using Im.Hosting.Docs;
using Im.Hosting.Settings;
using Microsoft.Extensions.Options;

namespace Im.Admin;

/// <summary>The door for operators and for products with accounts of their own. It owns no data: it asks the services, as the gateway does,
/// and reads what they have stored.</summary>
public sealed class AdminModule : IImModule
{
    public string Name => "admin";

    public Door Door => Door.Operators;

    public ApiDocument Api => OperatorsApi.Document;

    public void AddServices(IHostApplicationBuilder builder)
    {
        builder.Services.AddSettings<AdminOptions>(AdminOptions.Section);
        builder.Services.AddSingleton<IValidateOptions<AdminOptions>, AdminOptionsRules>();
        builder.Services.AddSingleton<AdminKey>();
        builder.Services.AddSingleton<DirectoryReader>();
        builder.Services.AddSingleton<JourneyReader>();
        builder.Services.AddSingleton<GatewayAnswers>();
        builder.Services.AddSingleton<LedgerReader>();
    }

    public IEnumerable<BusEndpoint> Endpoints(NodeIdentity node) =>
        [BusEndpoint.OfNode(Topology.AdminAnswerQueue(node.Boot), typeof(GatewayAnswers))];

    public void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/admin/v1").WithMetadata(new Secured());
        routes.ServiceProvider.GetRequiredService<AdminKey>().Guard(api);
        api.MapUsers();
        api.MapSessions();
        api.MapPresence();
        api.MapNodes();
        api.MapMessages();
        api.MapJourney();
        api.MapLedger();
    }
}
