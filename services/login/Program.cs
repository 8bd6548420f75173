using Im.Hosting;
using Im.Login;

await ImHost.Create(args, new LoginModule()).RunAsync();
