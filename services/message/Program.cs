using Im.Hosting;
using Im.Message;

await ImHost.RunAsync(args, new MessageModule());
