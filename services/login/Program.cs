using Im.Hosting;
using Im.Login;

await ImHost.RunAsync(args, new LoginModule());
