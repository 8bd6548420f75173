using Im.Gateway;
using Im.Hosting;

await ImHost.Create(args, new GatewayModule()).RunAsync();
