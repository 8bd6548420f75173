using Im.Gateway;
using Im.Hosting;

await ImHost.RunAsync(args, new GatewayModule());
