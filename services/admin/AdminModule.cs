using Im.Admin.Api;
using Im.Admin.Api.Docs;
using Im.Hosting;
using Im.Hosting.Bus;
using Im.Hosting.Docs;
using Microsoft.Extensions.Options;

namespace Im.Admin;

/// <summary>The door for operators and for products with accounts of their own. It owns no data: it asks the services, as the gateway does.</summary>
public sealed class AdminModule : IImModule
{
    public string Name => "admin";

    public Door Door => Door.Operators;

    public ApiDocument Api => OperatorsApi.Document;

    public void AddServices(IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<AdminOptions>().BindConfiguration(AdminOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<AdminOptions>, AdminOptionsRules>();
        builder.Services.AddSingleton<AdminKey>();
        builder.Services.AddSingleton<DirectoryReader>();
    }

    public IEnumerable<BusEndpoint> Endpoints(NodeIdentity node) => [];

    public void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/admin/v1").WithMetadata(new Secured());
        routes.ServiceProvider.GetRequiredService<AdminKey>().Guard(api);
        api.MapUsers();
        api.MapSessions();
        api.MapPresence();
        api.MapNodes();
        api.MapMessages();
    }
}
