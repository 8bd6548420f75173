using System.Text.Json.Serialization.Metadata;
using Im.Hosting;
using Im.Hosting.Bus;
using Im.Hosting.Lanes;
using MassTransit.Serialization;

namespace Im.Upgrade.Next;

/// <summary>Writes one more field into everything that goes to another node, and says once of each way that it went, and that the same came without.</summary>
internal sealed class GrownContracts : IImModule
{
    public string Name => "grown-contracts";

    public Door Door => Door.None;

    public void AddServices(IHostApplicationBuilder builder)
    {
        var json = SystemTextJsonMessageSerializer.Options;
        json.TypeInfoResolver = (json.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(Grow);
        builder.Services.AddSingleton<IMessageLanes>(services => new GrownLanes(services.GetRequiredService<RabbitLanes>()));
    }

    public IEnumerable<BusEndpoint> Endpoints(NodeIdentity node) => [];

    public void Map(IEndpointRouteBuilder routes)
    {
    }

    private static void Grow(JsonTypeInfo contract)
    {
        if (contract.Kind != JsonTypeInfoKind.Object || contract.Type.Namespace != "Im.Contracts.Messages") return;
        var added = contract.CreateJsonPropertyInfo(typeof(string), "addedLater");
        added.Get = _ =>
        {
            Seen.Once("wrote a message of the bus with the added field");
            return "something";
        };
        contract.Properties.Add(added);
    }
}
