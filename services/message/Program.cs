using Im.Hosting;
using Im.Message;

await ImHost.Create(args, new MessageModule()).RunAsync();
